"""Exams and test forms through the real windows: any order, marks, the clock, a crash, the end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from dermtutor import bootstrap
from dermtutor.domain.modes import Mode
from dermtutor.paths import Folders
from dermtutor.services.exam import ExamState
from dermtutor.ui.desk import Desk
from dermtutor.ui.window import MainWindow
from tests.ui.asking import await_feedback, feedback_texts, set_up
from tests.ui.conftest import OpenWindow
from tests.ui.driving import LONG, click, press, sit_down


def await_exam(qtbot: QtBot, window: MainWindow, desk: Desk, position: int) -> None:
    """Until that question is shown and nothing is under way."""
    exam = desk.quizzes.sitting.exam
    qtbot.waitUntil(
        lambda: exam.current is not None and exam.current.position == position and window.records.idle(),
        timeout=LONG,
    )
    assert desk.quizzes.exam_page.question.submit.isVisible()


def answer(qtbot: QtBot, window: MainWindow, desk: Desk, *, right: bool = True) -> None:
    current = desk.quizzes.sitting.exam.current
    assert current is not None
    case = current.case.case
    choices = case.question.choices
    number = next(n for n, name in enumerate(choices, 1) if (name == case.spec.condition) is right)
    for key in (Qt.Key(Qt.Key.Key_0.value + number), Qt.Key.Key_C, Qt.Key.Key_Return):
        press(qtbot, window, key)


def begin(qtbot: QtBot, window: MainWindow, minutes: int = 10) -> Desk:
    desk = set_up(qtbot, window, Mode.EXAM)
    desk.quizzes.setup_page.options.minutes.choose(minutes)
    click(qtbot, desk.quizzes.setup_page.start)
    await_exam(qtbot, window, desk, 0)
    return desk


def test_an_exam_in_any_order_with_marks_and_no_feedback(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    sit_down(qtbot, window)
    desk = begin(qtbot, window)
    page = desk.quizzes.exam_page
    assert page.clock.text().endswith("left")
    answer(qtbot, window, desk)
    await_exam(qtbot, window, desk, 1)
    press(qtbot, window, Qt.Key.Key_F)
    press(qtbot, window, Qt.Key.Key_PageDown)
    await_exam(qtbot, window, desk, 2)
    answer(qtbot, window, desk, right=False)
    await_exam(qtbot, window, desk, 3)
    click(qtbot, page.questions.buttons[2])
    await_exam(qtbot, window, desk, 2)
    assert page.question.given() is not None
    answer(qtbot, window, desk, right=True)
    await_exam(qtbot, window, desk, 3)
    said = [each.accessibleName() for each in page.questions.buttons]
    assert said == [
        "Question 1, answered",
        "Question 2, not answered, marked",
        "Question 3, answered",
        "Question 4, not answered, shown",
        "Question 5, not answered",
    ]
    page.questions.buttons[3].setFocus()
    press(qtbot, window, Qt.Key.Key_Right)
    assert page.questions.buttons[4].hasFocus()
    press(qtbot, window, Qt.Key.Key_Return)
    await_exam(qtbot, window, desk, 4)
    press(qtbot, window, Qt.Key.Key_PageUp)
    await_exam(qtbot, window, desk, 3)
    learner = desk.learner
    assert learner is not None
    assert desk._services.progress.overview(learner.id).total.n == 0
    click(qtbot, page.hand_in)
    assert "3 questions without an answer, 1 question marked" in page._open_text.text()
    click(qtbot, page.confirm)
    qtbot.waitUntil(desk.quizzes.summary_page.isVisible, timeout=LONG)
    texts = [each.text() for each in desk.quizzes.summary_page.findChildren(QLabel)]
    assert "2 of 5 right" in texts
    assert texts.count("Not answered") == 3
    assert desk._services.progress.overview(learner.id).total.n == 2
    click(qtbot, desk.quizzes.summary_page.all)
    await_feedback(qtbot, desk)
    assert desk.quizzes.case_page.feedback.verdict == "Right"
    press(qtbot, window, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: desk.quizzes.case_page.feedback.verdict == "Not answered", timeout=LONG)


def test_an_exam_left_by_closing_goes_on_with_its_time(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    sit_down(qtbot, window)
    desk = begin(qtbot, window)
    answer(qtbot, window, desk)
    await_exam(qtbot, window, desk, 1)
    state = desk.quizzes.sitting.exam.state
    assert state is not None
    settings = window.settings
    window.close()

    again = open_window(settings)
    assert again.desk is not None
    page = again.desk.start_page
    qtbot.waitUntil(page.resume.isVisible, timeout=LONG)
    assert page.resume.text() == "Continue exam"
    assert "Its time ends" in page._open_text.text()
    click(qtbot, page.resume)
    await_exam(qtbot, again, again.desk, 1)
    resumed = again.desk.quizzes.sitting.exam.state
    assert resumed is not None
    assert resumed.deadline == state.deadline
    assert [each.answer for each in resumed.drafts] == [each.answer for each in state.drafts]


def test_when_the_time_is_up_what_is_on_screen_is_kept_and_handed_in(
    qtbot: QtBot, open_window: OpenWindow, folders: Folders
) -> None:
    window = open_window()
    sit_down(qtbot, window)
    desk = begin(qtbot, window)
    press(qtbot, window, Qt.Key.Key_1)
    press(qtbot, window, Qt.Key.Key_C)
    state = end_the_time(qtbot, window, desk)
    (row,) = desk._services.quiz.summary(state.session_id).answers
    assert row.answer.confidence == 3
    assert desk._services.quiz.unfinished(desk.learner.id) is None  # type: ignore[union-attr]


def end_the_time(qtbot: QtBot, window: MainWindow, desk: Desk) -> ExamState:
    """Let the clock run out now, and wait for the result."""
    qtbot.waitUntil(window.records.idle, timeout=LONG)
    flow = desk.quizzes.sitting.exam
    state = flow.state
    assert state is not None
    flow._state = ExamState(state.session_id, state.drafts, datetime.now(UTC) - timedelta(seconds=1))
    qtbot.waitUntil(desk.quizzes.summary_page.isVisible, timeout=LONG)
    return state


def test_a_choice_without_a_confidence_is_kept_at_once_and_counts(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = open_window()
    sit_down(qtbot, window)
    desk = begin(qtbot, window)
    press(qtbot, window, Qt.Key.Key_2)
    qtbot.waitUntil(
        lambda: window.records.idle() and said(desk)[0] == "Question 1, answered, shown", timeout=LONG
    )
    session = desk.quizzes.sitting.exam.session_id
    assert session is not None
    settings = window.settings
    window.close()  # nothing was submitted

    again = open_window(settings)
    assert again.desk is not None
    desk = again.desk
    qtbot.waitUntil(desk.start_page.resume.isVisible, timeout=LONG)
    click(qtbot, desk.start_page.resume)
    await_exam(qtbot, again, desk, 1)
    press(qtbot, again, Qt.Key.Key_PageUp)
    await_exam(qtbot, again, desk, 0)
    page = desk.quizzes.exam_page
    assert page.question.options[1].isChecked()
    assert page.question.confidence.value() is None
    click(qtbot, page.hand_in)
    assert "4 questions without an answer, 1 answer without a confidence" in page._open_text.text()
    click(qtbot, page.back)
    end_the_time(qtbot, again, desk)
    (row,) = desk._services.quiz.summary(session).answers
    assert row.answer.chosen == row.choices[1]
    assert row.answer.confidence is None
    click(qtbot, desk.quizzes.summary_page.all)
    await_feedback(qtbot, desk)
    assert "Confidence not said" in feedback_texts(desk)
    desk.show_progress()
    qtbot.waitUntil(lambda: desk.progress_page.tiles[1].isVisible(), timeout=LONG)


def said(desk: Desk) -> list[str]:
    return [each.accessibleName() for each in desk.quizzes.exam_page.questions.buttons]


def test_an_exam_whose_time_ran_out_is_handed_in_at_the_next_start(
    qtbot: QtBot, open_window: OpenWindow, folders: Folders
) -> None:
    window = open_window()
    sit_down(qtbot, window)
    desk = begin(qtbot, window)
    answer(qtbot, window, desk)
    await_exam(qtbot, window, desk, 1)
    learner, settings = desk.learner, window.settings
    assert learner is not None
    session = desk.quizzes.sitting.exam.session_id
    assert session is not None
    window.close()
    services = bootstrap.build_services(folders)
    services.exam.hand_in_overdue(learner.id, datetime.now(UTC) + timedelta(hours=2))
    services.close()
    again = open_window(settings)
    assert again.desk is not None
    assert not again.desk.start_page.resume.isVisible()
    assert again.desk._services.quiz.summary(session).score.n == 1


def test_a_blueprint_says_what_is_asked(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    sit_down(qtbot, window)
    desk = set_up(qtbot, window, Mode.EXAM, ("melanoma", "vitiligo"))
    page = desk.quizzes.setup_page
    click(qtbot, page.options.blueprint)
    table = page.blueprint
    assert (table.rowCount(), table.columnCount(), table.total()) == (2, 10, 5)
    for row in range(2):
        for column in range(10):
            table.item(row, column).setText("")
    assert not page.start.isEnabled()
    at = {name: row for row, name in enumerate(page.conditions.chosen())}
    table.item(at["melanoma"], 8).setText("2")
    table.item(at["vitiligo"], 0).setText("1")
    table.item(at["vitiligo"], 1).setText("many")
    assert table.item(at["vitiligo"], 1).text() == ""
    assert page._summary.text() == "3 questions by blueprint"
    click(qtbot, page.start)
    await_exam(qtbot, window, desk, 0)
    session = desk.quizzes.sitting.exam.session_id
    assert session is not None
    cells = sorted((line.condition, line.tone.value) for line in desk._services.quiz.lines(session))
    assert cells == [("melanoma", 9), ("melanoma", 9), ("vitiligo", 1)]


def test_form_b_follows_form_a_and_other_tones_are_not_shown_between(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = open_window()
    sit_down(qtbot, window)
    desk = set_up(qtbot, window, Mode.FORMS, ("melanoma", "vitiligo"))
    click(qtbot, desk.quizzes.setup_page.start)
    await_exam(qtbot, window, desk, 0)
    answer(qtbot, window, desk)
    await_exam(qtbot, window, desk, 1)
    click(qtbot, desk.quizzes.exam_page.hand_in)
    click(qtbot, desk.quizzes.exam_page.confirm)
    qtbot.waitUntil(desk.quizzes.summary_page.isVisible, timeout=LONG)
    assert desk.quizzes.summary_page.more.text() == "Take form B"
    first = {line.condition: line.tone for line in desk.quizzes.summary_page._lines}
    click(qtbot, desk.quizzes.summary_page.all)
    await_feedback(qtbot, desk)
    assert not desk.quizzes.case_page.stage.slider.isEnabled()
    press(qtbot, window, Qt.Key.Key_Escape)
    qtbot.waitUntil(desk.quizzes.summary_page.isVisible, timeout=LONG)
    click(qtbot, desk.quizzes.summary_page.more)
    await_exam(qtbot, window, desk, 0)
    session = desk.quizzes.sitting.exam.session_id
    assert session is not None
    second = {line.condition: line.tone for line in desk._services.quiz.lines(session)}
    assert {(first[name].value <= 5, second[name].value >= 6) for name in first} <= {
        (True, True),
        (False, False),
    }
