"""Keeps pictures with a disease on a photograph as cases of case sets."""

from __future__ import annotations

from datetime import UTC, datetime

from dermtutor.domain.case_sets import SetCase, SetSummary
from dermtutor.errors import UserError
from dermtutor.services.ports import MediaStore
from dermtutor.services.ports_sets import CaseSetStore
from dermtutor.services.transfer import Transfer, Transferred


class TransferCases:
    """Thread-safe; calls block until done. A case keeps whose photograph it is and who permits its use."""

    def __init__(self, transfer: Transfer, store: CaseSetStore, media: MediaStore) -> None:
        self._transfer = transfer
        self._store = store
        self._media = media

    def open_sets(self) -> tuple[SetSummary, ...]:
        """The case sets that can take a case: no exam has used them."""
        return tuple(each for each in self._store.summaries() if not each.case_set.frozen)

    def add(self, made: Transferred, set_id: str) -> SetCase:
        """Adds a picture to a set, as a draft that somebody has to review.

        Raises UserError when there is no disease on it, or the set is gone or was used in an exam.
        """
        if not made.plan.placements:
            raise UserError("A case needs a disease; place one on the photograph first.")
        # Files first, then the row that names them: a crash in between leaves files that no row needs.
        record, photograph = self._transfer.case(made, self._media.put, datetime.now(UTC))
        case = SetCase(record, photograph=photograph)
        self._store.add_cases(set_id, [case])
        return case
