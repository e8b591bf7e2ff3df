"""The real window over real records in a folder of the test's own; only the generator is painted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from dermtutor import bootstrap
from dermtutor.paths import Folders
from dermtutor.settings import LoadedSettings, Settings
from dermtutor.ui.app import build_window, create_application
from dermtutor.ui.theme import ThemeName
from dermtutor.ui.window import MainWindow
from tests.ui.fakes import FakeGenerator

OpenWindow = Callable[..., MainWindow]


@pytest.fixture
def generator() -> FakeGenerator:
    return FakeGenerator()


@pytest.fixture
def folders(home: Path, monkeypatch: pytest.MonkeyPatch, generator: FakeGenerator) -> Folders:
    monkeypatch.setattr(bootstrap.services, "open_generator", lambda device="auto", own=dict: generator)
    folders = Folders(home)
    folders.create()
    return folders


@pytest.fixture
def app(qapp: QApplication) -> QApplication:
    return create_application()


@pytest.fixture
def open_window(qtbot: QtBot, app: QApplication, folders: Folders) -> Iterator[OpenWindow]:
    """Opens windows one after the other; each is closed at the latest when the test ends."""
    windows: list[MainWindow] = []

    def build(settings: Settings | None = None, theme: ThemeName = "light", wait: bool = True) -> MainWindow:
        loaded = LoadedSettings(settings or Settings(acknowledged_not_for_diagnosis=True), None)
        window = build_window(app, lambda: bootstrap.build_services(folders), folders, loaded, theme)
        windows.append(window)
        if wait:
            qtbot.waitUntil(lambda: window.desk is not None and idle(window), timeout=20_000)
        return window

    yield build
    for window in windows:
        if (
            window.isVisible()
        ):  # else the test has closed it, and nothing may be asked of its workers any more
            _close(window)
        window.deleteLater()
    # Now, not with the next test's event loop: its application would style the widgets of this window once more.
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def _close(window: MainWindow) -> None:
    """Without what it would ask about work that is not saved."""
    if window.desk is not None and "recipes_page" in window.desk.__dict__:
        window.desk.recipes_page.discard()
    if window.desk is not None and "transfer_page" in window.desk.__dict__:
        window.desk.transfer_page.editing.discard()
    window.close()


def idle(window: MainWindow) -> bool:
    """Nothing is under way on any worker."""
    return window.records.idle() and window.generator.idle() and window.charts.idle()
