"""Quizzes: what is planned, asked and answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Final

from dermtutor.domain.cases import Modality, Source
from dermtutor.domain.modes import DEFAULT_OPTIONS, AnswerKind, Mode, QuizOptions
from dermtutor.errors import UserError
from dermtutor.skin.scales import MonkTone

MAX_QUESTIONS: Final = 200
CHOICES_RANGE: Final = (2, 6)
SET_MODES: Final = (Mode.PRACTICE, Mode.REFLECTION, Mode.EXAM)
"""The modes that can ask the cases of a set: the others make their cases as they go."""

Cell = tuple[str, MonkTone]
"""A condition on a tone: what weakness, blueprints and review are counted by."""


class Confidence(IntEnum):
    """How sure the learner is, in five levels."""

    GUESS = 1
    UNSURE = 2
    HALF = 3
    FAIRLY_SURE = 4
    CERTAIN = 5

    @property
    def probability(self) -> float:
        """The level as a probability of being right, 0.2 to 0.95: a guess among four or five, never quite 1."""
        return (0.2, 0.35, 0.5, 0.75, 0.95)[self.value - 1]

    @property
    def label(self) -> str:
        """The level in words, for a button."""
        return ("Guess", "Unsure", "Half sure", "Fairly sure", "Certain")[self.value - 1]


@dataclass(frozen=True, slots=True)
class BlueprintCell:
    """How many questions ask for one condition on one tone."""

    condition: str
    tone: MonkTone
    count: int

    @property
    def cell(self) -> Cell:
        """Its condition and tone."""
        return self.condition, self.tone


@dataclass(frozen=True, slots=True)
class QuizPlan:
    """What a learner asked for. Raises UserError when no quiz can be made of it.

    ``questions`` is the number asked, in a drill the most. With a ``blueprint`` it is the sum of its counts, and
    conditions and tones are those that the blueprint names. ``case_set`` is the id of the case set that the questions
    come from, empty for cases that are made for the quiz.
    """

    conditions: tuple[str, ...]
    tones: tuple[MonkTone, ...]
    questions: int
    choices: int = 4
    mode: Mode = Mode.PRACTICE
    options: QuizOptions = DEFAULT_OPTIONS
    blueprint: tuple[BlueprintCell, ...] = ()
    case_set: str = ""

    def __post_init__(self) -> None:
        if not self.conditions or len(set(self.conditions)) != len(self.conditions):
            raise UserError("Choose at least one condition, and each only once.")
        if not self.tones or len(set(self.tones)) != len(self.tones):
            raise UserError("Choose at least one skin tone, and each only once.")
        if not 1 <= self.questions <= MAX_QUESTIONS:
            raise UserError(f"Choose a number of questions from 1 to {MAX_QUESTIONS}.")
        if not CHOICES_RANGE[0] <= self.choices <= CHOICES_RANGE[1]:
            raise UserError(
                f"Choose a number of answer options from {CHOICES_RANGE[0]} to {CHOICES_RANGE[1]}."
            )
        if self.mode not in tuple(Mode):
            raise UserError(f"No quiz mode is called {self.mode!r}; choose one of {', '.join(Mode)}.")
        self._check_mode()
        self._check_blueprint()

    def _check_mode(self) -> None:
        options = self.options
        if self.mode is Mode.FORMS:
            if not options.form:
                raise UserError("Choose form A or form B.")
            if len(self.tones) < 2:
                raise UserError("Choose at least two skin tones, so that the forms can be crossed.")
            if self.questions != len(self.conditions):
                raise UserError(
                    "A form asks for each condition once; choose as many questions as conditions."
                )
        elif options.form:
            raise UserError("Only the mode of two forms has a form A and a form B.")
        if self.mode is Mode.DRILL:
            if len(self.conditions) < 2:
                raise UserError("A drill tells look-alikes apart; choose at least two conditions.")
            if options.kind is not AnswerKind.SINGLE or options.none_of_these:
                raise UserError("A drill asks for one best answer; choose single best answers for it.")
        if self.mode is Mode.REFLECTION and options.kind is not AnswerKind.SINGLE:
            raise UserError("Reflection asks for one best answer; choose single best answers for it.")
        if self.case_set and self.mode not in SET_MODES:
            raise UserError("A case set is for practice, reflection or an exam; choose one of these.")

    def _check_blueprint(self) -> None:
        if not self.blueprint:
            return
        cells = [each.cell for each in self.blueprint]
        if len(set(cells)) != len(cells) or any(each.count < 1 for each in self.blueprint):
            raise UserError("A blueprint names each condition and tone once, with a count of at least one.")
        if sum(each.count for each in self.blueprint) != self.questions:
            raise UserError("The counts of a blueprint must add up to the number of questions.")
        named = {condition for condition, _ in cells}, {tone for _, tone in cells}
        if named != (set(self.conditions), set(self.tones)):
            raise UserError("A blueprint must name the chosen conditions and skin tones, and no others.")


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """One question before its image exists. ``position`` counts from 0; ``choices`` are in shown order.

    ``expected`` is the right answer: the condition, or NONE_OF_THESE where that is left out of the choices. A typed
    answer has no choices. ``reason`` says in one sentence why this learner sees it, empty when chance alone chose.
    """

    position: int
    condition: str
    tone: MonkTone
    seed: int
    severity: float
    source: Source
    choices: tuple[str, ...]
    expected: str
    reason: str = ""
    modality: Modality = Modality.CLINICAL


@dataclass(frozen=True, slots=True)
class Question:
    """One question as shown. ``number`` counts from 1; ``choices`` are condition ids in shown order.

    ``features`` are the terms offered where the quiz asks which features decided, or speak for and against.
    """

    item_id: str
    number: int
    total: int
    case_id: str
    choices: tuple[str, ...]
    kind: AnswerKind = AnswerKind.SINGLE
    features: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Click:
    """Where the learner clicked to show the lesion: 0 to 1 from the image's left and top edge; whether it was hit."""

    x: float
    y: float
    hit: bool = False


@dataclass(frozen=True, slots=True)
class AnswerDetails:
    """What a learner says beyond one diagnosis.

    ``ranked`` is the differential, most likely first; ``features`` what decided it, or in reflection what speaks for
    it; ``against`` what speaks against it; ``first_choice`` and ``first_confidence`` the answer before reflection.
    """

    ranked: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    first_choice: str | None = None
    first_confidence: Confidence | None = None
    click: Click | None = None


NO_DETAILS: Final = AnswerDetails()
"""Of an answer that is one diagnosis and nothing more."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One committed answer. Both times are in UTC; ``chosen`` is a condition id or NONE_OF_THESE.

    ``confidence`` is None where an exam ended before it was said: the answer counts, but says nothing of calibration.
    """

    answer_id: str
    item_id: str
    chosen: str
    correct: bool
    confidence: Confidence | None
    shown_at: datetime
    answered_at: datetime
    details: AnswerDetails = NO_DETAILS

    @property
    def seconds(self) -> float:
        """Time from the image to the answer, never negative (a clock may be set back in between)."""
        return max(0.0, (self.answered_at - self.shown_at).total_seconds())
