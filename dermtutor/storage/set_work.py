"""Steps of transactions on case sets, for whoever has a session open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from dermtutor.domain.case_sets import CaseReview, CaseState, SetCase, state_of
from dermtutor.domain.cases import CaseSpec
from dermtutor.errors import UserError
from dermtutor.storage import rows, set_rows
from dermtutor.storage.schema import CaseReviewRow, CaseRow, CaseSetRow, SetCaseRow, SetWantRow
from dermtutor.storage.used_cases import needed_files, unused

_MANY: Final = 500
"""Parameters of one statement, well below SQLite's limit."""


@rows.readable
def want_of(row: SetWantRow) -> CaseSpec:
    """Spec of a wanted case."""
    return CaseSpec.from_json(row.spec)


def mark_used(session: Session, set_id: str, when: datetime) -> None:
    """Notes the first use of a set; what is still wanted for it is forgotten, since it may not change any more."""
    row = known_set(session, set_id)
    if row.used_at is None:
        forget_wanted(session, set_id)
        row.used_at = when.isoformat()


def known_set(session: Session, set_id: str) -> CaseSetRow:
    row = session.get(CaseSetRow, set_id)
    if row is None:
        raise UserError("This case set is no longer in the records; choose another.")
    return row


def held_case(session: Session, set_id: str, case_id: str) -> SetCaseRow:
    row = session.get(SetCaseRow, (set_id, case_id))
    if row is None:
        raise UserError("This case is no longer in the set; choose another.")
    return row


def cases_of(session: Session, set_id: str, case_id: str | None = None) -> list[SetCase]:
    cases = select(SetCaseRow, CaseRow).join(CaseRow, SetCaseRow.case_id == CaseRow.case_id)
    cases = cases.where(SetCaseRow.set_id == set_id).order_by(SetCaseRow.position)
    reviews = select(CaseReviewRow).where(CaseReviewRow.set_id == set_id).order_by(CaseReviewRow.sequence)
    if case_id is not None:
        cases, reviews = (
            cases.where(SetCaseRow.case_id == case_id),
            reviews.where(CaseReviewRow.case_id == case_id),
        )
    of_case: dict[str, list[CaseReviewRow]] = {}
    for review in session.scalars(reviews):
        of_case.setdefault(review.case_id, []).append(review)
    return [
        set_rows.set_case_of(row, case, of_case.get(row.case_id, [])) for row, case in session.execute(cases)
    ]


def states_of_sets(session: Session) -> dict[str, dict[CaseState, int]]:
    """How many cases of each state every set has."""
    reviews: dict[tuple[str, str], list[CaseReview]] = {}
    for row in session.scalars(select(CaseReviewRow).order_by(CaseReviewRow.sequence)):
        reviews.setdefault((row.set_id, row.case_id), []).append(set_rows.review_of(row))
    counts: dict[str, dict[CaseState, int]] = {}
    for set_id, case_id in session.execute(select(SetCaseRow.set_id, SetCaseRow.case_id)):
        state = state_of(reviews.get((set_id, case_id), ()))
        of_set = counts.setdefault(set_id, dict.fromkeys(CaseState, 0))
        of_set[state] += 1
    return counts


def put_cases(session: Session, set_id: str, placed: Iterable[tuple[int, SetCase]]) -> None:
    """Keeps the cases, and puts them into the set unless they are in it already."""
    for place, each in placed:
        rows.keep_case(session, each.case)
        if session.get(SetCaseRow, (set_id, each.case.case_id)) is None:
            session.add(set_rows.set_case_row(set_id, place, each))
            session.flush()
            for review in each.reviews:
                add_review(session, set_id, each.case.case_id, review)


def add_review(session: Session, set_id: str, case_id: str, review: CaseReview) -> None:
    """Adds the review; whether the case counts as reviewed is what was last said of it, in whichever set."""
    session.add(set_rows.review_row(set_id, case_id, review))
    session.flush()
    said = session.scalars(
        select(CaseReviewRow)
        .where(CaseReviewRow.set_id == set_id, CaseReviewRow.case_id == case_id)
        .order_by(CaseReviewRow.sequence)
    )
    accepted = state_of([set_rows.review_of(row) for row in said]) is CaseState.ACCEPTED
    session.execute(update(CaseRow).where(CaseRow.case_id == case_id).values(reviewed=accepted))


def end_of(session: Session, set_id: str) -> int:
    """The first place after all cases and all that is wanted."""
    taken = [
        session.scalar(select(func.max(table.position)).where(table.set_id == set_id))
        for table in (SetCaseRow, SetWantRow)
    ]
    return max((place + 1 for place in taken if place is not None), default=0)


def forget_wanted(session: Session, set_id: str) -> None:
    session.execute(delete(SetWantRow).where(SetWantRow.set_id == set_id))


def forget_cases(session: Session, case_ids: Sequence[str]) -> tuple[str, ...]:
    """Removes those of the cases that no question and no set names. Returns the files that no case needs now."""
    files: set[str] = set()
    for start in range(0, len(case_ids), _MANY):
        some = CaseRow.case_id.in_(case_ids[start : start + _MANY])
        gone = session.execute(select(CaseRow).where(some, unused())).scalars().all()
        files.update(sha for row in gone for sha in (row.image_sha, row.mask_sha))
        session.execute(delete(CaseRow).where(CaseRow.case_id.in_([row.case_id for row in gone])))
    return tuple(sorted(files - needed_files(session, files)))
