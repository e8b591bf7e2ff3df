"""Everything behind the open records: the pages, the quiz flow, and the wiring between them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Final, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from dermtutor.domain.learners import Learner
from dermtutor.domain.quiz import QuizPlan
from dermtutor.services.progress import Overview, SessionSummary
from dermtutor.services.quiz import OpenSession
from dermtutor.settings import Settings
from dermtutor.ui.flow import QuizFlow
from dermtutor.ui.pages.about import AboutPage
from dermtutor.ui.pages.answered import AnsweredPage
from dermtutor.ui.pages.case import CasePage
from dermtutor.ui.pages.progress import ProgressPage
from dermtutor.ui.pages.setup import SetupPage
from dermtutor.ui.pages.start import StartPage
from dermtutor.ui.pages.summary import SummaryPage
from dermtutor.ui.services import Services
from dermtutor.ui.statistics_flow import ShownAnswer, StatisticsFlow, read_ahead
from dermtutor.ui.tasks import Ticket, Worker
from dermtutor.ui.theme import Theme

T = TypeVar("T")

_PAUSE_MILLISECONDS: Final = 30
"""Between two pages that are built ahead, so that keys and clicks come through."""
_PAGES: Final = (
    "start_page", "setup_page", "case_page", "summary_page", "progress_page", "answered_page", "about_page",
)  # fmt: skip


class Desk(QObject):
    """Adds its pages to a stack and moves between them."""

    learner_changed = Signal(object)
    plan_chosen = Signal(object)
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
        self._records, generator, self._charts = workers
        self._settings = settings
        self._facts = ("", "")
        self._overview: Ticket | None = None
        self.learner: Learner | None = None
        self.flow = QuizFlow(services, self._records, generator, self)
        self.flow.finished.connect(self._finished)
        self.flow.case_failed.connect(self._case_failed)
        self.flow.answer_failed.connect(self._answer_failed)
        self.learner_changed.connect(lambda learner: read_ahead(services, learner, self._charts))
        self._builder = QTimer(self)
        self._builder.timeout.connect(self._build_next)
        self._builder.start(_PAUSE_MILLISECONDS)

    # Pages are built when first needed, or one at a time while nothing else happens: together they would freeze
    # the window for longer than anything else does.

    @cached_property
    def start_page(self) -> StartPage:
        """Who is learning, and the last results."""
        page = StartPage(self._theme)
        page.learner_chosen.connect(self.choose_learner)
        page.learner_named.connect(self._add_learner)
        page.quiz_wanted.connect(lambda: self.show(self.setup_page))
        page.resume_wanted.connect(self._resume)
        page.progress_wanted.connect(self.show_progress)
        self._stack.addWidget(page)
        return page

    @cached_property
    def setup_page(self) -> SetupPage:
        """What the quiz is about."""
        page = SetupPage(self._theme, self._services.catalogue)
        page.choose(self._settings.conditions, self._settings.tones, self._settings.questions)
        page.start_wanted.connect(self._start)
        page.complaint.connect(self.complaint)
        self._stack.addWidget(page)
        return page

    @cached_property
    def case_page(self) -> CasePage:
        """Question and feedback."""
        page = CasePage(self._theme, self._services.catalogue)
        page.submitted.connect(self.flow.answer)
        page.next_wanted.connect(self.flow.advance)
        page.leave_wanted.connect(self.show_start)
        page.retry_wanted.connect(self.flow.retry)
        self.flow.waiting.connect(page.wait)
        self.flow.case_shown.connect(page.show_case)
        self.flow.feedback_shown.connect(page.show_feedback)
        self.flow.tone_arrived.connect(page.add_tone)
        self._stack.addWidget(page)
        return page

    @cached_property
    def summary_page(self) -> SummaryPage:
        """The result of one quiz."""
        page = SummaryPage(self._theme, self._services.catalogue)
        page.again.connect(self._start)
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
    def about_page(self) -> AboutPage:
        """What the program is."""
        page = AboutPage(self._theme)
        page.say(*self._facts)
        self._stack.addWidget(page)
        return page

    def pages(self) -> tuple[QWidget, ...]:
        """All pages, built where they were not yet."""
        return tuple(getattr(self, name) for name in _PAGES)

    def close(self) -> None:
        """Put the quiz aside and build nothing more."""
        self._builder.stop()
        self.flow.leave()

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
        """Show a page; a quiz that is left this way can be continued."""
        if not isinstance(page, CasePage):
            self.flow.leave()
        if "statistics" in self.__dict__ and not isinstance(page, ProgressPage):
            self.statistics.leave()
        self._stack.setCurrentWidget(page)
        self.page_changed.emit(page)

    def show_start(self) -> None:
        """The start page with fresh figures."""
        self.show(self.start_page)
        self._refresh_start()

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

    # Learners

    def open(self, last_learner: str | None) -> None:
        """The first page, with the learner of last time."""
        self.show(self.start_page)

        def came(learners: tuple[Learner, ...]) -> None:
            known = next((who for who in learners if who.id == last_learner), None)
            self._show_learners(learners, known or (learners[0] if len(learners) == 1 else None))

        self._records.submit("list learners", lambda cancel: self._services.profiles.learners(), came)

    def choose_learner(self, learner: Learner) -> None:
        """Another learner sits down."""
        self._list_learners(learner)

    def _add_learner(self, name: str) -> None:
        self._records.submit(
            "add a learner", lambda cancel: self._services.profiles.create(name), self._list_learners
        )

    def _list_learners(self, chosen: Learner) -> None:
        self._records.submit(
            "list learners",
            lambda cancel: self._services.profiles.learners(),
            lambda learners: self._show_learners(learners, chosen),
        )

    def _show_learners(self, learners: tuple[Learner, ...], chosen: Learner | None) -> None:
        self.learner = chosen
        self.start_page.show_learners(learners, chosen)
        self.learner_changed.emit(chosen)
        self._refresh_start()

    # Quizzes

    def _start(self, plan: QuizPlan) -> None:
        if self.learner is None:
            self.show_start()
            return
        self.plan_chosen.emit(plan)
        self.show(self.case_page)
        self.flow.start(self.learner.id, plan)

    def _resume(self, session_id: str) -> None:
        self.show(self.case_page)
        self.flow.resume(session_id)

    def _finished(self, summary: SessionSummary) -> None:
        self.summary_page.show_summary(summary)
        self.show(self.summary_page)

    def _case_failed(self, error: Exception) -> None:
        self.case_page.fail()
        self.complaint.emit(error)

    def _answer_failed(self, error: Exception) -> None:
        self.case_page.answer_failed()
        self.complaint.emit(error)

    # Figures

    def _refresh_start(self) -> None:
        learner = self.learner
        if learner is None:
            self.start_page.show_open(None)
            self.start_page.show_overview(None)
            return
        services = self._services

        def load() -> tuple[OpenSession | None, Overview]:
            return services.quiz.unfinished(learner.id), services.progress.overview(learner.id)

        def came(found: tuple[OpenSession | None, Overview]) -> None:
            self.start_page.show_open(found[0])
            self.start_page.show_overview(found[1])

        self._load_figures(load, came)

    def _load_figures(self, load: Callable[[], T], came: Callable[[T], None]) -> None:
        self._records.drop(self._overview)
        self._overview = self._records.submit("figures", lambda cancel: load(), came)
