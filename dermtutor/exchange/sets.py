"""The case sets of the records, sent out and taken in: what the window and the command line use."""

from __future__ import annotations

from pathlib import Path

from dermtutor.domain.case_sets import CaseSet
from dermtutor.domain.records import CaseRecord
from dermtutor.errors import UserError
from dermtutor.exchange.forms import Form
from dermtutor.exchange.service import CaseExchange, Exported, Verified
from dermtutor.services.ports import Cancelled, CancelToken, MediaStore, Progress, Records
from dermtutor.services.ports_sets import CaseSetStore


class SetExchange:
    """Thread-safe; calls block until done, so a window makes them elsewhere than on its own thread."""

    def __init__(
        self, exchange: CaseExchange, store: CaseSetStore, records: Records, media: MediaStore
    ) -> None:
        self._exchange = exchange
        self._store = store
        self._records = records
        self._media = media

    def send(
        self,
        set_id: str,
        form: Form,
        target: Path,
        *,
        signer: str = "",
        progress: Progress | None = None,
        cancel: CancelToken | None = None,
    ) -> Exported:
        """Writes a set to a file. Raises what ``CaseExchange.export_set`` raises, UserError also for an unknown set."""
        found = self._store.case_set(set_id)
        return self._exchange.export_set(
            found, self._media.get, form, target, signer=signer, progress=progress, cancel=cancel
        )

    def verify(self, path: Path) -> Verified:
        """The set in a file, verified completely, and who signed it; nothing is kept."""
        return self._exchange.verify(path)

    def name_key(self, path: Path, name: str) -> Verified:
        """Names the key that signed a file. Raises UserError for a name that another key has."""
        self._exchange.known.remember(self._exchange.verify(path).imported.signer.public_key, name)
        return self._exchange.verify(path)

    def take(
        self, path: Path, progress: Progress | None = None, cancel: CancelToken | None = None
    ) -> Verified:
        """Takes the set of a file into the records, whole or not at all.

        The file is verified first; then the pictures are kept, then the set in one transaction. Raises UserError when
        the file is off, this version of the set is here already, or one of its cases is here with other pictures: a set
        that was used in an exam must not change because another one arrives. Raises Cancelled when the token was set.
        """
        verified = self._exchange.verify(path)
        case_set = verified.imported.case_set
        self._expect_new(case_set)
        for case in case_set.cases:
            self._expect_same_pictures(case.case, path)
        total = len(verified.imported.sizes)
        for number, (sha, content) in enumerate(verified.imported.pictures(), 1):
            if cancel is not None and cancel.is_set():
                raise Cancelled
            if self._media.put(content) != sha:
                raise UserError(f"{path.name} changed while it was read; ask for the file once more.")
            if progress is not None:
                progress(number / total)
        self._store.add(case_set)
        return verified

    def _expect_new(self, case_set: CaseSet) -> None:
        for summary in self._store.summaries():
            here = summary.case_set
            if here.set_id == case_set.set_id or (here.series, here.version) == (
                case_set.series,
                case_set.version,
            ):
                raise UserError(f"Version {here.version} of the case set {here.name!r} is here already.")

    def _expect_same_pictures(self, case: CaseRecord, path: Path) -> None:
        try:
            here = self._records.case(case.case_id)
        except UserError:
            return  # not here yet
        if (here.image_sha, here.mask_sha) != (case.image_sha, case.mask_sha):
            raise UserError(
                f"{path.name} was not taken, since a case of it is here already with another picture; "
                "ask for a set of other cases."
            )
