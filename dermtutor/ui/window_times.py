"""How quick the real window is, used without a screen: the figures behind ``dermtutor bench --window``."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt

from dermtutor.errors import EnvironmentProblem
from dermtutor.paths import Folders
from dermtutor.services.ports import Progress
from dermtutor.settings import LoadedSettings, Settings
from dermtutor.ui.gaps import Gaps, watched
from dermtutor.ui.hands import Hands, turn, window_without_screen
from dermtutor.ui.opening import OpenServices
from dermtutor.ui.recipes.fields import RangeField
from dermtutor.ui.window import MainWindow

QUESTIONS: Final = 5
_ROUNDS: Final = 4
_RECIPE: Final = "plaque-psoriasis"
_STEPS_TO_ITS_SHAPE: Final = 4
_GLANCE: Final = 40
"""Milliseconds that somebody in a hurry looks at a page."""
_BACK_AGAIN: Final = (30, 60, 100, 170, 250, 400)
"""Milliseconds from one change of theme to the next: within the first, and while its charts are drawn."""


@dataclass(frozen=True, slots=True)
class WindowTimes:
    """``gaps`` of the event loop by what the window was used for; the others are seconds.

    ``next_images`` last from Enter at the feedback to the painted image of a case that was made ahead; ``collections``
    are full ones of Python's garbage collector, which sees all objects but the ``settled`` ones.
    """

    gaps: Mapping[str, Gaps]
    next_images: tuple[float, ...]
    collections: tuple[float, ...]
    settled: int


def measure_window(
    open_services: OpenServices, folders: Folders, learner: str, progress: Progress
) -> WindowTimes:
    """Opens the window for a learner with answers, uses it by key and mouse, and closes it.

    ``learner`` is the id. The records under ``folders`` get the answers of one quiz. Raises EnvironmentProblem with
    what the window tells, such as that there are no weights.
    """
    settings = Settings(acknowledged_not_for_diagnosis=True, last_learner=learner)
    loaded = LoadedSettings(settings, None)
    with window_without_screen(open_services, folders, loaded) as window:
        use, gaps = _Use(window), dict[str, Gaps]()
        steps = {
            "start": use.arrive_and_wait_for_all_pages,
            "statistics": use.look_at_statistics,
            "other_theme": use.change_the_theme,
            "theme_over_map": use.change_the_theme_over_the_map,
            "pages": use.go_round,
            "quiz": use.take_a_quiz,
            "recipe_form": use.write_a_recipe,
        }
        for name, step in steps.items():
            progress(len(gaps) / len(steps))
            gaps[name] = use.gaps_of(step)
        collections = tuple(_collection() for _ in range(_ROUNDS))
        times = WindowTimes(gaps, tuple(use.next_images), collections, gc.get_freeze_count())
    progress(1.0)
    return times


class _Use(Hands):
    """What is done at the window while its event loop is watched."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.next_images: list[float] = []

    def gaps_of(self, use: Callable[[], None]) -> Gaps:
        """The gaps of the event loop while the window is used like this."""
        with watched() as found:
            use()
            turn(100)
        return found

    def arrive_and_wait_for_all_pages(self) -> None:
        """What happens by itself once the window is there: records, generator, and pages that are built ahead."""
        self.arrive()
        self.settle()

    def look_at_statistics(self) -> None:
        """Open the page, let each source of images count alone, and go back to the start."""
        page = self.desk.progress_page
        self.click(self.window.nav["progress"])
        self._quiet()
        for source in (1, 2, 0):
            page.filters.source.choose(source)
            self._quiet()
        self.click(self.window.nav["start"])
        self._quiet()

    def change_the_theme(self) -> None:
        """To dark and back."""
        for _ in range(2):
            self.click(self.window.theme_button)
            self.until(lambda: not self.window.restyler.isActive(), "the theme")

    def change_the_theme_over_the_map(self) -> None:
        """To dark and back again and again before all is drawn, with the largest map of confusions in view."""
        page = self.desk.progress_page
        self.click(self.window.nav["progress"])
        self._quiet()
        page.area.verticalScrollBar().setValue(page.place_of("confusion"))
        for pause in _BACK_AGAIN:
            for wait in (pause, pause, 0, 0):
                self.click(self.window.theme_button)
                turn(wait)
            self.until(lambda: not self.window.restyler.isActive(), "the theme")
            self._quiet()
        self.click(self.window.nav["start"])
        self._quiet()

    def go_round(self) -> None:
        """From page to page, on to the next before all of one has come."""
        for _ in range(_ROUNDS):
            for entry in self.window.nav.values():
                if entry.isVisible():
                    self.click(entry)
                    turn(_GLANCE)
        self.click(self.window.nav["start"])
        self._quiet()

    def take_a_quiz(self) -> None:
        """Answer every question; go on only once the next case has been made ahead."""
        self.desk.quizzes.show_setup()
        self.settle()
        setup = self.desk.quizzes.setup_page
        setup.questions.choose(QUESTIONS)
        self.click(setup.start)
        self.await_question()
        for position in range(QUESTIONS):
            self.choose(right=position % 2 == 0)
            self.check()
            self._quiet()
            begun = time.perf_counter()
            self.go_on(last=position == QUESTIONS - 1)
            if position < QUESTIONS - 1:
                self.desk.quizzes.case_page.stage.view.repaint()
                self.next_images.append(time.perf_counter() - begun)

    def write_a_recipe(self) -> None:
        """Move a number of a copied recipe step by step, which is drawn anew all the while. The copy is not kept."""
        page, studio = self.desk.recipes_page, self.desk.studio
        self.click(self.window.nav["recipes"])
        self.until(lambda: page.index.table.rowCount() > 0, "the recipes")
        page.index.choose(_RECIPE)
        self.click(page.index.copy)
        self.until(lambda: page.editing and studio.idle(), "the drawing of a recipe")
        for _ in range(_STEPS_TO_ITS_SHAPE):
            self.key(page.editor.outline.tree, Qt.Key.Key_Down)
        self.until(lambda: page.editor.form.complete, "the form of a recipe")
        fields = (each.field for each in page.editor.form.rows.values())
        number = next((each for each in fields if isinstance(each, RangeField)), None)
        if number is None:
            raise EnvironmentProblem(
                f"The recipe {_RECIPE} has another form than usual; reinstall DermTutor."
            )
        for _ in range(10):
            number.high.stepUp()
            turn(20)
        self.until(studio.idle, "the drawing of a recipe")
        page.discard()

    def _quiet(self) -> None:
        workers = (self.window.records, self.window.generator, self.window.charts)
        self.until(lambda: all(worker.idle() for worker in workers), "the workers")


def _collection() -> float:
    """Seconds of a full collection, which would hold the window up for as long."""
    begun = time.perf_counter()
    gc.collect()
    return time.perf_counter() - begun
