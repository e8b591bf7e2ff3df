"""The text of a recipe: mistakes are marked, and every change can be taken back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from dermtutor.ui.recipes.editor import Editor
from dermtutor.ui.recipes.toolbar import FORM, TEXT
from dermtutor.ui.window import MainWindow
from tests.ui.driving import LONG, click
from tests.ui.fakes import FakeGenerator
from tests.ui.recipes.driving import (
    SHAPE,
    go,
    range_of,
    settle,
)

# The offscreen platform says this of every widget that is a window of its own and has a smallest size.
pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True)


class TestTheText:
    def test_text_and_form_show_the_same_recipe(
        self, qtbot: QtBot, window: MainWindow, editor: Editor
    ) -> None:
        go(editor, SHAPE)
        editor.bar.view.choose(TEXT)
        text = editor.text.toPlainText().replace("variation = [0.1, 0.3]", "variation = [0.2, 0.5]")
        editor.text.setPlainText(text)
        editor.bar.view.choose(FORM)
        assert range_of(editor.form, "variation").high.value() == 0.5
        range_of(editor.form, "variation").high.setValue(0.6)
        editor.bar.view.choose(TEXT)
        assert "variation = [0.2, 0.6]" in editor.text.toPlainText()

    def test_the_line_of_a_mistake_is_marked_and_gone_to(
        self, qtbot: QtBot, window: MainWindow, editor: Editor, generator: FakeGenerator
    ) -> None:
        editor.bar.view.choose(TEXT)
        generator.previews.clear()
        editor.text.setPlainText(editor.draft.text.replace('"plateau"', '"plato"'))
        qtbot.waitUntil(lambda: bool(editor.findings), timeout=LONG)
        settle(qtbot, window)
        line = next(n for n, each in enumerate(editor.draft.text.splitlines(), 1) if "plato" in each)
        assert editor.text.marked_lines == (line,)
        assert editor.strip.isVisible()
        assert f"line {line}" in editor.strip.words
        assert generator.previews == []
        assert all(tile.is_stale for tile in editor.preview.tiles.values())
        click(qtbot, editor.strip.go_there)
        assert editor.text.textCursor().blockNumber() + 1 == line
        editor.bar.view.choose(FORM)
        editor.go_to_finding()
        assert editor.outline.place is not None
        assert editor.outline.place.key == ("lesion", 0, "relief")
        assert editor.form.rows["profile"].title.property("role") == "label-wrong"
        profile = editor.form.rows["profile"].field.inputs()[0]
        qtbot.waitUntil(lambda: window.focusWidget() is profile, timeout=LONG)

    def test_what_is_no_toml_stops_the_form_and_not_the_person(
        self, qtbot: QtBot, window: MainWindow, editor: Editor
    ) -> None:
        editor.bar.view.choose(TEXT)
        editor.text.setPlainText(editor.draft.text + "[[[")
        settle(qtbot, window)
        assert not editor._sides.isEnabled()
        assert editor.text.marked_lines == (len(editor.draft.text.splitlines()),)
        assert not editor.bar.save.isEnabled()
        qtbot.keyClick(editor.text, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        settle(qtbot, window)
        assert editor._sides.isEnabled()
        assert editor.findings == ()
        assert not editor.draft.is_dirty


class TestHistory:
    def test_undo_and_redo_over_form_and_text(self, qtbot: QtBot, window: MainWindow, editor: Editor) -> None:
        first = editor.draft.text
        field = range_of(go(editor, SHAPE), "variation")
        field.high.setValue(0.7)
        second = editor.draft.text
        editor.bar.view.choose(TEXT)
        editor.text.setPlainText(second.replace("[50, 70]", "[40, 70]"))
        for expected in (second, first):
            click(qtbot, editor.bar.undo)
            assert editor.draft.text == expected
        assert not editor.draft.is_dirty
        assert not editor.bar.undo.isEnabled()
        editor.bar.view.choose(FORM)
        assert field.high.value() == 0.3
        field.high.setFocus()
        qtbot.keyClick(
            field.high, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        )
        assert editor.draft.text == second

    def test_typing_is_one_step(self, qtbot: QtBot, editor: Editor) -> None:
        before = editor.draft.text
        box = go(editor, ("condition",)).rows["summary"].field.inputs()[0]
        box.setFocus()
        qtbot.keyClicks(box, "abc")
        assert "abc" in editor.draft.text
        qtbot.keyClick(box, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert editor.draft.text == before
