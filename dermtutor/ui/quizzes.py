"""Quizzes at the desk: the pages from the set-up to the result, and the wiring between them."""

from __future__ import annotations

from functools import cached_property

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from dermtutor.domain.modes import DEFAULT_OPTIONS, Mode, QuizOptions
from dermtutor.domain.quiz import QuizPlan
from dermtutor.services.presented import SessionLine
from dermtutor.services.progress import SessionSummary
from dermtutor.settings import Settings
from dermtutor.ui.pages.case import CasePage
from dermtutor.ui.pages.exam import ExamPage
from dermtutor.ui.pages.setup import SetupPage
from dermtutor.ui.pages.summary import SummaryPage
from dermtutor.ui.reception import Reception
from dermtutor.ui.services import Services
from dermtutor.ui.sitting import Sitting
from dermtutor.ui.tasks import Ticket, Worker
from dermtutor.ui.theme import Theme

PAGES = ("setup_page", "case_page", "exam_page", "summary_page")
"""Names of the pages, in the order in which they are built ahead."""


class Quizzes(QObject):
    """Adds its pages to a stack; which one is shown is for whoever listens to ``page_wanted``."""

    page_wanted = Signal(QWidget)
    start_wanted = Signal()
    progress_wanted = Signal()
    plan_chosen = Signal(object, object)
    """A QuizPlan, and the state of the options on the set-up page."""
    auto_submit_chosen = Signal(bool)
    complaint = Signal(object)

    def __init__(
        self,
        stack: QStackedWidget,
        services: Services,
        theme: Theme,
        workers: tuple[Worker, Worker],
        settings: Settings,
        reception: Reception,
    ) -> None:
        """``workers`` are those of the records and of the generator."""
        super().__init__(stack)
        self._stack = stack
        self._services = services
        self._theme = theme
        self._records, generator = workers
        self._settings = settings
        self._reception = reception
        self._auto_submit = settings.auto_submit
        self._due: Ticket | None = None
        self.sitting = Sitting(services, self._records, generator, self)
        self.sitting.quiz_begun.connect(lambda: self.page_wanted.emit(self.case_page))
        self.sitting.exam_begun.connect(lambda: self.page_wanted.emit(self.exam_page))
        self.sitting.finished.connect(self._finished)
        self.sitting.complaint.connect(self.complaint)
        self.flow = self.sitting.flow
        self.flow.case_failed.connect(self._case_failed)
        self.flow.answer_failed.connect(self._answer_failed)
        self.sitting.past.failed.connect(self._case_failed)
        self.sitting.exam.failed.connect(self._exam_failed)
        self.sitting.exam.time_up.connect(self._time_up)

    # Pages

    @cached_property
    def setup_page(self) -> SetupPage:
        """What the quiz is about."""
        page = SetupPage(self._theme, self._services.catalogue)
        last = self._settings
        mode = Mode(last.mode) if last.mode in tuple(Mode) else Mode.PRACTICE
        page.choose(last.conditions, last.tones, last.questions, mode)
        page.options.restore(last.options)
        page.options.auto.setChecked(last.auto_submit)
        page.options.auto.toggled.connect(self._choose_auto_submit)
        page.start_wanted.connect(self._start)
        page.review_wanted.connect(self.review)
        page.complaint.connect(self.complaint)
        self._stack.addWidget(page)
        return page

    @cached_property
    def case_page(self) -> CasePage:
        """Question and feedback."""
        page = CasePage(self._theme, self._services.catalogue)
        page.submitted.connect(self.flow.answer)
        page.first_given.connect(self.flow.weigh)
        page.next_wanted.connect(self.sitting.advance)
        page.leave_wanted.connect(self._leave_case)
        page.retry_wanted.connect(self.sitting.retry)
        page.question.auto_submit = self._auto_submit
        past = self.sitting.past
        self.flow.waiting.connect(page.wait)
        past.waiting.connect(page.wait)
        self.flow.case_shown.connect(page.show_case)
        self.flow.weighing.connect(page.weigh)
        self.flow.feedback_shown.connect(page.show_feedback)
        past.question_shown.connect(page.show_past)
        past.tone_arrived.connect(page.add_tone)
        self.flow.tone_arrived.connect(page.add_tone)
        self._stack.addWidget(page)
        return page

    @cached_property
    def exam_page(self) -> ExamPage:
        """Questions without feedback, against the clock."""
        page, exam = ExamPage(self._theme, self._services.catalogue), self.sitting.exam
        page.answered.connect(exam.keep)
        page.said.connect(exam.note)
        page.flagged.connect(exam.flag)
        page.position_wanted.connect(exam.go_to)
        page.step_wanted.connect(exam.step)
        page.hand_in_wanted.connect(exam.hand_in)
        page.leave_wanted.connect(self.start_wanted)
        page.retry_wanted.connect(exam.retry)
        exam.waiting.connect(page.wait)
        exam.state_changed.connect(page.show_state)
        exam.question_shown.connect(page.show_question)
        exam.ticked.connect(page.show_clock)
        self._stack.addWidget(page)
        return page

    @cached_property
    def summary_page(self) -> SummaryPage:
        """The result of one quiz."""
        page = SummaryPage(self._theme, self._services.catalogue)
        page.again.connect(self._start)
        page.look_back_wanted.connect(self.sitting.look_back)
        page.progress_wanted.connect(self.progress_wanted)
        page.start_wanted.connect(self.start_wanted)
        self._stack.addWidget(page)
        return page

    # Beginning and leaving

    def show_setup(self) -> None:
        """The set-up page, with what is due now."""
        self.page_wanted.emit(self.setup_page)
        learner, reviews = self._reception.learner, self._services.reviews
        if learner is not None:
            self._records.drop(self._due)
            self._due = self._records.submit(
                "what is due", lambda cancel: reviews.due(learner.id), self.setup_page.show_due
            )

    def leave_for(self, page: QWidget) -> None:
        """Another page is shown: a quiz or exam that this leaves can be continued."""
        if not isinstance(page, CasePage):
            self.sitting.leave_quiz()
        if not isinstance(page, ExamPage):
            self.sitting.exam.leave()

    def conditions_changed(self) -> None:
        """Own recipes came, went or changed: the set-up page is built anew, with what was chosen."""
        page = self.__dict__.pop("setup_page", None)
        if page is None:
            return
        plan = [name for name, box in page.boxes.items() if box.isChecked()]
        everything = len(plan) == len(page.boxes)
        tones = [tone.value for tone, box in page.tones.items() if box.isChecked()]
        self._stack.removeWidget(page)
        page.deleteLater()
        self.setup_page.choose(() if everything else plan, tones, page.questions.value() or 0)

    def _leave_case(self) -> None:
        """From a look back to the result that it came from, else to the start."""
        if self.sitting.past.active:
            self.sitting.past.finish()
        else:
            self.start_wanted.emit()

    def _start(self, plan: QuizPlan) -> None:
        if self._reception.learner is None:
            self.start_wanted.emit()
            return
        self.plan_chosen.emit(plan, self.setup_page.options.state())
        self.sitting.start(self._reception.learner.id, plan)

    def start_set(self, plan: QuizPlan) -> None:
        """Begin a quiz or an exam on a case set, which leaves the set-up page as it is."""
        if self._reception.learner is None:
            self.start_wanted.emit()
        else:
            self.sitting.start(self._reception.learner.id, plan)

    def review(self, options: QuizOptions = DEFAULT_OPTIONS) -> None:
        """Begin a review of what is due now."""
        if self._reception.learner is not None:
            self.sitting.review(self._reception.learner.id, options)

    def _finished(self, summary: SessionSummary, lines: tuple[SessionLine, ...]) -> None:
        self.summary_page.show_summary(summary, lines)
        self.page_wanted.emit(self.summary_page)

    def _case_failed(self, error: Exception) -> None:
        self.case_page.fail()
        self.complaint.emit(error)

    def _answer_failed(self, error: Exception) -> None:
        self.case_page.answer_failed()
        self.complaint.emit(error)

    def _exam_failed(self, error: Exception) -> None:
        self.exam_page.fail()
        self.complaint.emit(error)

    def _time_up(self) -> None:
        """What is on screen counts; it was given in time."""
        given = self.exam_page.unsaved()
        if given is not None:
            self.sitting.exam.keep(given)

    def _choose_auto_submit(self, on: bool) -> None:
        if "case_page" in self.__dict__:
            self.case_page.question.auto_submit = on
        if on != self._auto_submit:
            self._auto_submit = on
            self.auto_submit_chosen.emit(on)
