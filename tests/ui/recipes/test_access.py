"""The recipe page by keys, and what a screen reader meets there."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from dermtutor.ui.recipes.editor import Editor
from dermtutor.ui.recipes.fields import Field
from dermtutor.ui.recipes.toolbar import TEXT
from dermtutor.ui.window import MainWindow
from tests.ui.recipes.driving import (
    go,
)

# The offscreen platform says this of every widget that is a window of its own and has a smallest size.
pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True)


def test_every_control_has_a_name_and_a_size(qtbot: QtBot, window: MainWindow, editor: Editor) -> None:
    window.resize(940, 560)
    for key in list(editor.outline._items):
        go(editor, key)
        QApplication.processEvents()
        for control in editor.findChildren(QAbstractButton):
            if control.isVisible():
                assert min(control.width(), control.height()) >= 24, control.text()
                assert control.text() or control.accessibleName()
        for field in editor.form.findChildren(Field):
            for each in field.inputs():
                assert each.accessibleName() or isinstance(each, QAbstractButton)
                assert each.accessibleDescription() or isinstance(each, QAbstractButton)
        area = editor.form.area
        assert area.widget().width() <= area.viewport().width() + 1
    editor.bar.view.choose(TEXT)
    QApplication.processEvents()
    assert window.rect().contains(editor.share.mapTo(window, editor.share.rect().bottomRight()))


def test_by_keys_alone(qtbot: QtBot, window: MainWindow, editor: Editor) -> None:
    editor.outline.tree.setFocus()
    for _ in range(3):
        QTest.keyClick(editor.outline.tree, Qt.Key.Key_Down)
    assert editor.outline.place is not None
    seen = set()
    for _ in range(60):
        focused = window.focusWidget()
        assert focused is not None
        seen.add(focused.accessibleName() or getattr(focused, "text", str)())
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert {"Seed: which patient is drawn", "Drawing on Monk 2", "Parts of the recipe"} <= seen
    QTest.keySequence(editor, QKeySequence("Ctrl+T"))
    assert editor.bar.view.value() == TEXT
