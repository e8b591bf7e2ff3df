"""The part of the tour that sends the guest's results and looks at them as an educator would."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

from dermtutor.services.results import ENDING
from dermtutor.ui.tour_steps import Visitor

NAME: Final = "A guest"


def visit_cohort(visitor: Visitor) -> None:
    """The page before anybody has sent results, and with those of one learner: most of it is too few answers."""
    desk = visitor.desk
    desk.show_cohort()
    visitor.settle()
    visitor.picture("cohort-empty")
    with tempfile.TemporaryDirectory(prefix="dermtutor-tour-") as folder:
        file = Path(folder) / f"guest{ENDING}"
        told: list[str] = []
        desk.statistics.told.connect(told.append)
        desk.statistics.send_results(file, NAME)
        visitor.until(
            lambda: bool(told) or visitor.window.records.idle(),
            "the results to be sent",
            banner_is_trouble=False,
        )
        visitor.window.banner.hide()
        desk.cohort.take([file])
        visitor.until(lambda: desk.cohort.idle() and visitor.window.records.idle(), "the results")
    page = desk.cohort_page
    visitor.picture("cohort")
    page.area.verticalScrollBar().setValue(page.place_of("analysis"))
    visitor.picture("cohort-items")
