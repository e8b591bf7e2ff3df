"""Reflection, drill and review at the window, and what is remembered of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from dermtutor.domain.drill import IN_A_ROW
from dermtutor.domain.modes import Mode
from dermtutor.settings import Settings
from tests.ui.asking import await_feedback, begin, feedback_texts, kept, set_up
from tests.ui.conftest import OpenWindow
from tests.ui.driving import LONG, answer, await_question, click, press, sit_down, truth


def test_reflection_asks_twice_and_tells_what_the_second_look_did(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = open_window()
    sit_down(qtbot, window)
    desk = set_up(qtbot, window, Mode.REFLECTION, ("melanoma", "plaque-psoriasis"))
    begin(qtbot, desk)
    page = desk.quizzes.case_page
    current = desk.quizzes.flow.current
    assert current is not None
    choices = current.case.question.choices
    right = choices.index(truth(desk)) + 1
    wrong = right % len(choices) + 1
    press(qtbot, window, Qt.Key(Qt.Key.Key_0.value + wrong))
    press(qtbot, window, Qt.Key.Key_C)
    press(qtbot, window, Qt.Key.Key_Return)
    qtbot.waitUntil(page.reflection.isVisible, timeout=LONG)
    assert kept(desk) == ()
    assert page.reflection.answers.chosen() == choices[wrong - 1]
    press(qtbot, window, Qt.Key.Key_Return)
    assert kept(desk) == ()
    press(qtbot, window, Qt.Key.Key_Space)
    click(qtbot, page.reflection.against.chips[1])
    press(qtbot, window, Qt.Key(Qt.Key.Key_0.value + right))
    press(qtbot, window, Qt.Key.Key_C)
    press(qtbot, window, Qt.Key.Key_Return)
    await_feedback(qtbot, desk)
    (row,) = kept(desk)
    details = row.answer.details
    assert row.answer.correct
    assert (details.first_choice, details.first_confidence) == (choices[wrong - 1], 3)
    assert row.answer.confidence == 4
    assert details.features == (page.reflection.supporting.chips[0].term,)
    assert details.against == (page.reflection.against.chips[1].term,)
    assert "You changed your answer, and were right to." in feedback_texts(desk)


def test_a_reflection_left_while_weighing_comes_back_to_it(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    sit_down(qtbot, window)
    desk = set_up(qtbot, window, Mode.REFLECTION, ("melanoma", "plaque-psoriasis"))
    begin(qtbot, desk)
    for key in (Qt.Key.Key_1, Qt.Key.Key_C, Qt.Key.Key_C, Qt.Key.Key_Return):
        press(qtbot, window, key)
    qtbot.waitUntil(desk.quizzes.case_page.reflection.isVisible, timeout=LONG)
    first = desk.quizzes.case_page.reflection.answers.chosen()
    settings = window.settings
    window.close()

    again = open_window(settings)
    assert again.desk is not None
    desk, page = again.desk, again.desk.quizzes.case_page
    qtbot.waitUntil(desk.start_page.resume.isVisible, timeout=LONG)
    click(qtbot, desk.start_page.resume)
    qtbot.waitUntil(page.reflection.isVisible, timeout=LONG)
    assert page.reflection.answers.chosen() == first
    assert page.reflection.confidence.value() == 4
    press(qtbot, again, Qt.Key.Key_Space)
    press(qtbot, again, Qt.Key.Key_Return)
    await_feedback(qtbot, desk)
    (row,) = kept(desk)
    assert (row.answer.details.first_choice, row.answer.details.first_confidence) == (first, 4)
    press(qtbot, again, Qt.Key.Key_Return)
    qtbot.waitUntil(page.question.isVisible, timeout=LONG)


def test_a_drill_covers_its_image_and_ends_when_all_is_retired(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    sit_down(qtbot, window)
    desk = set_up(qtbot, window, Mode.DRILL, ("melanoma", "melanocytic-naevus"))
    desk.quizzes.setup_page.options.exposure.choose(1)
    desk.quizzes.setup_page.options.target.choose(8)
    begin(qtbot, desk)
    view = desk.quizzes.case_page.stage.view
    assert not view.covered
    qtbot.waitUntil(lambda: view.covered, timeout=3_000)
    asked = 0
    while not desk.quizzes.summary_page.isVisible():
        answer(qtbot, window)
        asked += 1
        assert not view.covered
        press(qtbot, window, Qt.Key.Key_Return)
        qtbot.waitUntil(
            lambda: (
                desk.quizzes.case_page.question.submit.isVisible() or desk.quizzes.summary_page.isVisible()
            ),
            timeout=LONG,
        )
    assert 2 * IN_A_ROW <= asked < 40
    assert "Drill finished" in [each.text() for each in desk.quizzes.summary_page.findChildren(QLabel)]


def test_look_alikes_join_a_drill(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    sit_down(qtbot, window)
    desk = set_up(qtbot, window, Mode.DRILL, ("vitiligo",))
    page = desk.quizzes.setup_page
    click(qtbot, page.conditions.look_alikes)
    wanted = {other.id for other in page.conditions._catalogue.look_alikes("vitiligo")} | {"vitiligo"}
    assert {name for name, box in page.boxes.items() if box.isChecked()} == wanted


def test_what_is_due_is_on_the_start_page_and_reviewed_from_there(
    qtbot: QtBot, open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window()
    sit_down(qtbot, window)
    desk = set_up(qtbot, window, Mode.PRACTICE)
    begin(qtbot, desk)
    answer(qtbot, window)
    window.nav["start"].click()
    qtbot.waitUntil(window.records.idle, timeout=LONG)
    assert not desk.start_page.review.isVisible()
    assert desk.start_page._due.text().startswith("Next review: ")

    reviews = desk._services.reviews
    due = type(reviews).due
    later = datetime.now(UTC) + timedelta(days=400)
    monkeypatch.setattr(type(reviews), "due", lambda self, who, now=None: due(self, who, now or later))
    window.nav["start"].click()
    qtbot.waitUntil(desk.start_page.review.isVisible, timeout=LONG)
    assert desk.start_page.review.text() == "Review · 1 due"
    click(qtbot, desk.start_page.start)
    qtbot.waitUntil(window.records.idle, timeout=LONG)
    click(qtbot, desk.quizzes.setup_page.modes[Mode.REVIEW])
    assert desk.quizzes.setup_page.due.asked == 1
    window.nav["start"].click()
    click(qtbot, desk.start_page.review)
    await_question(qtbot, desk)
    answer(qtbot, window)
    assert "due for review" in feedback_texts(desk)
    press(qtbot, window, Qt.Key.Key_Return)
    qtbot.waitUntil(desk.quizzes.summary_page.isVisible, timeout=LONG)
    assert not desk.quizzes.summary_page.more.isVisible()


def test_the_mode_of_last_time_is_chosen_again(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window(Settings(acknowledged_not_for_diagnosis=True, mode="reflection"))
    assert window.desk is not None
    assert window.desk.quizzes.setup_page.mode is Mode.REFLECTION


def test_a_mode_of_a_later_release_is_practice(open_window: OpenWindow) -> None:
    window = open_window(
        Settings(
            acknowledged_not_for_diagnosis=True, mode="from a later release", options={"new": 3, "kind": 9}
        )
    )
    assert window.desk is not None
    assert window.desk.quizzes.setup_page.mode is Mode.PRACTICE
    assert window.desk.quizzes.setup_page.options.kind.value() == 0


def test_options_are_remembered(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    sit_down(qtbot, window)
    desk = set_up(qtbot, window, Mode.PRACTICE)
    desk.quizzes.setup_page.options.kind.choose(2)
    click(qtbot, desk.quizzes.setup_page.options.adaptive)
    begin(qtbot, desk)
    window.close()
    again = open_window(window.settings)
    assert again.desk is not None
    options = again.desk.quizzes.setup_page.options
    assert options.kind.value() == 2
    assert not options.adaptive.isChecked()


def test_every_question_of_a_quiz_can_be_looked_at_again(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    sit_down(qtbot, window)
    desk = set_up(qtbot, window, Mode.PRACTICE)
    begin(qtbot, desk)
    seen = []
    for number in range(5):
        seen.append(truth(desk))
        answer(qtbot, window, right=number != 1)
        press(qtbot, window, Qt.Key.Key_Return)
        if number < 4:
            await_question(qtbot, desk)
    qtbot.waitUntil(desk.quizzes.summary_page.isVisible, timeout=LONG)
    click(qtbot, desk.quizzes.summary_page.all)
    for number in range(5):
        await_feedback(qtbot, desk)
        past = desk.quizzes.sitting.past.current
        assert past is not None
        assert past.case.spec.condition == seen[number]
        assert desk.quizzes.case_page.feedback.verdict.startswith("Wrong" if number == 1 else "Right")
        press(qtbot, window, Qt.Key.Key_Return)
        qtbot.waitUntil(
            lambda n=number: (
                desk.quizzes.summary_page.isVisible() if n == 4 else desk.quizzes.case_page.isVisible()
            ),
            timeout=LONG,
        )
    click(qtbot, desk.quizzes.summary_page.all)
    await_feedback(qtbot, desk)
    press(qtbot, window, Qt.Key.Key_Escape)
    qtbot.waitUntil(desk.quizzes.summary_page.isVisible, timeout=LONG)
