"""Where files go that a person saves from the window: it asks for the place, and for consent before deleting."""

from __future__ import annotations

import shutil
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMessageBox, QWidget

from dermtutor.errors import UserError
from dermtutor.services.results import ENDING
from dermtutor.ui.desk import Desk
from dermtutor.ui.tasks import Worker


class LogSaving(QObject):
    """Copies the log to where the person wants it. ``told`` carries a sentence for the banner."""

    told = Signal(str)

    def __init__(self, log_file: Path, records: Worker, parent: QWidget) -> None:
        super().__init__(parent)
        self._log_file = log_file
        self._records = records
        self._window = parent

    def ask_for_log(self) -> None:
        """Ask where to, and copy."""
        chosen, _ = QFileDialog.getSaveFileName(self._window, "Save the log", "dermtutor.log", "Log (*.log)")
        if chosen:
            self.save_log_to(Path(chosen))

    def save_log_to(self, target: Path) -> None:
        """Copy the log."""
        source = self._log_file

        def copy() -> None:
            try:
                shutil.copyfile(source, target)
            except OSError as problem:
                reason = problem.strerror or str(problem)
                raise UserError(
                    f"The log cannot be saved there ({reason}); choose another folder."
                ) from problem

        self._records.submit(
            "save the log",
            lambda cancel: copy(),
            lambda _: self.told.emit(f"The log is saved in {target}."),
        )


class OwnDataDialogs(QObject):
    """The questions behind a learner's report, results, export and deletion."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self._window = parent

    def save_report(self) -> None:
        """The report of what is shown."""
        kinds = "PDF (*.pdf);;Spreadsheet (*.xlsx)"
        chosen, _ = QFileDialog.getSaveFileName(self._window, "Save the report", "report.pdf", kinds)
        if chosen:
            self._desk.statistics.write_report(Path(chosen))

    def export_data(self) -> None:
        """Everything kept of the learner."""
        kinds = "JSON (*.json)"
        chosen, _ = QFileDialog.getSaveFileName(self._window, "Export your data", "my-data.json", kinds)
        if chosen:
            self._desk.statistics.export_data(Path(chosen))

    def send_results(self) -> None:
        """The learner's results as a signed file, under a name of their choice."""
        asked = "Name that your educator will see. Leave it empty for a pseudonym."
        name, meant = QInputDialog.getText(self._window, "Save your results", asked)
        if not meant:
            return
        kinds = f"Results (*{ENDING})"
        chosen, _ = QFileDialog.getSaveFileName(self._window, "Save your results", f"results{ENDING}", kinds)
        if chosen:
            self._desk.statistics.send_results(Path(chosen), name)

    def delete_data(self) -> None:
        """Everything kept of the learner is gone, once that was meant."""
        name = self._desk.statistics.learner_name()
        question = f"Delete everything kept of {name}, in the backups too? It cannot be undone."
        answer = QMessageBox.question(self._window, "Delete your data", question)
        if answer == QMessageBox.StandardButton.Yes:
            self._desk.statistics.delete_data()
