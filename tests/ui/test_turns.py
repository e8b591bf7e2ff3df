"""Work in steps: one with each turn of the event loop, dropped, replaced or finished at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QObject
from pytestqt.qtbot import QtBot

from dermtutor.ui.turns import Turns
from tests.ui.conftest import OpenWindow
from tests.ui.driving import LONG, desk_of


@pytest.fixture
def turns(qtbot: QtBot) -> Iterator[Turns]:
    owner = QObject()
    yield Turns(owner)
    owner.deleteLater()


def _count(done: list[int], up_to: int) -> Iterator[None]:
    for number in range(up_to):
        done.append(number)
        yield


def test_each_step_is_a_turn_of_its_own(qtbot: QtBot, turns: Turns) -> None:
    done: list[int] = []
    seen: list[int] = []
    turns.timeout.connect(lambda: seen.append(len(done)))
    turns.begin(_count(done, 3))
    assert not done
    qtbot.waitUntil(lambda: not turns.isActive(), timeout=LONG)
    assert (done, seen) == ([0, 1, 2], [1, 2, 3, 3])


def test_other_steps_replace_those_that_were_left(qtbot: QtBot, turns: Turns) -> None:
    first: list[int] = []
    second: list[int] = []
    turns.begin(_count(first, 5))
    qtbot.waitUntil(lambda: bool(first), timeout=LONG)
    so_far = len(first)
    turns.begin(_count(second, 2))
    qtbot.waitUntil(lambda: not turns.isActive(), timeout=LONG)
    assert (len(first), second) == (so_far, [0, 1])


def test_what_is_left_is_finished_at_once_or_dropped(turns: Turns) -> None:
    done: list[int] = []
    turns.begin(_count(done, 3))
    turns.finish()
    assert done == [0, 1, 2]
    turns.begin(_count(done, 3))
    turns.drop()
    turns.finish()
    QCoreApplication.processEvents()
    assert done == [0, 1, 2]
    assert not turns.isActive()


def test_pages_are_built_ahead_while_the_workers_are_idle(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window(wait=False)
    qtbot.waitUntil(lambda: window.desk is not None, timeout=LONG)
    desk, gate = desk_of(window), threading.Event()
    window.charts.submit("wait", lambda cancel: gate.wait(20), lambda _: None)
    tried: list[bool] = []
    desk.ahead.timeout.connect(lambda: tried.append("about_page" in vars(desk)))
    qtbot.waitUntil(lambda: len(tried) > 2, timeout=LONG)
    assert not any(tried)
    gate.set()
    qtbot.waitUntil(lambda: not desk.ahead.isActive(), timeout=LONG)
    assert "about_page" in vars(desk)


def test_a_page_that_is_wanted_early_is_styled_before_it_is_seen(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = open_window(wait=False)
    qtbot.waitUntil(lambda: window.desk is not None, timeout=LONG)
    desk = desk_of(window)
    page = desk.about_page
    assert not page.styleSheet()
    desk.show_about()
    assert page.isVisible()
    assert page.styleSheet() == window.bar.styleSheet() != ""
