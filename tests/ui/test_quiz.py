"""A quiz through the real windows: by keyboard, left and continued, with its feedback."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from dermtutor import bootstrap
from dermtutor.errors import UserError
from dermtutor.paths import Folders
from dermtutor.skin.scales import MonkTone
from tests.ui.conftest import OpenWindow
from tests.ui.driving import LONG, answer, await_question, begin, click, press, sit_down, truth
from tests.ui.fakes import FakeGenerator


def test_whole_quiz_by_keyboard_alone(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    desk = sit_down(qtbot, window)
    press(qtbot, window, Qt.Key.Key_Space)
    assert desk.quizzes.setup_page.isVisible()
    desk.quizzes.setup_page.questions.choose(5)
    press(qtbot, window, Qt.Key.Key_Space)
    await_question(qtbot, desk)
    for number in range(5):
        answer(qtbot, window, right=number != 2)
        press(qtbot, window, Qt.Key.Key_Return)
        if number < 4:
            await_question(qtbot, desk)
    qtbot.waitUntil(desk.quizzes.summary_page.isVisible, timeout=LONG)
    texts = [each.text() for each in desk.quizzes.summary_page.findChildren(QLabel)]
    assert "4 of 5 right" in texts


def test_two_clicks_from_the_start_page_to_a_question(qtbot: QtBot, open_window: OpenWindow) -> None:
    desk = sit_down(qtbot, open_window())
    click(qtbot, desk.start_page.start)
    click(qtbot, desk.quizzes.setup_page.start)
    await_question(qtbot, desk)
    assert desk.quizzes.flow.current is not None
    assert desk.quizzes.flow.current.case.question.total == 10


def test_a_quiz_left_by_closing_is_continued_at_its_question(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    desk = sit_down(qtbot, window)
    begin(qtbot, window)
    answer(qtbot, window)
    press(qtbot, window, Qt.Key.Key_Return)
    await_question(qtbot, desk)
    left = desk.quizzes.flow.current
    settings = window.settings
    window.close()

    again = open_window(settings)
    assert again.desk is not None
    page = again.desk.start_page
    qtbot.waitUntil(page.resume.isVisible, timeout=LONG)
    click(qtbot, page.resume)
    await_question(qtbot, again.desk)
    resumed = again.desk.quizzes.flow.current
    assert left is not None
    assert resumed is not None
    assert resumed.case.question == left.case.question
    assert resumed.case.image_png == left.case.image_png


def test_feedback_says_right_or_wrong_in_words_and_explains(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    desk = sit_down(qtbot, window)
    begin(qtbot, window)
    condition = desk.quizzes.case_page._catalogue.get(truth(desk))
    answer(qtbot, window, right=False)
    panel = desk.quizzes.case_page.feedback
    assert panel.verdict.startswith("Wrong – you chose")
    texts = " ".join(each.text() for each in panel.findChildren(QLabel))
    for part in (condition.name, "Why", "Look-alikes", "On lighter skin", "On darker skin", "Not reviewed"):
        assert part in texts
    for source in condition.sources:
        assert source.title.split("&")[0] in texts
    press(qtbot, window, Qt.Key.Key_Return)
    await_question(qtbot, desk)
    answer(qtbot, window, right=True)
    assert panel.verdict == "Right"


def test_feedback_describes_the_forms_of_the_disease_that_of_the_image_first(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = open_window()
    desk = sit_down(qtbot, window)
    click(qtbot, desk.start_page.start)
    desk.quizzes.setup_page.choose(("plaque-psoriasis",), (3, 8), 5)
    click(qtbot, desk.quizzes.setup_page.start)
    await_question(qtbot, desk)
    forms = desk.quizzes.case_page._catalogue.get("plaque-psoriasis").variants
    here = forms[-1]
    desk.quizzes.case_page._shown.image.setText("Variant", here.id)
    answer(qtbot, window)
    texts = [each.text() for each in desk.quizzes.case_page.feedback.findChildren(QLabel)]
    assert "A typical history" in texts
    assert texts[texts.index("Forms") + 1 :][:2] == [f"{here.name} – in this image", here.text]
    assert all(form.name in texts and form.text in texts for form in forms if form is not here)


def test_an_answer_is_in_the_records_before_feedback_shows(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    desk = sit_down(qtbot, window)
    begin(qtbot, window)
    counts: list[int] = []
    learner = desk.learner
    assert learner is not None
    progress = desk._services.progress
    desk.quizzes.flow.feedback_shown.connect(lambda _: counts.append(progress.overview(learner.id).total.n))
    answer(qtbot, window)
    assert counts == [1]


def test_the_tone_slider_shows_this_very_lesion_on_every_tone(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    desk = sit_down(qtbot, window)
    begin(qtbot, window)
    page = desk.quizzes.case_page
    assert not page.stage.slider.isEnabled()
    answer(qtbot, window)
    qtbot.waitUntil(page.stage.slider.all_ready, timeout=LONG)
    assert set(page._tones) == set(MonkTone.all())
    light, dark = (page._tones[MonkTone(n)].image.pixelColor(3, 3).lightness() for n in (1, 10))
    assert light > dark
    slider = page.stage.slider
    middle = QPoint(round(9.5 * slider.width() / 10), slider.height() // 2)
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=middle)
    assert slider.value() == 10
    assert page.stage._tone.text() == "Monk 10"
    shown = page.stage.view._pixmap.toImage().pixelColor(3, 3)
    assert shown == page._tones[MonkTone(10)].image.pixelColor(3, 3)
    press(qtbot, window, Qt.Key.Key_BracketLeft)
    assert slider.value() == 9


def test_outline_and_zoom_by_key(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    desk = sit_down(qtbot, window)
    begin(qtbot, window)
    view = desk.quizzes.case_page.stage.view
    press(qtbot, window, Qt.Key.Key_M)
    assert not view.outline_visible
    press(qtbot, window, Qt.Key.Key_Z)
    assert view.zoom == pytest.approx(2.5)
    press(qtbot, window, Qt.Key.Key_Z)
    assert view.zoom == 1
    answer(qtbot, window)
    press(qtbot, window, Qt.Key.Key_M)
    assert view.outline_visible
    press(qtbot, window, Qt.Key.Key_Return)
    await_question(qtbot, desk)
    assert not view.outline_visible


def test_enter_without_confidence_submits_nothing(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    desk = sit_down(qtbot, window)
    begin(qtbot, window)
    panel = desk.quizzes.case_page.question
    assert panel._hint.text() == "Choose an answer, then say how sure you are."
    assert not panel.submit.isEnabled()
    press(qtbot, window, Qt.Key.Key_1)
    press(qtbot, window, Qt.Key.Key_Return)
    qtbot.wait(50)
    assert panel._hint.text() == "Say how sure you are."
    assert desk.quizzes.case_page.question.isVisible()
    assert not desk.quizzes.case_page.question.submit.isEnabled()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_on_the_question_page_gives_the_answer_away(
    qtbot: QtBot, open_window: OpenWindow, theme: str
) -> None:
    window = open_window(theme=theme)
    desk = sit_down(qtbot, window)
    begin(qtbot, window)
    page = desk.quizzes.case_page
    name = page._catalogue.get(truth(desk)).name.lower()
    buttons = set(page.question.options)
    for widget in page.findChildren(object):
        if widget in buttons or not hasattr(widget, "accessibleName") or not widget.isVisible():
            continue
        told = (
            widget.accessibleName(),
            widget.accessibleDescription(),
            widget.toolTip(),
            widget.objectName(),
            widget.text() if hasattr(widget, "text") else "",
        )
        assert name not in " ".join(told).lower()
        assert truth(desk) not in " ".join(told).lower()
    assert sum(name in option.accessibleName().lower() for option in buttons) == 1


def test_no_widget_becomes_a_window_of_its_own(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    sit_down(qtbot, window)
    begin(qtbot, window)
    answer(qtbot, window)
    shown = [each for each in QApplication.topLevelWidgets() if each.isVisible() and each is not window]
    assert shown == []


def test_a_case_that_cannot_be_made_is_told_and_tried_again(
    qtbot: QtBot, open_window: OpenWindow, generator: FakeGenerator
) -> None:
    window = open_window()
    desk = sit_down(qtbot, window)
    generator.error = UserError("The weights are missing; run “dermtutor weights verify”.")
    click(qtbot, desk.start_page.start)
    click(qtbot, desk.quizzes.setup_page.start)
    qtbot.waitUntil(window.banner.isVisible, timeout=LONG)
    assert window.banner.text == "The weights are missing; run “dermtutor weights verify”."
    generator.error = None
    click(qtbot, desk.quizzes.case_page._retry)
    await_question(qtbot, desk)


def test_an_answer_that_could_not_be_kept_can_be_given_again(
    qtbot: QtBot, open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window()
    desk = sit_down(qtbot, window)
    begin(qtbot, window)
    quiz = desk._services.quiz
    kept = quiz.answer

    def full(*_: object) -> None:
        raise UserError("The disk is full; free some space and answer again.")

    monkeypatch.setattr(type(quiz), "answer", full)
    press(qtbot, window, Qt.Key.Key_1)
    press(qtbot, window, Qt.Key.Key_C)
    press(qtbot, window, Qt.Key.Key_Return)
    qtbot.waitUntil(window.banner.isVisible, timeout=LONG)
    assert desk.quizzes.case_page.question.isVisible()
    monkeypatch.setattr(type(quiz), "answer", kept.__func__)
    press(qtbot, window, Qt.Key.Key_Return)
    qtbot.waitUntil(desk.quizzes.case_page.feedback.next.isVisible, timeout=LONG)


def test_an_answer_given_just_before_closing_is_kept(
    qtbot: QtBot, open_window: OpenWindow, folders: Folders
) -> None:
    window = open_window()
    desk = sit_down(qtbot, window)
    begin(qtbot, window)
    learner = desk.learner
    assert learner is not None
    press(qtbot, window, Qt.Key.Key_1)
    press(qtbot, window, Qt.Key.Key_C)
    press(qtbot, window, Qt.Key.Key_Return)
    window.close()
    services = bootstrap.build_services(folders)
    assert services.progress.overview(learner.id).total.n == 1
    services.close()


def test_times_are_of_this_question(qtbot: QtBot, open_window: OpenWindow, folders: Folders) -> None:
    window = open_window()
    desk = sit_down(qtbot, window)
    before = datetime.now(UTC)
    begin(qtbot, window)
    session = desk.quizzes.flow.session_id
    assert session is not None
    answer(qtbot, window)
    record = desk._services.quiz.summary(session).answers[0]
    assert before <= record.answer.shown_at <= record.answer.answered_at <= datetime.now(UTC)
