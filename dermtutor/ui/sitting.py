"""What a learner sits down to: a quiz, a review, an exam, or a look back. It picks the flow that drives it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from dermtutor.domain.modes import AnswerKind, QuizOptions
from dermtutor.domain.quiz import CHOICES_RANGE, QuizPlan
from dermtutor.services.presented import OpenSession, SessionLine
from dermtutor.services.progress import SessionSummary
from dermtutor.ui.exam_flow import ExamFlow
from dermtutor.ui.flow import QuizFlow
from dermtutor.ui.look_back import LookBack
from dermtutor.ui.services import Services
from dermtutor.ui.tasks import Worker


class Sitting(QObject):
    """All methods are for the window's thread and return at once."""

    quiz_begun = Signal()
    exam_begun = Signal()
    finished = Signal(object, object)
    """A SessionSummary and its tuple of SessionLine."""
    complaint = Signal(object)

    def __init__(self, services: Services, records: Worker, generator: Worker, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        self._records = records
        self.flow = QuizFlow(services, records, generator, self)
        self.exam = ExamFlow(services, records, generator, self)
        self.past = LookBack(services, generator, self)
        self.flow.finished.connect(self._sum_up)
        self.past.finished.connect(self._sum_up)
        self.exam.handed_in.connect(self._sum_up)

    def start(self, learner_id: str, plan: QuizPlan) -> None:
        """Begin what was planned."""
        if plan.mode.feedback_at_end:
            self.exam_begun.emit()
            self.exam.start(learner_id, plan)
        else:
            self.quiz_begun.emit()
            self.flow.start(learner_id, plan)

    def resume(self, session: OpenSession) -> None:
        """Go on with what was left."""
        if session.plan.mode.feedback_at_end:
            self.exam_begun.emit()
            self.exam.resume(session.session_id)
        else:
            self.quiz_begun.emit()
            self.flow.resume(session.session_id)

    def review(self, learner_id: str, options: QuizOptions) -> None:
        """Begin a review of what is due now."""

        def planned() -> QuizPlan:
            plan = self._services.reviews.plan(learner_id)
            ranked = options.kind is AnswerKind.DIFFERENTIAL
            return replace(plan, options=options, choices=CHOICES_RANGE[1] if ranked else plan.choices)

        self._records.submit(
            "plan a review",
            lambda cancel: planned(),
            lambda plan: self.start(learner_id, plan),
            self.complaint.emit,
        )

    def look_back(self, session_id: str, positions: Sequence[int]) -> None:
        """Show questions of a finished quiz with their feedback."""
        self.quiz_begun.emit()
        self.past.begin(session_id, positions)

    def advance(self) -> None:
        """Go on from the feedback."""
        self.past.advance() if self.past.active else self.flow.advance()

    def retry(self) -> None:
        """Ask again for a case that could not be made."""
        self.past.retry() if self.past.active else self.flow.retry()

    def leave_quiz(self) -> None:
        """Put aside a quiz, or stop looking back at one."""
        self.flow.leave()
        self.past.leave()

    def leave(self) -> None:
        """Put aside whatever is under way."""
        self.leave_quiz()
        self.exam.leave()

    def _sum_up(self, session_id: str) -> None:
        quiz = self._services.quiz

        def load() -> tuple[SessionSummary, tuple[SessionLine, ...]]:
            return quiz.summary(session_id), quiz.lines(session_id)

        self._records.submit(
            "sum up the quiz", lambda cancel: load(), lambda found: self.finished.emit(*found)
        )
