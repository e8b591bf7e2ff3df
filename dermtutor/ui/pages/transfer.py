"""The transfer page: a photograph of healthy skin, diseases on it, and the picture that comes of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QWidget

from dermtutor.domain.transfer import Region, RegionKind
from dermtutor.errors import UserError
from dermtutor.services.photographs import SUFFIXES
from dermtutor.services.transfer_draft import Draft
from dermtutor.ui.theme import Theme
from dermtutor.ui.transfer.canvas import PhotoCanvas
from dermtutor.ui.transfer.editing import Editing
from dermtutor.ui.transfer.keeping import Keeping
from dermtutor.ui.transfer.panel import TransferPanel
from dermtutor.ui.transfer.sketch import Sketch
from dermtutor.ui.transfer.studio import Opened, Preview, TransferDesk
from dermtutor.ui.transfer.toolbar import Toolbar
from dermtutor.ui.transfer.unsaved import Unsaved
from dermtutor.ui.transfer.welcome import Welcome, permission_for
from dermtutor.ui.widgets.basic import column, holder, row

_PHOTOGRAPHS: Final = "Photographs ({})".format(" ".join(f"*{each} *{each.upper()}" for each in SUFFIXES))


class TransferPage(QWidget):
    """``told`` carries a sentence for the banner, ``complaint`` an error."""

    told = Signal(str)
    complaint = Signal(object)

    def __init__(self, theme: Theme, desk: TransferDesk) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
        self.setAcceptDrops(True)
        self._desk = desk
        self.editing = Editing(desk, self)
        self._resumed: Draft | None = None
        self.welcome = Welcome()
        self.bar = Toolbar(theme)
        self.canvas = PhotoCanvas(theme)
        self.panel = TransferPanel(theme)
        self.keeping = Keeping(self.bar.keep, desk, self.editing, self.panel)
        self.unsaved = Unsaved(self, theme, self.editing, desk, self.keeping.permitted)
        self.offer_conditions()
        left = column(self.bar, self.canvas, gap=10)
        left.setStretch(1, 1)
        both = row(holder(left), self.panel, gap=16)
        both.setStretch(0, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.welcome)
        self._stack.addWidget(holder(both))
        layout = column(self._stack)
        layout.setContentsMargins(24, 18, 24, 14)
        self.setLayout(layout)
        self._connect_desk()
        self._connect_controls()
        self._shortcuts()
        desk.look_for_draft()

    @property
    def photograph(self) -> Opened | None:
        """The photograph that is open."""
        return self.editing.photograph

    def _connect_desk(self) -> None:
        desk = self._desk
        desk.opened.connect(self._opened)
        desk.drawn.connect(self._drawn)
        desk.draft_found.connect(self.welcome.offer)
        desk.failed.connect(self._failed)
        self.editing.changed.connect(self._redraw)
        self.editing.chosen.connect(self._show)
        self.editing.busy.connect(self.bar.state.setText)
        self.editing.complaint.connect(self.complaint)
        keeping = self.keeping
        keeping.told.connect(self.told)
        keeping.complaint.connect(self.complaint)
        keeping.busy.connect(self.bar.state.setText)
        keeping.saving.connect(self.unsaved.saving)
        keeping.settled.connect(self.unsaved.settled)

    def _connect_controls(self) -> None:
        editing, canvas, panel, bar = self.editing, self.canvas, self.panel, self.bar
        self.welcome.open_wanted.connect(self.choose_photograph)
        self.welcome.example_wanted.connect(self.open)
        self.welcome.draft_wanted.connect(self.resume)
        self.unsaved.save_wanted.connect(self.keeping.choose_target)
        canvas.pressed.connect(lambda x, y: editing.click(x, y, panel.condition_id()))
        canvas.moved.connect(editing.move)
        canvas.settled.connect(editing.history.seal)
        canvas.turned.connect(editing.turn)
        canvas.grown.connect(editing.grow)
        canvas.chosen.connect(editing.choose)
        canvas.stroked.connect(lambda points: editing.brush(points, panel.brush.value() / 100))
        panel.add_wanted.connect(lambda condition: editing.add(condition))
        panel.chosen.connect(editing.choose)
        panel.removed.connect(editing.remove)
        panel.tone_wanted.connect(editing.bring_to)
        panel.changed.connect(editing.set_field)
        panel.region_wanted.connect(self._region_chosen)
        panel.pattern_wanted.connect(editing.fit_pattern)
        panel.another_wanted.connect(editing.another)
        panel.brush.changed.connect(lambda _: self._show_brush())
        bar.other.clicked.connect(self.choose_photograph)
        bar.undo.clicked.connect(editing.undo)
        bar.redo.clicked.connect(editing.redo)
        bar.split.changed.connect(lambda share: canvas.show_split(share / 100))
        bar.save.clicked.connect(self.keeping.choose_target)
        bar.keep.clicked.connect(self.keeping.choose_set)

    def _shortcuts(self) -> None:
        keys = (
            (QKeySequence.StandardKey.Open, self.choose_photograph),
            (QKeySequence.StandardKey.Undo, self.editing.undo),
            (QKeySequence.StandardKey.Redo, self.editing.redo),
            (QKeySequence.StandardKey.Save, self.keeping.choose_target),
        )
        for key, then in keys:
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(then)

    def offer_conditions(self) -> None:
        """The diseases there are now; own recipes may have come or gone."""
        self.panel.show_conditions(self._desk.conditions())

    # Photographs

    def choose_photograph(self) -> None:
        """Ask which photograph."""
        chosen, _ = QFileDialog.getOpenFileName(self, "Open a photograph of healthy skin", "", _PHOTOGRAPHS)
        if chosen:
            self.open(Path(chosen))

    def may_leave(self, then: Callable[[], object]) -> bool:
        """Whether nothing would be lost. Otherwise it asks, and ``then`` follows when the person wants it."""
        return self.unsaved.may_leave(then)

    def open(self, file: Path) -> None:
        """Read a photograph, once it is clear what becomes of the picture of the one before."""
        if self.may_leave(lambda: self.open(file)):
            self._resumed = None
            self._read(file)

    def resume(self, draft: Draft) -> None:
        """Go on with what was not saved last time."""
        self._resumed = draft
        self._read(draft.file)

    def _read(self, file: Path) -> None:
        self.bar.state.setText("Opening …")
        self.welcome.first.setEnabled(False)
        self._desk.open(file)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            self.open(files[0])

    def _opened(self, opened: Opened) -> None:
        self.welcome.first.setEnabled(True)
        resumed, self._resumed = self._resumed, None
        if resumed is not None and resumed.plan.photograph.sha != opened.full.sha:
            self.complaint.emit(
                UserError(f"{opened.file.name} is another photograph by now; what was put on it is not.")
            )
            resumed = None
        plan = None if resumed is None else resumed.plan
        self.editing.begin(opened, None if plan is None else Sketch.of(plan))
        self._desk.forget()
        self.bar.split.show_value(0)
        self.canvas.show_split(0)
        self.canvas.show_photograph(opened.image)
        self.panel.show_photograph(opened)
        self.panel.permission.setText(permission_for(opened.file))
        if plan is not None:
            self.panel.show_permission(plan.photograph)
        self._stack.setCurrentIndex(1)
        self._redraw()
        self.canvas.setFocus()

    # Pictures

    def _region_chosen(self, region: Region) -> None:
        self._show_brush()
        if region.kind is not RegionKind.STROKES:  # those come with the brush
            self.editing.fit(region)

    def _show_brush(self) -> None:
        self.canvas.brush = self.panel.brush.value() / 100 if self.panel.brushing else None

    def _redraw(self) -> None:
        self._show()
        if self.photograph is None:
            return
        if self.editing.now.empty:
            self._desk.forget()
            self.canvas.show_image(self.photograph.image)
        else:
            self._desk.draw(self.photograph, self.editing.now)

    def _show(self) -> None:
        """The controls as the sketch says; the picture follows."""
        now = self.editing.now
        if now.lesion is not None:
            self.panel.show_patterns(self._desk.patterns(now.lesion.condition), now.lesion.pattern)
        self.panel.show_sketch(now)
        self.canvas.show_lesions(now.placements, now.chosen, now.tone is not None)
        self._show_brush()
        self.bar.show_history(self.editing.history)

    def _drawn(self, preview: Preview) -> None:
        if self.photograph is not None and not self.editing.now.empty:
            self.canvas.show_image(preview.image)

    def _failed(self, error: Exception) -> None:
        self._resumed = None
        self.unsaved.failed()
        self.welcome.first.setEnabled(True)
        self._show()
        self.complaint.emit(error)
