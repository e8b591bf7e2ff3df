"""Reports, and one's own data, saved and deleted from the statistics page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from tests.ui.conftest import OpenWindow, idle
from tests.ui.driving import LONG, click
from tests.ui.statistics.driving import open_statistics

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True)


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
