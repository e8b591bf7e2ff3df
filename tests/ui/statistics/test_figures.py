"""The figures of the statistics page: whose they are, what counts, and where they are counted."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from dermtutor.services.answer_columns import AnswerColumns, AnswerFilter
from dermtutor.services.figures.learner import figures_of
from dermtutor.services.statistics import FilterChoices, Statistics, StatisticsPage
from dermtutor.ui.pages.filters import FilterBar
from dermtutor.ui.pages.shown_figures import prepare as with_tables
from dermtutor.ui.theme import Theme
from tests.ui.conftest import OpenWindow, idle
from tests.ui.driving import LONG, answer, begin, click, press, sit_down
from tests.ui.statistics.driving import open_statistics

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True)


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
