"""What ``dermtutor bench --window`` measures: the real window without a screen, on records of its own."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from typing import Final

from dermtutor.bootstrap import build_services, fill_sample_records
from dermtutor.cli.measures import Times
from dermtutor.paths import Folders
from dermtutor.services.ports import Progress

ANSWERS: Final = 20_000
LEARNERS: Final = 4


def window(answers: int, device: str, progress: Progress) -> dict[str, object]:
    """How long the event loop stood still, by what the window was used for, and other waits of a person at it."""
    with tempfile.TemporaryDirectory(prefix="dermtutor-bench-") as home:
        folders = Folders(Path(home))
        fill_sample_records(folders, answers, LEARNERS, lambda share: progress(0.2 * share))
        services = build_services(folders, device)
        try:
            learner = services.profiles.learners()[0].id
        finally:
            services.close()
        from dermtutor.ui.window_times import measure_window

        times = measure_window(
            partial(build_services, folders, device),
            folders,
            learner,
            lambda share: progress(0.2 + 0.8 * share),
        )
    return {
        "answers_of_the_learner": answers // LEARNERS,
        "gaps": {name: gaps.facts() for name, gaps in times.gaps.items()},
        "next_image": Times(times.next_images).facts(),
        "garbage_collector": Times(times.collections).facts(),
        "objects_it_never_sees": times.settled,
    }
