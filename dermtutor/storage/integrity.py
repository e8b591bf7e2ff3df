"""The full check of the records: pages, references, answer digests, positions and image files."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dermtutor.storage import rows
from dermtutor.storage.media import MediaFolder
from dermtutor.storage.schema import AnswerRow, CaseRow, ItemRow, LearnerRow, SessionRow

Counts = Mapping[str, int]

_TABLES: Final = {
    "learners": LearnerRow,
    "sessions": SessionRow,
    "items": ItemRow,
    "cases": CaseRow,
    "answers": AnswerRow,
}


def page_damage(raw: sqlite3.Connection) -> Counts:
    """Damage that SQLite itself finds, in its pages and in the references between tables."""
    findings = [str(row[0]) for row in raw.execute("PRAGMA integrity_check")]
    return {
        "damaged pages": 0 if findings == ["ok"] else len(findings),
        "broken references": len(raw.execute("PRAGMA foreign_key_check").fetchall()),
    }


def row_counts(session: Session) -> Counts:
    """Rows by table."""
    return {
        name: session.scalar(select(func.count()).select_from(table)) or 0 for name, table in _TABLES.items()
    }


def row_damage(session: Session) -> Counts:
    """Damage that SQLite cannot see: altered answers, cases and positions."""
    answers = session.execute(select(AnswerRow, CaseRow.spec).outerjoin(CaseRow)).all()
    given: dict[str, int] = {}
    for answer, _ in answers:
        given[answer.session_id] = given.get(answer.session_id, 0) + 1
    sessions = session.scalars(select(SessionRow)).all()
    return {
        "altered answers": sum(not _answer_sound(answer, spec) for answer, spec in answers),
        "altered cases": sum(not _case_sound(case) for case in session.scalars(select(CaseRow))),
        "wrong positions": sum(quiz.position != given.get(quiz.id, 0) for quiz in sessions),
    }


def image_damage(session: Session, media: MediaFolder) -> Counts:
    """Images that a case names but the folder has not, or has altered. They are drawn anew when they are needed."""
    present = set(media.names())
    needed = {sha for case in session.scalars(select(CaseRow)) for sha in (case.image_sha, case.mask_sha)}
    return {
        "missing images": len(needed - present),
        "altered images": sum(media.get(sha) is None for sha in needed & present),
    }


def _answer_sound(row: AnswerRow, spec: str | None) -> bool:
    """True when the digest, made anew from the row, is the one stored with it."""
    try:
        return spec is not None and rows.answer_of(row, spec).digest == row.digest
    except (ValueError, TypeError, KeyError):
        return False


def _case_sound(row: CaseRow) -> bool:
    """True when the spec still hashes to the case's id and agrees with the columns taken from it."""
    try:
        case = rows.case_of(row)
        agrees = (case.spec.condition, case.spec.tone.value) == (row.condition, row.tone)
        return agrees and case.case_id == row.case_id and isinstance(json.loads(row.flags), list)
    except (ValueError, TypeError, KeyError):
        return False
