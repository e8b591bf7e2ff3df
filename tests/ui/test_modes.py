"""Every mode and kind of answer through the real windows, by keys wherever a person would use them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from dermtutor.domain.drill import IN_A_ROW
from dermtutor.domain.modes import NONE_OF_THESE, Mode
from dermtutor.domain.records import AnswerRecord
from dermtutor.paths import Folders
from dermtutor.settings import Settings
from dermtutor.ui.desk import Desk
from dermtutor.ui.pages.question_panel import AUTO_MILLISECONDS
from dermtutor.ui.window import MainWindow
from tests.ui.conftest import OpenWindow
from tests.ui.driving import LONG, answer, await_question, click, press, sit_down, truth


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


def test_a_typed_answer_is_found_by_a_synonym(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    sit_down(qtbot, window)
    desk = set_up(qtbot, window, Mode.PRACTICE)
    desk.quizzes.setup_page.options.kind.choose(1)
    begin(qtbot, desk)
    panel = desk.quizzes.case_page.question
    assert panel.answers.search.hasFocus()
    assert panel.options == []
    qtbot.keyClicks(panel.answers.search, "no such thing")
    assert "No diagnosis" in panel.answers._found.text()
    panel.answers.search.selectAll()
    qtbot.keyClicks(panel.answers.search, "malignant mel")
    assert [option.text() for option in panel.options] == ["Melanoma"]
    assert panel.answers.chosen() is None
    qtbot.keyClicks(panel.answers.search, "anoma")
    assert panel.answers.chosen() == "melanoma"
    press(qtbot, window, Qt.Key.Key_Down)
    assert panel.options[0].hasFocus()
    panel.answers.search.selectAll()
    qtbot.keyClicks(panel.answers.search, "melan")
    assert [option.text() for option in panel.options] == ["Melanocytic naevus", "Melanoma"]
    press(qtbot, window, Qt.Key.Key_Up)
    panel.answers.search.setFocus()
    press(qtbot, window, Qt.Key.Key_Return)
    assert panel.answers.chosen() == "melanocytic-naevus"
    press(qtbot, window, Qt.Key.Key_Down)
    press(qtbot, window, Qt.Key.Key_C)
    press(qtbot, window, Qt.Key.Key_Return)
    await_feedback(qtbot, desk)
    (row,) = kept(desk)
    assert row.answer.chosen == "melanoma"
    assert row.choices == ()


def test_a_differential_is_ranked_by_its_keys(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    sit_down(qtbot, window)
    desk = set_up(qtbot, window, Mode.PRACTICE)
    desk.quizzes.setup_page.options.kind.choose(2)
    begin(qtbot, desk)
    current = desk.quizzes.flow.current
    assert current is not None
    ids = current.case.question.choices
    assert len(ids) == 6
    for key in (Qt.Key.Key_3, Qt.Key.Key_1, Qt.Key.Key_5, Qt.Key.Key_2, Qt.Key.Key_6, Qt.Key.Key_1):
        press(qtbot, window, key)
    options = desk.quizzes.case_page.question.options
    assert options[2].accessibleName().endswith("ranked 1")
    assert options[5].accessibleName() == f"6: {options[5].text()}"
    press(qtbot, window, Qt.Key.Key_C)
    press(qtbot, window, Qt.Key.Key_Return)
    await_feedback(qtbot, desk)
    (row,) = kept(desk)
    assert row.answer.details.ranked == (ids[2], ids[4], ids[1])
    assert row.answer.chosen == ids[2]
    assert "differential" in feedback_texts(desk)


def test_features_and_the_place_of_the_lesion_are_asked_before_the_verdict(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = open_window()
    sit_down(qtbot, window)
    desk = set_up(qtbot, window, Mode.PRACTICE, ("melanoma", "basal-cell-carcinoma"))
    for check in (desk.quizzes.setup_page.options.features, desk.quizzes.setup_page.options.click):
        click(qtbot, check)
    begin(qtbot, desk)
    page = desk.quizzes.case_page
    assert page.question._hint.text().startswith(
        "Choose an answer, then name what decided it, then click the"
    )
    press(qtbot, window, Qt.Key.Key_1)
    press(qtbot, window, Qt.Key.Key_C)
    page.question.features.chips[0].setFocus()
    press(qtbot, window, Qt.Key.Key_Space)
    assert page.question._hint.text() == "Click the lesion."
    view = page.stage.view
    place = view.image_rect().center().toPoint() + QPoint(5, 0)
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=place)
    press(qtbot, window, Qt.Key.Key_Return)
    await_feedback(qtbot, desk)
    (row,) = kept(desk)
    details = row.answer.details
    assert details.features == (page.question.features.chips[0].term,)
    assert details.click is not None
    assert details.click.hit
    assert details.click.x == pytest.approx(0.5, abs=0.05)
    assert "You found the lesion." in feedback_texts(desk)
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
    assert kept(desk) == (row,)


def test_the_lesion_can_be_marked_with_the_arrow_keys(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    sit_down(qtbot, window)
    desk = set_up(qtbot, window, Mode.PRACTICE)
    click(qtbot, desk.quizzes.setup_page.options.click)
    begin(qtbot, desk)
    view = desk.quizzes.case_page.stage.view
    view.setFocus()
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left):
        press(qtbot, window, key)
    marked = desk.quizzes.case_page.question._click
    assert marked is not None
    assert (marked.x, marked.y) == pytest.approx((0.5, 0.56))


def test_none_of_these_is_an_option_and_can_be_wrong(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    sit_down(qtbot, window)
    desk = set_up(qtbot, window, Mode.PRACTICE)
    click(qtbot, desk.quizzes.setup_page.options.none)
    begin(qtbot, desk)
    options = desk.quizzes.case_page.question.options
    assert options[-1].text() == "None of these"
    press(qtbot, window, Qt.Key(Qt.Key.Key_0.value + len(options)))
    press(qtbot, window, Qt.Key.Key_C)
    press(qtbot, window, Qt.Key.Key_Return)
    await_feedback(qtbot, desk)
    (row,) = kept(desk)
    assert row.answer.chosen == NONE_OF_THESE
    right = row.right == NONE_OF_THESE
    assert desk.quizzes.case_page.feedback.verdict == (
        "Right – it was none of these" if right else "Wrong – you chose none of these"
    )


def test_an_answer_is_checked_without_enter_where_that_is_set(
    qtbot: QtBot, open_window: OpenWindow, folders: Folders
) -> None:
    window = open_window()
    sit_down(qtbot, window)
    desk = set_up(qtbot, window, Mode.PRACTICE)
    click(qtbot, desk.quizzes.setup_page.options.auto)
    begin(qtbot, desk)
    press(qtbot, window, Qt.Key.Key_1)
    press(qtbot, window, Qt.Key.Key_C)
    qtbot.wait(AUTO_MILLISECONDS // 3)
    press(qtbot, window, Qt.Key.Key_C)
    await_feedback(qtbot, desk)
    (row,) = kept(desk)
    assert row.answer.confidence == 4
    assert window.settings.auto_submit
    window.close()
    again = open_window(window.settings)
    assert again.desk is not None
    assert again.desk.quizzes.setup_page.options.auto.isChecked()
    assert again.desk.quizzes.case_page.question.auto_submit


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
