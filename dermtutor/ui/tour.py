"""The tour: the real application without a screen takes two short quizzes and a
look at every mode by key and mouse, and pictures every page.

Answers are real answers: they go through the same windows and into the same records. Whoever answers is a rule that
looks up the right option and misses every third question, so the figures on the pictures say nothing about people.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox

from dermtutor.errors import EnvironmentProblem
from dermtutor.paths import Folders
from dermtutor.settings import load_settings
from dermtutor.ui.hands import window_without_screen
from dermtutor.ui.opening import OpenServices
from dermtutor.ui.recipes.toolbar import TEXT
from dermtutor.ui.tour_cohort import visit_cohort
from dermtutor.ui.tour_modes import visit_modes
from dermtutor.ui.tour_sets import visit_case_sets
from dermtutor.ui.tour_steps import Visitor
from dermtutor.ui.tour_transfer import visit_transfer
from dermtutor.ui.window import MainWindow

LEARNER: Final = "Guest"
FIRST_QUIZ: Final = 5
SECOND_QUIZ: Final = 20
SECOND_TONES: Final = (3, 9)
SLIDER_TONES: Final = (1, 4, 7, 10)
MISS_EVERY: Final = 3


@dataclass(frozen=True, slots=True)
class TourResult:
    """What the tour left behind: the pictures in order, and how many answers it added to the records."""

    pictures: tuple[Path, ...]
    answers: int


def run_tour(out: Path, open_services: OpenServices, folders: Folders) -> TourResult:
    """Take the tour and save its pictures as PNG files in ``out``.

    The records under ``folders`` get the answers of a learner of the tour's own. Raises UserError when the
    application tells one, EnvironmentProblem when it stops answering or ``out`` cannot be written.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise EnvironmentProblem(
            f"Pictures cannot be saved in {out} ({problem.strerror}); choose another."
        ) from problem
    with window_without_screen(open_services, folders, load_settings(folders.settings)) as window:
        tour = _Tour(window, out)
        tour.take()
        return TourResult(tuple(tour.pictures), tour.answers)


class _Tour(Visitor):
    def __init__(self, window: MainWindow, out: Path) -> None:
        super().__init__(window, out)
        self._asked = 0

    def take(self) -> None:
        """Every page once, in the order a person meets them."""
        self._begin()
        self._first_quiz()
        self._dark()
        self._second_quiz()
        self._progress()
        self._recipes()
        visit_cohort(self)
        visit_transfer(self)
        visit_case_sets(self)
        visit_modes(self)

    # Chapters

    def _begin(self) -> None:
        self.arrive()
        if not self.window.settings.acknowledged_not_for_diagnosis:
            self.picture("welcome")
            self.click(self.window.welcome.accept)
        start = self.desk.start_page
        self.until(lambda: start.isVisible() and self.window.records.idle(), "the start page")
        own = [chip for chip in start.learner_buttons if chip.toolTip() == LEARNER]
        if own:
            self.click(own[0])
        else:
            QTest.keyClicks(start.name, LEARNER)
            self.key(start.name, Qt.Key.Key_Return)
        self.until(self._is_guest, "the learner")
        self.settle()
        self.picture("start")

    def _first_quiz(self) -> None:
        setup = self.desk.quizzes.setup_page
        self.click(self.desk.start_page.start)
        self.click(setup.questions.segments[0])
        self.picture("set-up")
        self.click(setup.start)
        self.await_question()
        self.picture("question")
        self._zoom()
        self._answer(right=True, picture="question-answered")
        self.picture("feedback-right")
        self._explore()
        self.go_on()
        self._answer(right=False)
        self.picture("feedback-wrong")
        self.key(self.desk.quizzes.case_page, Qt.Key.Key_M)
        self.picture("feedback-wrong-outline")
        for _ in range(FIRST_QUIZ - 2):
            self.go_on()
            self._answer(right=self._by_rule())
        self.go_on(last=True)
        self.picture("summary")

    def _dark(self) -> None:
        self.click(self.window.theme_button)
        self.click(self.window.nav["start"])
        self.settle()
        self.picture("start-dark")

    def _second_quiz(self) -> None:
        """Two conditions on a light and a dark tone: enough answers in each cell to show a figure."""
        setup = self.desk.quizzes.setup_page
        self.click(self.desk.start_page.start)
        diseases = [box for name, box in setup.boxes.items() if name in ("melanoma", "plaque-psoriasis")]
        self._only(setup.boxes.values(), diseases or list(setup.boxes.values())[:2])
        self._only(setup.tones.values(), [b for t, b in setup.tones.items() if t.value in SECOND_TONES])
        self.click(setup.questions.segments[2])
        self.picture("set-up-dark")
        self.click(setup.start)
        for number in range(SECOND_QUIZ):
            self.await_question() if number == 0 else self.go_on()
            if number == 0:
                self.picture("question-dark")
            self._answer(right=self._by_rule())
            if number == 0:
                self.until(self.desk.quizzes.case_page.stage.slider.all_ready, "the tones")
                self.key(self.desk.quizzes.case_page, Qt.Key.Key_M)
                self.picture("feedback-dark")
        self.go_on(last=True)

    def _progress(self) -> None:
        page = self.desk.progress_page
        self.click(self.window.nav["progress"])
        self.settle()
        self.picture("progress-dark")
        self.click(self.window.theme_button)
        self.picture("progress")
        bar = page.area.verticalScrollBar()
        for name, card in (
            ("gap", "gap"),
            ("confusion", "confusion"),
            ("confidence", "calibration"),
            ("time", "times"),
        ):
            bar.setValue(page.place_of(card))
            self.picture(f"progress-{name}")
        bar.setValue(0)
        self.key(page, Qt.Key.Key_T)
        self.picture("progress-table")
        self.key(page, Qt.Key.Key_T)
        self._open_mistake()
        self.click(self.window.nav["about"])
        self.picture("about")
        self.click(self.window.nav["start"])
        self.settle()
        self.picture("start-results")

    def _recipes(self) -> None:
        """A copy of a shipped recipe, changed in the form, seen as text, and left without keeping it."""
        page, studio = self.desk.recipes_page, self.desk.studio
        self.click(self.window.nav["recipes"])
        self.until(lambda: page.index.table.rowCount() > 0, "the recipes")
        page.index.choose("plaque-psoriasis")
        self.picture("recipes")
        self.click(page.index.copy)
        editor = page.editor
        self.until(lambda: page.editing and studio.idle(), "the drawing of a recipe")
        self.key(editor.outline.tree, Qt.Key.Key_Down)
        self.until(lambda: editor.form.complete, "the form of a recipe")
        self.picture("recipe-condition")
        for _ in range(3):
            self.key(editor.outline.tree, Qt.Key.Key_Down)
        self.until(lambda: editor.form.complete and studio.idle(), "the drawing of a recipe")
        self.picture("recipe-form")
        self.click(self.window.theme_button)
        self.picture("recipe-form-dark")
        self.click(self.window.theme_button)
        editor.bar.view.choose(TEXT)
        self.picture("recipe-text")
        page.discard()

    def _open_mistake(self) -> None:
        """The cases behind the most frequent confusion."""
        confusion = self.desk.progress_page.confusion
        cell = confusion.most_frequent_mistake()
        if cell is None:
            return
        middle = confusion.cell_rect(*cell).center().toPoint()
        QTest.mouseClick(confusion, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)
        self.until(self.desk.answered_page.isVisible, "the cases")
        self.picture("progress-cases")
        self.key(self.desk.answered_page, Qt.Key.Key_Escape)

    # Steps

    def _zoom(self) -> None:
        view = self.desk.quizzes.case_page.stage.view
        middle = QPointF(view.rect().center())
        for _ in range(3):
            turn = QWheelEvent(
                middle,
                view.mapToGlobal(middle),
                QPoint(0, 0),
                QPoint(0, 120),
                Qt.MouseButton.NoButton,
                Qt.KeyboardModifier.NoModifier,
                Qt.ScrollPhase.NoScrollPhase,
                False,
            )
            QApplication.sendEvent(view, turn)
        self.picture("question-zoomed")
        self.key(self.desk.quizzes.case_page, Qt.Key.Key_Z)

    def _explore(self) -> None:
        page = self.desk.quizzes.case_page
        self.until(page.stage.slider.all_ready, "the tones")
        self.key(page, Qt.Key.Key_M)
        self.picture("outline")
        self.key(page, Qt.Key.Key_M)
        slider = page.stage.slider
        for tone in SLIDER_TONES:
            middle = QPoint(round((tone - 0.5) * slider.width() / 10), slider.height() // 2)
            QTest.mouseClick(slider, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)
            self.picture(f"tone-{tone:02d}")

    def _answer(self, *, right: bool, picture: str = "") -> None:
        self.choose(right=right)
        if picture:
            self.picture(picture)
        self._asked += 1
        self.check()

    def _by_rule(self) -> bool:
        return (self._asked + 1) % MISS_EVERY != 0

    def _only(self, boxes: Iterable[QCheckBox], wanted: Sequence[QCheckBox]) -> None:
        """Click until exactly the wanted boxes are checked."""
        for box in boxes:
            if box.isChecked() != (box in wanted):
                self.click(box)

    def _is_guest(self) -> bool:
        return self.desk.learner is not None and self.desk.learner.name == LEARNER
