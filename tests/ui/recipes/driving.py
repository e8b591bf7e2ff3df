"""A person at the recipe page: open a recipe, go to a part of it, type."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from dermtutor.domain.recipe_text import set_value
from dermtutor.paths import Folders, assets_dir
from dermtutor.ui.pages.recipes import RecipesPage
from dermtutor.ui.recipes.editor import Editor
from dermtutor.ui.recipes.fields import RangeField
from dermtutor.ui.recipes.form import Form
from dermtutor.ui.window import MainWindow
from tests.ui.driving import LONG, click, desk_of

TEMPLATE = (assets_dir() / "templates" / "recipe.toml").read_text(encoding="utf-8")

SHAPE, COLOUR, RULE = ("lesion", 0, "shape"), ("lesion", 0, "colour", 0), ("tone_rule", 0)


def named(recipe_id: str) -> str:
    return set_value(TEMPLATE, ("id",), recipe_id)


def write(folders: Folders, recipe_id: str, text: str | None = None) -> Path:
    folders.recipes.mkdir(exist_ok=True)
    file = folders.recipes / f"{recipe_id}.toml"
    file.write_text(named(recipe_id) if text is None else text, encoding="utf-8")
    return file


def settle(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(desk_of(window).studio.idle, timeout=LONG)


def visit(qtbot: QtBot, window: MainWindow) -> RecipesPage:
    click(qtbot, window.nav["recipes"])
    page = desk_of(window).recipes_page
    qtbot.waitUntil(lambda: page.index.table.rowCount() > 0, timeout=LONG)
    return page


def edit(qtbot: QtBot, window: MainWindow, recipe_id: str) -> Editor:
    page = visit(qtbot, window)
    page.index.choose(recipe_id)
    click(qtbot, page.index.open)
    qtbot.waitUntil(lambda: page.editing and page.editor.entry is not None, timeout=LONG)
    settle(qtbot, window)
    return page.editor


def go(editor: Editor, key: tuple[str | int, ...]) -> Form:
    editor.outline.tree.setCurrentItem(editor.outline._items[key])
    while not editor.form.complete:
        QApplication.processEvents()
    QApplication.processEvents()
    return editor.form


def range_of(form: Form, name: str) -> RangeField:
    field = form.rows[name].field
    assert isinstance(field, RangeField)
    return field


def type_into(qtbot: QtBot, box: QWidget, text: str) -> None:
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(box, text)
    qtbot.keyClick(box, Qt.Key.Key_Tab)
