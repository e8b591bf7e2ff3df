"""What the use cases hand to whoever shows a quiz: questions with their images, feedback, lines of a summary."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dermtutor.domain.case_sets import CaseState, SetCase
from dermtutor.domain.cases import CaseSpec, Source
from dermtutor.domain.conditions import Condition
from dermtutor.domain.features import FeatureScore
from dermtutor.domain.modes import DEFAULT_OPTIONS, Mode, QuizOptions
from dermtutor.domain.quiz import Answer, Question, QuizPlan
from dermtutor.domain.records import AnswerRecord, DraftAnswer, ItemRecord, SessionRecord
from dermtutor.services.case_supply import ReadyCase, flags_of
from dermtutor.services.encoding import encode_case
from dermtutor.services.ports import GeneratedCase
from dermtutor.skin.scales import MonkTone

STEM = "Which diagnosis fits best?"


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A quiz that was left before its end. ``started_at`` and ``deadline`` are in UTC."""

    session_id: str
    plan: QuizPlan
    answered: int
    total: int
    started_at: datetime
    deadline: datetime | None = None


@dataclass(frozen=True, slots=True)
class PresentedCase:
    """A question with its image. Both pictures are PNG files; angles in degrees; ``flags`` are failed checks."""

    question: Question
    image_png: bytes
    mask_png: bytes
    spec: CaseSpec
    measured_ita: float
    requested_ita: float
    flags: tuple[str, ...]
    source: Source
    reviewed: bool
    stem: str
    mode: Mode = Mode.PRACTICE
    options: QuizOptions = DEFAULT_OPTIONS
    standing: str = ""
    """How a drill goes, in words."""
    first: DraftAnswer | None = None
    """The first answer of a reflection that was left before its findings were weighed."""
    set_case: SetCase | None = None
    """The case in the case set that the quiz asks, None for a case that was made for the quiz."""

    @property
    def told(self) -> str:
        """The history told with the image, empty for none."""
        return "" if self.set_case is None else self.set_case.stem.told()

    @property
    def rejected(self) -> bool:
        """Whether a reviewer of the case set found fault with it."""
        return self.set_case is not None and self.set_case.state is CaseState.REJECTED


@dataclass(frozen=True, slots=True)
class PresentedTone:
    """The lesion of a case on one tone, as a PNG file; angles in degrees; ``flags`` are failed checks."""

    tone: MonkTone
    image_png: bytes
    measured_ita: float
    requested_ita: float
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Feedback:
    """What is told once the answer is kept: the right condition, the chosen one, and the right one's look-alikes.

    ``chosen`` is None for "none of these", and so is ``answer`` for a question of an exam that was left open.
    ``features`` compares the features named with those typical, where they were asked for; ``reason`` says why the
    learner saw this case, or in a drill what the answer did for its condition's row; ``standing`` how a drill goes.
    """

    answer: Answer | None
    correct: bool
    condition: Condition
    chosen: Condition | None
    look_alikes: tuple[Condition, ...]
    none_was_right: bool = False
    features: FeatureScore | None = None
    reason: str = ""
    standing: str = ""
    over: bool = False
    """No question follows."""


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One question of a session in its summary; ``record`` is None where it was left open."""

    position: int
    condition: str
    tone: MonkTone
    record: AnswerRecord | None


def presented(
    item: ItemRecord,
    ready: ReadyCase,
    session: SessionRecord,
    features: tuple[str, ...],
    standing: str,
    set_case: SetCase | None = None,
) -> PresentedCase:
    """The question of an item with its image; ``features`` are the terms to offer, ``standing`` how a drill goes."""
    record = ready.record
    question = Question(
        item_id=item.item_id,
        number=item.position + 1,
        total=session.total,
        case_id=record.case_id,
        choices=item.choices,
        kind=item.kind,
        features=features,
    )
    return PresentedCase(
        question=question,
        image_png=ready.png,
        mask_png=ready.mask_png,
        spec=record.spec,
        measured_ita=record.measured_ita,
        requested_ita=record.requested_ita,
        flags=record.flags,
        source=record.spec.source,
        reviewed=record.reviewed if set_case is None else set_case.state is CaseState.ACCEPTED,
        stem=STEM,
        mode=session.plan.mode,
        options=session.plan.options,
        standing=standing,
        set_case=set_case,
    )


def presented_tone(case: GeneratedCase) -> PresentedTone:
    """A twin with its image file."""
    png = encode_case(case).png
    return PresentedTone(case.spec.tone, png, case.measured_ita, case.requested_ita, flags_of(case.checks))
