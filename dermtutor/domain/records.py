"""What is kept of quizzes: sessions, their items, the cases shown and the answers given."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dermtutor.domain.canonical import canonical
from dermtutor.domain.cases import CaseSpec
from dermtutor.domain.modes import AnswerKind, Mode
from dermtutor.domain.quiz import NO_DETAILS, Answer, AnswerDetails, Confidence, QuizPlan
from dermtutor.skin.scales import MonkTone


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """One generated case. ``case_id`` is the id of its spec; images are named by the SHA-256 of their PNG file.

    The angles are in degrees; ``flags`` says in words which checks failed; ``weights`` is the SHA-256 of the weights
    file; ``created_at`` is in UTC.
    """

    spec: CaseSpec
    image_sha: str
    mask_sha: str
    requested_ita: float
    measured_ita: float
    flags: tuple[str, ...]
    weights: str
    reviewed: bool
    created_at: datetime

    @property
    def case_id(self) -> str:
        """The id of the spec: equal specs are the same case."""
        return self.spec.spec_id


@dataclass(frozen=True, slots=True)
class ItemRecord:
    """One planned question of a session. ``case_id`` is None until its image has been generated.

    ``expected`` is the right answer, ``reason`` why this learner sees the question (``PlannedItem`` says more).
    """

    item_id: str
    session_id: str
    position: int
    spec: CaseSpec
    choices: tuple[str, ...]
    expected: str
    kind: AnswerKind = AnswerKind.SINGLE
    reason: str = ""
    case_id: str | None = None


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """One quiz. ``position`` is the number of answered questions; ``closed_at`` is None while it can be resumed.

    ``deadline`` is when a timed exam ends, by the computer's clock, in UTC; None until its first question was shown.
    """

    session_id: str
    learner_id: str
    plan: QuizPlan
    seed: int
    position: int
    started_at: datetime
    closed_at: datetime | None = None
    deadline: datetime | None = None

    @property
    def total(self) -> int:
        """The number of questions planned."""
        return self.plan.questions


@dataclass(frozen=True, slots=True)
class AnswerRecord:
    """One answer together with what was asked: the case's spec, the options in shown order, the right answer."""

    answer: Answer
    session_id: str
    learner_id: str
    spec: CaseSpec
    choices: tuple[str, ...]
    mode: Mode = Mode.PRACTICE
    kind: AnswerKind = AnswerKind.SINGLE
    expected: str = ""
    """Empty for the condition itself."""

    @property
    def right(self) -> str:
        """The right answer: the condition, or NONE_OF_THESE where it was not among the options."""
        return self.expected or self.spec.condition

    @property
    def digest(self) -> str:
        """SHA-256 of every field, stored beside the row: it finds damage that SQLite cannot see."""
        return self.digest_with(self.spec.spec_id)

    def digest_with(self, case_id: str) -> str:
        """The same where the case's id is known already; working it out takes a third of the time."""
        return digest_of(self.told(case_id))

    def told(self, case_id: str) -> dict[str, Any]:
        """Every field by name, as its digest tells it; both times are texts."""
        return {
            "answer_id": self.answer.answer_id,
            "item_id": self.answer.item_id,
            "session_id": self.session_id,
            "learner_id": self.learner_id,
            "case_id": case_id,
            "choices": self.choices,
            "chosen": self.answer.chosen,
            "correct": self.answer.correct,
            "confidence": self.answer.confidence and int(self.answer.confidence),
            "shown_at": self.answer.shown_at.isoformat(),
            "answered_at": self.answer.answered_at.isoformat(),
        } | self._later_fields()

    def _later_fields(self) -> dict[str, Any]:
        """Fields that the first release did not have, where they say something: its digests stay valid."""
        details = self.answer.details
        said = {
            "mode": "" if self.mode is Mode.PRACTICE else self.mode.value,
            "kind": "" if self.kind is AnswerKind.SINGLE else self.kind.value,
            "expected": "" if self.right == self.spec.condition else self.right,
            "ranked": details.ranked,
            "features": details.features,
            "against": details.against,
            "first_choice": details.first_choice,
            "first_confidence": details.first_confidence and int(details.first_confidence),
            "click": details.click and (details.click.x, details.click.y, details.click.hit),
        }
        return {name: value for name, value in said.items() if value}


def digest_of(told: Mapping[str, Any]) -> str:
    """The digest of an answer's fields, as ``AnswerRecord.told`` names them."""
    return hashlib.sha256(canonical(told).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class DraftRecord:
    """An answer that is not committed yet: in an exam until it is handed in (or only the mark to look again), in
    reflection the first one until its findings are weighed.

    ``answer`` is None while only the mark was set; ``seconds`` is how long the question was looked at, in all.
    """

    item_id: str
    answer: DraftAnswer | None = None
    flagged: bool = False
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class DraftAnswer:
    """What was answered to one question so far. ``answered_at`` is in UTC.

    ``confidence`` is None until it is said; a choice alone is handed in all the same.
    """

    chosen: str
    confidence: Confidence | None
    answered_at: datetime
    details: AnswerDetails = NO_DETAILS


@dataclass(frozen=True, slots=True)
class ReviewState:
    """When a learner should see a condition on a tone again. ``card`` is the scheduler's own state as JSON text.

    ``due`` is in UTC.
    """

    learner_id: str
    condition: str
    tone: MonkTone
    due: datetime
    card: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The little of an answer that planning the next quiz needs. ``options`` is how many there were, 0 when typed."""

    learner_id: str
    condition: str
    tone: MonkTone
    severity: float
    chosen: str
    correct: bool
    options: int
