"""How the file is opened: settings, other instances, other files, full disks."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from dermtutor.errors import EnvironmentProblem, UserError
from dermtutor.services.ports import Cancelled
from dermtutor.services.ports_keeping import DamagedRecords
from dermtutor.storage.database import Database
from dermtutor.storage.schema import APPLICATION_ID, FORMAT
from tests.services.fakes import Desk


def test_the_connection_is_set_up_as_promised(desk: Desk) -> None:
    expected = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "trusted_schema": 0,
        "locking_mode": "exclusive",
        "application_id": APPLICATION_ID,
        "user_version": FORMAT,
    }
    for pragma, value in expected.items():
        found = desk.database.run_raw(lambda raw, name=pragma: raw.execute(f"PRAGMA {name}").fetchone()[0])
        assert (pragma, found) == (pragma, value)
    assert desk.database.run_raw(lambda raw: raw.isolation_level) is None
    assert (desk.home / "records.sqlite3").stat().st_mode & 0o077 == 0


def test_all_work_is_done_on_one_thread_whoever_asks(desk: Desk) -> None:
    names: list[str] = []

    def ask() -> None:
        names.append(desk.database.run(lambda _: threading.current_thread().name))

    threads = [threading.Thread(target=ask) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(names) == 5
    assert len(set(names)) == 1
    raw = desk.database.run_raw(lambda raw: raw)
    with pytest.raises(sqlite3.ProgrammingError, match="thread"):
        raw.execute("SELECT 1")


def test_work_that_fails_leaves_nothing(desk: Desk) -> None:
    desk.learner()

    def half(session: object) -> None:
        session.execute(text("DELETE FROM learners"))  # type: ignore[attr-defined]
        raise UserError("no")

    with pytest.raises(UserError, match="no"):
        desk.database.run(half)
    assert len(desk.profiles.learners()) == 1


def test_a_second_instance_is_told_so_and_the_first_goes_on(desk: Desk) -> None:
    desk.learner()
    second = Desk(desk.home)
    try:
        with pytest.raises(EnvironmentProblem, match="already using the records"):
            second.profiles.learners()
        with pytest.raises(EnvironmentProblem, match="already using the records"):
            second.maintenance.begin_afresh()
    finally:
        second.close()
    assert len(desk.profiles.learners()) == 1


def test_after_closing_another_instance_may_open(desk: Desk) -> None:
    learner = desk.learner()
    desk.close()
    with _opened(desk.home) as second:
        assert second.profiles.learners() == (learner,)


def test_a_file_of_a_newer_release_is_refused_and_left_alone(desk: Desk) -> None:
    desk.learner()
    desk.close()
    path = desk.home / "records.sqlite3"
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(f"PRAGMA user_version={FORMAT + 1}")
    _refused(desk.home, "written by a newer DermTutor")


def test_a_file_with_an_unknown_step_is_refused_and_left_alone(desk: Desk) -> None:
    desk.learner()
    desk.close()
    with closing(sqlite3.connect(desk.home / "records.sqlite3")) as raw, raw:
        raw.execute("UPDATE alembic_version SET version_num = 'r9999'")
    _refused(desk.home, "written by a newer DermTutor")


def test_a_file_of_another_program_is_refused_and_left_alone(home: Path) -> None:
    home.mkdir()
    with closing(sqlite3.connect(home / "records.sqlite3")) as raw, raw:
        raw.execute("CREATE TABLE notes (text)")
    _refused(home, "not a DermTutor record database")


def test_a_home_that_cannot_be_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    database = Database(tmp_path / "file" / "records.sqlite3", tmp_path / "backups")
    with pytest.raises(EnvironmentProblem, match="cannot be written"):
        database.open()
    database.close()


def test_a_full_disk_is_told_and_nothing_kept_is_lost(desk: Desk) -> None:
    learner = desk.learner()
    pages = desk.database.run_raw(lambda raw: raw.execute("PRAGMA page_count").fetchone()[0])
    desk.database.run_raw(lambda raw: raw.execute(f"PRAGMA max_page_count={pages}"))
    with pytest.raises(EnvironmentProblem, match="is full; free some space"):
        _create_many(desk)
    before = desk.profiles.learners()
    assert learner in before
    desk.database.run_raw(lambda raw: raw.execute("PRAGMA max_page_count=100000"))
    desk.profiles.create("space again")
    assert len(desk.profiles.learners()) == len(before) + 1


def test_a_read_only_file_is_told(desk: Desk) -> None:
    learner = desk.learner()
    desk.database.run_raw(lambda raw: raw.execute("PRAGMA query_only=ON"))
    with pytest.raises(EnvironmentProblem, match="make that folder writable or choose another"):
        desk.profiles.create("Bea")
    desk.database.run_raw(lambda raw: raw.execute("PRAGMA query_only=OFF"))
    assert desk.profiles.learners() == (learner,)


def test_closing_twice_and_unopened(home: Path) -> None:
    database = Database(home / "records.sqlite3", home / "backups")
    database.close()
    database.close()
    assert not home.exists()


def test_work_after_closing_is_cancelled(desk: Desk) -> None:
    session_id = desk.begin()
    desk.close()
    with pytest.raises(Cancelled):
        desk.profiles.learners()
    assert list(desk.home.glob("records.sqlite3?*")) == []
    with pytest.raises(Cancelled):
        desk.quiz.prepare_ahead(session_id)


def test_closing_while_many_threads_ask_leaves_the_file_closed(desk: Desk) -> None:
    learner = desk.learner()
    outcomes: list[object] = []

    def ask() -> None:
        for _ in range(50):
            try:
                outcomes.append(desk.profiles.learners())
            except Cancelled:
                outcomes.append(None)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    desk.close()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 200
    assert all(outcome in (None, (learner,)) for outcome in outcomes)
    with _opened(desk.home) as again:
        assert again.profiles.learners() == (learner,)


@pytest.mark.expects_warnings
def test_a_backup_that_fails_does_not_keep_the_application_from_closing(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.learner()
    (desk.home / "backups").write_text("in the way")
    desk.close()
    assert "no backup was made" in caplog.text
    with _opened(desk.home) as again:
        assert len(again.profiles.learners()) == 1
        (desk.home / "backups").unlink()


def test_damage_found_while_running_is_told(desk: Desk) -> None:
    session_id = desk.begin()
    desk.answer(session_id)
    desk.database.run(lambda session: session.execute(text("UPDATE answers SET choices = '[\"melan'")))
    with pytest.raises(DamagedRecords, match="damaged; there is no backup"):
        desk.quiz.summary(session_id)


def _refused(home: Path, sentence: str) -> None:
    path = home / "records.sqlite3"
    before = path.read_bytes()
    with _opened(home) as refused, pytest.raises(EnvironmentProblem, match=sentence):
        refused.profiles.learners()
    assert path.read_bytes() == before
    assert [file.name for file in home.iterdir() if file.name.startswith("records")] == ["records.sqlite3"]


def _create_many(desk: Desk) -> None:
    for number in range(200):
        desk.profiles.create(f"learner {number} " + "x" * 40)


@contextmanager
def _opened(home: Path) -> Iterator[Desk]:
    desk = Desk(home)
    try:
        yield desk
    finally:
        desk.close()
