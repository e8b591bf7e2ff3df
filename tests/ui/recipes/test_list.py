"""The list of recipes: whose they are, what can be done with each, what is damaged."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from dermtutor.errors import UserError
from dermtutor.paths import Folders
from dermtutor.ui.recipes.toolbar import TEXT
from dermtutor.ui.window import MainWindow
from tests.ui.conftest import OpenWindow
from tests.ui.driving import LONG, click, desk_of, sit_down
from tests.ui.fakes import FakeGenerator
from tests.ui.recipes.driving import (
    SHAPE,
    edit,
    go,
    named,
    range_of,
    settle,
    visit,
    write,
)

# The offscreen platform says this of every widget that is a window of its own and has a smallest size.
pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True)


class TestTheList:
    def test_own_and_shipped_ones_with_what_can_be_done(self, qtbot: QtBot, window: MainWindow) -> None:
        index = visit(qtbot, window).index
        index.choose("my-rash")
        assert [b.isEnabled() for b in (index.open, index.copy, index.share, index.remove)] == [True] * 4
        index.choose("vitiligo")
        assert [b.isEnabled() for b in (index.open, index.copy, index.share, index.remove)] == [
            True, True, False, False,
        ]  # fmt: skip
        index.search.setText("urti")
        assert index.table.rowCount() == 1

    def test_columns_have_the_room_that_their_cells_take(self, qtbot: QtBot, window: MainWindow) -> None:
        table = visit(qtbot, window).index.table
        for words in ("", "rash", ""):
            table.search.setText(words)
            for place in (1, 2):
                assert table.columnWidth(place) >= table.sizeHintForColumn(place) > 0

    def test_a_shipped_one_is_read_only_until_it_is_copied(self, qtbot: QtBot, window: MainWindow) -> None:
        editor = edit(qtbot, window, "vitiligo")
        form = go(editor, SHAPE)
        assert not range_of(form, "diameter_mm").isEnabled()
        assert editor.text.isReadOnly()
        assert not editor.bar.save.isVisible()
        click(qtbot, editor.bar.copy)
        qtbot.waitUntil(lambda: not editor.draft.read_only, timeout=LONG)
        settle(qtbot, window)
        assert editor.draft.table["id"] == "vitiligo-copy"
        assert editor.findings == ()
        click(qtbot, editor.bar.save)
        qtbot.waitUntil(lambda: not editor.draft.is_dirty, timeout=LONG)
        assert "vitiligo-copy" in desk_of(window)._services.catalogue

    def test_a_damaged_one_is_told_once_at_the_start_and_can_be_mended(
        self, qtbot: QtBot, folders: Folders, open_window: OpenWindow
    ) -> None:
        write(folders, "broken", named("broken").replace("[15, 30]", "[30, 15]"))
        window = open_window()
        assert window.banner.isVisible()
        assert "broken.toml, line" in window.banner.text
        assert window.banner.text.count(". ") == 0
        page = visit(qtbot, window)
        assert not window.banner.isVisible()
        page.index.choose("broken")
        click(qtbot, page.index.open)
        qtbot.waitUntil(lambda: bool(page.editor.findings), timeout=LONG)
        assert not page.editor.bar.save.isEnabled()
        range_of(go(page.editor, SHAPE), "diameter_mm").high.setValue(40)
        settle(qtbot, window)
        click(qtbot, page.editor.bar.save)
        qtbot.waitUntil(lambda: not page.editor.draft.is_dirty, timeout=LONG)
        assert "broken" in desk_of(window)._services.catalogue

    def test_one_that_is_no_toml_opens_as_text(
        self, qtbot: QtBot, folders: Folders, open_window: OpenWindow
    ) -> None:
        write(folders, "my-rash")
        write(folders, "broken", "id = [")
        window = open_window()
        editor = edit(qtbot, window, "my-rash")
        click(qtbot, editor.bar.back)
        page = visit(qtbot, window)
        page.index.choose("broken")
        click(qtbot, page.index.open)
        qtbot.waitUntil(lambda: bool(editor.findings), timeout=LONG)
        assert editor.bar.view.value() == TEXT
        assert editor.text.toPlainText() == "id = ["
        assert editor.outline.place is None
        editor.text.setPlainText(named("broken"))
        settle(qtbot, window)
        assert editor.findings == ()
        assert editor.outline.place is not None

    def test_what_is_no_text_at_all_is_told_and_can_be_removed(
        self, qtbot: QtBot, folders: Folders, open_window: OpenWindow
    ) -> None:
        file = write(folders, "binary")
        file.write_bytes(b"\x00\xff" * 50)
        window = open_window()
        page = visit(qtbot, window)
        page.index.choose("binary")
        click(qtbot, page.index.open)
        qtbot.waitUntil(lambda: "not a text file" in window.banner.text, timeout=LONG)
        assert not page.editing
        click(qtbot, page.index.remove)
        assert page.question is not None
        click(qtbot, page.question.buttons[1])
        qtbot.waitUntil(lambda: not file.exists(), timeout=LONG)

    def test_what_another_program_put_there_is_seen_when_the_page_is_shown(
        self, qtbot: QtBot, folders: Folders, window: MainWindow
    ) -> None:
        desk = sit_down(qtbot, window)
        assert "later" not in desk.quizzes.setup_page.boxes
        write(folders, "later")
        visit(qtbot, window)
        qtbot.waitUntil(lambda: "later" in desk.quizzes.setup_page.boxes, timeout=LONG)

    def test_a_drawing_that_fails_is_told_and_the_page_goes_on(
        self, qtbot: QtBot, window: MainWindow, generator: FakeGenerator
    ) -> None:
        editor = edit(qtbot, window, "my-rash")
        generator.error = UserError("The weights are missing; reinstall DermTutor.")
        click(qtbot, editor.preview.another)
        qtbot.waitUntil(lambda: "weights are missing" in window.banner.text, timeout=LONG)
        assert editor.preview.state.text() == "Could not be drawn"
        generator.error = None
        click(qtbot, editor.preview.another)
        settle(qtbot, window)
        assert not any(tile.is_stale for tile in editor.preview.tiles.values())
