"""A person at the window: keys, clicks, and waiting for what follows."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from dermtutor.ui.desk import Desk
from dermtutor.ui.window import MainWindow

LONG = 20_000


def desk_of(window: MainWindow) -> Desk:
    assert window.desk is not None
    return window.desk


def press(qtbot: QtBot, window: MainWindow, key: Qt.Key) -> None:
    """A key, to whatever has the focus."""
    focused = window.focusWidget() or window
    qtbot.keyClick(focused, key)


def click(qtbot: QtBot, target: QWidget) -> None:
    qtbot.mouseClick(target, Qt.MouseButton.LeftButton)


def sit_down(qtbot: QtBot, window: MainWindow, name: str = "Learner") -> Desk:
    """Add a learner by typing the name."""
    desk = desk_of(window)
    page = desk.start_page
    page.name.setFocus()
    qtbot.keyClicks(page.name, name)
    qtbot.keyClick(page.name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: desk.learner is not None and window.records.idle(), timeout=LONG)
    return desk


def begin(qtbot: QtBot, window: MainWindow, questions: int = 5) -> Desk:
    """A quiz of everything, up to its first question."""
    desk = desk_of(window)
    click(qtbot, desk.start_page.start)
    desk.quizzes.setup_page.questions.choose(questions)
    click(qtbot, desk.quizzes.setup_page.start)
    await_question(qtbot, desk)
    return desk


def await_question(qtbot: QtBot, desk: Desk) -> None:
    qtbot.waitUntil(desk.quizzes.case_page.question.submit.isVisible, timeout=LONG)


def truth(desk: Desk) -> str:
    current = desk.quizzes.flow.current
    assert current is not None
    return current.case.spec.condition


def answer(qtbot: QtBot, window: MainWindow, *, right: bool = True) -> None:
    """Answer the question on screen by keys alone, up to the feedback."""
    desk = desk_of(window)
    current = desk.quizzes.flow.current
    assert current is not None
    choices = current.case.question.choices
    number = next(n for n, choice in enumerate(choices, 1) if (choice == truth(desk)) is right)
    press(qtbot, window, Qt.Key(Qt.Key.Key_0.value + number))
    press(qtbot, window, Qt.Key.Key_C)
    press(qtbot, window, Qt.Key.Key_Return)
    panel = desk.quizzes.case_page.feedback
    qtbot.waitUntil(lambda: panel.next.isVisible() and panel.filled, timeout=LONG)
