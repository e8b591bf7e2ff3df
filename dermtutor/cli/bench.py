"""``dermtutor bench``: the figures of this machine, measured now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import click

from dermtutor.bootstrap import open_catalogue, open_generator, open_transfer
from dermtutor.cli import bench_sets, bench_statistics, bench_transfer, bench_window, measures
from dermtutor.cli.cases import device_option
from dermtutor.cli.common import Command, answer, described, json_option, progress_bar
from dermtutor.domain.quiz import MAX_QUESTIONS
from dermtutor.services.ports import Progress


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person asks to be measured; None is the usual number."""

    answers: int | None
    cases: int | None
    runs: int
    seed: int
    device: str


def _usual(wanted: Wanted) -> dict[str, object]:
    count = wanted.cases or 30
    with progress_bar("generation") as progress:
        figures = measures.generation(open_catalogue(), open_generator(wanted.device), count, progress)
    with progress_bar("quiz") as progress:
        quiz = measures.quiz(min(count, MAX_QUESTIONS), progress)
    with progress_bar("start-up") as progress:
        start_up = measures.start_up(3, progress)
    return {"generation": figures, "quiz": quiz, "start_up": start_up}


def _tones(wanted: Wanted, progress: Progress) -> dict[str, object]:
    generator = open_generator(wanted.device)
    errors = measures.tone_errors(open_catalogue(), generator, wanted.cases or 200, wanted.seed, progress)
    return measures.tone_facts(errors)


def _statistics(wanted: Wanted, progress: Progress) -> dict[str, object]:
    return bench_statistics.statistics(wanted.answers or 1_000_000, progress)


def _imports(wanted: Wanted, progress: Progress) -> dict[str, object]:
    return bench_statistics.imports(wanted.answers or 100_000, progress)


def _gaps(wanted: Wanted, progress: Progress) -> dict[str, object]:
    return bench_statistics.gaps(wanted.runs, progress)


def _set(wanted: Wanted, progress: Progress) -> dict[str, object]:
    return bench_sets.build_set(wanted.cases or bench_sets.CASES, wanted.device, progress)


def _transfer(wanted: Wanted, progress: Progress) -> dict[str, object]:
    catalogue, generator = open_catalogue(), open_generator(wanted.device)
    return bench_transfer.transfer(catalogue, generator, open_transfer(catalogue, generator), progress)


def _window(wanted: Wanted, progress: Progress) -> dict[str, object]:
    return bench_window.window(wanted.answers or bench_window.ANSWERS, wanted.device, progress)


_MEASURES: Final[dict[str, Callable[[Wanted, Progress], dict[str, object]]]] = {
    "tones": _tones,
    "statistics": _statistics,
    "imports": _imports,
    "gaps": _gaps,
    "set": _set,
    "transfer": _transfer,
    "window": _window,
}


def _instead(name: str, measure: str, text: str) -> Callable[[Command], Command]:
    """An option that has something else measured."""
    return click.option(f"--{name}", "measure", flag_value=measure, help=f"Measure {text} instead.")


@click.command()
@_instead("tones", "tones", "tone accuracy over random cases")
@_instead("database", "statistics", "the statistics over many answers")
@_instead("imports", "imports", "taking in the results of 200 learners")
@_instead("gaps", "gaps", "how often a cohort's tone gap is found")
@_instead("set", "set", "building a case set")
@_instead("transfer", "transfer", "lesions on a photograph of 12 megapixels")
@_instead("window", "window", "how long the window stands still while it is used")
@click.option("--runs", type=click.IntRange(1, 100_000), default=500, show_default=True, help="With --gaps.")
@click.option(
    "--answers",
    type=click.IntRange(1000, 10_000_000),
    help="How many [default: with --database 1000000, with --imports 100000, with --window 20000].",
)
@click.option(
    "--cases", type=click.IntRange(1, 100_000), help="How many [default: 30, with --tones 200, --set 1000]."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Which random cases, with --tones.")
@device_option
@json_option
def bench(
    measure: str | None,
    runs: int,
    answers: int | None,
    cases: int | None,
    seed: int,
    device: str,
    as_json: bool,
) -> None:
    """Measure generation, start-up and records on this machine, on records of their own.

    Run it while nothing else keeps the machine busy.
    """
    wanted = Wanted(answers, cases, runs, seed, device)
    if measure is None:
        figures = _usual(wanted)
    else:
        with progress_bar(measure) as progress:
            figures = {measure: _MEASURES[measure](wanted, progress)}
    answer(as_json, figures, described(dict(_flat(figures))))


def _flat(figures: Mapping[str, object], prefix: str = "") -> list[tuple[str, object]]:
    """Nested figures as ``generation.learned.median_ms`` and the like."""
    flat: list[tuple[str, object]] = []
    for name, value in figures.items():
        if isinstance(value, Mapping):
            flat.extend(_flat(value, f"{prefix}{name}."))
        else:
            flat.append((prefix + name, "none" if value == [] else value))
    return flat
