"""The full check of the records: pages, references, answer digests, positions and image files."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Final, TypeVar, cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dermtutor.domain.modes import AnswerKind
from dermtutor.storage import imported, rows, set_rows, study_rows
from dermtutor.storage.imported_schema import ImportedAnswerRow, ImportedCaseRow, ImportedLearnerRow
from dermtutor.storage.media import MediaFolder
from dermtutor.storage.schema import (
    AnswerRow,
    CaseReviewRow,
    CaseRow,
    CaseSetRow,
    DraftRow,
    ItemRow,
    LearnerRow,
    ReviewRow,
    SessionRow,
    SetCaseRow,
    SetWantRow,
    Unsound,
)
from dermtutor.storage.set_work import want_of

T = TypeVar("T")
Counts = Mapping[str, int]

_TABLES: Final = {
    "learners": LearnerRow,
    "sessions": SessionRow,
    "items": ItemRow,
    "cases": CaseRow,
    "answers": AnswerRow,
    "drafts": DraftRow,
    "reviews": ReviewRow,
    "case sets": CaseSetRow,
    "cases in sets": SetCaseRow,
    "verdicts": CaseReviewRow,
    "wanted cases": SetWantRow,
    "imported learners": ImportedLearnerRow,
    "imported answers": ImportedAnswerRow,
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
    with _any_text(session):
        return _row_damage(session)


def _row_damage(session: Session) -> Counts:
    answers = session.execute(select(AnswerRow, CaseRow.spec).outerjoin(CaseRow)).all()
    given = Counter(answer.session_id for answer, _ in answers)
    sessions = session.scalars(select(SessionRow)).all()
    learners = session.scalars(select(LearnerRow)).all()
    return {
        "altered answers": sum(not _answer_sound(answer, spec) for answer, spec in answers),
        "altered cases": sum(not _case_sound(case) for case in session.scalars(select(CaseRow))),
        "altered questions": sum(not _item_sound(item) for item in session.scalars(select(ItemRow))),
        "altered quizzes": sum(not _reads(rows.session_of, quiz) for quiz in sessions),
        "altered drafts": sum(
            not _reads(study_rows.draft_of, each) for each in session.scalars(select(DraftRow))
        ),
        "altered reviews": sum(
            not _reads(study_rows.review_of, each) for each in session.scalars(select(ReviewRow))
        ),
        "altered learners": sum(not _reads(rows.learner_of, learner) for learner in learners),
        "altered imported answers": _altered_imported(session),
        "wrong positions": sum(quiz.position != given[quiz.id] for quiz in sessions),
        "altered case sets": _set_damage(session),
    }


def _altered_imported(session: Session) -> int:
    found = session.execute(select(ImportedAnswerRow, ImportedCaseRow.spec).outerjoin(ImportedCaseRow))
    return sum(not imported.sound(row, spec) for row, spec in found)


def _set_damage(session: Session) -> int:
    """Rows of case sets that cannot be read, and cases that stand at a place of another."""
    in_sets = session.execute(
        select(SetCaseRow, CaseRow).join(CaseRow, SetCaseRow.case_id == CaseRow.case_id)
    )
    places: Counter[tuple[str, int]] = Counter()
    altered = 0
    for row, case in in_sets:
        places[row.set_id, row.position] += 1
        # A case that cannot be read is counted among the cases.
        altered += _reads(rows.case_of, case) and not _reads(
            partial(set_rows.set_case_of, case=case, reviews=()), row
        )
    altered += sum(not _reads(set_rows.set_of, row) for row in session.scalars(select(CaseSetRow)))
    altered += sum(not _reads(set_rows.review_of, row) for row in session.scalars(select(CaseReviewRow)))
    altered += sum(not _reads(want_of, row) for row in session.scalars(select(SetWantRow)))
    return altered + sum(count - 1 for count in places.values())


def image_damage(session: Session, media: MediaFolder) -> Counts:
    """Images that a case names but the folder has not, or has altered. They are drawn anew when they are needed."""
    present = set(media.names())
    with _any_text(session):
        named = session.execute(select(CaseRow.image_sha, CaseRow.mask_sha)).all()
    needed = {sha for pair in named for sha in pair}
    return {
        "missing images": len(needed - present),
        "altered images": sum(media.get(sha) is None for sha in needed & present),
    }


@contextmanager
def _any_text(session: Session) -> Iterator[None]:
    """Reads overwritten text as replacement characters, so that the damage is counted and not only met."""
    raw = cast("sqlite3.Connection", session.connection().connection.dbapi_connection)
    raw.text_factory = _decoded
    try:
        yield
    finally:
        raw.text_factory = str


def _decoded(text: bytes) -> str:
    return text.decode("utf-8", "replace")


def _answer_sound(row: AnswerRow, spec: str | None) -> bool:
    """True when the digest, made anew from the row, is the one stored with it."""
    try:
        return spec is not None and rows.answer_of(row, spec).digest == row.digest
    except Unsound:
        return False


def _item_sound(row: ItemRow) -> bool:
    """True when the item reads, names the case that its spec is, and has the right answer among its options."""
    try:
        item = rows.item_of(row)
        offered = item.kind is AnswerKind.TYPED or item.expected in item.choices
        return item.case_id in (None, item.spec.spec_id) and offered
    except Unsound:
        return False


def _reads(convert: Callable[[T], object], row: T) -> bool:
    try:
        convert(row)
    except Unsound:
        return False
    return True


def _case_sound(row: CaseRow) -> bool:
    """True when the spec still hashes to the case's id and agrees with the columns taken from it."""
    try:
        case = rows.case_of(row)
        agrees = (case.spec.condition, case.spec.tone.value) == (row.condition, row.tone)
        return agrees and case.case_id == row.case_id
    except Unsound:
        return False
