"""Where results are taken in: a place to drop files, how far it is, and what became of each file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QFrame

from dermtutor.reports.columns import Column, Table
from dermtutor.services.results import ENDING, ImportReport
from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.basic import button, column, label, row
from dermtutor.ui.widgets.figure_table import FigureTable
from dermtutor.ui.widgets.meter import Meter
from dermtutor.ui.wording import counted

_HOW = (
    "Learners save their results on the page Progress, under “Your data”, and send you the file. Drop such files "
    "here, or choose them. A file that was altered is refused; importing one twice adds nothing."
)


class TakingCard(QFrame):
    """``files_chosen`` carries the paths that were dropped; ``choose_wanted`` when the person wants to be asked."""

    files_chosen = Signal(list)
    choose_wanted = Signal()
    stop_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setAcceptDrops(True)
        self.setAccessibleName("Import results")
        self.choose = button("Import results …", "primary", f"Choose files whose names end in {ENDING}")
        self.stop = button("Stop", "tool", "Import no more files; what came in stays")
        self.said = label("", "body", wrap=True)
        self.meter = Meter(theme)
        self.refused = FigureTable("Files that were not imported")
        self._how = label(_HOW, "muted", wrap=True)
        head = row(label("Results of learners", "heading"), None, self.stop, self.choose)
        layout = column(head, self._how, self.meter, self.said, self.refused, gap=10)
        layout.setContentsMargins(22, 20, 22, 20)
        self.setLayout(layout)
        for hidden in (self.stop, self.meter, self.said, self.refused):
            hidden.hide()
        self.choose.clicked.connect(self.choose_wanted)
        self.stop.clicked.connect(self.stop_wanted)

    def explain(self, on: bool) -> None:
        """Whether to say how results come here: while there are none."""
        self._how.setVisible(on)

    def begin(self, files: int) -> None:
        """Files are being taken in."""
        self.said.setText(f"Importing {counted(files, 'file')} …")
        self.refused.hide()
        self.choose.setEnabled(False)
        for shown in (self.stop, self.meter, self.said):
            shown.show()
        self.step(0.0)

    def step(self, share: float) -> None:
        """How far it is, 0 to 1."""
        self.meter.show_share(share)

    def end(self, report: ImportReport | None) -> None:
        """It is over; None when it was stopped."""
        self.choose.setEnabled(True)
        self.stop.hide()
        self.meter.hide()
        if report is None:
            self.said.setText("Stopped. What came in before stays.")
            return
        self.said.setText(_outcome(report))
        self.refused.setVisible(bool(report.refused))
        rows = tuple((each.file, each.reason) for each in report.refused)
        self.refused.show_table(
            Table("refused", "Files that were not imported", (Column("Not imported"), Column("Why")), rows)
        )

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _files(event):
            event.acceptProposedAction()
            self._light(True)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._light(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._light(False)
        files = _files(event)
        if files and self.choose.isEnabled():
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.files_chosen.emit(files)

    def _light(self, on: bool) -> None:
        self.setProperty("role", "note" if on else "card")
        self.style().unpolish(self)
        self.style().polish(self)


def _files(event: QDropEvent) -> list[Path]:
    """Local files of what is dragged; whether they are results is seen when they are read."""
    urls = event.mimeData().urls() if event.mimeData().hasUrls() else []
    return [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]


def _outcome(report: ImportReport) -> str:
    said = f"{counted(report.new, 'new answer')} from {counted(len(report.imported), 'file')}."
    if report.imported and not report.new:
        said += " All of them were here already."
    if report.refused:
        said += f" {counted(len(report.refused), 'file')} not imported:"
    return said
