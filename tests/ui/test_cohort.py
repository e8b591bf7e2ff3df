"""The cohort page in the real window: results come in, are shown, sorted, reported on and removed again."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QInputDialog
from pytestqt.qtbot import QtBot

from dermtutor.paths import Folders
from dermtutor.services.signing import SigningKey
from dermtutor.storage.results_file import ResultsFile
from dermtutor.ui.cohort.page import CohortPage
from dermtutor.ui.desk import Desk
from dermtutor.ui.window import MainWindow
from tests.storage.sending import made_up_results
from tests.ui.conftest import OpenWindow, idle
from tests.ui.driving import LONG, answer, begin, click, press, sit_down

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True)


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Results of eight learners, each from a computer of its own."""
    made = []
    for number in range(8):
        made.append(tmp_path / f"{number}.dermresults")
        results = made_up_results(number, 60, skill=0.5 + 0.05 * number)
        made[-1].write_bytes(ResultsFile(SigningKey(tmp_path / f"{number}.pem")).written(results))
    return made


@pytest.fixture
def cohort(qtbot: QtBot, open_window: OpenWindow) -> tuple[MainWindow, Desk, CohortPage]:
    """An educator at the cohort page."""
    window = open_window()
    desk = sit_down(qtbot, window)
    assert desk is window.desk
    learner = desk.learner
    assert learner is not None
    assert not window.nav["cohort"].isVisible()  # trainees have no cohort
    window._services.profiles.change_role(learner, "educator")  # type: ignore[union-attr]
    desk.open(learner.id)
    qtbot.waitUntil(lambda: idle(window) and window.nav["cohort"].isVisible(), timeout=LONG)
    click(qtbot, window.nav["cohort"])
    qtbot.waitUntil(lambda: idle(window), timeout=LONG)
    return window, desk, desk.cohort_page


def settle(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: idle(window), timeout=LONG)


def drop(page: CohortPage, paths: list[Path]) -> None:
    """Files let fall on the card."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(QPoint(9, 9), copy, data, left, none)
    QApplication.sendEvent(page.taking, entering)
    assert entering.isAccepted()
    QApplication.sendEvent(page.taking, QDropEvent(QPointF(9, 9), copy, data, left, none))


def test_dropped_results_are_shown_and_bad_ones_listed(
    qtbot: QtBot, cohort: tuple[MainWindow, Desk, CohortPage], files: list[Path]
) -> None:
    window, _, page = cohort
    assert not page.heat_map.isVisible()
    bad = files[0].with_name("bad.dermresults")
    bad.write_bytes(files[0].read_bytes()[:-5])
    drop(page, [*files, bad])
    settle(qtbot, window)
    assert page.taking.said.text() == "480 new answers from 8 files. 1 file not imported:"
    ((name, why),) = page.taking.refused.lines()
    assert (name, "altered or cut short" in why) == ("bad.dermresults", True)
    assert page.heat_map.isVisible()
    shown = page.tables()
    assert [row[0] for row in shown["learners"].rows] == [f"Learner {number}" for number in range(8)]
    assert sum(row[2] for row in shown["analysis"].rows) == 480  # type: ignore[misc]
    assert page.cards["gap"].said.text().startswith(("Lower on", "No evidence of a gap."))
    assert "8" in page.tiles[0].findChildren(type(page.cards["gap"].said))[1].text()
    drop(page, files)
    settle(qtbot, window)
    assert page.taking.said.text() == "0 new answers from 8 files. All of them were here already."


def test_items_sort_by_menu_and_by_heading(
    qtbot: QtBot, cohort: tuple[MainWindow, Desk, CohortPage], files: list[Path]
) -> None:
    window, desk, page = cohort
    desk.cohort.take(files)
    settle(qtbot, window)
    table = page.cards["analysis"].table
    titles = [column.title for column in table.table.columns]

    def column(title: str) -> list[object]:
        return [row[titles.index(title)] for row in table.table.rows if row[titles.index(title)] is not None]

    page.sorting.setCurrentIndex(1)
    page.sorting.activated.emit(1)
    assert column("Facility") == sorted(column("Facility"))  # type: ignore[type-var]
    unknown = [row[titles.index("Facility")] is None for row in table.table.rows]
    assert unknown == sorted(unknown)  # dashes at the end
    header = table.horizontalHeader()
    place = QPoint(header.sectionViewportPosition(titles.index("Answers")) + 9, header.height() // 2)
    for descending in (False, True):
        qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert column("Answers") == sorted(column("Answers"), reverse=descending)  # type: ignore[type-var]


def test_a_case_set_makes_its_cases_the_items(
    qtbot: QtBot, cohort: tuple[MainWindow, Desk, CohortPage], tmp_path: Path
) -> None:
    window, desk, page = cohort
    files = []
    for number in range(8):
        files.append(tmp_path / f"set-{number}.dermresults")
        results = made_up_results(number, 12, skill=0.3 + 0.08 * number, cases=12)
        files[-1].write_bytes(ResultsFile(SigningKey(tmp_path / f"{number}.pem")).written(results))
    desk.cohort.take(files)
    settle(qtbot, window)
    case_set = page.filters.case_set
    case_set.setCurrentIndex(1)
    case_set.activated.emit(1)
    settle(qtbot, window)
    assert page.tables()["analysis"].title == "Cases as items"
    assert len(page.tables()["analysis"].rows) == 12
    assert "Reliability (KR-20): " in page.cards["analysis"].note.text()


def test_the_report_and_every_answer_are_saved(
    qtbot: QtBot,
    cohort: tuple[MainWindow, Desk, CohortPage],
    files: list[Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    window, desk, page = cohort
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(path) for path in files], ""))
    click(qtbot, page.taking.choose)
    settle(qtbot, window)
    target = tmp_path / "answers.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    click(qtbot, page.report)
    settle(qtbot, window)
    assert window.banner.text == f"The report is saved in {target}."
    lines = list(csv.DictReader(target.read_text(encoding="utf-8").splitlines()))
    assert len(lines) == 480
    assert all(line["chosen"] in line["options_shown"].split(" | ") for line in lines)
    desk.cohort.write_report(tmp_path / "cohort.txt")
    settle(qtbot, window)
    assert "end it in .pdf or .xlsx or .csv" in window.banner.text


def test_a_learner_is_removed_after_asking(
    qtbot: QtBot,
    cohort: tuple[MainWindow, Desk, CohortPage],
    files: list[Path],
) -> None:
    window, desk, page = cohort
    desk.cohort.take(files[:3])
    settle(qtbot, window)
    assert not page.remove.isEnabled()
    page.cards["learners"].table.selectRow(1)
    assert page.remove.isEnabled()
    for text, kept in (("Keep them", 3), ("Remove", 2)):
        click(qtbot, page.remove)
        question = page.question
        assert question is not None
        assert "Learner 1" in question.windowTitle()
        click(qtbot, next(each for each in question.buttons if each.text() == text))
        qtbot.waitUntil(lambda: page.question is None, timeout=LONG)
        settle(qtbot, window)
        assert len(page.tables()["learners"].rows) == kept
    assert [row[0] for row in page.tables()["learners"].rows] == ["Learner 0", "Learner 2"]
    assert "60 answers" in window.banner.text


def test_a_learners_results_leave_from_the_progress_page(
    qtbot: QtBot, open_window: OpenWindow, folders: Folders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window()
    desk = sit_down(qtbot, window)
    begin(qtbot, window)
    answer(qtbot, window)
    press(qtbot, window, Qt.Key.Key_Return)
    click(qtbot, window.nav["progress"])
    settle(qtbot, window)
    target = tmp_path / "mine.dermresults"
    monkeypatch.setattr(QInputDialog, "getText", lambda *_: ("A. B.", True))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    desk.progress_page.send.click()
    settle(qtbot, window)
    assert window.banner.text == f"{target} holds 1 answer under the name “A. B.”."
    read = ResultsFile(SigningKey(folders.signing_key)).read(target.read_bytes()).results
    assert (read.name, len(read.answers)) == ("A. B.", 1)


def test_taking_results_in_can_be_stopped(
    qtbot: QtBot, cohort: tuple[MainWindow, Desk, CohortPage], files: list[Path]
) -> None:
    window, desk, page = cohort
    desk.cohort.take(files)
    assert page.taking.stop.isVisible()
    assert not page.taking.choose.isEnabled()
    page.taking.stop.click()
    assert "Stopped" in page.taking.said.text()
    settle(qtbot, window)
    assert page.taking.choose.isEnabled()
    desk.cohort.take(files)  # what came in before the stop is not counted twice
    settle(qtbot, window)
    assert len(page.tables()["learners"].rows) == 8
    assert sum(row[1] for row in page.tables()["learners"].rows) == 480  # type: ignore[misc]
