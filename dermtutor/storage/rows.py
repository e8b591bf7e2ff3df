"""Rows of the database to values of the domain and back. Reading raises Unsound for a row that makes no sense."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import ParamSpec, TypeVar

from dermtutor.domain.cases import CaseSpec
from dermtutor.domain.learners import Learner
from dermtutor.domain.quiz import Answer, Confidence, QuizPlan
from dermtutor.domain.records import AnswerRecord, CaseRecord, ItemRecord, SessionRecord
from dermtutor.errors import UserError
from dermtutor.skin.scales import MonkTone
from dermtutor.storage.schema import AnswerRow, CaseRow, ItemRow, LearnerRow, SessionRow, Unsound

P = ParamSpec("P")
T = TypeVar("T")


def _readable(convert: Callable[P, T]) -> Callable[P, T]:
    """Tells a value that makes no sense as damage: SQLite does not see every flipped byte."""

    @wraps(convert)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return convert(*args, **kwargs)
        except (ValueError, TypeError, KeyError, UserError) as problem:
            raise Unsound(f"a row cannot be read: {problem}") from problem

    return wrapped


def learner_row(learner: Learner) -> LearnerRow:
    """Row of a learner."""
    return LearnerRow(
        id=learner.id,
        name=learner.name,
        name_key=learner.name.casefold(),
        role=learner.role,
        created_at=learner.created_at.isoformat(),
    )


@_readable
def learner_of(row: LearnerRow) -> Learner:
    """Learner of a row."""
    return Learner(row.id, row.name, row.role, datetime.fromisoformat(row.created_at))


def session_row(session: SessionRecord) -> SessionRow:
    """Row of a session."""
    plan = session.plan
    return SessionRow(
        id=session.session_id,
        learner_id=session.learner_id,
        plan=json.dumps(
            {
                "conditions": plan.conditions,
                "tones": [tone.value for tone in plan.tones],
                "questions": plan.questions,
                "choices": plan.choices,
                "mode": plan.mode,
            }
        ),
        seed=session.seed,
        position=session.position,
        started_at=session.started_at.isoformat(),
        closed_at=session.closed_at.isoformat() if session.closed_at else None,
        abandoned=session.abandoned,
    )


@_readable
def session_of(row: SessionRow) -> SessionRecord:
    """Session of a row."""
    plan = json.loads(row.plan)
    return SessionRecord(
        session_id=row.id,
        learner_id=row.learner_id,
        plan=QuizPlan(
            conditions=tuple(plan["conditions"]),
            tones=tuple(MonkTone(value) for value in plan["tones"]),
            questions=plan["questions"],
            choices=plan["choices"],
            mode=plan["mode"],
        ),
        seed=row.seed,
        position=row.position,
        started_at=datetime.fromisoformat(row.started_at),
        closed_at=datetime.fromisoformat(row.closed_at) if row.closed_at else None,
        abandoned=row.abandoned,
    )


def item_row(item: ItemRecord) -> ItemRow:
    """Row of an item."""
    return ItemRow(
        id=item.item_id,
        session_id=item.session_id,
        position=item.position,
        spec=item.spec.canonical_json(),
        choices=json.dumps(item.choices),
        case_id=item.case_id,
    )


@_readable
def item_of(row: ItemRow) -> ItemRecord:
    """Item of a row."""
    spec = CaseSpec.from_json(row.spec)
    return ItemRecord(row.id, row.session_id, row.position, spec, tuple(json.loads(row.choices)), row.case_id)


def case_fields(case: CaseRecord) -> dict[str, str | int | float | bool]:
    """Columns of a case."""
    return {
        "case_id": case.case_id,
        "spec": case.spec.canonical_json(),
        "condition": case.spec.condition,
        "tone": case.spec.tone.value,
        "source": case.spec.source.value,
        "image_sha": case.image_sha,
        "mask_sha": case.mask_sha,
        "requested_ita": case.requested_ita,
        "measured_ita": case.measured_ita,
        "flags": json.dumps(case.flags),
        "weights": case.weights,
        "reviewed": case.reviewed,
        "created_at": case.created_at.isoformat(),
    }


@_readable
def case_of(row: CaseRow) -> CaseRecord:
    """Case of a row."""
    return CaseRecord(
        spec=CaseSpec.from_json(row.spec),
        image_sha=row.image_sha,
        mask_sha=row.mask_sha,
        requested_ita=row.requested_ita,
        measured_ita=row.measured_ita,
        flags=tuple(json.loads(row.flags)),
        weights=row.weights,
        reviewed=row.reviewed,
        created_at=datetime.fromisoformat(row.created_at),
    )


def answer_row(record: AnswerRecord) -> AnswerRow:
    """Row of an answer, with its digest."""
    answer = record.answer
    return AnswerRow(
        id=answer.answer_id,
        item_id=answer.item_id,
        session_id=record.session_id,
        learner_id=record.learner_id,
        case_id=record.spec.spec_id,
        choices=json.dumps(record.choices),
        chosen=answer.chosen,
        correct=answer.correct,
        confidence=int(answer.confidence),
        shown_at=answer.shown_at.isoformat(),
        answered_at=answer.answered_at.isoformat(),
        digest=record.digest,
    )


@_readable
def answer_of(row: AnswerRow, spec: str) -> AnswerRecord:
    """Answer of a row and the spec text of its case."""
    answer = Answer(
        answer_id=row.id,
        item_id=row.item_id,
        chosen=row.chosen,
        correct=row.correct,
        confidence=Confidence(row.confidence),
        shown_at=datetime.fromisoformat(row.shown_at),
        answered_at=datetime.fromisoformat(row.answered_at),
    )
    choices = tuple(json.loads(row.choices))
    return AnswerRecord(answer, row.session_id, row.learner_id, CaseSpec.from_json(spec), choices)
