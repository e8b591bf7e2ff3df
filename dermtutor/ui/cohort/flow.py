"""What the cohort page asks of the application, off the window's thread: figures, files to take in, reports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from dermtutor.reports.words import deletion_said
from dermtutor.services.own_data import Deletion
from dermtutor.services.results import ENDING, ImportReport
from dermtutor.ui.cohort.page import CohortPage
from dermtutor.ui.cohort.prepared import PreparedCohort, prepare
from dermtutor.ui.services import Services
from dermtutor.ui.tasks import Ticket, Worker


class CohortFlow(QObject):
    """Fills the page. ``told`` carries a sentence for the banner, ``complaint`` an error."""

    told = Signal(str)
    complaint = Signal(object)

    def __init__(self, services: Services, page: CohortPage, records: Worker, charts: Worker) -> None:
        super().__init__(page)
        self._services, self._page = services, page
        self._records, self._charts = records, charts
        self._figures: Ticket | None = None
        self._taking: Ticket | None = None
        page.changed.connect(self.refresh)
        page.report_wanted.connect(self._ask_for_report)
        page.removal_wanted.connect(self.remove)
        page.taking.choose_wanted.connect(self._ask_for_files)
        page.taking.files_chosen.connect(self.take)
        page.taking.stop_wanted.connect(self._stop)

    def refresh(self) -> None:
        """The figures of the answers that the filters let count."""
        self.leave()
        cohort, chosen, names = self._services.cohort, self._page.filters.filter(), self._page.names

        def load(cancel: Event) -> PreparedCohort:
            return prepare(cohort.page(chosen, cancel), names)

        self._figures = self._records.submit("figures of the cohort", load, self._page.show_cohort)

    def leave(self) -> None:
        """Stops reading figures. Files go on being taken in."""
        self._records.drop(self._figures)

    def take(self, files: Sequence[Path]) -> None:
        """Takes files of results in, each whole or not at all, and shows the figures with them."""
        if self._taking is not None:
            return
        results = self._services.results

        def work(cancel: Event, hand_over: Callable[[float | ImportReport | Exception], None]) -> None:
            try:
                hand_over(results.take(files, cancel, hand_over))
            except Exception as problem:  # noqa: BLE001 - told on the window's thread
                hand_over(problem)

        self.leave()
        self._page.taking.begin(len(files))
        self._taking = self._records.stream("take results in", work, self._stepped)

    def idle(self) -> bool:
        """No files are being taken in."""
        return self._taking is None

    def write_report(self, target: Path) -> None:
        """Saves what is shown as PDF, as a spreadsheet or as CSV, by the name's ending."""
        chosen, reporting = self._page.filters.filter(), self._services.reporting
        self._charts.submit(
            "write a report", lambda cancel: reporting.write_cohort(target, chosen),
            lambda _: self.told.emit(f"The report is saved in {target}."), lasting=True,
        )  # fmt: skip

    def remove(self, learner_id: str) -> None:
        """Removes what was imported of a learner. Whoever calls has asked whether that is meant."""
        results = self._services.results

        def came(done: Deletion) -> None:
            self.told.emit(deletion_said(done))
            self.refresh()

        self._records.submit(
            "remove results", lambda cancel: results.remove(results.named(learner_id)), came, lasting=True
        )

    def _stepped(self, part: float | ImportReport | Exception) -> None:
        if isinstance(part, float):
            self._page.taking.step(part)
            return
        self._taking = None
        self._page.taking.end(part if isinstance(part, ImportReport) else None)
        if isinstance(part, Exception):
            self.complaint.emit(part)
        self.refresh()

    def _stop(self) -> None:
        self._records.drop(self._taking)
        self._taking = None
        self._page.taking.end(None)
        self.refresh()

    def _ask_for_files(self) -> None:
        kinds = f"Results (*{ENDING});;All files (*)"
        chosen, _ = QFileDialog.getOpenFileNames(self._page, "Import results", "", kinds)
        if chosen:
            self.take([Path(each) for each in chosen])

    def _ask_for_report(self) -> None:
        kinds = "PDF (*.pdf);;Spreadsheet with every answer (*.xlsx);;Every answer (*.csv)"
        chosen, _ = QFileDialog.getSaveFileName(self._page, "Save the report", "cohort.pdf", kinds)
        if chosen:
            self.write_report(Path(chosen))
