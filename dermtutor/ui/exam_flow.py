"""One exam as the window takes it: questions in any order, drafts kept at once, a clock, and handing in.

Drafts go through the records worker, one after the other; images through the generator worker, as in a quiz.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Final, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from dermtutor.domain.quiz import QuizPlan
from dermtutor.domain.records import DraftRecord
from dermtutor.services.exam import Exam, ExamState
from dermtutor.ui.flow import AHEAD
from dermtutor.ui.pages.question_panel import GivenAnswer
from dermtutor.ui.services import Services
from dermtutor.ui.shown import AHEAD_OF_NEED, NEXT_CASE, ShownCase, shown
from dermtutor.ui.tasks import Ticket, Worker

T = TypeVar("T")

_TICK: Final = 250
"""Milliseconds between two looks at the clock."""


@dataclass(frozen=True, slots=True, eq=False)
class ExamQuestion:
    """A question of an exam decoded for the screen, with what was drafted; ``position`` counts from 0."""

    position: int
    case: ShownCase
    draft: DraftRecord


class ExamFlow(QObject):
    """Drives one exam at a time. All methods are for the window's thread and return at once."""

    waiting = Signal()
    state_changed = Signal(object)
    """An ExamState."""
    question_shown = Signal(object)
    """An ExamQuestion."""
    ticked = Signal(object)
    """The seconds left, or None without a time."""
    time_up = Signal()
    """Once: what is on screen can still be kept, then the exam is handed in."""
    handed_in = Signal(str)
    failed = Signal(object)

    def __init__(self, services: Services, records: Worker, generator: Worker, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        self._records = records
        self._generator = generator
        self._session: str | None = None
        self._state: ExamState | None = None
        self._position = 0
        self._current: ExamQuestion | None = None
        self._since = datetime.now(UTC)
        self._over = False
        self._tickets: dict[str, Ticket] = {}
        self._clock = QTimer(self, interval=_TICK)
        self._clock.timeout.connect(self._tick)

    @property
    def session_id(self) -> str | None:
        """The exam under way."""
        return self._session

    @property
    def current(self) -> ExamQuestion | None:
        """The question on screen."""
        return self._current

    @property
    def state(self) -> ExamState | None:
        """How the exam stands, as last told."""
        return self._state

    def start(self, learner_id: str, plan: QuizPlan) -> None:
        """Plan a new exam and show its first question."""
        self.leave()
        self.waiting.emit()
        quiz = self._services.quiz
        self._submit("start", lambda: quiz.start(learner_id, plan), self.resume)

    def resume(self, session_id: str) -> None:
        """Go on with an exam at the first question that has no answer."""
        self.leave()
        self._session = session_id
        self.waiting.emit()

        def came(state: ExamState) -> None:
            self._told(state)
            self.go_to(self._open_after(-1))
            self._clock.start()

        self._submit("state", lambda: self._services.exam.state(session_id), came)

    def go_to(self, position: int) -> None:
        """Show the question at a position from 0."""
        session, exam, quiz = self._session, self._services.exam, self._services.quiz
        if session is None or self._state is None or not 0 <= position < len(self._state.drafts):
            return
        self._keep_time()
        self._position, self._current = position, None
        self.waiting.emit()

        def load(cancel: Event) -> tuple[ShownCase, ExamState]:
            case = shown(exam.case(session, position))
            return case, exam.state(session)

        for name in ("fetch", "prepare"):
            self._generator.drop(self._tickets.pop(name, None))
        self._tickets["fetch"] = self._generator.submit(
            "fetch a case", load, self._fetched, self.failed.emit, priority=NEXT_CASE
        )
        self._tickets["prepare"] = self._generator.submit(
            "prepare cases",
            lambda cancel: quiz.prepare_ahead(session, AHEAD, cancel, first=position + 1),
            lambda _: None,
            lambda _: None,
            priority=AHEAD_OF_NEED,
        )

    def retry(self) -> None:
        """Ask again for a question that could not be shown."""
        if self._state is None and self._session is not None:
            self.resume(self._session)
        else:
            self.go_to(self._position)

    def step(self, by: int) -> None:
        """The question before or after this one."""
        self.go_to(self._position + by)

    def keep(self, given: GivenAnswer) -> None:
        """Keep an answer and go on to the next question without one, or stay where all have one."""

        def came(state: ExamState) -> None:
            self._told(state)
            following = self._open_after(self._position)
            if not self._over and state.drafts[following].answer is None:
                self.go_to(following)

        self._draft("keep an answer", given, came)

    def note(self, given: GivenAnswer) -> None:
        """Keep what is said so far, and stay: neither the end of the time nor a crash loses it."""
        self._draft("keep what is said", given, self._told)

    def _draft(self, name: str, given: GivenAnswer, came: Callable[[ExamState], None]) -> None:
        moment = datetime.now(UTC)

        def draft(exam: Exam, session: str, item: str) -> None:
            exam.draft(session, item, given.chosen, given.confidence, moment, given.details)

        self._change(name, draft, came)

    def flag(self, flagged: bool) -> None:
        """Mark the question to look at it again, or take the mark off."""
        self._change(
            "mark a question", lambda exam, session, item: exam.flag(session, item, flagged), self._told
        )

    def _change(
        self, name: str, change: Callable[[Exam, str, str], object], came: Callable[[ExamState], None]
    ) -> None:
        """Keep a change of the question that is shown; ``came`` follows with the exam's state after it."""
        session, current, exam = self._session, self._current, self._services.exam
        if session is None or current is None:
            return
        item = current.draft.item_id

        def write() -> ExamState:
            change(exam, session, item)
            return exam.state(session)

        self._write(name, write, came)

    def hand_in(self) -> None:
        """Hand the exam in; its result follows."""
        session, exam = self._session, self._services.exam
        if session is None:
            return
        self._keep_time()
        self._clock.stop()

        def came(_: object) -> None:
            self.leave()
            self.handed_in.emit(session)

        self._write("hand the exam in", lambda: exam.hand_in(session), came)

    def leave(self) -> None:
        """Put the exam aside; its time goes on."""
        self._keep_time()
        self._clock.stop()
        for name, ticket in self._tickets.items():
            worker = self._generator if name in ("fetch", "prepare") else self._records
            worker.drop(ticket)
        self._tickets.clear()
        self._session, self._state, self._current = None, None, None
        self._over = False

    def _fetched(self, found: tuple[ShownCase, ExamState]) -> None:
        case, state = found
        self._told(state)
        self._current = ExamQuestion(self._position, case, state.drafts[self._position])
        self._since = datetime.now(UTC)
        self.question_shown.emit(self._current)

    def _told(self, state: ExamState) -> None:
        self._state = state
        self.state_changed.emit(state)
        self._tell_time(state)

    def _tell_time(self, state: ExamState) -> timedelta | None:
        left = state.remaining(datetime.now(UTC))
        self.ticked.emit(None if left is None else left.total_seconds())
        return left

    def _tick(self) -> None:
        if self._state is None:
            return
        left = self._tell_time(self._state)
        if left is not None and not left and not self._over:
            self._over = True
            self.time_up.emit()
            self.hand_in()

    def _open_after(self, position: int) -> int:
        """The next question without an answer, around the end; where all have one, the next."""
        drafts = self._state.drafts if self._state else ()
        if not drafts:
            return 0
        around = [(position + 1 + by) % len(drafts) for by in range(len(drafts))]
        return next((place for place in around if drafts[place].answer is None), around[0])

    def _keep_time(self) -> None:
        """Add the time since the question came to what it was looked at before."""
        session, current, exam = self._session, self._current, self._services.exam
        if session is None or current is None or self._state is None:
            return
        seconds = (datetime.now(UTC) - self._since).total_seconds()
        self._since = datetime.now(UTC)
        item = current.draft.item_id
        self._records.submit(
            "keep the time",
            lambda cancel: exam.looked_at(session, item, seconds),
            lambda _: None,
            lambda _: None,
            lasting=True,
        )

    def _submit(self, name: str, work: Callable[[], T], came: Callable[[T], None]) -> None:
        self._tickets[name] = self._records.submit(name, lambda cancel: work(), came, self.failed.emit)

    def _write(self, name: str, work: Callable[[], T], came: Callable[[T], None]) -> None:
        """Work on the records that is done even when nobody waits for it any more."""
        self._tickets[name] = self._records.submit(
            name, lambda cancel: work(), came, self.failed.emit, lasting=True
        )
