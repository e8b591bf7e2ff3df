"""Case sets: cases that an educator chose, reviewed and ordered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from dermtutor.domain.records import CaseRecord
from dermtutor.errors import UserError


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


def judged_by_others(reviews: Iterable[CaseReview], reviewer: str) -> int:
    """How many others judged the case as it is now, while this reviewer has not."""
    said = verdicts(reviews)
    return 0 if reviewer in said else len(said)


_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
AGES: Final = (0, 110)


@dataclass(frozen=True, slots=True)
class Stem:
    """What is told with the image. ``history`` may hold ``{age}`` and ``{site}``; ``age`` is in years."""

    age: int | None = None
    site: str = ""
    history: str = ""

    def check(self) -> None:
        """Raises UserError for an age out of range, and for a placeholder that is unknown or stands for nothing."""
        if self.age is not None and not AGES[0] <= self.age <= AGES[1]:
            raise UserError(f"Choose an age from {AGES[0]} to {AGES[1]} years, or none.")
        known = {"age": self.age is not None, "site": bool(self.site)}
        for name in _PLACEHOLDER.findall(self.history):
            if name not in known:
                raise UserError(f"{{{name}}} is unknown in a history; write {{age}} or {{site}}.")
            if not known[name]:
                raise UserError(f"The history says {{{name}}}; give the {name}, or leave that out.")
        if set(_PLACEHOLDER.sub("", self.history)) & set("{}"):
            raise UserError("A brace in the history has no partner; write {age} or {site}.")

    def told(self) -> str:
        """The history with its placeholders filled in, or age and site alone; empty when there is nothing to tell."""
        site = self.site.replace("-", " ")
        if self.history:
            values = {"age": "" if self.age is None else str(self.age), "site": site}
            return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), self.history)
        age = "" if self.age is None else f"{self.age} years old."
        return " ".join(filter(None, (age, f"Site: {site}." if site else "")))


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

    def seen_by(self, reviewer: str) -> SetCase:
        """The case before its reviewer: without what others said of it, until this one has judged it too.

        So the first verdicts of two reviewers are independent, and their agreement says something.
        """
        if not judged_by_others(self.reviews, reviewer):
            return self
        shown = (
            each for each in self.reviews if each.state is CaseState.DRAFTED or each.reviewer == reviewer
        )
        return replace(self, reviews=tuple(shown))


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
