"""Rows of the database to values of the domain and back. Reading raises Unsound for a row that makes no sense."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import ParamSpec, TypeVar

from sqlalchemy import and_, literal, or_
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from dermtutor.domain.canonical import quoted
from dermtutor.domain.cases import CaseSpec
from dermtutor.domain.learners import Learner
from dermtutor.domain.modes import AnswerKind, Mode
from dermtutor.domain.quiz import Answer, AnswerDetails, Click, Confidence
from dermtutor.domain.records import (
    AnswerRecord,
    CaseRecord,
    ItemRecord,
    SessionRecord,
    digest_of,
)
from dermtutor.errors import UserError
from dermtutor.storage.documents import plan_of, plan_text
from dermtutor.storage.schema import (
    AnswerColumns,
    AnswerRow,
    CaseRow,
    ItemRow,
    LearnerRow,
    SessionRow,
    Unsound,
)

P = ParamSpec("P")
T = TypeVar("T")


def readable(convert: Callable[P, T]) -> Callable[P, T]:
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


@readable
def learner_of(row: LearnerRow) -> Learner:
    """Learner of a row."""
    return Learner(row.id, row.name, row.role, datetime.fromisoformat(row.created_at))


def session_row(session: SessionRecord) -> SessionRow:
    """Row of a session."""
    return SessionRow(
        id=session.session_id,
        learner_id=session.learner_id,
        plan=plan_text(session.plan),
        seed=session.seed,
        position=session.position,
        started_at=session.started_at.isoformat(),
        closed_at=session.closed_at.isoformat() if session.closed_at else None,
        abandoned=False,
        mode=session.plan.mode.value,
        deadline=session.deadline.isoformat() if session.deadline else None,
    )


@readable
def session_of(row: SessionRow) -> SessionRecord:
    """Session of a row."""
    return SessionRecord(
        session_id=row.id,
        learner_id=row.learner_id,
        plan=plan_of(row.plan),
        seed=row.seed,
        position=row.position,
        started_at=datetime.fromisoformat(row.started_at),
        closed_at=datetime.fromisoformat(row.closed_at) if row.closed_at else None,
        deadline=datetime.fromisoformat(row.deadline) if row.deadline else None,
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
        expected=item.expected,
        kind=item.kind.value,
        reason=item.reason,
    )


@readable
def item_of(row: ItemRow) -> ItemRecord:
    """Item of a row."""
    return ItemRecord(
        item_id=row.id,
        session_id=row.session_id,
        position=row.position,
        spec=CaseSpec.from_json(row.spec),
        choices=tuple(json.loads(row.choices)),
        expected=row.expected,
        kind=AnswerKind(row.kind),
        reason=row.reason,
        case_id=row.case_id,
    )


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


def keep_case(session: Session, case: CaseRecord) -> None:
    """Adds or renews the row of a case. What reviewers said of the same image stays."""
    fields = case_fields(case)
    stays = and_(CaseRow.image_sha == case.image_sha, CaseRow.reviewed)
    keep = insert(CaseRow).values(fields)
    renewed = fields | {"reviewed": or_(stays, literal(case.reviewed))}
    session.execute(keep.on_conflict_do_update(index_elements=["case_id"], set_=renewed))


@readable
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
    return AnswerRow(**answer_fields(record, record.spec.spec_id))


def answer_fields(record: AnswerRecord, case_id: str) -> dict[str, str | int | float | bool | None]:
    """Columns of an answer, with its digest. ``case_id`` is the id of its spec."""
    answer, details, told = record.answer, record.answer.details, record.told(case_id)
    return {
        "id": answer.answer_id,
        "item_id": answer.item_id,
        "session_id": record.session_id,
        "learner_id": record.learner_id,
        "case_id": case_id,
        "choices": f"[{', '.join(map(quoted, record.choices))}]",
        "chosen": answer.chosen,
        "correct": answer.correct,
        "confidence": None if answer.confidence is None else int(answer.confidence),
        "shown_at": told["shown_at"],
        "answered_at": told["answered_at"],
        "digest": digest_of(told),
        "mode": record.mode.value,
        "kind": record.kind.value,
        "expected": record.right,
        "ranked": json.dumps(details.ranked) if details.ranked else "[]",
        "features": json.dumps(details.features) if details.features else "[]",
        "against": json.dumps(details.against) if details.against else "[]",
        "first_choice": details.first_choice,
        "first_confidence": int(details.first_confidence) if details.first_confidence else None,
        "click_x": details.click.x if details.click else None,
        "click_y": details.click.y if details.click else None,
        "click_hit": details.click.hit if details.click else None,
    }


@readable
def answer_of(row: AnswerColumns, spec: str) -> AnswerRecord:
    """Answer of a row and the spec text of its case."""
    answer = Answer(
        answer_id=row.id,
        item_id=row.item_id,
        chosen=row.chosen,
        correct=row.correct,
        confidence=None if row.confidence is None else Confidence(row.confidence),
        shown_at=datetime.fromisoformat(row.shown_at),
        answered_at=datetime.fromisoformat(row.answered_at),
        details=_details_of(row),
    )
    return AnswerRecord(
        answer=answer,
        session_id=row.session_id,
        learner_id=row.learner_id,
        spec=CaseSpec.from_json(spec),
        choices=tuple(json.loads(row.choices)),
        mode=Mode(row.mode),
        kind=AnswerKind(row.kind),
        expected=row.expected,
    )


def _details_of(row: AnswerColumns) -> AnswerDetails:
    clicked = row.click_x is not None and row.click_y is not None
    return AnswerDetails(
        ranked=tuple(json.loads(row.ranked)),
        features=tuple(json.loads(row.features)),
        against=tuple(json.loads(row.against)),
        first_choice=row.first_choice,
        first_confidence=None if row.first_confidence is None else Confidence(row.first_confidence),
        click=Click(row.click_x or 0.0, row.click_y or 0.0, bool(row.click_hit)) if clicked else None,
    )
