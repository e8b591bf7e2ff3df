"""What ``dermtutor bench`` measures: every function does the work it names and returns its figures."""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from dermtutor.bootstrap import Services, build_services
from dermtutor.cli.cases import wanted_spec
from dermtutor.domain.cases import CaseSpec, Source
from dermtutor.domain.conditions import Catalogue
from dermtutor.domain.quiz import Confidence, QuizPlan
from dermtutor.errors import EnvironmentProblem
from dermtutor.paths import Folders
from dermtutor.services.encoding import encode_case
from dermtutor.services.ports import CaseGenerator, Progress
from dermtutor.skin.scales import MonkTone

ITA_TOLERANCE = 1.0
"""Degrees by which the measured tone may differ from the requested one."""


@dataclass(frozen=True, slots=True)
class Times:
    """A sample of durations in seconds."""

    seconds: tuple[float, ...]

    def facts(self) -> dict[str, float | int]:
        """Median, 95th percentile (nearest rank) and worst, in milliseconds, and how many were measured."""
        ordered = sorted(self.seconds)
        rank = max(0, -(-len(ordered) * 95 // 100) - 1)
        return {
            "n": len(ordered),
            "median_ms": round(1000 * statistics.median(ordered), 2),
            "p95_ms": round(1000 * ordered[rank], 2),
            "worst_ms": round(1000 * ordered[-1], 2),
        }


def random_specs(
    catalogue: Catalogue, generator: CaseGenerator, count: int, seed: int = 0, source: Source | None = None
) -> Iterator[CaseSpec]:
    """Cases drawn evenly from conditions (of one source, or all) and tones, with free seeds and severities."""
    chance = random.Random(seed)
    known = [each for each in catalogue.quizzable() if source is None or each.image_source is source]
    for _ in range(count):
        condition, tone = chance.choice(known), chance.choice(MonkTone.all())
        yield wanted_spec(
            catalogue,
            generator,
            condition.id,
            tone,
            seed=chance.randrange(2**63),
            site="unspecified",
            severity=round(chance.uniform(0.2, 0.8), 3),
            size=256,
        )


def generation(
    catalogue: Catalogue, generator: CaseGenerator, count: int, progress: Progress
) -> dict[str, object]:
    """Time from a spec to the bytes of its PNG files, warm, for either source; retoned, checked and encoded."""
    first = time.perf_counter()
    _made(generator, next(random_specs(catalogue, generator, 1)))
    cold = time.perf_counter() - first
    figures: dict[str, object] = {"device": generator.device_name(), "first_case_ms": round(1000 * cold, 1)}
    for place, source in enumerate((Source.LEARNED, Source.RECIPE)):
        specs = list(random_specs(catalogue, generator, count + 2, seed=1, source=source))
        for spec in specs[:2]:
            _made(generator, spec)
        spent = []
        for done, spec in enumerate(specs[2:]):
            spent.append(_timed(partial(_made, generator, spec)))
            progress((place + (done + 1) / count) / 2)
        figures[source.value] = Times(tuple(spent)).facts()
    return figures


def _made(generator: CaseGenerator, spec: CaseSpec) -> bytes:
    return encode_case(generator.generate(spec)).png


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def quiz(count: int, progress: Progress) -> dict[str, object]:
    """A quiz on records of its own: time to a case that was made ahead, and to an answer that is safely kept."""
    with services_of_their_own() as services:
        conditions = tuple(each.id for each in services.catalogue.quizzable())
        learner = services.profiles.create("Bench")
        plan = QuizPlan(conditions, MonkTone.all(), questions=count)
        session = services.quiz.start(learner.id, plan, seed=1)
        ready, kept = [], []
        for done in range(count):
            services.quiz.prepare_ahead(session, 2)
            begun = time.perf_counter()
            case = services.quiz.next_case(session)
            ready.append(time.perf_counter() - begun)
            if case is None:
                break
            question, now = case.question, datetime.now(UTC)
            begun = time.perf_counter()
            services.quiz.answer(session, question.item_id, question.choices[0], Confidence.HALF, now, now)
            kept.append(time.perf_counter() - begun)
            progress((done + 1) / count)
    return {"case_made_ahead": Times(tuple(ready)).facts(), "answer_kept": Times(tuple(kept)).facts()}


@contextmanager
def services_of_their_own(device: str = "auto") -> Iterator[Services]:
    """The application over records that are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="dermtutor-bench-") as folder:
        services = build_services(Folders(Path(folder)), device)
        try:
            yield services
        finally:
            services.close()


def start_up(count: int, progress: Progress) -> dict[str, object]:
    """Times in new processes: to the import of the window, to its first paint; and the heavy libraries it loaded."""
    command = [sys.executable, "-m", "dermtutor.cli.startup_probe"]
    probes = []
    for done in range(count):
        ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        if ran.returncode != 0:
            reason = ran.stderr.strip().rpartition("\n")[2]
            raise EnvironmentProblem(f"The window cannot be opened ({reason}); dermtutor doctor says more.")
        probes.append(json.loads(ran.stdout))
        progress((done + 1) / count)
    return {
        "import_window": Times(tuple(each["import_window"] for each in probes)).facts(),
        "first_paint": Times(tuple(each["first_paint"] for each in probes)).facts(),
        "heavy_libraries_loaded": sorted({name for each in probes for name in each["heavy"]}),
    }


@dataclass(frozen=True, slots=True)
class ToneError:
    """How far the measured tone of one case is from the requested one, in degrees, and whether it was flagged."""

    tone: MonkTone
    source: Source
    degrees: float
    flagged: bool


def tone_errors(
    catalogue: Catalogue, generator: CaseGenerator, count: int, seed: int, progress: Progress
) -> list[ToneError]:
    """The tone errors of random cases."""
    errors = []
    for done, spec in enumerate(random_specs(catalogue, generator, count, seed)):
        case = generator.generate(spec)
        difference = abs(case.measured_ita - case.requested_ita)
        errors.append(ToneError(spec.tone, spec.source, difference, not case.checks.tone_within_tolerance))
        progress((done + 1) / count)
    return errors


def tone_facts(errors: Sequence[ToneError]) -> dict[str, object]:
    """Share within the tolerance, and that every case outside it was flagged; overall, by source and by tone."""
    ordered = sorted(each.degrees for each in errors)
    within = [each for each in errors if each.degrees <= ITA_TOLERANCE]
    return {
        "cases": len(errors),
        "tolerance_degrees": ITA_TOLERANCE,
        "share_within": round(len(within) / len(errors), 4),
        "median_degrees": round(statistics.median(ordered), 3),
        "p95_degrees": round(ordered[max(0, -(-len(ordered) * 95 // 100) - 1)], 3),
        "worst_degrees": round(ordered[-1], 3),
        "outside_not_flagged": sum(each.degrees > ITA_TOLERANCE and not each.flagged for each in errors),
        "share_within_by_source": _shares(errors, lambda each: each.source.value),
        "share_within_by_tone": _shares(errors, lambda each: str(each.tone.value)),
    }


def _shares(errors: Sequence[ToneError], group: Callable[[ToneError], str]) -> dict[str, float]:
    groups: dict[str, list[bool]] = {}
    for each in sorted(errors, key=lambda each: each.tone):
        groups.setdefault(group(each), []).append(each.degrees <= ITA_TOLERANCE)
    return {name: round(sum(held) / len(held), 4) for name, held in groups.items()}
