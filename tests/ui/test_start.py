"""Starting: what is imported, one window a home folder, records that cannot be opened, bugs and the log."""

from __future__ import annotations

import logging
import stat
import subprocess
import sys
import threading
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from dermtutor import bootstrap
from dermtutor.cli.window import maintain
from dermtutor.errors import EnvironmentProblem
from dermtutor.paths import Folders
from dermtutor.services.maintenance import Maintenance
from dermtutor.services.ports import Cancelled
from dermtutor.services.ports_keeping import Backup, DamagedRecords
from dermtutor.settings import LoadedSettings, Settings
from dermtutor.ui.app import build_window, run
from dermtutor.ui.opening import Recovery
from dermtutor.ui.single_instance import SingleInstance, raise_running, socket_name
from dermtutor.ui.window import MainWindow
from tests.ui.driving import LONG, click

HEAVY = ("torch", "matplotlib", "alembic", "sqlalchemy", "scipy", "pandas", "sklearn")


def test_importing_the_window_loads_nothing_heavy() -> None:
    code = f"import sys, dermtutor.ui.app; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


def test_a_second_start_raises_the_first_window(qtbot: QtBot, app: QApplication, tmp_path: Path) -> None:
    assert not raise_running(tmp_path)
    first = SingleInstance(tmp_path)
    assert first.listening
    with qtbot.waitSignal(first.raise_wanted, timeout=LONG):
        assert raise_running(tmp_path)
    assert not raise_running(tmp_path / "another")
    first.close()
    assert not raise_running(tmp_path)


def test_the_socket_is_the_users_alone_and_a_stale_one_is_removed(app: QApplication, tmp_path: Path) -> None:
    first = SingleInstance(tmp_path)
    path = first.path
    assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    first.close()
    path.touch()  # what a killed process leaves behind
    assert not raise_running(tmp_path)
    second = SingleInstance(tmp_path)
    assert second.listening
    assert raise_running(tmp_path)
    second.close()
    assert socket_name(tmp_path) in path.name


def failing_window(
    app: QApplication, folders: Folders, error: Exception, recovery: Recovery | None = None
) -> MainWindow:
    def refuse() -> bootstrap.Services:
        raise error

    settings = LoadedSettings(Settings(acknowledged_not_for_diagnosis=True), "The settings were damaged.")
    return build_window(app, refuse, folders, settings, "light", recovery)


def test_records_that_open_while_the_window_closes_are_closed_too(
    qtbot: QtBot, app: QApplication, folders: Folders
) -> None:
    begun, built = threading.Event(), []

    def open_slowly() -> bootstrap.Services:
        begun.set()
        built.append(bootstrap.build_services(folders))
        return built[0]

    settings = LoadedSettings(Settings(acknowledged_not_for_diagnosis=True), None)
    window = build_window(app, open_slowly, folders, settings, "light")
    assert begun.wait(LONG / 1000)
    window.close()  # the event loop has not turned since, so nothing was handed over
    assert window.desk is None
    with pytest.raises(Cancelled):
        built[0].profiles.learners()


def recovery_of(folders: Folders) -> Recovery:
    return Recovery(
        partial(maintain, folders, Maintenance.restore), partial(maintain, folders, Maintenance.begin_afresh)
    )


def test_records_that_cannot_be_opened_are_told_on_the_page(
    qtbot: QtBot, app: QApplication, folders: Folders
) -> None:
    window = failing_window(app, folders, EnvironmentProblem("The disk is full; free some space."))
    qtbot.waitUntil(window.opening.retry.isVisible, timeout=LONG)
    assert window.opening._text.text() == "The disk is full; free some space."
    assert not window.opening.restore.isVisible()
    assert window.banner.text == "The settings were damaged."
    window._opener._open_services = lambda: bootstrap.build_services(folders)
    click(qtbot, window.opening.retry)
    qtbot.waitUntil(lambda: window.desk is not None and window.records.idle(), timeout=LONG)
    window.close()


def test_damaged_records_offer_the_newest_backup(qtbot: QtBot, app: QApplication, folders: Folders) -> None:
    restored: list[bool] = []
    backup = Backup(folders.backups / "newest.sqlite3", datetime(2026, 3, 1, tzinfo=UTC), 3)
    error = DamagedRecords("The records are damaged.", folders.database, backup)
    recovery = Recovery(restore=lambda: restored.append(True), begin_afresh=lambda: None)
    window = failing_window(app, folders, error, recovery)
    qtbot.waitUntil(window.opening.restore.isVisible, timeout=LONG)
    assert not window.opening.fresh.isVisible()
    window._opener._open_services = lambda: bootstrap.build_services(folders)
    click(qtbot, window.opening.restore)
    qtbot.waitUntil(lambda: window.desk is not None, timeout=LONG)
    assert restored == [True]
    qtbot.waitUntil(window.records.idle, timeout=LONG)
    window.close()


@pytest.mark.expects_warnings
def test_really_damaged_records_come_back_from_their_backup(
    qtbot: QtBot, app: QApplication, folders: Folders
) -> None:
    services = bootstrap.build_services(folders)
    services.profiles.create("Learner")
    services.maintenance.backup_now()
    services.close()
    content = bytearray(folders.database.read_bytes())
    content[:4096] = b"\x5a" * 4096
    folders.database.write_bytes(bytes(content))

    settings = LoadedSettings(Settings(acknowledged_not_for_diagnosis=True), None)
    window = build_window(
        app,
        lambda: bootstrap.build_services(folders),
        folders,
        settings,
        "light",
        recovery_of(folders),
    )
    qtbot.waitUntil(window.opening.restore.isVisible, timeout=LONG)
    click(qtbot, window.opening.restore)
    qtbot.waitUntil(
        lambda: window.desk is not None and len(window.desk.start_page.learner_buttons) == 1, timeout=LONG
    )
    window.close()


@pytest.mark.expects_warnings
def test_damaged_records_without_a_backup_can_be_begun_afresh(
    qtbot: QtBot, app: QApplication, folders: Folders
) -> None:
    damaged = b"no database at all" * 100
    folders.database.write_bytes(damaged)
    settings = LoadedSettings(Settings(acknowledged_not_for_diagnosis=True), None)
    window = build_window(
        app, lambda: bootstrap.build_services(folders), folders, settings, "light", recovery_of(folders)
    )
    qtbot.waitUntil(window.opening.fresh.isVisible, timeout=LONG)
    assert not window.opening.restore.isVisible()
    assert "keeps the file and begins empty ones" in window.opening._text.text()
    click(qtbot, window.opening.fresh)
    qtbot.waitUntil(lambda: window.desk is not None and window.records.idle(), timeout=LONG)
    window.close()
    (kept,) = folders.home.glob("records-set-aside-*.sqlite3")
    assert kept.read_bytes() == damaged


@pytest.mark.expects_warnings
def test_a_bug_goes_to_the_log_and_into_the_banner(qtbot: QtBot, app: QApplication, folders: Folders) -> None:
    told: list[str] = []

    def provoke() -> None:
        window = next(
            each for each in app.topLevelWidgets() if isinstance(each, MainWindow) and each.isVisible()
        )
        sys.excepthook(ValueError, ValueError("a bug in a slot"), None)
        told.append(window.banner.text)
        window.close()

    QTimer.singleShot(1500, provoke)
    code = run(lambda: bootstrap.build_services(folders), folders)
    assert code == 0
    assert "Something went wrong inside DermTutor" in told[0]
    assert "a bug in a slot" in (folders.logs / "dermtutor.log").read_text(encoding="utf-8")
    assert not any(isinstance(h, logging.FileHandler) for h in logging.getLogger("dermtutor").handlers)


def test_a_running_window_makes_a_second_start_return_at_once(app: QApplication, folders: Folders) -> None:
    first = SingleInstance(folders.home)
    assert run(lambda: bootstrap.build_services(folders), folders) == 0
    first.close()
