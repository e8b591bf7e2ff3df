"""Work off the window's thread: one worker for the generator, one for the records.

A task is any function that takes a cancel token. Its result comes back on the window's thread and reaches its receiver
only while its ticket is still wanted: a cancelled ticket's result is dropped, so a slow answer to an old question can
never land on a new one.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import TypeVar

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal, Slot

from dermtutor.errors import UserError
from dermtutor.services.ports import Cancelled

_log = logging.getLogger(__name__)

T = TypeVar("T")

PATIENCE_MILLISECONDS = 20_000
"""How long a task that was told to stop may take without being remarked; importing torch on a slow disk is longest."""


@dataclass(eq=False, slots=True)
class Ticket:
    """One piece of work under way. ``cancel`` is looked at by the work itself; ``lasting`` work is never cancelled."""

    number: int
    name: str
    lasting: bool = False
    cancel: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True, slots=True)
class _Outcome:
    ticket: Ticket
    value: object = None
    error: BaseException | None = None


@dataclass(frozen=True, slots=True)
class _Receiver:
    ticket: Ticket
    success: Callable[[object], None]
    failure: Callable[[Exception], None] | None
    step: Callable[[object], None] | None


class _Job(QRunnable):
    def __init__(
        self,
        ticket: Ticket,
        work: Callable[[], object],
        begin: Callable[[str], None],
        report: Callable[[_Outcome], None],
    ) -> None:
        super().__init__()
        self._ticket = ticket
        self._work = work
        self._begin = begin
        self._report = report

    def run(self) -> None:
        if self._ticket.cancel.is_set():
            self._report(_Outcome(self._ticket, error=Cancelled()))
            return
        self._begin(self._ticket.name)
        try:
            outcome = _Outcome(self._ticket, value=self._work())
        except BaseException as error:  # noqa: BLE001 - whatever the work raised is told on the window's thread
            outcome = _Outcome(self._ticket, error=error)
        self._report(outcome)


class Worker(QObject):
    """A single background thread with a queue by priority. Methods are called from the window's thread only.

    A closed worker begins nothing: its tickets are cancelled ones, and nobody is told.
    """

    failed = Signal(object)
    """The exception of a task without a failure receiver of its own."""

    _finished = Signal(object)
    _stepped = Signal(object, object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._pool = QThreadPool()
        self._pool.setMaxThreadCount(1)
        self._pool.setExpiryTimeout(-1)  # one and the same thread for torch and its caches
        self._receivers: dict[int, _Receiver] = {}
        self._numbers = count(1)
        self._closed = False
        self._begun = ""
        self._finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._stepped.connect(self._deliver_step, Qt.ConnectionType.QueuedConnection)

    def submit(
        self,
        name: str,
        work: Callable[[threading.Event], T],
        success: Callable[[T], None],
        failure: Callable[[Exception], None] | None = None,
        *,
        priority: int = 0,
        lasting: bool = False,
    ) -> Ticket:
        """Queue ``work``; ``success`` or ``failure`` (else the signal ``failed``) follows on this thread.

        ``lasting`` work, such as keeping an answer, is done even when nobody waits for it any more.
        """
        ticket = Ticket(next(self._numbers), name, lasting)
        receive: Callable[[object], None] = lambda value: success(value)  # type: ignore[arg-type]  # noqa: E731
        return self._start(
            ticket, lambda: work(ticket.cancel), _Receiver(ticket, receive, failure, None), priority
        )

    def stream(
        self,
        name: str,
        work: Callable[[threading.Event, Callable[[T], None]], object],
        step: Callable[[T], None],
        *,
        priority: int = 0,
    ) -> Ticket:
        """Queue ``work`` that hands over parts as they come; each reaches ``step`` on this thread."""
        ticket = Ticket(next(self._numbers), name)
        receive: Callable[[object], None] = lambda value: step(value)  # type: ignore[arg-type]  # noqa: E731
        receiver = _Receiver(ticket, lambda _: None, None, receive)
        hand_over: Callable[[T], None] = lambda part: self._stepped.emit(ticket, part)  # noqa: E731
        return self._start(ticket, lambda: work(ticket.cancel, hand_over), receiver, priority)

    def drop(self, ticket: Ticket | None) -> None:
        """Stop a task if it runs, and forget whatever it still reports."""
        if ticket is not None:
            if not ticket.lasting:
                ticket.cancel.set()
            self._receivers.pop(ticket.number, None)

    def idle(self) -> bool:
        """True when nothing runs or waits whose result is wanted."""
        return not self._receivers

    def close(self) -> None:
        """Cancel everything but lasting work, and wait for the thread to end. Nothing is begun from then on.

        The wait has no end but the task's own: a pool that is destroyed before waits too, and keeps the interpreter
        to itself meanwhile, so that the task could never finish.
        """
        self._closed = True
        for receiver in list(self._receivers.values()):
            self.drop(receiver.ticket)
        while not self._pool.waitForDone(PATIENCE_MILLISECONDS):
            _log.warning("%s waits for “%s” to end", self.objectName(), self._begun)

    def _start(
        self, ticket: Ticket, work: Callable[[], object], receiver: _Receiver, priority: int
    ) -> Ticket:
        if self._closed:
            return self._refused(ticket)
        self._receivers[ticket.number] = receiver
        self._pool.start(_Job(ticket, work, self._begin, self._finished.emit), priority)
        return ticket

    def _begin(self, name: str) -> None:
        """On the background thread, which alone writes this name."""
        self._begun = name

    def _refused(self, ticket: Ticket) -> Ticket:
        """A closing window may still ask for pictures and figures; what has to be kept it must ask for before."""
        ticket.cancel.set()
        if ticket.lasting:
            _log.error(
                "%s was asked for after %s was closed, and is not done", ticket.name, self.objectName()
            )
        return ticket

    @Slot(object)
    def _deliver(self, outcome: _Outcome) -> None:
        receiver = self._receivers.pop(outcome.ticket.number, None)
        if receiver is None or isinstance(outcome.error, Cancelled):
            return
        if outcome.error is None:
            receiver.success(outcome.value)
            return
        error = outcome.error if isinstance(outcome.error, Exception) else RuntimeError(repr(outcome.error))
        if not isinstance(error, UserError):
            _log.error("%s failed in %s", outcome.ticket.name, self.objectName(), exc_info=error)
        (receiver.failure or self.failed.emit)(error)

    @Slot(object, object)
    def _deliver_step(self, ticket: Ticket, part: object) -> None:
        receiver = self._receivers.get(ticket.number)
        if receiver is not None and receiver.step is not None:
            receiver.step(part)
