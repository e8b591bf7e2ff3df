"""Rows of case sets to values of the domain and back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from dermtutor.domain.case_sets import CaseReview, CaseSet, CaseState, Photograph, SetCase, Stem
from dermtutor.storage.rows import case_of, readable
from dermtutor.storage.schema import CaseReviewRow, CaseRow, CaseSetRow, SetCaseRow


def set_row(case_set: CaseSet) -> CaseSetRow:
    """Row of a set, not used yet: its cases could not be added otherwise."""
    return CaseSetRow(
        set_id=case_set.set_id,
        series=case_set.series,
        version=case_set.version,
        name=case_set.name,
        author=case_set.author,
        created_at=case_set.created_at.isoformat(),
        used_at=None,
    )


@readable
def set_of(row: CaseSetRow, cases: Sequence[SetCase] = ()) -> CaseSet:
    """Set of a row and its cases."""
    return CaseSet(
        set_id=row.set_id,
        series=row.series,
        version=row.version,
        name=row.name,
        author=row.author,
        created_at=datetime.fromisoformat(row.created_at),
        cases=tuple(cases),
        used_at=None if row.used_at is None else datetime.fromisoformat(row.used_at),
    )


def set_case_row(set_id: str, position: int, each: SetCase) -> SetCaseRow:
    """Row of a case in its set."""
    return SetCaseRow(
        set_id=set_id,
        case_id=each.case.case_id,
        position=position,
        pinned=each.pinned,
        photograph=None if each.photograph is None else json.dumps(asdict(each.photograph)),
        **stem_fields(each.stem),
    )


def stem_fields(stem: Stem) -> dict[str, Any]:
    """Columns of a stem."""
    return {"age": stem.age, "site": stem.site, "history": stem.history}


@readable
def set_case_of(row: SetCaseRow, case: CaseRow, reviews: Sequence[CaseReviewRow]) -> SetCase:
    """Case of a set of its row, the row of the case itself, and its reviews in order."""
    return SetCase(
        case=case_of(case),
        stem=Stem(row.age, row.site, row.history),
        pinned=row.pinned,
        reviews=tuple(review_of(review) for review in reviews),
        photograph=None if row.photograph is None else Photograph(**json.loads(row.photograph)),
    )


def review_row(set_id: str, case_id: str, review: CaseReview) -> CaseReviewRow:
    """Row of a review."""
    return CaseReviewRow(
        set_id=set_id,
        case_id=case_id,
        reviewer=review.reviewer,
        state=review.state.value,
        reason=review.reason,
        at=review.at.isoformat(),
    )


@readable
def review_of(row: CaseReviewRow) -> CaseReview:
    """Review of a row."""
    return CaseReview(row.reviewer, CaseState(row.state), row.reason, datetime.fromisoformat(row.at))
