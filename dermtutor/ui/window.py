"""The main window: navigation, banner, pages, footer. It opens the records off its thread, then shows the desk."""

from __future__ import annotations

import logging
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QMainWindow,
    QStackedWidget,
    QWidget,
)

from dermtutor.domain.learners import Learner
from dermtutor.domain.quiz import QuizPlan
from dermtutor.errors import UserError
from dermtutor.paths import Folders
from dermtutor.settings import Settings
from dermtutor.ui.cohort.page import CohortPage
from dermtutor.ui.desk import Desk
from dermtutor.ui.heap import Collector
from dermtutor.ui.interpreter import QuickTurns
from dermtutor.ui.memory import Memory
from dermtutor.ui.opening import Opener, OpenServices, Recovery
from dermtutor.ui.pages.about import AboutPage
from dermtutor.ui.pages.answered import AnsweredPage
from dermtutor.ui.pages.case_sets import CaseSetsPage
from dermtutor.ui.pages.opening import OpeningPage
from dermtutor.ui.pages.progress import ProgressPage
from dermtutor.ui.pages.recipes import RecipesPage
from dermtutor.ui.pages.transfer import TransferPage
from dermtutor.ui.pages.welcome import WelcomePage
from dermtutor.ui.restyler import Restyler
from dermtutor.ui.saving import LogSaving, OwnDataDialogs
from dermtutor.ui.services import Services
from dermtutor.ui.statistics_flow import EDUCATOR
from dermtutor.ui.tasks import Worker
from dermtutor.ui.theme import Theme, ThemeName
from dermtutor.ui.top_bar import TopBar
from dermtutor.ui.widgets.banner import Banner
from dermtutor.ui.widgets.basic import column, holder, label, row
from dermtutor.ui.wording import BUG, NOT_FOR_DIAGNOSIS

_log = logging.getLogger(__name__)

DEFAULT_SIZE = (1280, 800)
MINIMUM_SIZE = (940, 560)


class MainWindow(QMainWindow):
    """``opened`` once the records are open and the first page is shown."""

    opened = Signal()

    def __init__(
        self,
        open_services: OpenServices,
        folders: Folders,
        settings: Settings,
        theme: Theme,
        log_file: Path,
        recovery: Recovery | None = None,
    ) -> None:
        super().__init__()
        self._folders = folders
        self._theme = theme
        self._services: Services | None = None
        self.desk: Desk | None = None
        self._collector = Collector(self)
        self._quick_turns = QuickTurns()
        self.records = Worker("records worker", self)
        self.generator = Worker("generator worker", self)
        self.charts = Worker("charts worker", self)
        for worker in (self.records, self.generator, self.charts):
            worker.failed.connect(self.tell_error)
        self.memory = Memory(settings, folders.settings, self.records, self)
        self.saving = LogSaving(log_file, self.records, self)
        self.saving.told.connect(self.tell)
        self.setWindowTitle("DermTutor")
        self.resize(*DEFAULT_SIZE)
        self.setMinimumSize(*MINIMUM_SIZE)
        self._build()
        self._opener = Opener(self.opening, self.records, open_services, recovery)
        self._opener.opened.connect(self._opened)
        self._opener.failed.connect(lambda: self._stack.setCurrentWidget(self.opening))
        QShortcut(QKeySequence("F11"), self).activated.connect(self._toggle_full_screen)
        self._stack.setCurrentWidget(
            self.opening if settings.acknowledged_not_for_diagnosis else self.welcome
        )

    @property
    def settings(self) -> Settings:
        """What is remembered now."""
        return self.memory.settings

    # Building

    def _build(self) -> None:
        self.restyler = Restyler(self._theme, self, self.charts.idle)
        self.banner = Banner(self._theme)
        self._stack = QStackedWidget()
        self.welcome = WelcomePage(self._theme)
        self.opening = OpeningPage(self._theme)
        for page in (self.welcome, self.opening):
            self.restyler.add(page)
            self._stack.addWidget(page)
        self._stack.widgetAdded.connect(self._style_page)
        self.welcome.acknowledged.connect(self._acknowledge)
        self.bar = TopBar(self._theme)
        self.nav, self.theme_button = self.bar.nav, self.bar.theme_button
        self.theme_button.clicked.connect(self._toggle_theme)
        footer = self._footer()
        layout = column(self.bar, self.banner, self._stack, footer, gap=0)
        layout.setStretch(2, 1)
        self.setCentralWidget(holder(layout))
        self.restyler.add(self.bar, self.banner, footer)

    def _style_page(self, place: int) -> None:
        page = self._stack.widget(place)
        if page is not None:
            self.restyler.add_unseen(page)

    def _footer(self) -> QFrame:
        self._status = label("", "small")
        layout = row(label(NOT_FOR_DIAGNOSIS, "small"), None, self._status)
        layout.setContentsMargins(24, 7, 24, 8)
        footer = QFrame()
        footer.setProperty("role", "footer")
        footer.setLayout(layout)
        return footer

    # Opening and closing

    def open(self) -> None:
        """Open the records, off this thread."""
        self._opener.open()

    def _opened(self, services: Services) -> None:
        self._services = services
        workers = (self.records, self.generator, self.charts)
        self.desk = Desk(self._stack, services, self._theme, workers, self.settings)
        self.desk.told.connect(self.tell)
        ask = OwnDataDialogs(self.desk, self)
        self.desk.report_wanted.connect(ask.save_report)
        self.desk.export_wanted.connect(ask.export_data)
        self.desk.send_wanted.connect(ask.send_results)
        self.desk.delete_wanted.connect(ask.delete_data)
        self.desk.complaint.connect(self.tell_error)
        self.desk.learner_changed.connect(self._learner_changed)
        self.desk.quizzes.plan_chosen.connect(self._plan_chosen)
        self.desk.page_coming.connect(self.restyler.style_waiting)
        self.desk.page_changed.connect(self._page_changed)
        self.desk.quizzes.auto_submit_chosen.connect(self.memory.auto_submit)
        flow, sitting = self.desk.quizzes.flow, self.desk.quizzes.sitting
        shown = (
            flow.case_shown,
            flow.feedback_shown,
            sitting.past.question_shown,
            sitting.exam.question_shown,
        )
        for moved_on in shown:
            moved_on.connect(self.banner.hide)
        self._connect_nav(self.desk)
        self._warm_up(services)
        if self.settings.acknowledged_not_for_diagnosis:
            self._enter(self.desk)
        self.opened.emit()

    def _warm_up(self, services: Services) -> None:
        """Load the network while the person reads; the footer then names the device."""
        self._status.setText("Getting the image generator ready …")

        def load() -> tuple[str, str]:
            return services.generator.device_name(), services.generator.weights_version()

        def came(found: tuple[str, str]) -> None:
            device, weights = found
            self._collector.begin()
            self._status.setText(f"Image generator ready on {device}")
            if self.desk is not None:
                self.desk.say_facts(f"{weights}, on {device}", str(self._folders.home))

        self.generator.submit("load the generator", lambda cancel: load(), came, self._not_warm)

    def _not_warm(self, error: Exception) -> None:
        self._collector.begin()
        self._status.setText("No image generator")
        self.tell_error(error)

    def _acknowledge(self) -> None:
        self.memory.acknowledge()
        if self.desk is None:
            self._stack.setCurrentWidget(self.opening)
        else:
            self._enter(self.desk)

    def _enter(self, desk: Desk) -> None:
        self.bar.enable()
        desk.open(self.settings.last_learner)
        left_out = self._services.recipes.left_out() if self._services is not None else None
        if left_out is not None:
            self.banner.tell(left_out)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.isFullScreen():
            self._toggle_full_screen()
        else:
            super().keyPressEvent(event)

    def _toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.desk is not None:
            if not self.desk.may_leave(None, self.close):
                event.ignore()
                return
            self.desk.close()
        self.hide()
        self.charts.close()
        self.generator.close()
        self.records.close()
        self._opener.close()
        services, self._services = self._services, None
        if services is not None:
            services.close()
        self._collector.close()
        self._quick_turns.close()
        event.accept()

    # Navigation and settings

    def _connect_nav(self, desk: Desk) -> None:
        shown = {
            "start": desk.show_start,
            "progress": desk.show_progress,
            "cohort": desk.show_cohort,
            "sets": desk.show_case_sets,
            "transfer": desk.show_transfer,
            "recipes": desk.show_recipes,
            "about": desk.show_about,
        }
        for name, entry in self.nav.items():
            entry.clicked.connect(shown[name])

    def _page_changed(self, page: QWidget) -> None:
        self.banner.hide()
        places: dict[type[QWidget], str] = {
            ProgressPage: "progress",
            AnsweredPage: "progress",
            CohortPage: "cohort",
            CaseSetsPage: "sets",
            TransferPage: "transfer",
            RecipesPage: "recipes",
            AboutPage: "about",
        }
        self.bar.mark(places.get(type(page), "start"))

    def _learner_changed(self, learner: Learner | None) -> None:
        educator = learner is not None and learner.role == EDUCATOR
        self.bar.tell_who("" if learner is None else learner.name, educator=educator)
        if learner is not None:
            self.memory.learner(learner)

    def _plan_chosen(self, plan: QuizPlan, options: dict[str, int]) -> None:
        everything = self.desk is not None and set(plan.conditions) == set(self.desk.quizzes.setup_page.boxes)
        self.memory.plan(plan, options, everything=everything)

    def _toggle_theme(self) -> None:
        app = QApplication.instance()
        name: ThemeName = "light" if self._theme.tokens.name == "dark" else "dark"
        if isinstance(app, QApplication):
            self._theme.choose(name, app)
        self.memory.theme(name)

    # Trouble

    def tell(self, sentence: str) -> None:
        """One sentence in the banner; an empty one takes the last away."""
        self.banner.inform(sentence) if sentence else self.banner.hide()

    def tell_error(self, error: Exception) -> None:
        """What went wrong: the person's sentence, or for a bug the offer to save the log."""
        if isinstance(error, UserError):
            self.banner.tell(str(error))
        else:
            self.banner.tell(BUG, "Save log …", self.saving.ask_for_log)

    def come_forward(self) -> None:
        """Raised by a second start."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()
