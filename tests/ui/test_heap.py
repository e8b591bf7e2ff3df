"""The window's share of the interpreter: garbage is collected on its thread alone, and workers give way quickly."""

from __future__ import annotations

import gc
import sys
import threading
import weakref

from pytestqt.qtbot import QtBot

from tests.ui.conftest import OpenWindow, idle
from tests.ui.driving import LONG


class _Leftover:
    """In a cycle, as closed pages are."""

    def __init__(self, destroyed_on: list[int]) -> None:
        self.itself = self
        weakref.finalize(self, lambda: destroyed_on.append(threading.get_ident()))


def _allocate_much(_: threading.Event) -> int:
    return len([[number] for number in range(200_000)])


def test_garbage_is_collected_on_the_windows_thread_only(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    destroyed_on: list[int] = []
    _Leftover(destroyed_on)
    for _ in range(3):
        window.charts.submit("allocate", _allocate_much, lambda _: None)
    qtbot.waitUntil(lambda: idle(window), timeout=LONG)
    qtbot.waitUntil(lambda: bool(destroyed_on), timeout=LONG)
    assert destroyed_on == [threading.get_ident()]


def test_a_closed_window_leaves_the_collecting_to_python(open_window: OpenWindow) -> None:
    window = open_window()
    assert not gc.isenabled()
    window.close()
    assert gc.isenabled()


def test_workers_give_the_interpreter_away_quickly_while_the_window_is_open(open_window: OpenWindow) -> None:
    usual = sys.getswitchinterval()
    window = open_window()
    assert sys.getswitchinterval() < usual / 10
    window.close()
    assert sys.getswitchinterval() == usual
