"""The transfer page: a photograph of healthy skin, diseases on it, and the picture that comes of it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QMenu, QStackedWidget, QWidget

from dermtutor.domain.case_sets import CaseSet, Photograph, SetSummary
from dermtutor.domain.transfer import Placement, Region, RegionKind, Stroke
from dermtutor.errors import UserError
from dermtutor.paths import assets_dir
from dermtutor.services.photographs import SUFFIXES
from dermtutor.skin.scales import MonkTone
from dermtutor.ui.theme import Theme
from dermtutor.ui.transfer.amount import Amount
from dermtutor.ui.transfer.canvas import NOTHING, PhotoCanvas
from dermtutor.ui.transfer.panel import TransferPanel
from dermtutor.ui.transfer.sketch import History, Sketch, moved, sized
from dermtutor.ui.transfer.studio import Opened, Preview, Saved, TransferDesk
from dermtutor.ui.widgets.basic import button, column, frame, holder, label, prose, row

_PHOTOGRAPHS: Final = "Photographs ({})".format(" ".join(f"*{each} *{each.upper()}" for each in SUFFIXES))
EXAMPLES: Final = {
    "portrait-collins.jpg": ("Eileen Collins", "Public domain: NASA"),
    "portrait-hopper.jpg": ("Grace Hopper", "Public domain: United States Navy"),
    "skin-monk-3.jpg": ("Skin, Monk 3", "CC0: drawn by DermTutor's own network"),
    "skin-monk-8.jpg": ("Skin, Monk 8", "CC0: drawn by DermTutor's own network"),
}
"""The shipped photographs: what they show, and who permits their use."""
_MAX_SEED: Final = 2**31


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
        self.history = History()
        self.photograph: Opened | None = None
        self.sets: QMenu | None = None
        self.canvas = PhotoCanvas(theme)
        self.panel = TransferPanel(theme)
        self.offer_conditions()
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty())
        self._stack.addWidget(self._work(theme))
        layout = column(self._stack)
        layout.setContentsMargins(24, 18, 24, 14)
        self.setLayout(layout)
        self._connect()
        self._shortcuts()

    # Building

    def _empty(self) -> QWidget:
        self.first = button("Open a photograph", "primary")
        self.first.clicked.connect(self.choose_photograph)
        words = prose(
            "Open or drop a photograph of healthy skin: JPEG, PNG or HEIC. Then choose a disease and where it lies. "
            "Outside the lesion every pixel of the photograph stays as it is.",
            "lead",
        )
        words.setFixedWidth(560)
        note = frame(
            "note",
            label("Only with permission", "label"),
            prose(
                "A photograph of a person is personal data even when it shows healthy skin, a face above all. Who "
                "permits its use is kept with every picture that comes of it."
            ),
            margin=16,
        )
        note.setFixedWidth(560)
        self.examples = [button(title, "tool", f"Try it on {title}") for title, _ in EXAMPLES.values()]
        for file, example in zip(EXAMPLES, self.examples, strict=True):
            example.clicked.connect(lambda _=False, name=file: self.open(assets_dir() / "examples" / name))
        inner = column(
            label("A disease on a photograph", "title"), words, 8, note, 12, row(self.first, None), 14,
            label("Or try it on", "label"), row(*self.examples, None, gap=8), gap=10,
        )  # fmt: skip
        return holder(row(None, column(None, inner, None, None), None))

    def _work(self, theme: Theme) -> QWidget:
        self.other = button("Open another", "tool", "Another photograph (Ctrl+O)")
        self.undo = button("Undo", "tool", "Take the last change back (Ctrl+Z)")
        self.redo = button("Redo", "tool", "Make it again (Ctrl+Shift+Z)")
        self.split = Amount("Before", 0, 100, theme, " %", inline=True)
        self.split.setToolTip("How much of the photograph is shown as it was, from the left")
        self.split.setFixedWidth(240)
        self.save = button(
            "Save the picture", "primary-small", "At the photograph's resolution, with its mask (Ctrl+S)"
        )
        self.keep = button("Add to a case set", "tool", "Keep the picture as a case to be reviewed")
        self._state = label("", "small")
        bar = row(
            self.other, self.undo, self.redo, 8, self._state, None, self.split, 8, self.keep, self.save, gap=8
        )
        left = column(bar, self.canvas, gap=10)
        left.setStretch(1, 1)
        both = row(holder(left), self.panel, gap=16)
        both.setStretch(0, 1)
        return holder(both)

    def _connect(self) -> None:
        desk, canvas, panel = self._desk, self.canvas, self.panel
        desk.opened.connect(self._opened)
        desk.placed.connect(self._placed)
        desk.drawn.connect(self._drawn)
        desk.saved.connect(self._saved)
        desk.sets_listed.connect(self._offer_sets)
        desk.kept.connect(self._kept)
        desk.failed.connect(self._failed)
        canvas.pressed.connect(self._clicked)
        canvas.moved.connect(lambda x, y: self._change("place", lambda lesion: moved(lesion, x, y)))
        canvas.settled.connect(self.history.seal)
        canvas.turned.connect(self._turn)
        canvas.grown.connect(lambda by: self._change("size", lambda lesion: sized(lesion, lesion.size * by)))
        canvas.chosen.connect(self._choose)
        canvas.stroked.connect(self._brushed)
        panel.add_wanted.connect(lambda condition: self._add(condition, None))
        panel.chosen.connect(self._choose)
        panel.removed.connect(lambda number: self._take(self.history.now.removed(number), ""))
        panel.tone_wanted.connect(self._bring_to)
        panel.changed.connect(self._field_changed)
        panel.region_wanted.connect(self._region_chosen)
        panel.pattern_wanted.connect(self._pattern_chosen)
        panel.another_wanted.connect(self._another)
        panel.brush.changed.connect(lambda _: self._show_brush())
        self.other.clicked.connect(self.choose_photograph)
        self.undo.clicked.connect(self.take_back)
        self.redo.clicked.connect(self.take_forth)
        self.split.changed.connect(lambda share: self.canvas.show_split(share / 100))
        self.save.clicked.connect(self.choose_target)
        self.keep.clicked.connect(self._choose_set)

    def _shortcuts(self) -> None:
        keys = (
            (QKeySequence.StandardKey.Open, self.choose_photograph),
            (QKeySequence.StandardKey.Undo, self.take_back),
            (QKeySequence.StandardKey.Redo, self.take_forth),
            (QKeySequence.StandardKey.Save, self.choose_target),
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

    def open(self, file: Path) -> None:
        """Read a photograph; what was made on the one before is left."""
        self._state.setText("Opening …")
        self.first.setEnabled(False)
        self._desk.open(file)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            self.open(files[0])

    def _opened(self, opened: Opened) -> None:
        self.first.setEnabled(True)
        self.photograph = opened
        self.history.begin()
        self._desk.forget()
        self.split.show_value(0)
        self.canvas.show_split(0)
        self.canvas.show_photograph(opened.image)
        self.panel.show_photograph(opened)
        if opened.file.parent == assets_dir() / "examples":
            self.panel.permission.setText(EXAMPLES[opened.file.name][1])
        self._stack.setCurrentIndex(1)
        self._show()
        self.canvas.setFocus()

    # Lesions

    def _clicked(self, x: float, y: float) -> None:
        """A click beside all lesions: the first one comes there, a chosen one on free skin moves there."""
        lesion = self.history.now.lesion
        if lesion is None:
            self._add(self.panel.condition_id(), (x, y))
        elif lesion.region.kind is RegionKind.SKIN:
            self._change("", lambda each: moved(each, x, y))

    def _add(self, condition: str, at: tuple[float, float] | None) -> None:
        if self.photograph is None:
            return
        if condition not in [each.id for each in self._desk.conditions()]:
            self.complaint.emit(UserError(f"No disease is called “{condition}”; choose one from the list."))
            return
        self._state.setText("Placing …")
        self._desk.add(self.photograph, condition, random.randrange(_MAX_SEED), at)

    def _placed(self, placement: Placement) -> None:
        now = self.history.now
        lesion = now.lesion
        same = lesion is not None and (lesion.condition, lesion.seed) == (placement.condition, placement.seed)
        self._take(now.changed(placement) if same else now.added(placement), "")

    def _change(self, kind: str, change: object) -> None:
        lesion = self.history.now.lesion
        if lesion is not None and callable(change):
            number = self.history.now.chosen
            self._take(self.history.now.changed(change(lesion)), f"{kind} {number}" if kind else "")

    def _field_changed(self, name: str, value: object) -> None:
        self._change(name, lambda lesion: replace(lesion, **{name: value}))

    def _turn(self, by: float) -> None:
        self._change("rotation", lambda lesion: replace(lesion, rotation=(lesion.rotation + by) % 360))

    def _another(self) -> None:
        self._change("", lambda lesion: replace(lesion, seed=random.randrange(_MAX_SEED)))

    def _choose(self, number: int) -> None:
        self.history.choose(number)
        self._show()

    def _bring_to(self, tone: MonkTone | None) -> None:
        self._take(replace(self.history.now, tone=tone), "")

    # Regions

    def _region_chosen(self, region: Region) -> None:
        lesion = self.history.now.lesion
        if lesion is None or self.photograph is None:
            return
        self._show_brush()
        if region.kind is not RegionKind.STROKES:  # those come with the brush
            self._desk.fit(self.photograph, lesion, region)

    def _pattern_chosen(self, pattern: str) -> None:
        lesion = self.history.now.lesion
        if lesion is not None and self.photograph is not None:
            self._desk.fit(self.photograph, lesion, lesion.region, pattern)

    def _brushed(self, points: tuple[tuple[float, float], ...]) -> None:
        lesion = self.history.now.lesion
        if lesion is None or self.photograph is None:
            return
        before = lesion.region.strokes if lesion.region.kind is RegionKind.STROKES else ()
        stroke = Stroke(self.panel.brush.value() / 100, tuple((round(x, 4), round(y, 4)) for x, y in points))
        region = Region(RegionKind.STROKES, strokes=(*before, stroke))
        self._desk.fit(self.photograph, lesion, region)

    def _show_brush(self) -> None:
        self.canvas.brush = self.panel.brush.value() / 100 if self.panel.brushing else None

    # Pictures

    def take_back(self) -> None:
        """One step back."""
        self.history.undo()
        self._redraw()

    def take_forth(self) -> None:
        """One step forth again."""
        self.history.redo()
        self._redraw()

    def _take(self, sketch: Sketch, kind: str) -> None:
        self.history.change(sketch, kind)
        self._redraw()

    def _redraw(self) -> None:
        self._show()
        if self.photograph is None:
            return
        if self.history.now.empty:
            self._desk.forget()
            self.canvas.show_result(self.photograph.image, NOTHING)
        else:
            self._desk.draw(self.photograph, self.history.now)

    def _show(self) -> None:
        """The controls as the sketch says; the picture follows."""
        now = self.history.now
        if now.lesion is not None:
            self.panel.show_patterns(self._desk.patterns(now.lesion.condition), now.lesion.pattern)
        self.panel.show_sketch(now, None)
        self.canvas.show_lesions(now.placements, now.chosen)
        self._show_brush()
        self.undo.setEnabled(self.history.can_undo)
        self.redo.setEnabled(self.history.can_redo)
        self.save.setEnabled(not now.empty)
        self.keep.setEnabled(bool(now.placements))
        self._state.setText("")

    def _drawn(self, preview: Preview) -> None:
        if self.photograph is not None and not self.history.now.empty:
            self.canvas.show_result(preview.image, preview.segments)

    # Files

    def _is_permitted(self) -> bool:
        """Whether somebody permits what is to be kept; otherwise the person is asked who."""
        if self.panel.permission.text().strip():
            return True
        self.complaint.emit(
            UserError("Say who permits the use of this photograph before the picture is kept.")
        )
        self.panel.complain_of_permission()
        return False

    def choose_target(self) -> None:
        """Ask where the picture is to be kept, once it is known who permits it."""
        if self.photograph is None or self.history.now.empty or not self._is_permitted():
            return
        lesions = self.history.now.placements
        name = f"{lesions[0].condition if lesions else 'healthy-skin'}-on-photograph.png"
        chosen, _ = QFileDialog.getSaveFileName(self, "Save the picture", name, "Pictures (*.png)")
        if chosen:
            self.save_to(Path(chosen).with_suffix(".png"))

    def save_to(self, target: Path) -> None:
        """Make the picture at the photograph's resolution and write it, with its mask beside it."""
        if self.photograph is not None:
            self._state.setText("Saving …")
            self._desk.save(self.photograph, self.history.now, self.permitted(), target)

    def _choose_set(self) -> None:
        if self._is_permitted():
            self._desk.list_sets()

    def _offer_sets(self, summaries: Sequence[SetSummary]) -> None:
        if not summaries:
            self.complaint.emit(UserError("No case set can take a case; build one under Case sets first."))
            return
        self.sets = QMenu(self)
        for summary in summaries:
            entry = self.sets.addAction(f"{summary.case_set.name}, version {summary.case_set.version}")
            entry.triggered.connect(lambda _=False, chosen=summary.case_set: self.keep_in(chosen))
        self.sets.popup(self.keep.mapToGlobal(self.keep.rect().bottomLeft()))

    def keep_in(self, chosen: CaseSet) -> None:
        """Make the picture at the photograph's resolution and add it to a case set."""
        if self.photograph is not None:
            self._state.setText("Adding …")
            self._desk.keep(self.photograph, self.history.now, self.permitted(), chosen)

    def _kept(self, name: str) -> None:
        self._state.setText("")
        self.told.emit(f"The picture is a case of {name} now; somebody has to review it there.")

    def permitted(self) -> Photograph:
        """What was said of the photograph."""
        face = self.panel.face.isChecked()
        return Photograph(
            self.photograph.full.sha if self.photograph is not None else "",
            self.panel.permission.text().strip(),
            face=face,
            may_leave=not face or self.panel.may_leave.isChecked(),
        )

    def _saved(self, saved: Saved) -> None:
        self._state.setText("")
        self.told.emit(f"The picture is in {saved.image}, its mask in {saved.mask.name}.")

    def _failed(self, error: Exception) -> None:
        self.first.setEnabled(True)
        self._show()
        self.complaint.emit(error)
