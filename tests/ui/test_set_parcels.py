"""Case sets leave and arrive at the window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from dermtutor.domain.case_sets import CaseSet
from dermtutor.exchange.service import Form
from dermtutor.ui.desk import Desk
from dermtutor.ui.sets.parcels import SetParcels
from dermtutor.ui.widgets.ask import Ask
from dermtutor.ui.window import MainWindow
from tests.exchange.making import Shelf, made_set, rejected, write
from tests.ui.conftest import OpenWindow
from tests.ui.driving import LONG, click
from tests.ui.test_case_sets import educator, settle

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True)


def test_a_name_without_spaces_makes_no_question_wider_than_a_screen(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = open_window()
    desk = educator(qtbot, window)
    question = Ask(
        desk.case_sets_page, desk._theme, f"Take in {'W' * 200}?", "W" * 200, [("Cancel", "", None)]
    )
    qtbot.addWidget(question)
    question.open()
    assert question.width() <= 640
    assert question.windowTitle() == f"Take in {'W' * 200}?"
    question.close()


def _press(qtbot: QtBot, parcels: SetParcels, text: str, typed: str = "") -> None:
    def there() -> bool:
        return parcels.question is not None and bool(_button(parcels.question, text))

    qtbot.waitUntil(there, timeout=LONG)
    question = parcels.question
    assert question is not None
    if question.line is not None:
        question.line.setText(typed)
    click(qtbot, _button(question, text)[0])


def _button(question: Ask, text: str) -> list[QPushButton]:
    return [each for each in question.findChildren(QPushButton) if each.text() == text]


def _quiet(qtbot: QtBot, window: MainWindow, desk: Desk) -> None:
    qtbot.waitUntil(desk.parcels.idle, timeout=LONG)
    settle(qtbot, window)


@pytest.fixture
def sent(tmp_path: Path) -> tuple[CaseSet, Path]:
    """Somebody else's set, with one rejected case."""
    shelf = Shelf()
    case_set = made_set(shelf, 4)
    cases = (*case_set.cases[:3], rejected(case_set.cases[3]))
    case_set = CaseSet(
        "set-1", "series-1", 2, "First week: all tones", "Bea Example", case_set.created_at, cases
    )
    return case_set, write(case_set, shelf, tmp_path)


def test_a_set_arrives_after_its_key_was_named_and_leaves_in_print(
    qtbot: QtBot, open_window: OpenWindow, sent: tuple[CaseSet, Path], tmp_path: Path
) -> None:
    path = sent[1]
    window = open_window()
    desk = educator(qtbot, window)
    page, parcels = desk.case_sets_page, desk.parcels
    assert not page.index.export.isEnabled()
    parcels.read(path)
    qtbot.waitUntil(lambda: parcels.question is not None, timeout=LONG)
    assert parcels.question is not None
    assert "Take in First week: all tones?" in parcels.question.windowTitle()
    _press(qtbot, parcels, "Name the key …")
    _press(qtbot, parcels, "Name the key", "Bea of the clinic")
    _press(qtbot, parcels, "Take it in")
    _quiet(qtbot, window, desk)
    assert page.editor.isVisible()
    assert page.editor.title.text() == "First week: all tones"
    assert page.editor.model.rowCount() == 4
    click(qtbot, page.editor.back)
    settle(qtbot, window)

    told: list[str] = []
    parcels.told.connect(told.append)
    click(qtbot, page.index.export)
    assert parcels.dialog is not None
    parcels.dialog.tiles[Form.PDF].click()
    assert parcels.dialog.form is Form.PDF
    parcels.send(Form.PDF, tmp_path / "week")
    qtbot.waitUntil(lambda: parcels.dialog is None, timeout=LONG)
    _quiet(qtbot, window, desk)
    assert (tmp_path / "week.pdf").read_bytes().startswith(b"%PDF")
    assert (tmp_path / "week-key.pdf").is_file()
    assert told == [
        f"3 cases exported to {tmp_path / 'week.pdf'} and {tmp_path / 'week-key.pdf'}. "
        "Left out: 1 (rejected in review)."
    ]


def test_what_cannot_be_written_or_taken_is_said_and_can_be_tried_again(
    qtbot: QtBot, open_window: OpenWindow, sent: tuple[CaseSet, Path], tmp_path: Path
) -> None:
    window = open_window()
    desk = educator(qtbot, window)
    page, parcels = desk.case_sets_page, desk.parcels
    failed: list[str] = []
    parcels.failed.connect(lambda error: failed.append(str(error)))
    bad = tmp_path / "bad.dermset"
    bad.write_bytes(sent[1].read_bytes()[:-1])
    parcels.read(bad)
    _quiet(qtbot, window, desk)
    assert "bad.dermset was not taken, since it is cut off" in failed[0]
    parcels.read(sent[1])
    _press(qtbot, parcels, "Take it in")
    _quiet(qtbot, window, desk)
    parcels.read(sent[1])
    _press(qtbot, parcels, "Take it in")
    _quiet(qtbot, window, desk)
    assert "here already" in failed[1]
    click(qtbot, page.editor.back)
    settle(qtbot, window)
    click(qtbot, page.index.export)
    dialog = parcels.dialog
    assert dialog is not None
    parcels.send(Form.MOODLE, tmp_path / "no folder" / "x.xml")
    _quiet(qtbot, window, desk)
    assert "name another file" in failed[2]
    assert dialog.go.isEnabled()
    click(qtbot, dialog.cancel)
    qtbot.waitUntil(lambda: parcels.dialog is None, timeout=LONG)


def test_a_trainee_takes_sets_in_but_sends_none(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    desk = educator(qtbot, window)
    index = desk.case_sets_page.index
    assert index.export.isVisible()
    desk.case_sets_page.let_edit(False)
    assert not index.export.isVisible()
    assert index.take.isVisible()
