"""The charts of the statistics page, their tables, and the cases behind a cell."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from dermtutor.bootstrap import open_catalogue
from dermtutor.domain.statistics import proportion
from dermtutor.services.figures.values import Confusion
from dermtutor.ui.theme import DARK, LIGHT, Theme, ramp_color
from dermtutor.ui.widgets.confusion_map import ConfusionMap
from tests.ui.conftest import OpenWindow, idle
from tests.ui.driving import LONG, click, press
from tests.ui.statistics.driving import open_statistics

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True)


def test_tables_are_the_twins_of_the_charts(qtbot: QtBot, open_window: OpenWindow, prepare: None) -> None:
    window = open_window()
    page = open_statistics(qtbot, window).progress_page
    figures = window._services.statistics.page(window.desk.learner.id).figures  # type: ignore[union-attr]
    qtbot.keyClick(page.area, Qt.Key.Key_T)
    for name, card in page.cards.items():
        if name not in ("real", "learners", "items"):  # there are no such answers
            assert card.table.isVisible(), name
    assert not page.heat_map.isVisible()
    lines = page.cards["cells"].table.lines()
    assert len(lines) == 1 + len(figures.by_tone) + len(figures.by_condition) + len(figures.cells)
    assert lines[0][2:4] == (str(figures.total.k), str(figures.total.n))
    assert len(page.cards["confusion"].table.lines()) == len(figures.confusion.mistakes())
    model = page.cards["cells"].table.model()
    assert model.index(0, 3).data() == str(figures.total.n)
    assert model.headerData(3, Qt.Orientation.Horizontal) == "Answers"
    qtbot.keyClick(page.area, Qt.Key.Key_T)
    assert page.heat_map.isVisible()


def test_charts_follow_the_theme_and_describe_themselves(
    qtbot: QtBot, open_window: OpenWindow, prepare: None
) -> None:
    window = open_window()
    page = open_statistics(qtbot, window).progress_page
    bar = page.area.verticalScrollBar()
    bar.setValue(page.place_of("tones"))
    chart = page._charts["tones"]
    qtbot.waitUntil(lambda: chart.drawn, timeout=LONG)
    assert chart.grab().toImage().pixelColor(1, 1).name() == LIGHT.surface
    assert "Monk 2" in chart.accessibleDescription()
    click(qtbot, window.theme_button)
    qtbot.waitUntil(lambda: chart.drawn and not window.restyler.isActive(), timeout=LONG)
    assert chart.grab().toImage().pixelColor(1, 1).name() == DARK.surface
    window.resize(1024, 700)
    qtbot.waitUntil(lambda: not chart._resting.isActive() and chart.drawn, timeout=LONG)
    said = page._charts["gap"].accessibleDescription()
    assert "gap" in said


def test_charts_wait_for_what_is_seen_and_are_given_up_when_the_theme_changes_again(
    qtbot: QtBot, open_window: OpenWindow, prepare: None
) -> None:
    window = open_window()
    desk = open_statistics(qtbot, window)
    page, chart = desk.progress_page, desk.progress_page._charts["times"]
    qtbot.waitUntil(lambda: chart.drawn and not window.restyler.isActive(), timeout=LONG)
    gate = threading.Event()
    window.charts.submit("wait", lambda cancel: gate.wait(20), lambda _: None)
    with qtbot.waitSignal(window._theme.worn, timeout=LONG):
        click(qtbot, window.theme_button)
        assert chart._ticket is None or chart._ticket.cancel.is_set()
    assert window.updatesEnabled()
    drawing = chart._ticket
    assert drawing is not None
    assert not drawing.cancel.is_set()
    qtbot.wait(50)
    assert page.styleSheet() == window.bar.styleSheet() != desk.start_page.styleSheet()  # nobody sees that
    with qtbot.waitSignal(window._theme.worn, timeout=LONG):
        click(qtbot, window.theme_button)
        assert drawing.cancel.is_set()
        assert chart.drawn  # as it was before
    gate.set()
    qtbot.waitUntil(lambda: window.charts.idle() and not window.restyler.isActive(), timeout=LONG)
    assert chart._ticket is drawing
    assert desk.start_page.styleSheet() == window.bar.styleSheet()


def test_a_chart_keeps_its_image_in_either_theme_until_figures_or_size_change(
    qtbot: QtBot, open_window: OpenWindow, prepare: None
) -> None:
    window = open_window()
    chart = open_statistics(qtbot, window).progress_page._charts["times"]
    qtbot.waitUntil(lambda: chart.drawn, timeout=LONG)
    for tokens, kept in ((DARK, False), (LIGHT, True), (DARK, True)):
        click(qtbot, window.theme_button)
        assert chart.drawn == kept
        qtbot.waitUntil(lambda: chart.drawn and not window.restyler.isActive(), timeout=LONG)
        assert chart.grab().toImage().pixelColor(1, 1).name() == tokens.surface
    window.resize(1024, 700)
    qtbot.waitUntil(lambda: not chart._resting.isActive() and chart.drawn, timeout=LONG)
    click(qtbot, window.theme_button)
    assert not chart.drawn
    qtbot.waitUntil(lambda: chart.drawn and not window.restyler.isActive(), timeout=LONG)


def test_charts_of_a_page_that_is_left_are_not_drawn(
    qtbot: QtBot, open_window: OpenWindow, prepare: None
) -> None:
    window = open_window()
    desk = open_statistics(qtbot, window)
    chart = desk.progress_page._charts["times"]
    qtbot.waitUntil(lambda: chart.drawn, timeout=LONG)
    gate = threading.Event()
    window.charts.submit("wait", lambda cancel: gate.wait(20), lambda _: None)
    click(qtbot, window.theme_button)
    qtbot.waitUntil(lambda: chart._ticket is not None and not chart._ticket.cancel.is_set(), timeout=LONG)
    click(qtbot, window.nav["about"])
    gate.set()
    qtbot.waitUntil(lambda: idle(window) and not window.restyler.isActive(), timeout=LONG)
    assert not chart.drawn
    click(qtbot, window.nav["progress"])
    qtbot.waitUntil(lambda: idle(window) and chart.drawn, timeout=LONG)


def test_a_cell_of_the_confusion_matrix_opens_its_cases(
    qtbot: QtBot, open_window: OpenWindow, prepare: None
) -> None:
    window = open_window()
    desk = open_statistics(qtbot, window)
    page, confusion = desk.progress_page, desk.progress_page.confusion
    cell = confusion.most_frequent_mistake()
    assert cell is not None
    qtbot.mouseClick(confusion, Qt.MouseButton.LeftButton, pos=confusion.cell_rect(*cell).center().toPoint())
    qtbot.waitUntil(desk.answered_page.isVisible, timeout=LONG)
    answered = desk.answered_page
    labels = confusion._confusion.labels
    record = answered._cases[0].case.record
    assert (record.spec.condition, record.answer.chosen) == (labels[cell[0]], labels[cell[1]])
    assert answered.view.has_image()
    assert window.nav["progress"].isChecked()
    if len(answered._cases) > 1:
        press(qtbot, window, Qt.Key.Key_PageDown)
        assert answered._count.text().startswith("2 of")
    press(qtbot, window, Qt.Key.Key_Escape)
    assert page.isVisible()
    page.as_table.setChecked(True)
    table = page.cards["confusion"].table
    table.setFocus()
    table.setCurrentIndex(table.model().index(0, 0))
    qtbot.keyClick(table, Qt.Key.Key_Return)
    qtbot.waitUntil(desk.answered_page.isVisible, timeout=LONG)


@pytest.mark.qt_log_ignore("does not support raise", extend=True)  # offscreen, of the tool tip
def test_fifty_conditions_fit_and_open_by_key(qtbot: QtBot, app: QApplication) -> None:
    labels = tuple(f"condition-{number:02d}" for number in range(50))
    counts = tuple(tuple(7 if i == j else (i + j) % 11 == 0 for j in range(50)) for i in range(50))
    chart = ConfusionMap(Theme("light"))
    qtbot.addWidget(chart)
    chart.resize(880, chart.sizeHint().height())
    chart.show_confusion(Confusion(labels, counts, 0.5), labels)
    chart.resize(880, chart.sizeHint().height())
    chart.show()
    assert chart.cell_rect(49, 49).right() <= 880
    assert chart.cell_rect(49, 49).bottom() <= chart.height()
    chart.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left):
        qtbot.keyClick(chart, key)
    with qtbot.waitSignal(chart.opened) as opened:
        qtbot.keyClick(chart, Qt.Key.Key_Return)
    assert opened.args == ["condition-01", "condition-01"]
    qtbot.keyClick(chart, Qt.Key.Key_Up)
    with qtbot.assertNotEmitted(chart.opened):
        qtbot.keyClick(chart, Qt.Key.Key_Return)  # an empty cell has no cases


def test_what_is_painted_strip_by_strip_is_the_whole(
    qtbot: QtBot, open_window: OpenWindow, prepare: None
) -> None:
    page = open_statistics(qtbot, open_window()).progress_page
    for chart in (page.heat_map, page.confusion):
        whole = _pixels(chart.grab().toImage())
        for top in range(0, chart.height() - 40, 40):
            strip = _pixels(chart.grab(QRect(0, top, chart.width(), 40)).toImage())
            off = np.abs(strip - whole[top : top + 40]).max()
            assert off < 48, (type(chart).__name__, top)  # edges are smoothed a little otherwise


def _pixels(image: QImage) -> NDArray[np.int16]:
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4).astype(np.int16)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_the_ramp_reads_in_greyscale(app: QApplication, tokens: object) -> None:
    greys = [QImage(1, 1, QImage.Format.Format_RGB32) for _ in range(21)]
    for step, image in enumerate(greys):
        image.fill(ramp_color(tokens, step / 20))  # type: ignore[arg-type]
    shades = [
        image.convertToFormat(QImage.Format.Format_Grayscale8).pixelColor(0, 0).lightness() for image in greys
    ]
    assert shades == sorted(shades) or shades == sorted(shades, reverse=True)
    assert abs(shades[0] - shades[-1]) > 90


def test_the_heat_map_tells_every_cell(qtbot: QtBot, open_window: OpenWindow, prepare: None) -> None:
    window = open_window()
    page = open_statistics(qtbot, window).progress_page
    where = page.heat_map._area(1, 10).center()
    said = page.heat_map.accessibleDescription()
    name = next(c.name for _, members in open_catalogue().grouped() for c in members if c.name in said)
    assert page.heat_map._tip(where.x(), where.y()).startswith(f"{name}, all tones")
    assert proportion(3, 4).too_few
