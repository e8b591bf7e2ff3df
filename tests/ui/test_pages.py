"""The pages one by one: set-up, start, welcome, banner, sizes, names."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QScrollArea
from pytestqt.qtbot import QtBot

from dermtutor.bootstrap import open_catalogue
from dermtutor.domain.cases import Modality, Source
from dermtutor.settings import Settings, load_settings
from dermtutor.ui.theme import DARK, LIGHT
from dermtutor.ui.widgets.image_view import ImageView
from dermtutor.ui.wording import (
    SOURCE_LABELS,
    SOURCE_WITHHELD,
    SYNTHETIC_DERMOSCOPY,
    flags_before_answer,
    source_label,
)
from tests.ui.conftest import OpenWindow
from tests.ui.driving import LONG, answer, begin, click, desk_of, press, sit_down

# The offscreen platform says this of every widget that is a window of its own and has a smallest size.
pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True)


def test_first_run_asks_to_acknowledge_and_remembers(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window(Settings())
    assert window.welcome.isVisible()
    assert not window.nav["start"].isEnabled()
    press(qtbot, window, Qt.Key.Key_Space)
    desk = desk_of(window)
    qtbot.waitUntil(desk.start_page.isVisible, timeout=LONG)
    qtbot.waitUntil(window.records.idle, timeout=LONG)
    assert load_settings(window._folders.settings).settings.acknowledged_not_for_diagnosis


def test_every_page_says_what_it_is_not_for(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    desk = desk_of(window)
    footer = next(
        each for each in window.findChildren(QLabel) if each.text() == "For teaching. Not for diagnosis."
    )
    for page in desk.ahead.pages():
        desk.show(page)
        assert footer.isVisible()


def test_targets_are_large_enough_and_everything_has_a_name(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    desk = sit_down(qtbot, window)
    begin(qtbot, window)
    answer(qtbot, window)
    for page in desk.ahead.pages():
        desk.show(page)
        QApplication.processEvents()
        for control in window.findChildren(QAbstractButton):
            if not control.isVisible() or control.metaObject().className() == "QTableCornerButton":
                continue
            assert control.width() >= 24, control
            assert control.height() >= 24, control
            assert control.text() or control.accessibleName(), control


@pytest.mark.parametrize("size", [(1024, 700), (940, 560)])
def test_nothing_is_cut_off_in_a_small_window(
    qtbot: QtBot, open_window: OpenWindow, size: tuple[int, int]
) -> None:
    window = open_window()
    desk = sit_down(qtbot, window)
    window.resize(*size)
    begin(qtbot, window)
    QApplication.processEvents()
    assert (window.width(), window.height()) == size
    page = desk.quizzes.case_page
    right = page.question.submit.mapTo(window, page.question.submit.rect().bottomRight())
    assert window.rect().contains(right)
    assert page.stage.view.height() >= 200
    answer(qtbot, window)
    for each in desk.ahead.pages():
        desk.show(each)
        QApplication.processEvents()
        for area in each.findChildren(QScrollArea):
            if area.isVisible() and area.widget() is not None:
                assert area.widget().width() <= area.viewport().width() + 1, (each, area)


def test_banner_shows_a_bug_with_the_offer_to_save_the_log(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    window = open_window()
    window.tell_error(ValueError("a bug"))
    assert window.banner._act.isVisible()
    assert "Save log" in window.banner._act.text()
    window.saving._log_file.write_text("line\n", encoding="utf-8")
    window.saving.save_log_to(tmp_path / "copy.log")
    qtbot.waitUntil(window.records.idle, timeout=LONG)
    assert (tmp_path / "copy.log").read_text(encoding="utf-8") == "line\n"
    window.saving.save_log_to(tmp_path / "no" / "such" / "folder.log")
    qtbot.waitUntil(window.records.idle, timeout=LONG)
    assert "choose another folder" in window.banner.text


def test_a_name_taken_is_told_in_the_banner(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    desk = sit_down(qtbot, window)
    qtbot.keyClicks(desk.start_page.name, "Learner")
    qtbot.keyClick(desk.start_page.name, Qt.Key.Key_Return)
    qtbot.waitUntil(window.banner.isVisible, timeout=LONG)


def test_many_learners_with_long_names_fit(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    window.resize(940, 560)
    profiles = desk_of(window)._services.profiles
    for number in range(8):
        profiles.create(f"{number} a rather long name of somebody who learns")
    desk = sit_down(qtbot, window, "Short")
    page = desk.start_page
    area = page.findChild(QScrollArea)
    assert isinstance(area, QScrollArea)
    QApplication.processEvents()
    assert len(page.learner_buttons) == 9
    assert area.widget().width() <= area.viewport().width()
    assert {each.accessibleName() for each in page.learner_buttons} >= {"Learner Short"}
    chosen = next(each for each in page.learner_buttons if each.toolTip().startswith("3 "))
    click(qtbot, chosen)
    qtbot.waitUntil(lambda: desk.learner is not None and desk.learner.name.startswith("3 "), timeout=LONG)


def test_theme_changes_and_the_image_surround_does_not(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    desk = sit_down(qtbot, window)
    begin(qtbot, window)
    view = desk.quizzes.case_page.stage.view
    before = view.grab().toImage().pixelColor(20, view.height() // 2)
    page = window.grab().toImage().pixelColor(2, 400)
    click(qtbot, window.theme_button)
    qtbot.waitUntil(lambda: not window.restyler.isActive(), timeout=LONG)
    assert view.grab().toImage().pixelColor(20, view.height() // 2) == before
    assert window.grab().toImage().pixelColor(2, 400) != page


def test_every_page_follows_the_theme_whether_it_was_seen_or_not(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = open_window()
    desk = sit_down(qtbot, window)
    begin(qtbot, window)
    pages = desk.ahead.pages()
    for tokens in (DARK, LIGHT):
        click(qtbot, window.theme_button)
        click(qtbot, window.nav["about"])  # at once: this page had not changed yet
        qtbot.waitUntil(lambda: not window.restyler.isActive(), timeout=LONG)
        assert window.updatesEnabled()
        for page in pages:
            desk.show(page)
            QApplication.processEvents()
            shown = window.grab().toImage()
            assert shown.pixelColor(page.mapTo(window, QPoint(3, 3))).name() == tokens.page
            assert shown.pixelColor(3, 3).name() == tokens.surface


def test_full_screen_by_key_and_back_by_either(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    desk = sit_down(qtbot, window)
    for back in (Qt.Key.Key_F11, Qt.Key.Key_Escape):
        press(qtbot, window, Qt.Key.Key_F11)
        assert window.isFullScreen()
        press(qtbot, window, back)
        assert not window.isFullScreen()
    begin(qtbot, window)
    press(qtbot, window, Qt.Key.Key_F11)
    press(qtbot, window, Qt.Key.Key_Escape)
    assert not window.isFullScreen()
    assert desk.quizzes.case_page.isVisible()  # the quiz goes on
    press(qtbot, window, Qt.Key.Key_Escape)
    assert desk.start_page.isVisible()


def test_wheel_zooms_about_the_pointer_and_dragging_moves(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    sit_down(qtbot, window)
    view: ImageView = begin(qtbot, window).quizzes.case_page.stage.view
    corner = QPointF(view.image_rect().left() + 30, 40)
    before = view.place_at(corner)
    wheel = QWheelEvent(
        corner, view.mapToGlobal(corner), QPoint(), QPoint(0, 480), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view, wheel)
    assert view.zoom > 2
    after = view.place_at(corner)
    assert abs(after.y() - before.y()) < 0.02
    start = view.image_rect().topLeft()
    middle = view.rect().center()
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.mouseMove(view, middle - QPoint(40, 30))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=middle - QPoint(40, 30))
    assert view.image_rect().topLeft() != start


def test_the_source_is_withheld_only_where_it_would_strike_out_options() -> None:
    catalogue = open_catalogue()
    mixed, alike = ("melanoma", "vitiligo"), ("melanoma", "melanocytic-naevus")
    assert source_label(Source.LEARNED, mixed, catalogue, answered=False) == SOURCE_WITHHELD
    assert source_label(Source.LEARNED, alike, catalogue, answered=False) == SOURCE_LABELS[Source.LEARNED]
    assert source_label(Source.RECIPE, mixed, catalogue, answered=True) == SOURCE_LABELS[Source.RECIPE]
    told = source_label(Source.RECIPE, mixed, catalogue, answered=True, recipe_version="1.1")
    assert told == f"{SOURCE_LABELS[Source.RECIPE]} (recipe 1.1)"
    told = source_label(
        Source.RECIPE, mixed, catalogue, answered=True, recipe_version="1.1+a0", recipe_review="not reviewed"
    )
    assert told == f"{SOURCE_LABELS[Source.RECIPE]} (recipe 1.1, not reviewed)"
    assert "1.1" not in source_label(Source.RECIPE, mixed, catalogue, answered=False, recipe_version="1.1")
    seen = source_label(Source.LEARNED, mixed, catalogue, answered=False, modality=Modality.DERMOSCOPY)
    assert seen == SYNTHETIC_DERMOSCOPY
    for source in (Source.REAL, Source.TRANSFER):
        assert source_label(source, mixed, catalogue, answered=False) == SOURCE_LABELS[source]
    synthetic = [SOURCE_LABELS[source] for source in Source if source is not Source.REAL]
    assert all("ynthetic" in text for text in (*synthetic, SOURCE_WITHHELD))
    assert "not synthetic" in SOURCE_LABELS[Source.REAL]


def test_only_tone_flags_are_told_before_the_answer() -> None:
    tone, lesion = "measured skin tone differs from the requested one", "lesion is unusually small or large"
    assert flags_before_answer((tone, lesion)) == (tone,)
