"""Everything behind the open records: the pages, the quiz flow, and the wiring between them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from dermtutor.domain.cases import Source
from dermtutor.domain.learners import Learner
from dermtutor.domain.quiz import QuizPlan
from dermtutor.services.progress import Overview, SessionSummary
from dermtutor.services.quiz import OpenSession
from dermtutor.ui.flow import QuizFlow
from dermtutor.ui.pages.about import AboutPage
from dermtutor.ui.pages.case import CasePage
from dermtutor.ui.pages.progress import ProgressPage
from dermtutor.ui.pages.setup import SetupPage
from dermtutor.ui.pages.start import StartPage
from dermtutor.ui.pages.summary import SummaryPage
from dermtutor.ui.services import Services
from dermtutor.ui.tasks import Ticket, Worker
from dermtutor.ui.theme import Theme

T = TypeVar("T")


class Desk(QObject):
    """Adds its pages to a stack and moves between them."""

    learner_changed = Signal(object)
    plan_chosen = Signal(object)
    page_changed = Signal(object)
    complaint = Signal(object)

    def __init__(
        self, stack: QStackedWidget, services: Services, theme: Theme, records: Worker, generator: Worker
    ) -> None:
        super().__init__(stack)
        self._stack = stack
        self._services = services
        self._records = records
        self._overview: Ticket | None = None
        self._source: Source | None = None
        self.learner: Learner | None = None
        self.flow = QuizFlow(services, records, generator, self)
        self.start_page = StartPage(theme)
        self.setup_page = SetupPage(theme, services.catalogue)
        self.case_page = CasePage(theme, services.catalogue)
        self.summary_page = SummaryPage(theme, services.catalogue)
        self.progress_page = ProgressPage(theme, services.catalogue)
        self.about_page = AboutPage(theme)
        for page in self.pages():
            stack.addWidget(page)
        self._connect_pages()
        self._connect_flow()

    def pages(self) -> tuple[QWidget, ...]:
        """All pages."""
        return (
            self.start_page,
            self.setup_page,
            self.case_page,
            self.summary_page,
            self.progress_page,
            self.about_page,
        )

    def _connect_pages(self) -> None:
        self.start_page.learner_chosen.connect(self.choose_learner)
        self.start_page.learner_named.connect(self._add_learner)
        self.start_page.quiz_wanted.connect(lambda: self.show(self.setup_page))
        self.start_page.resume_wanted.connect(self._resume)
        self.start_page.progress_wanted.connect(self.show_progress)
        self.setup_page.start_wanted.connect(self._start)
        self.setup_page.complaint.connect(self.complaint)
        self.case_page.submitted.connect(self.flow.answer)
        self.case_page.next_wanted.connect(self.flow.advance)
        self.case_page.leave_wanted.connect(self.show_start)
        self.case_page.retry_wanted.connect(self.flow.retry)
        self.summary_page.again.connect(self._start)
        self.summary_page.progress_wanted.connect(self.show_progress)
        self.summary_page.start_wanted.connect(self.show_start)
        self.progress_page.source_chosen.connect(self._choose_source)

    def _connect_flow(self) -> None:
        self.flow.waiting.connect(self.case_page.wait)
        self.flow.case_shown.connect(self.case_page.show_case)
        self.flow.feedback_shown.connect(self.case_page.show_feedback)
        self.flow.tone_arrived.connect(self.case_page.add_tone)
        self.flow.finished.connect(self._finished)
        self.flow.case_failed.connect(self._case_failed)
        self.flow.answer_failed.connect(self._answer_failed)

    # Pages

    def show(self, page: QWidget) -> None:
        """Show a page; a quiz that is left this way can be continued."""
        if page is not self.case_page:
            self.flow.leave()
        self._stack.setCurrentWidget(page)
        self.page_changed.emit(page)

    def show_start(self) -> None:
        """The start page with fresh figures."""
        self.show(self.start_page)
        self._refresh_start()

    def show_progress(self) -> None:
        """The progress page with fresh figures."""
        self.show(self.progress_page)
        self._refresh_progress()

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

    def _refresh_progress(self) -> None:
        learner, source, services = self.learner, self._source, self._services
        if learner is None:
            self.progress_page.show_overview(None)
            return
        self._load_figures(
            lambda: services.progress.overview(learner.id, source=source), self.progress_page.show_overview
        )

    def _choose_source(self, source: Source | None) -> None:
        self._source = source
        self._refresh_progress()

    def _load_figures(self, load: Callable[[], T], came: Callable[[T], None]) -> None:
        self._records.drop(self._overview)
        self._overview = self._records.submit("figures", lambda cancel: load(), came)
