"""The statistics page in the real window: figures, tables, filters, charts, cases behind a cell, reports."""

from __future__ import annotations

import json
import os
import shutil
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from dermtutor import bootstrap
from dermtutor.bootstrap import open_catalogue
from dermtutor.domain.statistics import proportion
from dermtutor.paths import Folders
from dermtutor.services.answer_columns import AnswerColumns, AnswerFilter
from dermtutor.services.figures.learner import figures_of
from dermtutor.services.figures.values import Confusion
from dermtutor.services.statistics import FilterChoices, Statistics, StatisticsPage
from dermtutor.ui.desk import Desk
from dermtutor.ui.pages.filters import FilterBar
from dermtutor.ui.pages.shown_figures import prepare as with_tables
from dermtutor.ui.theme import DARK, LIGHT, Theme, ramp_color
from dermtutor.ui.widgets.confusion_map import ConfusionMap
from dermtutor.ui.window import MainWindow
from tests.services.month import Trainee
from tests.ui.conftest import OpenWindow, idle
from tests.ui.driving import LONG, answer, begin, click, press, sit_down
from tests.ui.fakes import FakeGenerator

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True)


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Records of two learners with some days of work, to be copied."""
    home = tmp_path_factory.mktemp("worked")
    with pytest.MonkeyPatch.context() as quick:
        quick.setattr(os, "fsync", lambda descriptor: None)
        quick.setattr(bootstrap, "open_generator", lambda device="auto", own=dict: FakeGenerator())
        services = bootstrap.build_services(Folders(home))
        for name, role, days in (("Ada", "trainee", 4), ("Bea", "trainee", 3), ("Eva", "educator", 5)):
            Trainee(services.quiz, services.profiles.create(name, role), days).work(days, questions=10)
        services.close()
    return home


@pytest.fixture
def prepare(folders: Folders, worked: Path) -> None:
    """Those records are here."""
    shutil.copytree(worked, folders.home, dirs_exist_ok=True)


def open_statistics(qtbot: QtBot, window: MainWindow, name: str = "Ada") -> Desk:
    desk = window.desk
    assert desk is not None
    chip = next(each for each in desk.start_page.learner_buttons if each.toolTip() == name)
    click(qtbot, chip)
    qtbot.waitUntil(lambda: idle(window), timeout=LONG)
    click(qtbot, window.nav["progress"])
    qtbot.waitUntil(lambda: idle(window) and desk.progress_page.heat_map.isVisible(), timeout=LONG)
    return desk


def test_figures_after_a_quiz_answered_at_the_window(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    desk = sit_down(qtbot, window)
    begin(qtbot, window)
    answer(qtbot, window)
    press(qtbot, window, Qt.Key.Key_Return)
    qtbot.waitUntil(desk.quizzes.case_page.question.submit.isVisible, timeout=LONG)
    answer(qtbot, window, right=False)
    click(qtbot, window.nav["progress"])
    page = desk.progress_page
    qtbot.waitUntil(lambda: idle(window) and page.heat_map.isVisible(), timeout=LONG)
    assert page.cards["cells"].table.lines()[0][:5] == ("All conditions", "All tones", "1", "2", "–")


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


def test_filters_count_only_what_they_say(qtbot: QtBot, open_window: OpenWindow, prepare: None) -> None:
    window = open_window()
    page = open_statistics(qtbot, window).progress_page

    def counted() -> int:
        qtbot.waitUntil(lambda: idle(window), timeout=LONG)
        return page._figures.total.n if page._figures else 0

    everything = counted()
    page.filters.source.choose(1)
    learned = counted()
    page.filters.source.choose(2)
    assert 0 < learned < everything
    assert learned + counted() == everything
    page.filters.source.choose(0)
    page.filters.span.choose(7)  # the month lies further back
    assert counted() == 0
    assert page._nothing.isVisible()
    assert not page.filters.mode.isVisible()  # there is only one mode
    assert not page.filters.source.segments[3].isVisible()  # no real images
    page.filters.span.choose(0)
    assert counted() == everything


def test_answers_are_counted_off_the_windows_thread(
    qtbot: QtBot, open_window: OpenWindow, prepare: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted_on: list[int] = []
    count = Statistics.page

    def page(*arguments: object) -> StatisticsPage:
        counted_on.append(threading.get_ident())
        return count(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Statistics, "page", page)
    window = open_window()
    desk = open_statistics(qtbot, window)
    for source in (1, 2, 0):
        desk.progress_page.filters.source.choose(source)
        qtbot.waitUntil(lambda: idle(window), timeout=LONG)
    assert len(counted_on) == 4
    assert threading.get_ident() not in counted_on


def test_filter_bar_offers_what_there_is(qtbot: QtBot, app: QApplication) -> None:
    bar = FilterBar(Theme("light"))
    qtbot.addWidget(bar)
    bar.offer(FilterChoices(("practice", "exam"), ("ward-round",), ("learned", "real"), True))
    bar.show()
    assert bar.mode.isVisible()
    assert bar.case_set.isVisible()
    assert bar.reviewed.isVisible()
    assert [each.isVisible() for each in bar.source.segments] == [True, True, True, False, True]
    bar.mode.setCurrentIndex(2)
    bar.case_set.setCurrentIndex(1)
    bar.reviewed.setChecked(True)
    bar.offer(FilterChoices(("practice", "exam"), ("ward-round",), ("learned", "real"), True))
    expected = AnswerFilter(mode="exam", case_set="ward-round", reviewed_only=True)
    assert bar.filter() == expected


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


def test_only_educators_see_everyone(qtbot: QtBot, open_window: OpenWindow, prepare: None) -> None:
    window = open_window()
    desk = open_statistics(qtbot, window, "Eva")
    page = desk.progress_page
    assert page.scope.isVisible()
    own = page._figures.total.n if page._figures else 0
    page.scope.choose(1)
    qtbot.waitUntil(lambda: idle(window) and page.cards["learners"].isVisible(), timeout=LONG)
    assert page._figures is not None
    assert page._figures.total.n > own
    assert [line[0] for line in page.cards["learners"].table.lines()] == ["Ada", "Bea", "Eva"]
    assert page.cards["items"].table.lines()
    click(qtbot, window.nav["start"])
    open_statistics(qtbot, window, "Bea")
    assert not page.scope.isVisible()
    assert not page.everyone
    assert not page.cards["learners"].isVisible()


def test_everybodys_answers_are_read_when_an_educator_sits_down(
    qtbot: QtBot, open_window: OpenWindow, prepare: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window()
    desk = window.desk
    assert desk is not None
    read: list[object] = []
    statistics = desk._services.statistics
    monkeypatch.setattr(type(statistics), "read_ahead", lambda self, cancel: read.append(cancel))
    for name in ("Ada", "Eva"):
        chip = next(each for each in desk.start_page.learner_buttons if each.toolTip() == name)
        click(qtbot, chip)
        qtbot.waitUntil(lambda: idle(window), timeout=LONG)
        assert len(read) == (name == "Eva")


@pytest.mark.parametrize("ending", ["pdf", "xlsx"])
def test_the_report_button_saves_a_report(
    qtbot: QtBot,
    open_window: OpenWindow,
    prepare: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    ending: str,
) -> None:
    window = open_window()
    page = open_statistics(qtbot, window).progress_page
    target = tmp_path / f"report.{ending}"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    click(qtbot, page.report)
    qtbot.waitUntil(lambda: window.banner.isVisible() and idle(window), timeout=LONG)
    assert str(target) in window.banner.text
    assert target.read_bytes()[:4] == (b"%PDF" if ending == "pdf" else b"PK\x03\x04")


def test_a_report_that_cannot_be_saved_is_told(
    qtbot: QtBot, open_window: OpenWindow, prepare: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window()
    page = open_statistics(qtbot, window).progress_page
    for name, said in (
        ("no/such/folder.pdf", "name another file"),
        ("report.doc", "end it in .pdf or .xlsx"),
    ):
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, name=name: (str(tmp_path / name), ""))
        click(qtbot, page.report)
        qtbot.waitUntil(lambda said=said: said in window.banner.text, timeout=LONG)


def test_ones_own_data_are_exported_and_deleted(
    qtbot: QtBot, open_window: OpenWindow, prepare: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window()
    desk = open_statistics(qtbot, window, "Bea")
    target = tmp_path / "bea.json"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    click(qtbot, desk.progress_page.export)
    qtbot.waitUntil(lambda: str(target) in window.banner.text, timeout=LONG)
    tables = json.loads(target.read_text(encoding="utf-8"))["tables"]
    assert [row["name"] for row in tables["learners"]] == ["Bea"]
    asked: list[str] = []
    for reply in (QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes):
        monkeypatch.setattr(
            QMessageBox, "question", lambda *words, reply=reply: asked.append(words[-1]) or reply
        )
        click(qtbot, desk.progress_page.delete)
        assert "everything kept of Bea" in asked[-1]
        qtbot.waitUntil(lambda: idle(window), timeout=LONG)
        names = {each.toolTip() for each in desk.start_page.learner_buttons}
        assert ("Bea" in names) is (reply == QMessageBox.StandardButton.No)
    qtbot.waitUntil(lambda: "Bea is deleted" in window.banner.text, timeout=LONG)
    assert desk.start_page.isVisible()
    assert desk.learner is None


def test_nothing_is_told_without_a_learner_or_answers(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    click(qtbot, window.nav["progress"])
    assert window.desk is not None
    page = window.desk.progress_page
    assert page._nothing.text() == "Choose who is learning on the start page."
    empty = StatisticsPage(figures_of(AnswerColumns.empty()), FilterChoices((), (), (), False))
    page.show_page(with_tables(empty, page.names))
    assert page._nothing.text() == "No answers yet that count here."
    assert not page.heat_map.isVisible()


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
