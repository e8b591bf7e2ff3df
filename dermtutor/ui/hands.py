"""Somebody at the real window without a screen: clicks, keys, answers, and waiting for what follows."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from PySide6.QtCore import QEvent, QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from dermtutor.errors import EnvironmentProblem
from dermtutor.paths import Folders
from dermtutor.settings import LoadedSettings
from dermtutor.ui.app import build_window, create_application
from dermtutor.ui.desk import Desk
from dermtutor.ui.opening import OpenServices
from dermtutor.ui.turns import Turns
from dermtutor.ui.window import MainWindow

PATIENCE_SECONDS: Final = 120.0


@contextmanager
def window_without_screen(
    open_services: OpenServices, folders: Folders, loaded: LoadedSettings
) -> Iterator[MainWindow]:
    """The real window, light, on no screen unless there is an application already; closed and gone afterwards."""
    folders.create()
    if QApplication.instance() is None:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    app = create_application()
    window = build_window(app, open_services, folders, loaded, "light")
    try:
        yield window
    finally:
        window.close()
        window.deleteLater()
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def turn(milliseconds: int) -> None:
    """Let the event loop run. QTest.qWait would keep the interpreter to itself, and the workers waiting."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


class Hands:
    """Uses the window by key and mouse, as a person does."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window

    @property
    def desk(self) -> Desk:
        """The open desk. Raises EnvironmentProblem when the records did not open."""
        desk = self.window.desk
        if desk is None:
            raise EnvironmentProblem("The records did not open; try again with an empty --home.")
        return desk

    def arrive(self) -> None:
        """Until the records are open and the generator is ready."""
        self.until(lambda: self.window.desk is not None, "the records to open")
        self.until(self.window.generator.idle, "the image generator")

    def settle(self) -> None:
        """Until the records have nothing more to do and no part of the window is still to come."""
        self.until(self.window.records.idle, "the records")
        parts = self.window.findChildren(Turns)
        self.until(lambda: not any(each.isActive() for each in parts), "the pages")

    def click(self, target: QWidget) -> None:
        """A click on the middle."""
        QTest.mouseClick(target, Qt.MouseButton.LeftButton)
        if QApplication.activeModalWidget() is None and not self.window.isActiveWindow():
            self.window.activateWindow()  # nobody manages windows here and brings it back after a question

    def key(self, target: QWidget, key: Qt.Key) -> None:
        """A key, to whatever has the focus within ``target``."""
        focus = QApplication.focusWidget()
        QTest.keyClick(focus if focus is not None and target.isAncestorOf(focus) else target, key)

    def until(self, met: Callable[[], bool], what: str, *, banner_is_trouble: bool = True) -> None:
        """Wait. Raises EnvironmentProblem with what the banner says, or when it takes too long."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not met():
            if banner_is_trouble and self.window.banner.isVisible():
                raise EnvironmentProblem(self.window.banner.text)
            if time.monotonic() > deadline:
                raise EnvironmentProblem(
                    f"The window waited in vain for {what}; try again when this machine has less to do."
                )
            turn(5)

    # At a question

    def await_question(self) -> None:
        """Until the next case is there to be answered."""
        self.until(self.desk.quizzes.case_page.question.submit.isVisible, "the next case")

    def choose(self, *, right: bool) -> None:
        """Mark the right answer, quite sure, or the first wrong one, half sure."""
        page = self.desk.quizzes.case_page
        current = self.desk.quizzes.flow.current
        if current is None:
            raise EnvironmentProblem("There is no case to answer; try again with an empty --home.")
        choices, truth = current.case.question.choices, current.case.spec.condition
        wanted = next(n for n, choice in enumerate(choices, 1) if (choice == truth) is right)
        self.key(page, Qt.Key(Qt.Key.Key_0.value + wanted))
        for _ in range(2 if right else 1):
            self.key(page, Qt.Key.Key_C)

    def check(self) -> None:
        """Submit, and wait for the feedback."""
        page = self.desk.quizzes.case_page
        self.key(page, Qt.Key.Key_Return)
        self.until(lambda: page.feedback.next.isVisible() and page.feedback.filled, "the feedback")

    def go_on(self, *, last: bool = False) -> None:
        """From the feedback to the next question or, after the last, to the result."""
        self.key(self.desk.quizzes.case_page, Qt.Key.Key_Return)
        if last:
            self.until(self.desk.quizzes.summary_page.isVisible, "the result of the quiz")
        else:
            self.await_question()
