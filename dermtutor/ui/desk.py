"""Everything behind the open records: the pages, the quiz flow, and the wiring between them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Final, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from dermtutor.domain.learners import Learner
from dermtutor.domain.modes import DEFAULT_OPTIONS, Mode, QuizOptions
from dermtutor.domain.quiz import QuizPlan
from dermtutor.services.presented import SessionLine
from dermtutor.services.progress import SessionSummary
from dermtutor.settings import Settings
from dermtutor.ui.pages.about import AboutPage
from dermtutor.ui.pages.answered import AnsweredPage
from dermtutor.ui.pages.case import CasePage
from dermtutor.ui.pages.exam import ExamPage
from dermtutor.ui.pages.progress import ProgressPage
from dermtutor.ui.pages.recipes import RecipesPage
from dermtutor.ui.pages.setup import SetupPage
from dermtutor.ui.pages.start import StartPage
from dermtutor.ui.pages.summary import SummaryPage
from dermtutor.ui.reception import Reception
from dermtutor.ui.recipes.studio import RecipeStudio
from dermtutor.ui.services import Services
from dermtutor.ui.sitting import Sitting
from dermtutor.ui.statistics_flow import ShownAnswer, StatisticsFlow, read_ahead
from dermtutor.ui.tasks import Ticket, Worker
from dermtutor.ui.theme import Theme

T = TypeVar("T")

_PAUSE_MILLISECONDS: Final = 30
"""Between two pages that are built ahead, so that keys and clicks come through."""
_PAGES: Final = (
    "start_page", "setup_page", "case_page", "exam_page", "summary_page", "progress_page", "answered_page",
    "about_page", "recipes_page",
)  # fmt: skip


class Desk(QObject):
    """Adds its pages to a stack and moves between them."""

    learner_changed = Signal(object)
    plan_chosen = Signal(object, object)
    """A QuizPlan, and the state of the options on the set-up page."""
    auto_submit_chosen = Signal(bool)
    page_changed = Signal(object)
    complaint = Signal(object)
    told = Signal(str)
    report_wanted = Signal()
    export_wanted = Signal()
    delete_wanted = Signal()

    def __init__(
        self,
        stack: QStackedWidget,
        services: Services,
        theme: Theme,
        workers: tuple[Worker, Worker, Worker],
        settings: Settings,
    ) -> None:
        """``workers`` are those of the records, of the generator and of the charts."""
        super().__init__(stack)
        self._stack = stack
        self._services = services
        self._theme = theme
        self._records, self._generator, self._charts = workers
        self._settings = settings
        self._facts = ("", "")
        self._overview: Ticket | None = None
        self.reception = Reception(services, theme, self._records, self)
        self.reception.learner_changed.connect(self.learner_changed)
        self._auto_submit = settings.auto_submit
        self.sitting = Sitting(services, self._records, self._generator, self)
        self.sitting.quiz_begun.connect(lambda: self.show(self.case_page))
        self.sitting.exam_begun.connect(lambda: self.show(self.exam_page))
        self.sitting.finished.connect(self._finished)
        self.sitting.complaint.connect(self.complaint)
        self.flow = self.sitting.flow
        self.flow.case_failed.connect(self._case_failed)
        self.flow.answer_failed.connect(self._answer_failed)
        self.sitting.past.failed.connect(self._case_failed)
        self.sitting.exam.failed.connect(self._exam_failed)
        self.sitting.exam.time_up.connect(self._time_up)
        self.learner_changed.connect(lambda learner: read_ahead(services, learner, self._charts))
        self._builder = QTimer(self)
        self._builder.timeout.connect(self._build_next)
        self._builder.start(_PAUSE_MILLISECONDS)

    # Pages are built when first needed, or one at a time while nothing else happens: together they would freeze
    # the window for longer than anything else does.

    @cached_property
    def start_page(self) -> StartPage:
        """Who is learning, and the last results."""
        page = self.reception.page
        page.quiz_wanted.connect(self.show_setup)
        page.review_wanted.connect(self._review)
        page.resume_wanted.connect(self.sitting.resume)
        page.progress_wanted.connect(self.show_progress)
        self._stack.addWidget(page)
        return page

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
        page.review_wanted.connect(self._review)
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
        page.leave_wanted.connect(self.show_start)
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
        page.progress_wanted.connect(self.show_progress)
        page.start_wanted.connect(self.show_start)
        self._stack.addWidget(page)
        return page

    @cached_property
    def progress_page(self) -> ProgressPage:
        """The statistics."""
        page = ProgressPage(self._theme, self._services.catalogue, self._charts)
        page.report_wanted.connect(self.report_wanted)
        page.export_wanted.connect(self.export_wanted)
        page.delete_wanted.connect(self.delete_wanted)
        self._stack.addWidget(page)
        return page

    @cached_property
    def statistics(self) -> StatisticsFlow:
        """What fills the statistics page."""
        flow = StatisticsFlow(self._services, self.progress_page, self._records, self._charts)
        flow.cases_shown.connect(self._show_answered)
        flow.told.connect(self.told)
        flow.deleted.connect(lambda: self.open(None))
        return flow

    @cached_property
    def answered_page(self) -> AnsweredPage:
        """The cases behind a cell of the confusion matrix."""
        page = AnsweredPage(self._theme, self._services.catalogue)
        page.leave_wanted.connect(lambda: self.show(self.progress_page))
        self._stack.addWidget(page)
        return page

    @cached_property
    def studio(self) -> RecipeStudio:
        """What the recipe page asks of the application."""
        studio = RecipeStudio(self._services.recipes, self._records, self._generator, self)
        studio.failed.connect(self.complaint)
        studio.own_changed.connect(self._conditions_changed)
        return studio

    @cached_property
    def recipes_page(self) -> RecipesPage:
        """Recipes to read and to write."""
        page = RecipesPage(self._theme, self.studio)
        page.told.connect(self.told)
        self._stack.addWidget(page)
        return page

    @cached_property
    def about_page(self) -> AboutPage:
        """What the program is."""
        page = AboutPage(self._theme)
        page.say(*self._facts)
        self._stack.addWidget(page)
        return page

    @property
    def learner(self) -> Learner | None:
        """Who is learning."""
        return self.reception.learner

    def pages(self) -> tuple[QWidget, ...]:
        """All pages, built where they were not yet."""
        return tuple(getattr(self, name) for name in _PAGES)

    def close(self) -> None:
        """Put the quiz aside and build nothing more."""
        self._builder.stop()
        self.sitting.leave()

    def _build_next(self) -> None:
        """Build the next page that is still missing."""
        missing = next((name for name in _PAGES if name not in self.__dict__), None)
        if missing is None:
            self._builder.stop()
        else:
            getattr(self, missing)

    def say_facts(self, weights: str, folder: str) -> None:
        """The weights in use and the folder of the records, for the page about the program."""
        self._facts = (weights, folder)
        if "about_page" in self.__dict__:
            self.about_page.say(weights, folder)

    # Pages

    def show(self, page: QWidget) -> None:
        """Show a page; a quiz that is left this way can be continued, a recipe that is not saved asks first."""
        if not self.may_leave(page, lambda: self.show(page)):
            self.page_changed.emit(self._stack.currentWidget())
            return
        if not isinstance(page, CasePage):
            self.sitting.leave_quiz()
        if not isinstance(page, ExamPage):
            self.sitting.exam.leave()
        if "statistics" in self.__dict__ and not isinstance(page, ProgressPage):
            self.statistics.leave()
        self._stack.setCurrentWidget(page)
        self.page_changed.emit(page)

    def may_leave(self, page: QWidget | None, then: Callable[[], object]) -> bool:
        """Whether the page that is shown can be left for another (None: the window closes) without losing anything.

        Otherwise the person is asked, and ``then`` follows when they want it.
        """
        shown = self._stack.currentWidget()
        return not isinstance(shown, RecipesPage) or shown is page or shown.may_leave(then)

    def show_recipes(self) -> None:
        """The recipes."""
        self.show(self.recipes_page)

    def _conditions_changed(self) -> None:
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

    def show_start(self) -> None:
        """The start page with fresh figures."""
        self.show(self.start_page)
        self.reception.refresh()

    def open(self, last_learner: str | None) -> None:
        """The first page, with the learner of last time."""
        self.show(self.start_page)
        self.reception.open(last_learner)

    def show_setup(self) -> None:
        """The set-up page, with what is due now."""
        self.show(self.setup_page)
        learner, reviews = self.learner, self._services.reviews
        if learner is not None:
            self._load_figures(lambda: reviews.due(learner.id), self.setup_page.show_due)

    def _leave_case(self) -> None:
        """From a look back to the result that it came from, else to the start."""
        if self.sitting.past.active:
            self.sitting.past.finish()
        else:
            self.show_start()

    def show_progress(self) -> None:
        """The progress page with fresh figures."""
        self.show(self.progress_page)
        self.statistics.show_learner(self.learner)

    def _show_answered(self, cases: list[ShownAnswer]) -> None:
        self.answered_page.show_cases(cases)
        self.show(self.answered_page)

    def show_about(self) -> None:
        """The page about the program."""
        self.show(self.about_page)

    # Quizzes

    def _start(self, plan: QuizPlan) -> None:
        if self.learner is None:
            self.show_start()
            return
        self.plan_chosen.emit(plan, self.setup_page.options.state())
        self.sitting.start(self.learner.id, plan)

    def _review(self, options: QuizOptions = DEFAULT_OPTIONS) -> None:
        if self.learner is not None:
            self.sitting.review(self.learner.id, options)

    def _finished(self, summary: SessionSummary, lines: tuple[SessionLine, ...]) -> None:
        self.summary_page.show_summary(summary, lines)
        self.show(self.summary_page)

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

    # Figures

    def _load_figures(self, load: Callable[[], T], came: Callable[[T], None]) -> None:
        self._records.drop(self._overview)
        self._overview = self._records.submit("figures", lambda cancel: load(), came)
