"""The page on which a quiz is set up: conditions found and chosen, and the choice remembered."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from dermtutor.bootstrap import open_catalogue
from dermtutor.domain.conditions import load_catalogue
from dermtutor.paths import assets_dir
from dermtutor.settings import load_settings
from dermtutor.skin.scales import MonkTone
from dermtutor.ui.pages.setup import SetupPage
from dermtutor.ui.theme import Theme
from tests.ui.conftest import OpenWindow
from tests.ui.driving import LONG, begin, click, sit_down

# The offscreen platform says this of every widget that is a window of its own and has a smallest size.
pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True)


@pytest.fixture
def setup_page(qtbot: QtBot, app: QApplication) -> SetupPage:
    page = SetupPage(Theme("light"), open_catalogue())
    qtbot.addWidget(page)
    page.show()
    return page


def test_set_up_begins_with_everything(setup_page: SetupPage) -> None:
    plan = setup_page.plan()
    assert set(plan.conditions) == {each.id for each in open_catalogue().quizzable()}
    assert plan.tones == MonkTone.all()
    assert plan.questions == 10


def test_search_finds_names_synonyms_and_how_images_are_made(qtbot: QtBot, setup_page: SetupPage) -> None:
    search = setup_page.conditions.search
    qtbot.keyClicks(search, "ringworm")
    shown = {name for name, box in setup_page.boxes.items() if not box.isHidden()}
    assert "melanoma" not in shown
    search.setText("recipe")
    shown = {name for name, box in setup_page.boxes.items() if not box.isHidden()}
    assert {"vitiligo", "urticaria"} <= shown
    assert "melanoma" not in shown
    search.setText("nothing like this")
    assert setup_page.conditions.found.isVisible()


def test_all_and_none_of_a_group(qtbot: QtBot, setup_page: SetupPage) -> None:
    picker = setup_page.conditions
    tumours = picker.sections["tumour"]
    click(qtbot, picker.none)
    assert not setup_page.start.isEnabled()
    click(qtbot, tumours.all)
    assert set(setup_page.plan().conditions) == set(tumours.boxes) >= {"melanoma", "basal-cell-carcinoma"}
    click(qtbot, tumours.none)
    assert not setup_page.start.isEnabled()


def test_all_and_none_leave_alone_what_the_search_hides(qtbot: QtBot, setup_page: SetupPage) -> None:
    picker = setup_page.conditions
    picker.search.setText("tumours")
    click(qtbot, picker.none)
    picker.search.setText("")
    left = set(setup_page.plan().conditions)
    assert "melanoma" not in left
    assert "vitiligo" in left
    assert picker.sections["tumour"].isVisible()


def test_a_morphology_term_finds_the_conditions_that_show_it(setup_page: SetupPage) -> None:
    setup_page.conditions.search.setText("vesicle")
    shown = {name for name, box in setup_page.boxes.items() if not box.isHidden()}
    assert "herpes-zoster" in shown
    assert "vitiligo" not in shown
    assert setup_page.conditions.sections["tumour"].isHidden()


def test_conditions_are_read_down_the_columns_by_arrow_keys_too(qtbot: QtBot, setup_page: SetupPage) -> None:
    boxes = list(setup_page.conditions.sections["tumour"].boxes.values())
    assert boxes[0].text() == "Actinic keratosis"
    boxes[0].setFocus()
    qtbot.keyClick(boxes[0], Qt.Key.Key_Down)
    assert boxes[1].hasFocus()
    assert (boxes[1].x(), boxes[1].y() > boxes[0].y()) == (boxes[0].x(), True)
    qtbot.keyClick(boxes[1], Qt.Key.Key_Space)
    assert not boxes[1].isChecked()


def test_other_conditions_keep_the_choice_of_those_that_stay(setup_page: SetupPage) -> None:
    catalogue = load_catalogue(assets_dir() / "conditions")
    setup_page.choose(("melanoma",), (), 10)
    setup_page.conditions.show_conditions(catalogue)
    assert set(setup_page.boxes) == {each.id for each in catalogue.conditions}
    assert setup_page.boxes["melanoma"].isChecked()
    assert not setup_page.boxes["vitiligo"].isChecked()


@pytest.mark.parametrize("width", [1280, 1024])
def test_fifty_conditions_fit_the_page(qtbot: QtBot, app: QApplication, width: int) -> None:
    page = SetupPage(Theme("light"), load_catalogue(assets_dir() / "conditions"))
    qtbot.addWidget(page)
    page.resize(width, 700)
    page.show()
    assert page.size().width() == width
    for box in page.boxes.values():
        assert box.height() >= 24
        assert QFontMetrics(box.font()).horizontalAdvance(box.text()) <= box.width()


def test_start_needs_a_condition_and_a_tone(qtbot: QtBot, setup_page: SetupPage) -> None:
    for box in setup_page.tones.values():
        box.setChecked(False)
    assert not setup_page.start.isEnabled()
    click(qtbot, setup_page.tones[MonkTone(4)])
    assert setup_page.start.isEnabled()
    assert setup_page.plan().tones == (MonkTone(4),)


def test_the_choice_is_remembered(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    desk = sit_down(qtbot, window)
    desk.quizzes.setup_page.choose(("melanoma", "vitiligo"), (1, 10), 5)
    click(qtbot, desk.start_page.start)
    click(qtbot, desk.quizzes.setup_page.start)
    qtbot.waitUntil(window.records.idle, timeout=LONG)
    kept = load_settings(window._folders.settings).settings
    assert (set(kept.conditions), kept.tones, kept.questions) == ({"melanoma", "vitiligo"}, (1, 10), 5)
    assert kept.last_learner == desk.learner.id if desk.learner else False


def test_everything_is_remembered_as_everything(qtbot: QtBot, open_window: OpenWindow) -> None:
    """Conditions that a later release adds are then chosen, too."""
    window = open_window()
    sit_down(qtbot, window)
    begin(qtbot, window)
    qtbot.waitUntil(window.records.idle, timeout=LONG)
    assert load_settings(window._folders.settings).settings.conditions == ()
