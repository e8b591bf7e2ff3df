"""Case sets: cases that an educator chose, reviewed and ordered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dermtutor.domain.records import CaseRecord


class CaseState(StrEnum):
    """What reviewers made of a case. Only accepted cases are used beyond practice."""

    DRAFTED = "drafted"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class CaseReview:
    """One reviewer's verdict on a case. ``reason`` is never empty for a rejection; ``at`` is in UTC."""

    reviewer: str
    state: CaseState
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Stem:
    """What is told with the image. ``history`` may hold ``{age}`` and ``{site}``; ``age`` is in years."""

    age: int | None = None
    site: str = ""
    history: str = ""


@dataclass(frozen=True, slots=True)
class Photograph:
    """Where a photograph comes from, for a real or transferred case: who permits what. Empty for generated cases.

    ``sha`` is the SHA-256 of the photograph's file; ``face`` whether a person's face can be seen, ``may_leave`` whether
    the permission covers exports.
    """

    sha: str
    permission: str
    credit: str = ""
    face: bool = False
    may_leave: bool = True


@dataclass(frozen=True, slots=True)
class SetCase:
    """A case in its set. Its place is its index in the set; ``reviews`` are in the order they were given."""

    case: CaseRecord
    stem: Stem = Stem()
    pinned: bool = False
    reviews: tuple[CaseReview, ...] = ()
    photograph: Photograph | None = None

    @property
    def state(self) -> CaseState:
        """The last verdict of each reviewer counts: any rejection rejects, otherwise any acceptance accepts."""
        last = {review.reviewer: review.state for review in self.reviews}.values()
        for state in (CaseState.REJECTED, CaseState.ACCEPTED):
            if state in last:
                return state
        return CaseState.DRAFTED


@dataclass(frozen=True, slots=True)
class CaseSet:
    """A version of a case set. ``series`` is shared by its versions, ``version`` counts from 1.

    ``used_at`` is when an exam first used it: from then on it does not change. Times are in UTC.
    """

    set_id: str
    series: str
    version: int
    name: str
    author: str
    created_at: datetime
    cases: tuple[SetCase, ...] = ()
    used_at: datetime | None = None

    @property
    def frozen(self) -> bool:
        """Whether it may no longer change."""
        return self.used_at is not None
