"""The tour: the real application without a screen takes two short quizzes by key and mouse, and pictures every page.

Answers are real answers: they go through the same windows and into the same records. Whoever answers is a rule that
looks up the right option and misses every third question, so the figures on the pictures say nothing about people.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QEventLoop, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QWidget

from dermtutor.errors import EnvironmentProblem
from dermtutor.paths import Folders
from dermtutor.settings import load_settings
from dermtutor.ui.app import build_window, create_application
from dermtutor.ui.desk import Desk
from dermtutor.ui.recipes.editor import TEXT
from dermtutor.ui.window import MainWindow, OpenServices

LEARNER: Final = "Guest"
FIRST_QUIZ: Final = 5
SECOND_QUIZ: Final = 20
SECOND_TONES: Final = (3, 9)
SLIDER_TONES: Final = (1, 4, 7, 10)
MISS_EVERY: Final = 3
PATIENCE_SECONDS: Final = 120.0


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
    folders.create()
    if QApplication.instance() is None:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    app = create_application()
    window = build_window(app, open_services, folders, load_settings(folders.settings), "light")
    try:
        tour = _Tour(window, out)
        tour.take()
        return TourResult(tuple(tour.pictures), tour.answers)
    finally:
        window.close()
        window.deleteLater()
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def _turn(milliseconds: int) -> None:
    """Let the event loop run. QTest.qWait would keep the interpreter to itself, and the workers waiting."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


class _Tour:
    def __init__(self, window: MainWindow, out: Path) -> None:
        self._window = window
        self._out = out
        self.pictures: list[Path] = []
        self.answers = 0
        self._asked = 0

    def take(self) -> None:
        """Every page once, in the order a person meets them."""
        self._begin()
        self._first_quiz()
        self._dark()
        self._second_quiz()
        self._progress()
        self._recipes()

    # Chapters

    def _begin(self) -> None:
        self._until(lambda: self._window.desk is not None, "the records to open")
        self._until(self._window.generator.idle, "the image generator")
        if not self._window.settings.acknowledged_not_for_diagnosis:
            self._picture("welcome")
            self._click(self._window.welcome.accept)
        start = self._desk.start_page
        self._until(lambda: start.isVisible() and self._window.records.idle(), "the start page")
        own = [chip for chip in start.learner_buttons if chip.toolTip() == LEARNER]
        if own:
            self._click(own[0])
        else:
            QTest.keyClicks(start.name, LEARNER)
            self._key(start.name, Qt.Key.Key_Return)
        self._until(self._is_guest, "the learner")
        self._settle()
        self._picture("start")

    def _first_quiz(self) -> None:
        setup = self._desk.setup_page
        self._click(self._desk.start_page.start)
        self._click(setup.questions.segments[0])
        self._picture("set-up")
        self._click(setup.start)
        self._await_question()
        self._picture("question")
        self._zoom()
        self._answer(right=True, picture="question-answered")
        self._picture("feedback-right")
        self._explore()
        self._next()
        self._answer(right=False)
        self._picture("feedback-wrong")
        self._key(self._desk.case_page, Qt.Key.Key_M)
        self._picture("feedback-wrong-outline")
        for _ in range(FIRST_QUIZ - 2):
            self._next()
            self._answer(right=self._by_rule())
        self._next(last=True)
        self._picture("summary")

    def _dark(self) -> None:
        self._click(self._window.theme_button)
        self._click(self._window.nav["start"])
        self._settle()
        self._picture("start-dark")

    def _second_quiz(self) -> None:
        """Two conditions on a light and a dark tone: enough answers in each cell to show a figure."""
        setup = self._desk.setup_page
        self._click(self._desk.start_page.start)
        diseases = [box for name, box in setup.boxes.items() if name in ("melanoma", "plaque-psoriasis")]
        self._only(setup.boxes.values(), diseases or list(setup.boxes.values())[:2])
        self._only(setup.tones.values(), [b for t, b in setup.tones.items() if t.value in SECOND_TONES])
        self._click(setup.questions.segments[2])
        self._picture("set-up-dark")
        self._click(setup.start)
        for number in range(SECOND_QUIZ):
            self._await_question() if number == 0 else self._next()
            if number == 0:
                self._picture("question-dark")
            self._answer(right=self._by_rule())
            if number == 0:
                self._until(self._desk.case_page.stage.slider.all_ready, "the tones")
                self._key(self._desk.case_page, Qt.Key.Key_M)
                self._picture("feedback-dark")
        self._next(last=True)

    def _progress(self) -> None:
        page = self._desk.progress_page
        self._click(self._window.nav["progress"])
        self._settle()
        self._picture("progress-dark")
        self._click(self._window.theme_button)
        self._picture("progress")
        bar = page.area.verticalScrollBar()
        for name, card in (
            ("gap", "gap"),
            ("confusion", "confusion"),
            ("confidence", "calibration"),
            ("time", "times"),
        ):
            bar.setValue(page.place_of(card))
            self._picture(f"progress-{name}")
        bar.setValue(0)
        self._key(page, Qt.Key.Key_T)
        self._picture("progress-table")
        self._key(page, Qt.Key.Key_T)
        self._open_mistake()
        self._click(self._window.nav["about"])
        self._picture("about")
        self._click(self._window.nav["start"])
        self._settle()
        self._picture("start-results")

    def _recipes(self) -> None:
        """A copy of a shipped recipe, changed in the form, seen as text, and left without keeping it."""
        page, studio = self._desk.recipes_page, self._desk.studio
        self._click(self._window.nav["recipes"])
        self._until(lambda: page.index.table.rowCount() > 0, "the recipes")
        page.index.choose("plaque-psoriasis")
        self._picture("recipes")
        self._click(page.index.copy)
        editor = page.editor
        self._until(lambda: page.editing and studio.idle(), "the drawing of a recipe")
        self._key(editor.outline.tree, Qt.Key.Key_Down)
        self._picture("recipe-condition")
        for _ in range(3):
            self._key(editor.outline.tree, Qt.Key.Key_Down)
        self._until(studio.idle, "the drawing of a recipe")
        self._picture("recipe-form")
        self._click(self._window.theme_button)
        self._picture("recipe-form-dark")
        self._click(self._window.theme_button)
        editor.view.choose(TEXT)
        self._picture("recipe-text")
        page.discard()

    def _open_mistake(self) -> None:
        """The cases behind the most frequent confusion."""
        confusion = self._desk.progress_page.confusion
        cell = confusion.most_frequent_mistake()
        if cell is None:
            return
        middle = confusion.cell_rect(*cell).center().toPoint()
        QTest.mouseClick(confusion, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)
        self._until(self._desk.answered_page.isVisible, "the cases")
        self._picture("progress-cases")
        self._key(self._desk.answered_page, Qt.Key.Key_Escape)

    # Steps

    def _zoom(self) -> None:
        view = self._desk.case_page.stage.view
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
        self._picture("question-zoomed")
        self._key(self._desk.case_page, Qt.Key.Key_Z)

    def _explore(self) -> None:
        page = self._desk.case_page
        self._until(page.stage.slider.all_ready, "the tones")
        self._key(page, Qt.Key.Key_M)
        self._picture("outline")
        self._key(page, Qt.Key.Key_M)
        slider = page.stage.slider
        for tone in SLIDER_TONES:
            middle = QPoint(round((tone - 0.5) * slider.width() / 10), slider.height() // 2)
            QTest.mouseClick(slider, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)
            self._picture(f"tone-{tone:02d}")

    def _answer(self, *, right: bool, picture: str = "") -> None:
        page = self._desk.case_page
        current = self._desk.flow.current
        if current is None:
            raise EnvironmentProblem("The tour lost its case; run it again with an empty --home.")
        choices, truth = current.case.question.choices, current.case.spec.condition
        wanted = next(n for n, choice in enumerate(choices, 1) if (choice == truth) is right)
        self._key(page, Qt.Key(Qt.Key.Key_0.value + wanted))
        for _ in range(2 if right else 1):
            self._key(page, Qt.Key.Key_C)
        if picture:
            self._picture(picture)
        self._asked += 1
        self._key(page, Qt.Key.Key_Return)
        self._until(lambda: page.feedback.next.isVisible() and page.feedback.filled, "the feedback")
        self.answers += 1

    def _by_rule(self) -> bool:
        return (self._asked + 1) % MISS_EVERY != 0

    def _next(self, *, last: bool = False) -> None:
        self._key(self._desk.case_page, Qt.Key.Key_Return)
        if last:
            self._until(self._desk.summary_page.isVisible, "the result of the quiz")
        else:
            self._await_question()

    def _await_question(self) -> None:
        self._until(self._desk.case_page.question.submit.isVisible, "the next case")

    def _only(self, boxes: Iterable[QCheckBox], wanted: Sequence[QCheckBox]) -> None:
        """Click until exactly the wanted boxes are checked."""
        for box in boxes:
            if box.isChecked() != (box in wanted):
                self._click(box)

    # Tools

    @property
    def _desk(self) -> Desk:
        desk = self._window.desk
        if desk is None:
            raise EnvironmentProblem("The records did not open; run the tour again with an empty --home.")
        return desk

    def _is_guest(self) -> bool:
        return self._desk.learner is not None and self._desk.learner.name == LEARNER

    def _settle(self) -> None:
        self._until(self._window.records.idle, "the records")

    def _picture(self, name: str) -> None:
        self._until(lambda: not self._window.restyler.isActive(), "the theme")
        _turn(160)  # let layouts and fonts come to rest
        self._until(self._window.charts.idle, "the charts")
        path = self._out / f"{len(self.pictures) + 1:02d}-{name}.png"
        if not self._window.grab().save(str(path), "PNG"):
            raise EnvironmentProblem(f"The picture {path} cannot be written; choose another folder.")
        self.pictures.append(path)

    def _click(self, target: QWidget) -> None:
        QTest.mouseClick(target, Qt.MouseButton.LeftButton)

    def _key(self, target: QWidget, key: Qt.Key) -> None:
        focus = QApplication.focusWidget()
        QTest.keyClick(focus if focus is not None and target.isAncestorOf(focus) else target, key)

    def _until(self, met: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not met():
            if self._window.banner.isVisible():
                raise EnvironmentProblem(self._window.banner.text)
            if time.monotonic() > deadline:
                raise EnvironmentProblem(f"The tour waited in vain for {what}.")
            _turn(5)
