"""Everything behind the open records: the areas of the window, their pages, and the ways between them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from dermtutor.domain.learners import Learner
from dermtutor.settings import Settings
from dermtutor.ui.ahead import BuiltAhead
from dermtutor.ui.cohort.flow import CohortFlow
from dermtutor.ui.cohort.page import CohortPage
from dermtutor.ui.pages.about import AboutPage
from dermtutor.ui.pages.answered import AnsweredPage
from dermtutor.ui.pages.case_sets import CaseSetsPage
from dermtutor.ui.pages.progress import ProgressPage
from dermtutor.ui.pages.recipes import RecipesPage
from dermtutor.ui.pages.start import StartPage
from dermtutor.ui.pages.transfer import TransferPage
from dermtutor.ui.quizzes import PAGES as QUIZ_PAGES
from dermtutor.ui.quizzes import Quizzes
from dermtutor.ui.reception import Reception
from dermtutor.ui.recipes.studio import RecipeStudio
from dermtutor.ui.services import Services
from dermtutor.ui.sets.office import SetOffice
from dermtutor.ui.sets.parcels import SetParcels
from dermtutor.ui.statistics_flow import EDUCATOR, ShownAnswer, StatisticsFlow, read_ahead
from dermtutor.ui.tasks import Worker
from dermtutor.ui.theme import Theme
from dermtutor.ui.transfer.studio import TransferDesk

PAGES: Final = (
    "start_page",
    "progress_page",
    "answered_page",
    "cohort_page",
    "about_page",
    "recipes_page",
    "case_sets_page",
    "transfer_page",
)
"""Those of the desk itself, in the order in which they are built ahead; the quiz's come after the first."""


class Desk(QObject):
    """Adds its pages to a stack and moves between them."""

    learner_changed = Signal(object)
    page_coming = Signal(object)
    """A page that will be shown at once."""
    page_changed = Signal(object)
    complaint = Signal(object)
    told = Signal(str)
    report_wanted = Signal()
    export_wanted = Signal()
    send_wanted = Signal()
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
        self._facts = ("", "")
        self.reception = Reception(services, theme, self._records, self)
        self.reception.learner_changed.connect(self.learner_changed)
        self.quizzes = Quizzes(
            stack, services, theme, (self._records, self._generator), settings, self.reception
        )
        self.quizzes.page_wanted.connect(self.show)
        self.quizzes.start_wanted.connect(self.show_start)
        self.quizzes.progress_wanted.connect(self.show_progress)
        self.quizzes.complaint.connect(self.complaint)
        self.learner_changed.connect(lambda learner: read_ahead(services, learner, self._charts))
        self.ahead = BuiltAhead(
            ((self, PAGES[:1]), (self.quizzes, QUIZ_PAGES), (self, PAGES[1:])),
            lambda: all(worker.idle() for worker in workers),
            self,
        )

    # Pages are built when first needed, or ahead of that

    @cached_property
    def start_page(self) -> StartPage:
        """Who is learning, and the last results."""
        page = self.reception.page
        page.quiz_wanted.connect(self.quizzes.show_setup)
        page.review_wanted.connect(lambda: self.quizzes.review())
        page.resume_wanted.connect(self.quizzes.sitting.resume)
        page.progress_wanted.connect(self.show_progress)
        self._stack.addWidget(page)
        return page

    @cached_property
    def progress_page(self) -> ProgressPage:
        """The statistics."""
        page = ProgressPage(self._theme, self._services.catalogue, self._charts)
        page.report_wanted.connect(self.report_wanted)
        page.export_wanted.connect(self.export_wanted)
        page.send_wanted.connect(self.send_wanted)
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
    def cohort_page(self) -> CohortPage:
        """What learners' results say together."""
        page = CohortPage(self._theme, self._services.catalogue, self._charts)
        self._stack.addWidget(page)
        return page

    @cached_property
    def cohort(self) -> CohortFlow:
        """What fills the cohort page."""
        flow = CohortFlow(self._services, self.cohort_page, self._records, self._charts)
        flow.told.connect(self.told)
        flow.complaint.connect(self.complaint)
        return flow

    @cached_property
    def studio(self) -> RecipeStudio:
        """What the recipe page asks of the application."""
        studio = RecipeStudio(self._services.recipes, self._records, self._generator, self)
        studio.failed.connect(self.complaint)
        studio.own_changed.connect(self.quizzes.conditions_changed)
        studio.own_changed.connect(self._offer_conditions)
        return studio

    @cached_property
    def recipes_page(self) -> RecipesPage:
        """Recipes to read and to write."""
        page = RecipesPage(self._theme, self.studio)
        page.told.connect(self.told)
        self._stack.addWidget(page)
        return page

    @cached_property
    def transfer_page(self) -> TransferPage:
        """Diseases on photographs of healthy skin."""
        services, workers = self._services, (self._records, self._generator)
        desk = TransferDesk(
            services.transfer, services.transfer_cases, services.transfer_draft, workers, self
        )
        page = TransferPage(self._theme, desk)
        page.told.connect(self.told)
        page.complaint.connect(self.complaint)
        self._stack.addWidget(page)
        return page

    @cached_property
    def office(self) -> SetOffice:
        """What the page of case sets asks of the application."""
        office = SetOffice(self._services.case_sets, self._records, self._generator, self)
        office.failed.connect(self.complaint)
        office.told.connect(self.told)
        office.quiz_wanted.connect(self.quizzes.start_set)
        return office

    @cached_property
    def case_sets_page(self) -> CaseSetsPage:
        """Case sets to build, to review and to be asked."""
        page = CaseSetsPage(self._theme, self._services.catalogue, self.office)
        page.complaint.connect(self.complaint)
        self.parcels = SetParcels(self._theme, self._services.set_exchange, page)
        self.parcels.failed.connect(self.complaint)
        self.parcels.told.connect(self.told)
        self._stack.addWidget(page)
        return page

    def _offer_conditions(self) -> None:
        """Own recipes came, went or changed."""
        if "case_sets_page" in self.__dict__:
            self.case_sets_page.builder.conditions.show_conditions(self._services.catalogue)
        if "transfer_page" in self.__dict__:
            self.transfer_page.offer_conditions()

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

    def close(self) -> None:
        """Put the quiz aside and build nothing more."""
        self.ahead.stop()
        self.quizzes.sitting.leave()
        if "case_sets_page" in self.__dict__:
            self.case_sets_page.close_work()
            self.parcels.close()
        if "transfer_page" in self.__dict__:
            self.transfer_page.unsaved.stop()

    def say_facts(self, weights: str, folder: str) -> None:
        """The weights in use and the folder of the records, for the page about the program."""
        self._facts = (weights, folder)
        if "about_page" in self.__dict__:
            self.about_page.say(weights, folder)

    # Pages

    def show(self, page: QWidget) -> None:
        """Show a page; a quiz that is left this way can be continued, a recipe or picture not saved asks first."""
        if not self.may_leave(page, lambda: self.show(page)):
            self.page_changed.emit(self._stack.currentWidget())
            return
        self.quizzes.leave_for(page)
        if "statistics" in self.__dict__ and not isinstance(page, ProgressPage):
            self.statistics.leave()
        if "cohort" in self.__dict__ and not isinstance(page, CohortPage):
            self.cohort.leave()
        self.page_coming.emit(page)
        self._stack.setCurrentWidget(page)
        self.page_changed.emit(page)

    def may_leave(self, page: QWidget | None, then: Callable[[], object]) -> bool:
        """Whether the page that is shown can be left for another (None: the window closes) without losing anything.

        Otherwise the person is asked, and ``then`` follows when they want it.
        """
        shown = self._stack.currentWidget()
        if not isinstance(shown, RecipesPage | TransferPage) or shown is page:
            return True
        return shown.may_leave(then)

    def show_transfer(self) -> None:
        """Diseases on photographs."""
        self.show(self.transfer_page)

    def show_recipes(self) -> None:
        """The recipes."""
        self.show(self.recipes_page)

    def show_case_sets(self) -> None:
        """The case sets; educators may change them."""
        learner = self.learner
        self.office.by = "" if learner is None else learner.name
        self.case_sets_page.let_edit(learner is not None and learner.role == EDUCATOR)
        self.show(self.case_sets_page)

    def show_start(self) -> None:
        """The start page with fresh figures."""
        self.show(self.start_page)
        self.reception.refresh()

    def open(self, last_learner: str | None) -> None:
        """The first page, with the learner of last time."""
        self.show(self.start_page)
        self.reception.open(last_learner)

    def show_progress(self) -> None:
        """The progress page with fresh figures."""
        self.show(self.progress_page)
        self.statistics.show_learner(self.learner)

    def show_cohort(self) -> None:
        """The cohort page with fresh figures."""
        self.show(self.cohort_page)
        self.cohort.refresh()

    def _show_answered(self, cases: list[ShownAnswer]) -> None:
        self.answered_page.show_cases(cases)
        self.show(self.answered_page)

    def show_about(self) -> None:
        """The page about the program."""
        self.show(self.about_page)
