"""One quiz as the window takes it: which case is shown, which is ready, what is under way.

Answers go through the records worker; whatever may have to generate goes through the generator worker, so that the
network only ever sees one thread. After every answer the next case is fetched and decoded while the feedback is read,
so that going on only swaps pictures.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from threading import Event
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from dermtutor.domain.quiz import Confidence, QuizPlan
from dermtutor.services.presented import Feedback
from dermtutor.ui.pages.question_panel import GivenAnswer
from dermtutor.ui.services import Services
from dermtutor.ui.shown import AHEAD_OF_NEED, NEXT_CASE, ShownCase, Tones, shown
from dermtutor.ui.tasks import Ticket, Worker

T = TypeVar("T")

AHEAD = 2
"""Cases kept ready beyond the one on screen."""


class QuizFlow(QObject):
    """Drives one quiz at a time. All methods are for the window's thread and return at once."""

    waiting = Signal()
    case_shown = Signal(object)
    weighing = Signal(object)
    """The GivenAnswer of a reflection, once it is kept."""
    feedback_shown = Signal(object)
    tone_arrived = Signal(object)
    finished = Signal(object)
    """The id of the session."""
    case_failed = Signal(object)
    answer_failed = Signal(object)

    def __init__(self, services: Services, records: Worker, generator: Worker, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        self._records = records
        self._generator = generator
        self._tones = Tones(services.quiz, generator, self)
        self._tones.arrived.connect(self.tone_arrived)
        self._session: str | None = None
        self._current: ShownCase | None = None
        self._shown_at = datetime.now(UTC)
        self._next: ShownCase | None = None
        self._over = False
        self._wanted = False
        self._starting: Ticket | None = None
        self._fetching: Ticket | None = None
        self._preparing: Ticket | None = None
        self._answering: Ticket | None = None

    @property
    def session_id(self) -> str | None:
        """The quiz under way."""
        return self._session

    @property
    def current(self) -> ShownCase | None:
        """The case on screen."""
        return self._current

    def start(self, learner_id: str, plan: QuizPlan) -> None:
        """Plan a new quiz and show its first case."""
        self.leave()
        self.waiting.emit()
        self._starting = self._records.submit(
            "start a quiz",
            lambda cancel: self._services.quiz.start(learner_id, plan),
            self.resume,
            self.case_failed.emit,
        )

    def resume(self, session_id: str) -> None:
        """Show the next case of a quiz that was left."""
        self.leave()
        self._session = session_id
        self._wanted = True
        self.waiting.emit()
        self._fetch()

    def retry(self) -> None:
        """Ask again for a case that could not be made."""
        if self._session is not None:
            self.resume(self._session)

    def answer(self, given: GivenAnswer) -> None:
        """Commit the answer; feedback follows once it is kept. A second call before that is ignored."""
        quiz, shown_at = self._services.quiz, self._shown_at

        def commit(session: str, item: str, sure: Confidence, now: datetime) -> Feedback:
            return quiz.answer(session, item, given.chosen, sure, shown_at, now, given.details)

        self._keep("keep an answer", given, commit, self._answered)

    def weigh(self, given: GivenAnswer) -> None:
        """Keep the first answer of a reflection; its findings follow once it is kept."""
        quiz = self._services.quiz

        def commit(session: str, item: str, sure: Confidence, now: datetime) -> GivenAnswer:
            quiz.weigh(session, item, given.chosen, sure, now)
            return given

        self._keep("keep a first answer", given, commit, self._weighed)

    def _keep(
        self,
        name: str,
        given: GivenAnswer,
        commit: Callable[[str, str, Confidence, datetime], T],
        came: Callable[[T], None],
    ) -> None:
        sure = given.confidence
        if self._session is None or self._current is None or self._answering is not None or sure is None:
            return
        session, item, now = self._session, self._current.case.question.item_id, datetime.now(UTC)
        self._answering = self._records.submit(
            name, lambda cancel: commit(session, item, sure, now), came, self._not_answered, lasting=True
        )

    def advance(self) -> None:
        """Go on to the next case, or to the summary after the last one."""
        self._tones.drop()
        if self._over:
            self._finish()
        elif self._next is not None:
            upcoming, self._next = self._next, None
            self._show(upcoming)
        else:
            self._wanted = True
            self.waiting.emit()
            if self._fetching is None:
                self._fetch()

    def leave(self) -> None:
        """Put the quiz aside; it can be resumed. Whatever is under way for it is dropped."""
        for worker, ticket in (
            (self._records, self._starting),
            (self._records, self._answering),
            (self._generator, self._fetching),
            (self._generator, self._preparing),
        ):
            worker.drop(ticket)
        self._tones.drop()
        self._starting = self._fetching = self._answering = self._preparing = None
        self._session, self._current, self._next = None, None, None
        self._over = self._wanted = False

    def _fetch(self) -> None:
        session = self._session
        if session is None:
            return
        quiz = self._services.quiz

        def load(cancel: Event) -> ShownCase | None:
            case = quiz.next_case(session)
            return None if case is None else shown(case)

        self._generator.drop(self._preparing)
        self._fetching = self._generator.submit(
            "fetch a case", load, self._fetched, self._not_fetched, priority=NEXT_CASE
        )

    def _fetched(self, case: ShownCase | None) -> None:
        self._fetching = None
        self._next, self._over = case, case is None
        if self._wanted:
            self.advance()

    def _not_fetched(self, error: Exception) -> None:
        self._fetching = None
        if self._wanted:
            self.case_failed.emit(error)

    def _show(self, case: ShownCase) -> None:
        self._wanted = False
        self._current = case
        self._shown_at = datetime.now(UTC)
        self.case_shown.emit(case)
        self._prepare()

    def _prepare(self) -> None:
        """Cases ahead of the one that is asked; a failure is told when its case is asked for."""
        session, quiz = self._session, self._services.quiz
        if session is None:
            return
        self._generator.drop(self._preparing)
        self._preparing = self._generator.submit(
            "prepare cases",
            lambda cancel: quiz.prepare_ahead(session, AHEAD + 1, cancel),
            lambda _: None,
            lambda _: None,
            priority=AHEAD_OF_NEED,
        )

    def _weighed(self, given: GivenAnswer) -> None:
        self._answering = None
        self.weighing.emit(given)

    def _answered(self, feedback: Feedback) -> None:
        self._answering = None
        self._over = feedback.over
        self.feedback_shown.emit(feedback)
        if not feedback.over:
            self._fetch()
        if self._current is not None and self._current.case.source.generated:
            self._tones.ask(self._current.case.question.case_id)
        if not feedback.over:
            self._prepare()

    def _not_answered(self, error: Exception) -> None:
        self._answering = None
        self.answer_failed.emit(error)

    def _finish(self) -> None:
        session = self._session
        if session is None:
            return
        self.leave()
        self.finished.emit(session)
