"""Case sets: cases that an educator chose, reviewed and ordered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dermtutor.domain.records import CaseRecord


class CaseState(StrEnum):
    """What reviewers made of a case. Only accepted cases are used beyond practice.

    Among the reviews, ``drafted`` says that the case was changed: verdicts before it no longer count.
    """

    DRAFTED = "drafted"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class CaseReview:
    """One reviewer's verdict on a case, or who changed it and how. ``reason`` is never empty for a rejection; ``at`` is
    in UTC."""

    reviewer: str
    state: CaseState
    reason: str
    at: datetime


def verdicts(reviews: Iterable[CaseReview]) -> Mapping[str, CaseState]:
    """The last verdict of each reviewer since the case was last changed."""
    standing: dict[str, CaseState] = {}
    for review in reviews:
        if review.state is CaseState.DRAFTED:
            standing.clear()
        else:
            standing[review.reviewer] = review.state
    return standing


def state_of(reviews: Iterable[CaseReview]) -> CaseState:
    """Any standing rejection rejects, otherwise any acceptance accepts."""
    said = verdicts(reviews).values()
    return next((s for s in (CaseState.REJECTED, CaseState.ACCEPTED) if s in said), CaseState.DRAFTED)


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
        """What its reviews make of it."""
        return state_of(self.reviews)


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


@dataclass(frozen=True, slots=True)
class SetSummary:
    """A version of a case set in a list of sets: the set without its cases, and how many there are of each state.

    ``wanted`` is the number of cases that were asked for and are still to come.
    """

    case_set: CaseSet
    counts: Mapping[CaseState, int]
    wanted: int

    @property
    def total(self) -> int:
        """How many cases it holds now."""
        return sum(self.counts.values())
