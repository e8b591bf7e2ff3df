"""The ways to answer: typed, ranked, with features and a mark on the lesion, without Enter."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from dermtutor.domain.modes import NONE_OF_THESE, Mode
from dermtutor.paths import Folders
from dermtutor.ui.desk import Desk
from dermtutor.ui.pages.question_panel import AUTO_MILLISECONDS
from dermtutor.ui.window import MainWindow
from tests.ui.asking import await_feedback, begin, feedback_texts, kept, set_up
from tests.ui.conftest import OpenWindow
from tests.ui.driving import LONG, await_question, click, press, sit_down, truth


def _asked(qtbot: QtBot, window: MainWindow, kind: int) -> Desk:
    """The first question of a practice with a kind of answers: 0 single best, 1 typed, 2 ranked."""
    sit_down(qtbot, window)
    desk = set_up(qtbot, window, Mode.PRACTICE)
    desk.quizzes.setup_page.options.kind.choose(kind)
    begin(qtbot, desk)
    return desk


def test_a_typed_answer_is_found_by_a_synonym(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    desk = _asked(qtbot, window, 1)
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
    desk = _asked(qtbot, window, 2)
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


def test_a_quiz_of_differentials_ends_with_how_they_ranked(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    desk = _asked(qtbot, window, 2)
    places = (1, 3, 2, 1, 1)
    for number, place in enumerate(places):
        current = desk.quizzes.flow.current
        assert current is not None
        ids, right = current.case.question.choices, truth(desk)
        named = [*[each for each in ids if each != right][: place - 1], right]
        for each in named:
            press(qtbot, window, Qt.Key(Qt.Key.Key_1 + ids.index(each)))
        press(qtbot, window, Qt.Key.Key_C)
        press(qtbot, window, Qt.Key.Key_Return)
        await_feedback(qtbot, desk)
        press(qtbot, window, Qt.Key.Key_Return)
        if number + 1 < len(places):
            await_question(qtbot, desk)
    page = desk.quizzes.summary_page
    qtbot.waitUntil(page.isVisible, timeout=LONG)
    told = " ".join(each.text() for each in page.findChildren(QLabel))
    assert "3 of 5 right" in told
    assert "The right name was among your first three in 5 of 5; mean reciprocal rank 0.77." in told


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
