"""What the text of a recipe draws while it is written."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from dermtutor.ui.recipes.editor import Editor
from dermtutor.ui.window import MainWindow
from tests.ui.driving import LONG, click
from tests.ui.fakes import FakeGenerator
from tests.ui.recipes.driving import (
    SHAPE,
    go,
    range_of,
    settle,
    type_into,
)

# The offscreen platform says this of every widget that is a window of its own and has a smallest size.
pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True)


class TestTheDrawing:
    def test_it_says_what_it_is(self, qtbot: QtBot, editor: Editor) -> None:
        assert editor.preview._made.text() == "Drawn from a recipe, not learned"
        assert editor.preview._version.text() == "Version 1.0"
        assert editor.preview._review.text() == "Unreviewed"

    def test_another_patient_severity_and_a_seed_of_ones_own(
        self, qtbot: QtBot, window: MainWindow, editor: Editor, generator: FakeGenerator
    ) -> None:
        type_into(qtbot, editor.preview.seed, str(2**62 + 1))
        settle(qtbot, window)
        assert generator.previews[-1].seed == 2**62 + 1
        click(qtbot, editor.preview.another)
        settle(qtbot, window)
        assert generator.previews[-1].seed != 2**62 + 1
        editor.preview.severity.choose(2)
        settle(qtbot, window)
        assert generator.previews[-1].severity == 0.9
        type_into(qtbot, editor.preview.seed, "none")
        assert editor.preview.seed.text() == str(generator.previews[-1].seed)
        assert not editor.draft.is_dirty

    def test_the_newest_wins_and_what_is_stale_is_dropped(
        self, qtbot: QtBot, window: MainWindow, editor: Editor, generator: FakeGenerator
    ) -> None:
        field = range_of(go(editor, SHAPE), "variation")
        seen: list[str] = []
        editor._studio.drawn.connect(lambda drawn: seen.append(drawn.look.text))
        generator.previews.clear()
        generator.gate = threading.Event()
        field.high.setValue(0.4)
        qtbot.waitUntil(lambda: len(generator.previews) == 1, timeout=LONG)  # it is being drawn
        for step in range(20):
            field.high.setValue(0.5 + step / 100)
        qtbot.wait(200)  # the window lives on
        generator.gate.set()
        settle(qtbot, window)
        assert len(generator.previews) == 2
        assert seen == [editor.draft.text] * 4
        assert "0.69]" in editor.draft.text
        assert str(threading.get_ident()) not in generator.threads

    def test_one_tone_large_and_back_by_key(self, qtbot: QtBot, editor: Editor) -> None:
        tiles = list(editor.preview.tiles.values())
        tiles[2].setFocus()
        for visible in ([False, False, True, False], [True] * 4):
            qtbot.keyClick(tiles[2], Qt.Key.Key_Space)
            assert [tile.isVisible() for tile in tiles] == visible
