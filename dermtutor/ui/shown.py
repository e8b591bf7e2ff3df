"""Cases decoded for the screen, off the window's thread, and the stream of a lesion's tones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from dermtutor.services.presented import PresentedCase, PresentedTone
from dermtutor.services.quiz import Quiz
from dermtutor.skin.scales import MonkTone
from dermtutor.ui.pictures import Segments, decode, decode_mask, outline
from dermtutor.ui.tasks import Ticket, Worker

NEXT_CASE, TONES, AHEAD_OF_NEED = 3, 2, 1
"""Priorities of what the generator worker is asked for."""


@dataclass(frozen=True, slots=True, eq=False)
class ShownCase:
    """A case decoded for the screen."""

    case: PresentedCase
    image: QImage
    outline: Segments


@dataclass(frozen=True, slots=True, eq=False)
class ShownTone:
    """The lesion of a case on another tone, decoded. Angles in degrees."""

    case_id: str
    tone: MonkTone
    image: QImage
    measured_ita: float
    requested_ita: float
    flags: tuple[str, ...]


class Tones(QObject):
    """Asks for a lesion on all tones; each arrives as it is made, until another lesion is asked for."""

    arrived = Signal(object)
    """A ShownTone of the lesion asked for last."""

    def __init__(self, quiz: Quiz, generator: Worker, parent: QObject) -> None:
        super().__init__(parent)
        self._quiz = quiz
        self._generator = generator
        self._case_id = ""
        self._ticket: Ticket | None = None

    def ask(self, case_id: str) -> None:
        """The lesion of this case."""
        self.drop()
        self._case_id = case_id

        def stream(cancel: Event, hand_over: Callable[[ShownTone], None]) -> None:
            self._quiz.tones_of(case_id, cancel, lambda tone: hand_over(_shown_tone(case_id, tone)))

        self._ticket = self._generator.stream("tones", stream, self._came, priority=TONES)

    def drop(self) -> None:
        """No more tones."""
        self._generator.drop(self._ticket)
        self._ticket, self._case_id = None, ""

    def _came(self, tone: ShownTone) -> None:
        if tone.case_id == self._case_id:
            self.arrived.emit(tone)


def shown(case: PresentedCase) -> ShownCase:
    """A case decoded for the screen; for any thread but the window's."""
    return ShownCase(case, decode(case.image_png), outline(decode_mask(case.mask_png)))


def _shown_tone(case_id: str, tone: PresentedTone) -> ShownTone:
    image = decode(tone.image_png)
    return ShownTone(case_id, tone.tone, image, tone.measured_ita, tone.requested_ita, tone.flags)
