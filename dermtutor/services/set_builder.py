"""Builds the cases that were asked for: one thread generates, another encodes, writes files and rows.

What is still wanted is in the records, and each case leaves it in the transaction that adds it: a crash loses at most
the images in memory, and the next build goes on where this one ended.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from dermtutor.domain.case_sets import SetCase, Stem
from dermtutor.domain.cases import CaseSpec
from dermtutor.domain.set_cover import UNSPECIFIED
from dermtutor.services.case_supply import CaseSupply
from dermtutor.services.ports import Cancelled, CancelToken, GeneratedCase
from dermtutor.services.ports_sets import CaseSetStore

Came = Callable[[Sequence[SetCase], int], None]

_AT_ONCE: Final = 8
"""Cases of one transaction, where the writer is behind: a commit waits for the disk."""
_AHEAD: Final = 16
"""Images that wait for the writer; more would only fill the memory."""


@dataclass(frozen=True, slots=True)
class _Made:
    place: int
    case: GeneratedCase


class SetBuilder:
    """Builds sets. Thread-safe, though two builds only take turns at the generator."""

    def __init__(self, store: CaseSetStore, supply: CaseSupply) -> None:
        self._store = store
        self._supply = supply

    def build(self, set_id: str, cancel: CancelToken | None, came: Came | None) -> int:
        """Makes what is wanted of a set, also what is asked for meanwhile, and returns how many cases that were.

        ``came`` gets new cases and how many are still to come, on the writer's thread. Setting the token ends the build
        after what is under way. Raises whatever generating or keeping raised.
        """
        made = 0
        while wanted := self._store.wanted(set_id):
            made += self._pass(set_id, wanted, cancel, came)
            if cancel is not None and cancel.is_set():
                break
        return made

    def _pass(
        self,
        set_id: str,
        wanted: Sequence[tuple[int, CaseSpec]],
        cancel: CancelToken | None,
        came: Came | None,
    ) -> int:
        writer = _Writer(self._store, self._supply, set_id, len(wanted), came)
        try:
            for place, spec in wanted:
                if writer.failed or (cancel is not None and cancel.is_set()):
                    break
                writer.take(_Made(place, self._supply.make(spec, cancel)))
        except Cancelled:
            pass
        finally:
            writer.finish()
        return writer.written


class _Writer:
    """Keeps cases on a thread of its own, several in one transaction when they come faster than the disk."""

    def __init__(
        self, store: CaseSetStore, supply: CaseSupply, set_id: str, wanted: int, came: Came | None
    ) -> None:
        self._store, self._supply, self._set_id = store, supply, set_id
        self._wanted, self._came = wanted, came
        self._waiting: queue.Queue[_Made | None] = queue.Queue(_AHEAD)
        self._error: BaseException | None = None
        self.written = 0
        self._thread = threading.Thread(target=self._work, name="set writer", daemon=True)
        self._thread.start()

    @property
    def failed(self) -> bool:
        """Whether keeping a case failed; nothing more is kept then."""
        return self._error is not None

    def take(self, made: _Made) -> None:
        """One case to keep. Waits while many are waiting."""
        self._waiting.put(made)

    def finish(self) -> None:
        """Waits until all is kept. Raises what keeping raised."""
        self._waiting.put(None)
        self._thread.join()
        if self._error is not None:
            raise self._error

    def _work(self) -> None:
        more = True
        while more:
            batch, more = self._next()
            if self._error is None and batch:
                try:
                    self._keep(batch)
                except BaseException as error:  # noqa: BLE001 - told to whoever builds, on its own thread
                    self._error = error

    def _next(self) -> tuple[list[_Made], bool]:
        """What waits, at least one, and whether more may follow."""
        batch: list[_Made] = []
        while len(batch) < _AT_ONCE:
            try:
                made = self._waiting.get(block=not batch)
            except queue.Empty:
                break
            if made is None:
                return batch, False
            batch.append(made)
        return batch, True

    def _keep(self, batch: Sequence[_Made]) -> None:
        cases = [
            SetCase(self._supply.keep_files(made.case).record, Stem(site=_site(made.case))) for made in batch
        ]
        self._store.add_cases(self._set_id, cases, [made.place for made in batch])
        self.written += len(cases)
        if self._came is not None:
            self._came(cases, self._wanted - self.written)


def _site(case: GeneratedCase) -> str:
    """The body site as a stem tells it, empty for none."""
    return "" if case.spec.site == UNSPECIFIED else case.spec.site
