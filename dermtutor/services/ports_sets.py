"""The port through which case sets are kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from dermtutor.domain.case_sets import CaseReview, CaseSet, SetCase, SetSummary, Stem
from dermtutor.domain.cases import CaseSpec


class CaseSetStore(Protocol):
    """Case sets in the record database. Every method may be called from any thread and is one transaction.

    A set that is not there raises UserError; so does any change to one that an exam has used. Otherwise the methods
    raise what those of ``Records`` do. Images are kept beforehand, by whoever hands a case over.
    """

    def summaries(self) -> tuple[SetSummary, ...]:
        """All sets without their cases, by name, the newest version of each first."""
        ...

    def case_set(self, set_id: str) -> CaseSet:
        """The set with its cases in order and their reviews."""
        ...

    def set_case(self, set_id: str, case_id: str) -> SetCase | None:
        """One case of a set; None when the set does not hold it (any more)."""
        ...

    def add(self, case_set: CaseSet) -> None:
        """A whole set with its cases and reviews. Raises UserError when it, or this version of its series, is there."""
        ...

    def rename(self, set_id: str, name: str) -> None:
        """Another name for this version."""
        ...

    def remove(self, set_id: str) -> tuple[str, ...]:
        """Removes a set, and the cases that nothing else names. Returns the hashes of files that no case needs now."""
        ...

    def add_cases(self, set_id: str, cases: Sequence[SetCase], places: Sequence[int] | None = None) -> None:
        """Further cases: each at the place of the wanted case that it is, which is wanted no longer; else at the end.

        A case that the set holds already stays as it is there.
        """
        ...

    def replace_case(self, set_id: str, case_id: str, new: SetCase) -> tuple[str, ...]:
        """Another case, with its own reviews, in the place of one. Raises UserError when the set holds both.

        Returns the hashes of files that no case needs now.
        """
        ...

    def remove_cases(self, set_id: str, case_ids: Sequence[str]) -> tuple[str, ...]:
        """Takes cases out of the set, and removes those that nothing else names. Returns the files not needed now."""
        ...

    def keep_order(self, set_id: str, case_ids: Sequence[str]) -> None:
        """Another order. Raises UserError unless every case of the set is named once."""
        ...

    def keep_stem(self, set_id: str, case_id: str, stem: Stem, change: CaseReview) -> None:
        """Another stem, and who changed it."""
        ...

    def keep_pins(self, set_id: str, case_ids: Sequence[str], pinned: bool) -> None:
        """Pins cases or takes their pins off."""
        ...

    def add_review(self, set_id: str, case_ids: Sequence[str], review: CaseReview) -> None:
        """One verdict on each of the cases."""
        ...

    def want(self, set_id: str, specs: Sequence[CaseSpec]) -> None:
        """Cases to be made, at the end of the set and of what is wanted already."""
        ...

    def wanted(self, set_id: str) -> tuple[tuple[int, CaseSpec], ...]:
        """What is still to be made, with its place, in order."""
        ...

    def forget_wanted(self, set_id: str) -> None:
        """Nothing more is to be made."""
        ...

    def mark_used(self, set_id: str, when: datetime) -> None:
        """From now on the set does not change, and nothing more is made for it. A set that was used stays as it is.

        Starting an exam on a set does this by itself, in the transaction that keeps the exam.
        """
        ...
