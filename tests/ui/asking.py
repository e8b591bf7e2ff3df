"""A quiz of a mode: set up, begun, and what its feedback says."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from dermtutor.domain.modes import Mode
from dermtutor.domain.records import AnswerRecord
from dermtutor.ui.desk import Desk
from dermtutor.ui.window import MainWindow
from tests.ui.driving import LONG, await_question, click


def set_up(qtbot: QtBot, window: MainWindow, mode: Mode, conditions: tuple[str, ...] = ()) -> Desk:
    """The set-up page in a mode, with these conditions chosen, or all."""
    desk = window.desk
    assert desk is not None
    click(qtbot, desk.start_page.start)
    qtbot.waitUntil(window.records.idle, timeout=LONG)
    page = desk.quizzes.setup_page
    click(qtbot, page.modes[mode])
    for name, box in page.boxes.items():
        box.setChecked(not conditions or name in conditions)
    page.questions.choose(5)
    return desk


def begin(qtbot: QtBot, desk: Desk) -> None:
    click(qtbot, desk.quizzes.setup_page.start)
    await_question(qtbot, desk)


def await_feedback(qtbot: QtBot, desk: Desk) -> None:
    panel = desk.quizzes.case_page.feedback
    qtbot.waitUntil(lambda: panel.next.isVisible() and panel.filled, timeout=LONG)


def feedback_texts(desk: Desk) -> str:
    return " ".join(each.text() for each in desk.quizzes.case_page.feedback.findChildren(QLabel))


def kept(desk: Desk) -> tuple[AnswerRecord, ...]:
    session = desk.quizzes.flow.session_id
    assert session is not None
    return desk._services.quiz.summary(session).answers
