"""A learner before the statistics."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from dermtutor.ui.desk import Desk
from dermtutor.ui.window import MainWindow
from tests.ui.conftest import idle
from tests.ui.driving import LONG, click


def open_statistics(qtbot: QtBot, window: MainWindow, name: str = "Ada") -> Desk:
    desk = window.desk
    assert desk is not None
    chip = next(each for each in desk.start_page.learner_buttons if each.toolTip() == name)
    click(qtbot, chip)
    qtbot.waitUntil(lambda: idle(window), timeout=LONG)
    click(qtbot, window.nav["progress"])
    qtbot.waitUntil(lambda: idle(window) and desk.progress_page.heat_map.isVisible(), timeout=LONG)
    return desk
