"""What the person does to the lesions on a photograph, each thing as a step that can be taken back."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from dermtutor.domain.transfer import Placement, Region, RegionKind, Stroke
from dermtutor.errors import UserError
from dermtutor.skin.scales import MonkTone
from dermtutor.ui.transfer.sketch import History, Sketch, moved, sized
from dermtutor.ui.transfer.studio import Opened, TransferDesk

_MAX_SEED: Final = 2**31


class Editing(QObject):
    """``changed`` when the sketch is another one, ``chosen`` when only another lesion is; ``busy`` what is awaited."""

    changed = Signal()
    chosen = Signal()
    busy = Signal(str)
    complaint = Signal(object)

    def __init__(self, desk: TransferDesk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self.history = History()
        self.photograph: Opened | None = None
        desk.placed.connect(self._placed)

    @property
    def now(self) -> Sketch:
        """The sketch as it is."""
        return self.history.now

    def begin(self, photograph: Opened, sketch: Sketch | None = None) -> None:
        """Another photograph, without lesions or with those that were on it."""
        self.photograph = photograph
        self.history.begin(sketch or Sketch())

    def discard(self) -> None:
        """The photograph as it is, with nothing to go back to."""
        self.history.begin(Sketch())
        self.changed.emit()

    # Lesions

    def click(self, x: float, y: float, condition: str) -> None:
        """A click beside all lesions: the first one comes there, a chosen one on free skin moves there."""
        lesion = self.now.lesion
        if lesion is None:
            self.add(condition, (x, y))
        elif lesion.region.kind is RegionKind.SKIN:
            self._change("", lambda each: moved(each, x, y))

    def add(self, condition: str, at: tuple[float, float] | None = None) -> None:
        """A lesion at a place, else where it fits."""
        if self.photograph is None:
            return
        if condition not in [each.id for each in self._desk.conditions()]:
            self.complaint.emit(UserError(f"No disease is called “{condition}”; choose one from the list."))
            return
        self.busy.emit("Placing …")
        self._desk.add(self.photograph, condition, random.randrange(_MAX_SEED), at)

    def remove(self, number: int) -> None:
        """Take a lesion away."""
        self._take(self.now.removed(number))

    def choose(self, number: int) -> None:
        """Another lesion to change."""
        self.history.choose(number)
        self.chosen.emit()

    def move(self, x: float, y: float) -> None:
        """The chosen lesion to another place; a drag is one step."""
        self._change("place", lambda lesion: moved(lesion, x, y))

    def turn(self, by: float) -> None:
        """The chosen lesion by some degrees."""
        self._change("rotation", lambda lesion: replace(lesion, rotation=(lesion.rotation + by) % 360))

    def grow(self, by: float) -> None:
        """The chosen lesion by a factor."""
        self._change("size", lambda lesion: sized(lesion, lesion.size * by))

    def set_field(self, name: str, value: Any) -> None:
        """Another size, rotation, severity or side of the chosen lesion."""
        self._change(name, lambda lesion: replace(lesion, **{name: value}))

    def another(self) -> None:
        """The same disease with another seed."""
        self._change("", lambda lesion: replace(lesion, seed=random.randrange(_MAX_SEED)))

    def bring_to(self, tone: MonkTone | None) -> None:
        """The person on another tone."""
        self._take(replace(self.now, tone=tone))

    # Regions

    def fit(self, region: Region, pattern: str = "") -> None:
        """The chosen lesion over another region; strokes come with the brush."""
        lesion = self.now.lesion
        if lesion is not None and self.photograph is not None:
            self._desk.fit(self.photograph, lesion, region, pattern)

    def fit_pattern(self, pattern: str) -> None:
        """The chosen lesion takes the face in another way."""
        lesion = self.now.lesion
        if lesion is not None:
            self.fit(lesion.region, pattern)

    def brush(self, points: tuple[tuple[float, float], ...], radius: float) -> None:
        """One more stroke of the chosen lesion's region."""
        lesion = self.now.lesion
        if lesion is None:
            return
        before = lesion.region.strokes if lesion.region.kind is RegionKind.STROKES else ()
        stroke = Stroke(radius, tuple((round(x, 4), round(y, 4)) for x, y in points))
        self.fit(Region(RegionKind.STROKES, strokes=(*before, stroke)))

    # Back and forth

    def undo(self) -> None:
        """One step back."""
        self.history.undo()
        self.changed.emit()

    def redo(self) -> None:
        """One step forth again."""
        self.history.redo()
        self.changed.emit()

    def _placed(self, placement: Placement) -> None:
        lesion = self.now.lesion
        same = lesion is not None and (lesion.condition, lesion.seed) == (placement.condition, placement.seed)
        self._take(self.now.changed(placement) if same else self.now.added(placement))

    def _change(self, kind: str, change: Callable[[Placement], Placement]) -> None:
        lesion = self.now.lesion
        if lesion is not None:
            self._take(self.now.changed(change(lesion)), f"{kind} {self.now.chosen}" if kind else "")

    def _take(self, sketch: Sketch, kind: str = "") -> None:
        self.history.change(sketch, kind)
        self.changed.emit()
