"""``dermtutor bench``: the figures of this machine, measured now."""

from __future__ import annotations

from collections.abc import Mapping

import click

from dermtutor.bootstrap import open_catalogue, open_generator, open_transfer
from dermtutor.cli import bench_sets, bench_statistics, bench_transfer, measures
from dermtutor.cli.cases import device_option
from dermtutor.cli.common import answer, described, json_option, progress_bar
from dermtutor.domain.quiz import MAX_QUESTIONS


@click.command()
@click.option("--tones", is_flag=True, help="Measure tone accuracy over random cases instead.")
@click.option("--database", is_flag=True, help="Measure the statistics over many answers instead.")
@click.option("--imports", is_flag=True, help="Measure taking in the results of 200 learners instead.")
@click.option("--gaps", is_flag=True, help="Measure how often a cohort's tone gap is found instead.")
@click.option("--runs", type=click.IntRange(1, 100_000), default=500, show_default=True, help="With --gaps.")
@click.option("--set", "case_set", is_flag=True, help="Measure building a case set instead.")
@click.option("--transfer", is_flag=True, help="Measure lesions on a photograph of 12 megapixels instead.")
@click.option(
    "--answers",
    type=click.IntRange(1000, 10_000_000),
    help="How many [default: with --database 1000000, with --imports 100000].",
)
@click.option(
    "--cases", type=click.IntRange(1, 100_000), help="How many [default: 30, with --tones 200, --set 1000]."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Which random cases.")
@device_option
@json_option
def bench(
    tones: bool,
    database: bool,
    imports: bool,
    gaps: bool,
    runs: int,
    case_set: bool,
    transfer: bool,
    answers: int | None,
    cases: int | None,
    seed: int,
    device: str,
    as_json: bool,
) -> None:
    """Measure generation, start-up and records on this machine, on records of their own.

    Run it while nothing else keeps the machine busy.
    """
    catalogue, generator = open_catalogue(), open_generator(device)
    figures: dict[str, object]
    if database:
        with progress_bar("records") as progress:
            figures = {"statistics": bench_statistics.statistics(answers or 1_000_000, progress)}
    elif imports:
        with progress_bar("results") as progress:
            figures = {"imports": bench_statistics.imports(answers or 100_000, progress)}
    elif gaps:
        with progress_bar("made-up cohorts") as progress:
            figures = {"gaps": bench_statistics.gaps(runs, progress)}
    elif case_set:
        with progress_bar("cases") as progress:
            figures = {"set": bench_sets.build_set(cases or bench_sets.CASES, device, progress)}
    elif transfer:
        with progress_bar("transfer") as progress:
            case = open_transfer(catalogue, generator)
            figures = {"transfer": bench_transfer.transfer(catalogue, generator, case, progress)}
    elif tones:
        with progress_bar("tones") as progress:
            errors = measures.tone_errors(catalogue, generator, cases or 200, seed, progress)
        figures = {"tones": measures.tone_facts(errors)}
    else:
        count = cases or 30
        with progress_bar("generation") as progress:
            figures = {"generation": measures.generation(catalogue, generator, count, progress)}
        with progress_bar("quiz") as progress:
            figures["quiz"] = measures.quiz(min(count, MAX_QUESTIONS), progress)
        with progress_bar("start-up") as progress:
            figures["start_up"] = measures.start_up(3, progress)
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
