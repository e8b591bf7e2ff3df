"""What becomes of the picture: a file or a case of a set, once it is known who permits it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from dermtutor.domain.case_sets import CaseSet, Photograph, SetSummary
from dermtutor.errors import UserError
from dermtutor.ui.transfer.editing import Editing
from dermtutor.ui.transfer.panel import TransferPanel
from dermtutor.ui.transfer.sketch import Sketch
from dermtutor.ui.transfer.studio import Kept, Saved, TransferDesk


class Keeping(QObject):
    """``told`` and ``complaint`` are for the banner, ``busy`` says what is awaited; ``saving`` comes when a file is
    being written, ``settled`` when the picture is kept somewhere.
    """

    told = Signal(str)
    complaint = Signal(object)
    busy = Signal(str)
    saving = Signal()
    settled = Signal()

    def __init__(self, anchor: QWidget, desk: TransferDesk, editing: Editing, panel: TransferPanel) -> None:
        """The menu of case sets opens below ``anchor``."""
        super().__init__(anchor)
        self._anchor, self._desk, self._editing, self._panel = anchor, desk, editing, panel
        self._menu: QMenu | None = None
        desk.saved.connect(self._saved)
        desk.sets_listed.connect(self._offer_sets)
        desk.kept.connect(self._kept)

    def permitted(self) -> Photograph:
        """What was said of the photograph."""
        opened, panel = self._editing.photograph, self._panel
        face = panel.face.isChecked()
        return Photograph(
            opened.full.sha if opened is not None else "",
            panel.permission.text().strip(),
            face=face,
            may_leave=not face or panel.may_leave.isChecked(),
        )

    def choose_target(self) -> None:
        """Ask where the picture is to be kept, once it is known who permits it."""
        now = self._editing.now
        if self._editing.photograph is None or now.empty or not self._is_permitted():
            return
        disease = now.placements[0].condition if now.placements else "healthy-skin"
        name = f"{disease}-on-photograph.png"
        chosen, _ = QFileDialog.getSaveFileName(
            self._anchor.window(), "Save the picture", name, "Pictures (*.png)"
        )
        if chosen:
            self.save_to(Path(chosen).with_suffix(".png"))

    def save_to(self, target: Path) -> None:
        """Make the picture at the photograph's resolution and write it, with its mask beside it."""
        photograph = self._editing.photograph
        if photograph is not None:
            self.busy.emit("Saving …")
            self.saving.emit()
            self._desk.save(photograph, self._editing.now, self.permitted(), target)

    def choose_set(self) -> None:
        """Ask which case set takes the picture, once it is known who permits it."""
        if self._is_permitted():
            self._desk.list_sets()

    def keep_in(self, chosen: CaseSet) -> None:
        """Make the picture at the photograph's resolution and add it to a case set."""
        photograph = self._editing.photograph
        if photograph is not None:
            self.busy.emit("Adding …")
            self._desk.keep(photograph, self._editing.now, self.permitted(), chosen)

    def _is_permitted(self) -> bool:
        """Whether somebody permits what is to be kept; otherwise the person is asked who."""
        if self._panel.permission.text().strip():
            return True
        self.complaint.emit(
            UserError("Say who permits the use of this photograph before the picture is kept.")
        )
        self._panel.complain_of_permission()
        return False

    def _offer_sets(self, summaries: Sequence[SetSummary]) -> None:
        if not summaries:
            self.complaint.emit(UserError("No case set can take a case; build one under Case sets first."))
            return
        menu = self._menu = QMenu(self._anchor)
        for summary in summaries:
            entry = menu.addAction(f"{summary.case_set.name}, version {summary.case_set.version}")
            entry.triggered.connect(lambda _=False, chosen=summary.case_set: self.keep_in(chosen))
        menu.popup(self._anchor.mapToGlobal(self._anchor.rect().bottomLeft()))

    def _kept(self, kept: Kept) -> None:
        self._settle(kept.sketch)
        self.told.emit(f"The picture is a case of {kept.name} now; somebody has to review it there.")

    def _saved(self, saved: Saved) -> None:
        self._settle(saved.sketch)
        self.told.emit(f"The picture is in {saved.image}, its mask in {saved.mask.name}.")

    def _settle(self, sketch: Sketch) -> None:
        self.busy.emit("")
        self._editing.history.mark_kept(sketch)
        self.settled.emit()
