"""What holds for every test: no screen, a home of its own, nothing left running, no unexpected warning."""

from __future__ import annotations

import os

# Before anything imports Qt or torch: no screen is needed, and two test runs on one machine do not fight for cores.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ.setdefault("OMP_NUM_THREADS", "2")

import faulthandler
import logging
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import Engine

from dermtutor.storage import migrate

# The machine may be busy with other work; how long an example takes says nothing about what is tested.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")


ENDING_SECONDS = 120.0
"""How long a process may take from its last test to its end, which no test's own time limit covers."""


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """What stands still after the last test, such as a thread that is waited for, names its place and ends as well."""
    capture = session.config.pluginmanager.getplugin("capturemanager")
    assert capture is not None
    with capture.global_and_fixture_disabled():
        real_stderr = os.dup(2)
    faulthandler.dump_traceback_later(ENDING_SECONDS, exit=True, file=real_stderr)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder of this test alone, not yet made; also what ``dermtutor`` uses when no home is named."""
    folder = tmp_path / "home"
    monkeypatch.setenv("DERMTUTOR_HOME", str(folder))
    return folder


@pytest.fixture(scope="session", autouse=True)
def migrated_once() -> Iterator[None]:
    """New records are a copy of the first that the migrations made; for each test anew they would take 70 ms."""
    with (
        pytest.MonkeyPatch.context() as patch,
        closing(sqlite3.connect(":memory:", check_same_thread=False)) as made,
    ):
        real, shipped, one_at_a_time = migrate.upgrade, (migrate.HEAD, migrate._FOLDER), threading.Lock()

        def upgrade(engine: Engine) -> None:
            with engine.connect() as connection:
                raw = connection.connection.dbapi_connection
            assert isinstance(raw, sqlite3.Connection)
            new = migrate.revision_of(raw) is None and shipped == (migrate.HEAD, migrate._FOLDER)
            with one_at_a_time:
                if new and migrate.revision_of(made) is not None:
                    made.backup(raw)
                    return
                real(engine)
                if new:
                    raw.backup(made)

        patch.setattr(migrate, "upgrade", upgrade)
        yield


@pytest.fixture(autouse=True)
def no_leaked_threads() -> Iterator[None]:
    """A Python thread that a test started has ended with it, daemon or not. Qt's own pool is not Python's."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + 3.0
    while leaked := [each for each in threading.enumerate() if each not in before and _is_ours(each)]:
        if time.monotonic() > deadline:
            pytest.fail(f"threads left running: {', '.join(each.name for each in leaked)}")
        time.sleep(0.01)


def _is_ours(thread: threading.Thread) -> bool:
    """False for the stand-ins Python makes when a foreign (Qt) thread calls in; they live as long as that thread."""
    return thread.is_alive() and not thread.name.startswith("Dummy-")


@pytest.fixture(autouse=True)
def no_unexpected_warnings(
    request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> Iterator[None]:
    """A WARNING line of dermtutor fails a test that is not marked ``expects_warnings``."""
    yield
    if request.node.get_closest_marker("expects_warnings"):
        return
    lines = [
        each.getMessage()
        for each in caplog.get_records("call")
        if each.levelno >= logging.WARNING and each.name.startswith("dermtutor")
    ]
    if lines:
        pytest.fail("unexpected warnings in the log: " + "; ".join(lines))
