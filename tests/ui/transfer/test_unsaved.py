"""Nothing that was put on a photograph is lost unasked, in the real window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from dermtutor.paths import Folders
from dermtutor.services.transfer_draft import DraftFile
from dermtutor.skin.scales import MonkTone
from dermtutor.ui.pages.transfer import TransferPage
from dermtutor.ui.window import MainWindow
from tests.transfer.pictures import png_of, skin_photograph
from tests.ui.conftest import OpenWindow
from tests.ui.transfer.driving import place, settle

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True)


@pytest.fixture
def page(window: MainWindow, qtbot: QtBot, photo: Path) -> TransferPage:
    """The page with a disease on a photograph, which nobody saved."""
    page = shown(window)
    page.open(photo)
    settle(qtbot, window)
    place(page, qtbot, window)
    return page


def shown(window: MainWindow) -> TransferPage:
    window.show()
    window.nav["transfer"].click()
    assert window.desk is not None
    return window.desk.transfer_page


def answer(page: TransferPage, qtbot: QtBot, text: str) -> None:
    question = page.unsaved.question
    assert question is not None, "nothing was asked"
    chosen = {each.text(): each for each in question.findChildren(QPushButton)}[text]
    qtbot.mouseClick(chosen, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.unsaved.question is None)


def leave_by_page(window: MainWindow, photo: Path) -> None:
    window.nav["about"].click()


def leave_by_photograph(window: MainWindow, photo: Path) -> None:
    assert window.desk is not None
    window.desk.transfer_page.open(photo)


def leave_by_closing(window: MainWindow, photo: Path) -> None:
    window.close()


WAYS = (leave_by_photograph, leave_by_page, leave_by_closing)


def test_cancel_stays_with_everything_and_discard_goes_on_without_it(
    page: TransferPage, window: MainWindow, qtbot: QtBot, photo: Path
) -> None:
    for leave in WAYS:
        place(page, qtbot, window)
        before = page.editing.now
        leave(window, photo)
        answer(page, qtbot, "Cancel")
        settle(qtbot, window)
        assert page.isVisible()
        assert page.editing.now == before
        leave(window, photo)
        answer(page, qtbot, "Discard")
        settle(qtbot, window)
        assert page.editing.now.empty
        assert page.isVisible() == (leave is leave_by_photograph)
        assert window.isVisible() == (leave is not leave_by_closing)
        if window.isVisible():
            window.nav["transfer"].click()


def test_save_goes_on_once_the_file_is_there(
    page: TransferPage, window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "kept.png"
    window.close()
    answer(page, qtbot, "Save")
    assert "who permits" in window.banner.text
    assert window.isVisible()
    page.panel.permission.setText("my own arm")
    beside = tmp_path / "no-folder" / "kept.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(beside), ""))
    window.close()
    answer(page, qtbot, "Save")
    settle(qtbot, window)
    assert "cannot be written" in window.banner.text
    assert window.isVisible()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    window.close()
    answer(page, qtbot, "Save")
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=30_000)
    assert out.exists()


def test_what_is_saved_is_not_asked_about(
    page: TransferPage, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    page.panel.permission.setText("my own arm")
    page.keeping.save_to(tmp_path / "kept.png")
    settle(qtbot, window)
    window.nav["about"].click()
    assert page.unsaved.question is None
    assert not page.isVisible()
    window.nav["transfer"].click()
    page.editing.grow(1.1)
    window.nav["about"].click()
    answer(page, qtbot, "Cancel")
    page.editing.remove(0)  # the photograph as it is
    window.nav["about"].click()
    assert page.unsaved.question is None


def test_after_a_crash_it_goes_on_where_it_was(
    page: TransferPage,
    window: MainWindow,
    qtbot: QtBot,
    photo: Path,
    folders: Folders,
    open_window: OpenWindow,
) -> None:
    page.panel.permission.setText("my own arm")
    page.editing.bring_to(MonkTone(7))
    before = page.editing.now
    qtbot.waitUntil(lambda: folders.transfer_draft.exists(), timeout=5_000)
    settle(qtbot, window)
    left = folders.transfer_draft.read_bytes()
    page.editing.discard()
    window.close()
    folders.transfer_draft.write_bytes(left)  # as if it had ended there

    second = open_window()
    page = shown(second)
    settle(qtbot, second)
    assert "arm.png" in page.welcome.last.text()
    page.welcome.last.click()
    settle(qtbot, second)
    assert page.editing.now == before
    assert page.keeping.permitted().permission == "my own arm"
    second.close()
    answer(page, qtbot, "Discard")
    assert not folders.transfer_draft.exists()


def test_another_photograph_under_the_same_name_gets_nothing(
    page: TransferPage, window: MainWindow, qtbot: QtBot, photo: Path, folders: Folders
) -> None:
    page.unsaved.keep_draft()
    settle(qtbot, window)
    draft = DraftFile(folders.transfer_draft).read()
    assert draft is not None
    photo.write_bytes(png_of(skin_photograph(srgb=(120, 85, 60))))
    page.editing.discard()
    page.resume(draft)
    settle(qtbot, window)
    assert page.editing.now.empty
    assert "another photograph" in window.banner.text


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"photograph": 3, "plan": "{}"}'])
def test_a_damaged_draft_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "draft.json").write_bytes(content)
    assert DraftFile(tmp_path / "draft.json").read() is None
