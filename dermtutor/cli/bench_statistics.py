"""What ``dermtutor bench --database``, ``--imports`` and ``--gaps`` measure, on records of their own."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from datetime import time as datetime_time
from functools import partial
from pathlib import Path
from typing import Final

from dermtutor.bootstrap import Services, build_services, fill_sample_records
from dermtutor.cli.measures import Times
from dermtutor.paths import Folders
from dermtutor.services.answer_columns import AnswerFilter
from dermtutor.services.figures.simulated import DESIGNS, coverage
from dermtutor.services.ports import Progress

LEARNERS: Final = 200
_ROUNDS: Final = 5


def statistics(answers: int, progress: Progress) -> dict[str, object]:
    """Times to the figures of all answers and of one learner's, by filter, and to their first painting."""
    with tempfile.TemporaryDirectory(prefix="dermtutor-bench-") as home:
        folders = Folders(Path(home))
        fill_sample_records(
            folders, answers, min(LEARNERS, answers // 100), lambda share: progress(0.8 * share)
        )
        size = folders.database.stat().st_size
        figures: dict[str, object] = {"answers": answers, "database_mb": round(size / 1e6)}
        services = build_services(folders)
        try:
            learner = services.profiles.learners()[0].id
            figures["one_learner_first_time_ms"] = _once(lambda: services.statistics.page(learner))
            figures["everyone_first_reading_ms"] = _once(lambda: services.statistics.page(None))
            progress(0.9)
        finally:
            services.close()
        services = build_services(folders)
        try:
            figures["everyone_opens_ms"] = _once(lambda: services.statistics.page(None))
            figures["filters"] = _filters(services)
            figures["each_learner_and_condition"] = _times(services.statistics.cohort)
            figures["painted"] = _painted(services)
        finally:
            services.close()
        progress(1.0)
    return figures


def imports(answers: int, progress: Progress) -> dict[str, object]:
    """Times to take in the results of 200 learners, and to the figures of them all."""
    with tempfile.TemporaryDirectory(prefix="dermtutor-bench-") as folder:
        there, here = Folders(Path(folder) / "there"), Folders(Path(folder) / "here")
        fill_sample_records(there, answers, LEARNERS, lambda share: progress(0.3 * share))
        files = []
        services = build_services(there)
        try:
            for learner in services.profiles.learners():
                files.append(Path(folder) / f"{learner.id}.dermresults")
                files[-1].write_bytes(services.results.export(learner).content)
                progress(0.3 + 0.3 * len(files) / LEARNERS)
        finally:
            services.close()
        services = build_services(here)
        try:
            services.cohort.page()  # nothing yet, but everything is loaded
            used = time.process_time()
            figures: dict[str, object] = {
                "answers": answers,
                "learners": len(files),
                "import_ms": _once(
                    lambda: services.results.take(files, progress=lambda s: progress(0.6 + 0.3 * s))
                ),
                "import_processor_ms": round(1000 * (time.process_time() - used), 1),
                "again_ms": _once(lambda: services.results.take(files)),
                "page_first_time_ms": _once(services.cohort.page),
                "page_ms": _once(services.cohort.page),
            }
        finally:
            services.close()
    progress(1.0)
    return figures


def gaps(runs: int, progress: Progress) -> dict[str, object]:
    """How often the intervals of a cohort's tone gap hold the true one, by design of the cohort."""
    found: dict[str, object] = {}

    def told(share: float) -> None:
        progress((len(found) + share) / len(DESIGNS))

    for name, design in DESIGNS.items():
        found[name] = asdict(coverage(design, runs, progress=told))
    return found


def _once(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return round(1000 * (time.perf_counter() - begun), 1)


def _times(work: Callable[[], object]) -> dict[str, float | int]:
    return Times(tuple(_once(work) / 1000 for _ in range(_ROUNDS))).facts()


def _filters(services: Services) -> dict[str, object]:
    """Each filter that the page offers, over all answers."""
    last = services.statistics.page(None).figures.timeline[-1].day
    month = datetime.combine(last, datetime_time(), UTC) - timedelta(days=30)
    chosen = {
        "all": AnswerFilter(),
        "last_30_days": AnswerFilter(since=month),
        "learned": AnswerFilter(source="learned"),
        "practice": AnswerFilter(mode="practice"),
        "reviewed_only": AnswerFilter(reviewed_only=True),
    }
    return {name: _times(partial(services.statistics.page, None, each)) for name, each in chosen.items()}


def _painted(services: Services) -> dict[str, float | int]:
    """From the figures to the painted page, without its charts, which are drawn while the page is there."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from dermtutor.ui.app import create_application
    from dermtutor.ui.pages.progress import ProgressPage
    from dermtutor.ui.pages.shown_figures import prepare
    from dermtutor.ui.tasks import Worker
    from dermtutor.ui.theme import Theme

    create_application()
    charts = Worker("charts")
    page = ProgressPage(Theme("light"), services.catalogue, charts)
    page.resize(1280, 740)
    found = prepare(services.statistics.page(None), page.names)

    def show() -> None:
        page.show_page(found)
        page.grab()

    painted = _times(show)
    charts.close()
    return painted
