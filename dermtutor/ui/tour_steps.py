"""What the tour does at the window: look, click, press keys, wait, and take pictures."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from dermtutor.errors import EnvironmentProblem
from dermtutor.ui.desk import Desk
from dermtutor.ui.window import MainWindow

PATIENCE_SECONDS: Final = 120.0


def turn(milliseconds: int) -> None:
    """Let the event loop run. QTest.qWait would keep the interpreter to itself, and the workers waiting."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


class Visitor:
    """Somebody at the window. ``pictures`` are those taken so far, in order; ``answers`` how many were given."""

    def __init__(self, window: MainWindow, out: Path) -> None:
        self.window = window
        self._out = out
        self.pictures: list[Path] = []
        self.answers = 0

    @property
    def desk(self) -> Desk:
        """The open desk. Raises EnvironmentProblem when the records did not open."""
        desk = self.window.desk
        if desk is None:
            raise EnvironmentProblem("The records did not open; run the tour again with an empty --home.")
        return desk

    def settle(self) -> None:
        """Until the records have nothing more to do."""
        self.until(self.window.records.idle, "the records")

    def picture(self, name: str) -> None:
        """Save the window as it is."""
        self.until(lambda: not self.window.restyler.isActive(), "the theme")
        turn(60)  # let layouts and fonts come to rest
        self.until(self.window.charts.idle, "the charts")
        path = self._out / f"{len(self.pictures) + 1:02d}-{name}.png"
        if not self.window.grab().save(str(path), "PNG"):
            raise EnvironmentProblem(f"The picture {path} cannot be written; choose another folder.")
        self.pictures.append(path)

    def click(self, target: QWidget) -> None:
        """A click on the middle."""
        QTest.mouseClick(target, Qt.MouseButton.LeftButton)
        if QApplication.activeModalWidget() is None and not self.window.isActiveWindow():
            self.window.activateWindow()  # nobody manages windows here and brings it back after a question

    def key(self, target: QWidget, key: Qt.Key) -> None:
        """A key, to whatever has the focus within ``target``."""
        focus = QApplication.focusWidget()
        QTest.keyClick(focus if focus is not None and target.isAncestorOf(focus) else target, key)

    def until(self, met: Callable[[], bool], what: str) -> None:
        """Wait. Raises EnvironmentProblem with what the banner says, or when it takes too long."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not met():
            if self.window.banner.isVisible():
                raise EnvironmentProblem(self.window.banner.text)
            if time.monotonic() > deadline:
                raise EnvironmentProblem(f"The tour waited in vain for {what}.")
            turn(5)
