"""What the statistics page asks of the services: figures, cases behind a cell, reports. All off the window's thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Final

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from dermtutor.domain.learners import Learner
from dermtutor.errors import UserError
from dermtutor.paths import write_atomically
from dermtutor.reports.words import deletion_said, results_sent
from dermtutor.services.figures.cohort_values import CohortDetail
from dermtutor.services.own_data import Deletion
from dermtutor.services.statistics import AnsweredCase
from dermtutor.ui.heap import settle_heap
from dermtutor.ui.pages.progress import ProgressPage
from dermtutor.ui.pages.shown_figures import PreparedPage, prepare
from dermtutor.ui.pictures import Segments, decode, decode_mask, outline
from dermtutor.ui.services import Services
from dermtutor.ui.tasks import Ticket, Worker

EDUCATOR: Final = "educator"


def read_ahead(services: Services, learner: Learner | None, worker: Worker) -> None:
    """Reads everybody's answers as soon as an educator sits down: the first time it takes long where there are many."""
    if learner is not None and learner.role == EDUCATOR:
        worker.submit("read ahead", lambda cancel: services.statistics.read_ahead(cancel), lambda _: None)


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """An answered case decoded for the screen; ``image`` is None where it is no longer kept."""

    case: AnsweredCase
    image: QImage | None
    outline: Segments


class StatisticsFlow(QObject):
    """Fills the statistics page. ``cases_shown`` carries a list of ShownAnswer, ``told`` a sentence for the banner."""

    cases_shown = Signal(list)
    told = Signal(str)
    deleted = Signal()
    """The learner and everything kept of them is gone."""

    def __init__(self, services: Services, page: ProgressPage, records: Worker, charts: Worker) -> None:
        super().__init__(page)
        self._services = services
        self._page = page
        self._records = records
        self._charts = charts
        self._learner: Learner | None = None
        self._figures: Ticket | None = None
        self._detail: Ticket | None = None
        self._drawn = False
        page.changed.connect(self.refresh)
        page.opened.connect(self._open)

    def show_learner(self, learner: Learner | None) -> None:
        """Fresh figures of whoever is learning."""
        self._learner = learner
        self._page.let_see_everyone(learner is not None and learner.role == EDUCATOR)
        self.refresh()

    def refresh(self) -> None:
        """The figures of the answers that the filters let count."""
        self.leave()
        if self._learner is None:
            self._page.show_nobody()
            return
        who, chosen, statistics = self._who(), self._page.filters.filter(), self._services.statistics
        names = self._page.names

        def load(cancel: Event) -> PreparedPage:
            return prepare(statistics.page(who, chosen, cancel), names)

        def came(page: PreparedPage) -> None:
            self._page.show_page(page)
            if not self._drawn:  # after the first charts, which wait before it: now their library is there
                self._drawn = True
                self._charts.submit("settle", lambda cancel: None, lambda _: settle_heap())
            if who is None:
                self._detail = self._records.submit(
                    "figures of all",
                    lambda cancel: (statistics.cohort(chosen, cancel), statistics.people()),
                    detailed,
                )

        def detailed(found: tuple[CohortDetail, dict[str, str]]) -> None:
            self._page.show_cohort(*found)

        self._figures = self._records.submit("figures", load, came)

    def leave(self) -> None:
        """Stops reading: whatever else the records are asked for must not wait for it."""
        for ticket in (self._figures, self._detail):
            self._records.drop(ticket)

    def write_report(self, target: Path) -> None:
        """Saves what is shown as PDF or, by the name's ending, as a spreadsheet."""
        learner = self._learner
        if learner is None:
            return
        everyone = self._page.everyone
        chosen, services = self._page.filters.filter(), self._services

        def work() -> None:
            services.reporting.write(target, None if everyone else learner, chosen)

        self._charts.submit(
            "write a report", lambda cancel: work(), lambda _: self.told.emit(f"The report is saved in {target}."),
            lasting=True,
        )  # fmt: skip

    def export_data(self, target: Path) -> None:
        """Saves everything that is kept of the learner."""
        learner, own_data = self._learner, self._services.own_data
        if learner is not None:
            self._save(target, lambda: (own_data.export(learner), f"Your data are saved in {target}."))

    def send_results(self, target: Path, name: str) -> None:
        """Saves the learner's results for the educator, under a name or, where it is empty, a pseudonym."""
        learner, results = self._learner, self._services.results
        if learner is None:
            return

        def made() -> tuple[bytes, str]:
            sent = results.export(learner, name)
            return sent.content, results_sent(sent.name, sent.answers, target)

        self._save(target, made)

    def _save(self, target: Path, make: Callable[[], tuple[bytes, str]]) -> None:
        """Writes what is made, which comes with what to tell then."""

        def work() -> str:
            content, said = make()
            try:
                write_atomically(target, content)
            except OSError as problem:
                reason = problem.strerror or str(problem)
                raise UserError(f"{target} cannot be written ({reason}): choose another folder.") from problem
            return said

        self._records.submit("save data", lambda cancel: work(), self.told.emit, lasting=True)

    def delete_data(self) -> None:
        """Deletes everything that is kept of the learner. Whoever calls has asked whether that is meant."""
        learner, own_data = self._learner, self._services.own_data
        if learner is None:
            return

        def came(done: Deletion) -> None:
            self._learner = None
            self.deleted.emit()
            self.told.emit(deletion_said(done))

        self._records.submit("delete data", lambda cancel: own_data.delete(learner), came, lasting=True)

    def learner_name(self) -> str:
        """Whose figures are shown, empty for nobody."""
        return "" if self._learner is None else self._learner.name

    def _who(self) -> str | None:
        return None if self._page.everyone or self._learner is None else self._learner.id

    def _open(self, shown: str, called: str) -> None:
        who, chosen, statistics = self._who(), self._page.filters.filter(), self._services.statistics

        def load() -> list[ShownAnswer]:
            return [_decoded(case) for case in statistics.cases(who, chosen, shown, called)]

        def came(cases: list[ShownAnswer]) -> None:
            if cases:
                self.cases_shown.emit(cases)

        self._records.submit("cases of a cell", lambda cancel: load(), came)


def _decoded(case: AnsweredCase) -> ShownAnswer:
    none = np.zeros((0, 4), np.float32)
    image = None if case.image_png is None else decode(case.image_png)
    return ShownAnswer(case, image, none if case.mask_png is None else outline(decode_mask(case.mask_png)))
