"""What is being made on the transfer page, and the way back and forth through its changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Self

from dermtutor.domain.case_sets import Photograph
from dermtutor.domain.transfer import SIZES, Placement, TransferPlan
from dermtutor.services.photographs import PhotographFile
from dermtutor.skin.scales import MonkTone

_MOST: Final = 200
"""Steps that can be taken back."""


@dataclass(frozen=True, slots=True)
class Sketch:
    """Lesions on a photograph, the one that is chosen (-1: none), and the tone that the person is brought to."""

    placements: tuple[Placement, ...] = ()
    chosen: int = -1
    tone: MonkTone | None = None

    @classmethod
    def of(cls, plan: TransferPlan) -> Self:
        """What a plan puts on its photograph, the last lesion chosen."""
        return cls(plan.placements, len(plan.placements) - 1, plan.tone)

    @property
    def lesion(self) -> Placement | None:
        """The chosen lesion."""
        return self.placements[self.chosen] if 0 <= self.chosen < len(self.placements) else None

    @property
    def empty(self) -> bool:
        """Whether it would leave the photograph as it is."""
        return not self.placements and self.tone is None

    def draws_like(self, other: Sketch) -> bool:
        """Whether both make the same picture, whatever is chosen."""
        return (self.placements, self.tone) == (other.placements, other.tone)

    def added(self, placement: Placement) -> Self:
        """With one more lesion, which is chosen."""
        return replace(self, placements=(*self.placements, placement), chosen=len(self.placements))

    def removed(self, number: int) -> Self:
        """Without a lesion."""
        rest = self.placements[:number] + self.placements[number + 1 :]
        return replace(self, placements=rest, chosen=min(self.chosen, len(rest) - 1))

    def changed(self, placement: Placement) -> Self:
        """With another in the chosen one's place."""
        if self.lesion is None:
            return self
        others = list(self.placements)
        others[self.chosen] = placement
        return replace(self, placements=tuple(others))

    def plan(self, photograph: PhotographFile, permitted: Photograph) -> TransferPlan:
        """The plan for a photograph."""
        return TransferPlan(permitted, photograph.width, photograph.height, self.placements, self.tone)


class History:
    """The sketch of now, those before it and those taken back. Changes of one kind in a row are one step."""

    def __init__(self) -> None:
        self._before: list[Sketch] = []
        self._after: list[Sketch] = []
        self._kind = ""
        self._kept = Sketch()
        self.now = Sketch()

    @property
    def is_dirty(self) -> bool:
        """Whether something would be lost if it went now. The photograph as it is, is nothing to lose."""
        return not self.now.empty and not self.now.draws_like(self._kept)

    @property
    def can_undo(self) -> bool:
        """There is a step to take back."""
        return bool(self._before)

    @property
    def can_redo(self) -> bool:
        """There is a step that was taken back."""
        return bool(self._after)

    def begin(self, sketch: Sketch) -> None:
        """Another photograph: nothing to go back to."""
        self._before, self._after, self._kind = [], [], ""
        self._kept, self.now = Sketch(), sketch

    def mark_kept(self, sketch: Sketch) -> None:
        """A picture of this sketch was saved."""
        self._kept = sketch

    def change(self, sketch: Sketch, kind: str = "") -> None:
        """Another state. A change of the same ``kind`` as the last one joins its step; an empty kind never does."""
        if sketch == self.now:
            return
        if not kind or kind != self._kind:
            self._before = [*self._before[-_MOST + 1 :], self.now]
        self._kind, self._after, self.now = kind, [], sketch

    def choose(self, number: int) -> None:
        """Choose a lesion; that is no step."""
        self._kind = ""
        self.now = replace(self.now, chosen=number)

    def seal(self) -> None:
        """What follows is a step of its own."""
        self._kind = ""

    def undo(self) -> None:
        """One step back."""
        if self._before:
            self._after.append(self.now)
            self.now, self._kind = self._before.pop(), ""

    def redo(self) -> None:
        """One step forth."""
        if self._after:
            self._before.append(self.now)
            self.now, self._kind = self._after.pop(), ""


def moved(placement: Placement, x: float, y: float) -> Placement:
    """At another place, kept on the photograph."""
    return replace(placement, x=min(max(x, 0.0), 1.0), y=min(max(y, 0.0), 1.0))


def sized(placement: Placement, size: float) -> Placement:
    """Of another size, within limits."""
    return replace(placement, size=min(max(size, SIZES[0]), SIZES[1]))
