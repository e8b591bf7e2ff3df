"""What is kept of quizzes: sessions, their items, the cases shown and the answers given."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from dermtutor.domain.cases import CaseSpec
from dermtutor.domain.quiz import Answer, QuizPlan


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
    """One planned question of a session. ``case_id`` is None until its image has been generated."""

    item_id: str
    session_id: str
    position: int
    spec: CaseSpec
    choices: tuple[str, ...]
    case_id: str | None = None


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """One quiz. ``position`` is the number of answered questions; ``closed_at`` is None while it can be resumed."""

    session_id: str
    learner_id: str
    plan: QuizPlan
    seed: int
    position: int
    started_at: datetime
    closed_at: datetime | None = None
    abandoned: bool = False

    @property
    def total(self) -> int:
        """The number of questions planned."""
        return self.plan.questions


@dataclass(frozen=True, slots=True)
class AnswerRecord:
    """One answer together with what was asked: the case's spec and the options in shown order."""

    answer: Answer
    session_id: str
    learner_id: str
    spec: CaseSpec
    choices: tuple[str, ...]

    @property
    def digest(self) -> str:
        """SHA-256 of every field, stored beside the row: it finds damage that SQLite cannot see."""
        fields = {
            "answer_id": self.answer.answer_id,
            "item_id": self.answer.item_id,
            "session_id": self.session_id,
            "learner_id": self.learner_id,
            "case_id": self.spec.spec_id,
            "choices": self.choices,
            "chosen": self.answer.chosen,
            "correct": self.answer.correct,
            "confidence": int(self.answer.confidence),
            "shown_at": self.answer.shown_at.isoformat(),
            "answered_at": self.answer.answered_at.isoformat(),
        }
        return hashlib.sha256(json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
