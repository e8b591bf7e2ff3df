"""How a quiz is taken: its mode, the kind of answer it asks for, and what else it can be told."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from dermtutor.errors import UserError

NONE_OF_THESE: Final = "none-of-these"
"""Stands among the options, and in an answer, for a diagnosis that is not among the options."""


class Mode(StrEnum):
    """How questions follow each other and when feedback shows."""

    PRACTICE = "practice"
    EXAM = "exam"
    REVIEW = "review"
    DRILL = "drill"
    REFLECTION = "reflection"
    FORMS = "forms"

    @property
    def feedback_at_end(self) -> bool:
        """True where answers can be changed until the whole is handed in, and only then are told right or wrong."""
        return self in (Mode.EXAM, Mode.FORMS)


class AnswerKind(StrEnum):
    """What the learner gives as an answer."""

    SINGLE = "single"
    TYPED = "typed"
    DIFFERENTIAL = "differential"


MINUTES_RANGE: Final = (1, 240)
EXPOSURE_RANGE: Final = (1, 10)
TARGET_RANGE: Final = (1, 30)
RANKED_AT_MOST: Final = 4
"""Diagnoses in a ranked differential."""


@dataclass(frozen=True, slots=True)
class QuizOptions:
    """The choices within a mode. Raises UserError for one out of range.

    ``features`` also asks which features decided, ``click`` where the lesion is; ``none_of_these`` pins that option
    below the others; ``adaptive`` asks for the weakest cells first. ``minutes`` is an exam's time, 0 for none;
    ``exposure`` how many seconds a drill shows its image, 0 for all the time; ``target`` the seconds within which a
    drill's answer counts towards retiring; ``form`` is ``A`` or ``B`` in the mode of two forms, else empty;
    ``dermoscopy`` shows every second case of a condition through a dermatoscope where there are such images.
    """

    kind: AnswerKind = AnswerKind.SINGLE
    features: bool = False
    click: bool = False
    none_of_these: bool = False
    adaptive: bool = True
    minutes: int = 0
    exposure: int = 0
    target: int = 5
    form: str = ""
    dermoscopy: bool = False

    def __post_init__(self) -> None:
        if self.minutes and not MINUTES_RANGE[0] <= self.minutes <= MINUTES_RANGE[1]:
            raise UserError(f"Choose a time from {MINUTES_RANGE[0]} to {MINUTES_RANGE[1]} minutes, or none.")
        if self.exposure and not EXPOSURE_RANGE[0] <= self.exposure <= EXPOSURE_RANGE[1]:
            raise UserError(
                f"Choose an exposure from {EXPOSURE_RANGE[0]} to {EXPOSURE_RANGE[1]} seconds, or none."
            )
        if not TARGET_RANGE[0] <= self.target <= TARGET_RANGE[1]:
            raise UserError(f"Choose a target time from {TARGET_RANGE[0]} to {TARGET_RANGE[1]} seconds.")
        if self.form not in ("", "A", "B"):
            raise UserError("Choose form A or form B.")
        if self.none_of_these and self.kind is not AnswerKind.SINGLE:
            raise UserError("“None of these” needs options; choose single best answers for it.")


DEFAULT_OPTIONS: Final = QuizOptions()
"""One best answer, weakest first, no time."""
