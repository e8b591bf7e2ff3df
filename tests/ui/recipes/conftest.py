"""The window with a recipe of one's own, and that recipe in the editor."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from dermtutor.paths import Folders
from dermtutor.ui.recipes.editor import Editor
from dermtutor.ui.window import MainWindow
from tests.ui.conftest import OpenWindow
from tests.ui.recipes.driving import (
    edit,
    write,
)


@pytest.fixture
def window(qtbot: QtBot, folders: Folders, open_window: OpenWindow) -> MainWindow:
    write(folders, "my-rash")
    return open_window()


@pytest.fixture
def editor(qtbot: QtBot, window: MainWindow) -> Editor:
    return edit(qtbot, window, "my-rash")
