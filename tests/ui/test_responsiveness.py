"""Nothing holds the window up: work goes to workers, the next case is ready ahead, and nothing stale arrives.

How long anything takes is no matter of tests: ``dermtutor bench --window`` tells it.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from itertools import pairwise

import pytest
from PySide6.QtCore import QCoreApplication, QObject, Qt
from pytestqt.qtbot import QtBot

from dermtutor.errors import UserError
from dermtutor.services.ports import Cancelled
from dermtutor.ui import tasks
from dermtutor.ui.tasks import Worker
from tests.ui.conftest import OpenWindow, idle
from tests.ui.driving import LONG, answer, await_question, begin, click, press, sit_down
from tests.ui.fakes import FakeGenerator


@pytest.fixture
def worker(qtbot: QtBot) -> Iterator[Worker]:
    worker = Worker("test worker")
    yield worker
    worker.close()


def test_the_window_can_be_used_while_the_generator_works(
    qtbot: QtBot, open_window: OpenWindow, generator: FakeGenerator
) -> None:
    window = open_window()
    desk = sit_down(qtbot, window)
    begin(qtbot, window)
    generator.gate = threading.Event()
    answer(qtbot, window)  # its tones wait at the gate
    made = len(generator.made)
    click(qtbot, window.theme_button)
    qtbot.waitUntil(lambda: not window.restyler.isActive(), timeout=LONG)
    assert not window.generator.idle()
    click(qtbot, window.nav["progress"])
    qtbot.waitUntil(lambda: window.records.idle() and desk.progress_page.isVisible(), timeout=LONG)
    assert len(generator.made) == made
    generator.gate.set()


def test_another_theme_comes_one_part_at_a_time(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    sit_down(qtbot, window).ahead.pages()
    restyler = window.restyler
    styled: list[int] = [0]
    restyler.timeout.connect(
        lambda: styled.append(sum(part.styleSheet() == restyler._sheet for part in restyler._parts))
    )
    click(qtbot, window.theme_button)
    qtbot.waitUntil(lambda: not restyler.isActive(), timeout=LONG)
    assert styled[-1] == len(restyler._parts) > 10
    assert max(later - sooner for sooner, later in pairwise(styled)) == 1
    assert window.updatesEnabled()


def test_the_collector_never_sees_what_lives_as_long_as_the_program(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    gc.unfreeze()
    window = open_window()
    qtbot.waitUntil(lambda: idle(window), timeout=LONG)
    assert gc.get_freeze_count() > len(gc.get_objects())


def test_the_next_case_is_there_before_it_is_asked_for(
    qtbot: QtBot, open_window: OpenWindow, generator: FakeGenerator
) -> None:
    window = open_window()
    desk = sit_down(qtbot, window)
    begin(qtbot, window)
    answer(qtbot, window)
    qtbot.waitUntil(lambda: idle(window), timeout=LONG)
    answered, made = desk.quizzes.flow.current, len(generator.made)
    generator.gate = threading.Event()  # from here on nothing can be made
    press(qtbot, window, Qt.Key.Key_Return)
    await_question(qtbot, desk)
    assert desk.quizzes.flow.current is not answered
    assert desk.quizzes.case_page.stage.view.has_image()
    assert len(generator.made) == made
    generator.gate.set()


def test_two_cases_are_ready_ahead(qtbot: QtBot, open_window: OpenWindow, generator: FakeGenerator) -> None:
    window = open_window()
    sit_down(qtbot, window)
    begin(qtbot, window, 10)
    qtbot.waitUntil(lambda: idle(window), timeout=LONG)
    assert len({spec.seed for spec in generator.made}) == 3


def test_only_one_thread_generates(qtbot: QtBot, open_window: OpenWindow, generator: FakeGenerator) -> None:
    window = open_window()
    sit_down(qtbot, window)
    begin(qtbot, window)
    answer(qtbot, window)
    qtbot.waitUntil(lambda: idle(window), timeout=LONG)
    assert len(generator.threads) == 1
    assert str(threading.get_ident()) not in generator.threads


def test_tones_of_an_earlier_case_never_reach_the_next_one(
    qtbot: QtBot, open_window: OpenWindow, generator: FakeGenerator
) -> None:
    window = open_window()
    desk = sit_down(qtbot, window)
    begin(qtbot, window)
    qtbot.waitUntil(lambda: idle(window), timeout=LONG)
    generator.seconds = 0.05
    arrived: list[object] = []
    desk.quizzes.flow.tone_arrived.connect(lambda tone: arrived.append(tone.case_id))
    answer(qtbot, window)
    qtbot.waitUntil(lambda: desk.quizzes.flow._next is not None, timeout=LONG)
    first = desk.quizzes.flow.current
    press(qtbot, window, Qt.Key.Key_Return)
    await_question(qtbot, desk)
    count = len(arrived)
    qtbot.wait(400)
    assert first is not None
    assert set(arrived) <= {first.case.question.case_id}
    assert len(arrived) == count
    assert desk.quizzes.case_page._tones == {}


def test_a_dropped_result_is_not_delivered(qtbot: QtBot, worker: Worker) -> None:
    got: list[int] = []
    gate = threading.Event()
    old = worker.submit("old", lambda cancel: gate.wait(5) and 1, got.append)
    worker.drop(old)
    worker.submit("new", lambda cancel: 2, got.append)
    gate.set()
    qtbot.waitUntil(worker.idle, timeout=LONG)
    assert got == [2]


def test_a_dropped_task_that_waits_is_not_begun(qtbot: QtBot, worker: Worker) -> None:
    begun: list[str] = []
    gate = threading.Event()
    worker.submit("first", lambda cancel: gate.wait(5), lambda _: None)
    worker.drop(worker.submit("second", lambda cancel: begun.append("second"), lambda _: None))
    gate.set()
    qtbot.waitUntil(worker.idle, timeout=LONG)
    qtbot.wait(20)
    assert begun == []


def test_lasting_work_is_done_although_the_window_closes(qtbot: QtBot) -> None:
    worker = Worker("closing worker")
    done: list[str] = []
    gate = threading.Event()
    worker.submit("first", lambda cancel: gate.wait(5), lambda _: None)
    ticket = worker.submit("keep", lambda cancel: done.append("kept"), lambda _: None, lasting=True)
    worker.submit("draw", lambda cancel: done.append("drawn"), lambda _: None)
    worker.drop(ticket)
    threading.Timer(0.1, gate.set).start()
    worker.close()
    assert done == ["kept"]


def test_a_closed_worker_begins_nothing(qtbot: QtBot) -> None:
    worker = Worker("closed worker")
    worker.close()
    done: list[object] = []
    tickets = (
        worker.submit("draw", lambda cancel: done.append("drawn"), done.append, done.append),
        worker.stream("watch", lambda cancel, hand_over: hand_over("part"), done.append),
    )
    assert all(ticket.cancel.is_set() for ticket in tickets)
    assert worker.idle()
    worker.drop(tickets[0])
    worker.close()
    qtbot.wait(20)
    assert done == []


@pytest.mark.expects_warnings
def test_a_task_that_does_not_stop_is_named_while_the_worker_waits(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "PATIENCE_MILLISECONDS", 20)
    worker = Worker("slow worker")
    begun, gate = threading.Event(), threading.Event()
    worker.submit("draw for ever", lambda cancel: (begun.set(), gate.wait(5)), lambda _: None)
    begun.wait(5)
    threading.Timer(0.1, gate.set).start()
    worker.close()
    assert "slow worker waits for “draw for ever” to end" in caplog.text


@pytest.mark.expects_warnings
def test_what_has_to_be_kept_is_missed_aloud_by_a_closed_worker(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    worker = Worker("closed worker")
    worker.close()
    done: list[str] = []
    worker.submit("keep an answer", lambda cancel: done.append("kept"), lambda _: None, lasting=True)
    worker.close()
    assert done == []
    assert "keep an answer was asked for after closed worker was closed" in caplog.text


def test_priority_goes_first(qtbot: QtBot, worker: Worker) -> None:
    order: list[str] = []
    gate = threading.Event()
    worker.submit("block", lambda cancel: gate.wait(5), lambda _: None)
    worker.submit("later", lambda cancel: order.append("later"), lambda _: None, priority=1)
    worker.submit("sooner", lambda cancel: order.append("sooner"), lambda _: None, priority=3)
    gate.set()
    qtbot.waitUntil(worker.idle, timeout=LONG)
    assert order == ["sooner", "later"]


def test_large_numbers_pass_unharmed(qtbot: QtBot, worker: Worker) -> None:
    got: list[int] = []
    worker.submit("seed", lambda cancel: 2**62 + 1, got.append)
    qtbot.waitUntil(worker.idle, timeout=LONG)
    assert got == [2**62 + 1]


def test_failures_reach_their_receiver_and_cancelled_reaches_nobody(qtbot: QtBot, worker: Worker) -> None:
    told: list[Exception] = []
    heard: list[Exception] = []
    worker.failed.connect(heard.append)

    def fail(error: Exception) -> None:
        raise error

    worker.submit("own", lambda cancel: fail(UserError("own")), lambda _: None, told.append)
    worker.submit("all", lambda cancel: fail(UserError("all")), lambda _: None)
    worker.submit("none", lambda cancel: fail(Cancelled()), lambda _: None, told.append)
    qtbot.waitUntil(worker.idle, timeout=LONG)
    assert [str(each) for each in told] == ["own"]
    assert [str(each) for each in heard] == ["all"]


def test_many_signals_leave_the_interpreter_whole(qtbot: QtBot) -> None:
    """PySide6 6.12.0 on Python 3.11 lost a reference to True with each; the program aborted after some hundred."""
    import sys

    holder = QObject()
    before = sys.getrefcount(True)
    for _ in range(200):
        holder.objectNameChanged.emit("x")
    QCoreApplication.processEvents()
    assert sys.getrefcount(True) > before - 100
