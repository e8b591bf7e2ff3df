"""The one build of case sets that runs at a time, on a worker of its own."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal

from dermtutor.domain.case_sets import SetCase
from dermtutor.services.case_sets import CaseSets
from dermtutor.ui.tasks import Ticket, Worker


@dataclass(frozen=True, slots=True)
class BuildState:
    """How a build stands: cases still to come, how many there were at its start, seconds it runs; 0 while paused."""

    set_id: str
    left: int
    total: int
    running: bool
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Arrival:
    """New cases of a build."""

    set_id: str
    cases: tuple[SetCase, ...]
    left: int


class BuildWork(QObject):
    """All methods are for the window's thread and return at once."""

    arrived = Signal(object)
    """An Arrival."""
    changed = Signal(object)
    """A BuildState."""
    ended = Signal()
    failed = Signal(object)
    told = Signal(str)

    _came = Signal(object)

    def __init__(self, sets: CaseSets, parent: QObject) -> None:
        super().__init__(parent)
        self._sets = sets
        self._worker = Worker("set builder", self)
        self._ticket: Ticket | None = None
        self._set_id = ""
        self._made, self._left = 0, 0
        self._begun, self._spent = 0.0, 0.0
        self._came.connect(self._arrived, Qt.ConnectionType.QueuedConnection)

    def close(self) -> None:
        """Pause; what is missing stays asked for."""
        self._worker.close()

    def idle(self) -> bool:
        """Nothing is made."""
        return self._worker.idle()

    def makes(self, set_id: str) -> bool:
        """Whether cases of this set are being made."""
        return self._ticket is not None and self._set_id == set_id

    def begin(self, set_id: str) -> None:
        """Make what is wanted of a set."""
        if self.makes(set_id):
            return  # it makes what is asked for meanwhile as well
        if self._ticket is not None:
            self.told.emit("Other cases are being made; go on with this set when they are there.")
            return
        sets = self._sets

        def came(cases: Sequence[SetCase], left: int) -> None:
            self._came.emit(Arrival(set_id, tuple(cases), left))

        def failed(error: Exception) -> None:
            self._end()
            self.failed.emit(error)

        if self._set_id != set_id or not self._left:  # else it goes on where it was paused
            self._set_id, self._made, self._spent = set_id, 0, 0.0
        self._begun = time.monotonic()
        self.changed.emit(BuildState(set_id, 0, 0, True))
        self._ticket = self._worker.submit(
            "build a set", lambda cancel: sets.build(set_id, cancel, came), lambda _: self._end(), failed
        )

    def pause(self) -> None:
        """Stop after the case under way."""
        if self._ticket is not None:
            self._ticket.cancel.set()

    def made(self, set_id: str) -> int:
        """How many cases of a set were made since they were asked for, or since the program was opened."""
        return self._made if self._set_id == set_id else 0

    def give_up(self, set_id: str) -> None:
        """Nothing more is wanted of a set, once a build of it has put down what it has in its hands."""
        if self.makes(set_id):
            self.pause()

        def given_up(_: None) -> None:
            if self._set_id == set_id:
                self._left = 0
            self.ended.emit()

        self._worker.submit(
            "give up", lambda cancel: self._sets.give_up(set_id), given_up, self.failed.emit, lasting=True
        )

    def _arrived(self, arrival: Arrival) -> None:
        self._made += len(arrival.cases)
        self._left = arrival.left
        seconds = self._spent + time.monotonic() - self._begun
        self.changed.emit(BuildState(arrival.set_id, arrival.left, self._made + arrival.left, True, seconds))
        self.arrived.emit(arrival)

    def _end(self) -> None:
        self._ticket = None
        self._spent += time.monotonic() - self._begun
        self.ended.emit()
