"""Backups: which are kept, that each can be restored, and what happens to a damaged file."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from dermtutor.errors import EnvironmentProblem, UserError
from dermtutor.services.ports_keeping import DamagedRecords
from dermtutor.storage import backups, keeping
from tests.services.fakes import Desk

NOW = datetime(2026, 6, 17, 12, tzinfo=UTC)  # a Wednesday


@pytest.mark.parametrize(
    ("ages_in_hours", "kept_ages"),
    [
        ([], []),
        ([0, 1, 2, 30, 47], [0, 1, 2, 30, 47]),
        # After two days one a day: the newest.
        ([1, 49, 51, 53, 73, 75], [1, 49, 73]),
        # A clock that was set back leaves a backup of the future; it is kept.
        ([-5, 1], [-5, 1]),
        # Days without a backup do not use up the seven.
        ([24 * 10, 24 * 20, 24 * 30], [24 * 10, 24 * 20, 24 * 30]),
    ],
)
def test_thinning_by_age(ages_in_hours: list[int], kept_ages: list[int]) -> None:
    times = {NOW - timedelta(hours=age): age for age in ages_in_hours}
    assert sorted(times[time] for time in backups.kept(times, NOW)) == kept_ages


def test_thinning_by_dates() -> None:
    """One backup at noon on each of 500 days: two whole, seven days, four week ends, twelve month ends."""
    times = [NOW - timedelta(days=age) for age in range(500)]
    kept = [f"{time:%m-%d}" for time in sorted(backups.kept(times, NOW), reverse=True)]
    assert kept[:2] == ["06-17", "06-16"]
    assert kept[2:9] == ["06-15", "06-14", "06-13", "06-12", "06-11", "06-10", "06-09"]
    assert kept[9:13] == ["06-07", "05-31", "05-24", "05-17"]
    assert kept[13:] == [
        "04-30", "03-31", "02-28", "01-31", "12-31", "11-30", "10-31", "09-30", "08-31", "07-31", "06-30", "05-31",
    ]  # fmt: skip


def test_thinning_after_every_backup_of_two_years_keeps_a_year() -> None:
    present: set[datetime] = set()
    now = NOW
    for hours in range(0, 24 * 730, 8):
        now = NOW + timedelta(hours=hours)
        present = set(backups.kept(present | {now}, now))
    assert len(present) <= 6 + 7 + 4 + 12
    assert now - min(present) > timedelta(days=330)
    gaps = sorted(present)
    assert max(later - earlier for earlier, later in pairwise(gaps)) <= timedelta(weeks=5)


def test_closing_backs_up_only_what_changed(desk: Desk) -> None:
    desk.learner()
    desk.close()
    assert len(_files(desk)) == 1
    again = Desk(desk.home)
    again.profiles.learners()
    again.close()
    assert len(_files(desk)) == 1


def test_every_backup_is_restored_row_by_row(desk: Desk) -> None:
    session_id = desk.begin()
    contents = []
    for _ in range(3):
        desk.answer(session_id)
        made = desk.maintenance.backup_now()
        contents.append((made, _rows(desk)))
    assert [made.answers for made, _ in contents] == [1, 2, 3]
    for made, rows in contents:
        restored = desk.maintenance.restore(made.path)
        assert restored.backup.path == made.path
        assert _rows(desk) == rows
        assert restored.set_aside is not None
        assert restored.set_aside.exists()
    assert desk.maintenance.check().sound


def test_a_backup_is_one_plain_file(desk: Desk) -> None:
    desk.learner()
    made = desk.maintenance.backup_now()
    with closing(sqlite3.connect(made.path)) as raw:
        assert raw.execute("PRAGMA journal_mode").fetchone()[0] == "delete"
    assert [file.name for file in made.path.parent.iterdir()] == [made.path.name]
    assert made.path.stat().st_mode & 0o077 == 0


def test_a_damaged_file_is_told_kept_and_replaced_by_the_newest_sound_backup(desk: Desk) -> None:
    session_id = desk.begin()
    desk.answer(session_id)
    desk.maintenance.backup_now()
    desk.answer(session_id)
    newest = desk.maintenance.backup_now()
    rows = _rows(desk)
    broken = desk.maintenance.backup_now()
    broken.path.write_bytes(broken.path.read_bytes()[:5000])
    desk.close()
    _files(desk)[-1].unlink()  # the one that closing made
    damaged = b"nothing of a database" * 100
    (desk.home / "records.sqlite3").write_bytes(damaged)

    again = Desk(desk.home)
    try:
        for _ in range(2):
            with pytest.raises(
                DamagedRecords, match="`dermtutor records restore` puts the backup of"
            ) as told:
                again.profiles.learners()
            assert told.value.newest_backup == newest
        assert (desk.home / "records.sqlite3").read_bytes() == damaged
        restored = again.maintenance.restore()
        assert restored.backup == newest
        assert restored.set_aside is not None
        assert restored.set_aside.read_bytes() == damaged
        assert _rows(again) == rows
    finally:
        again.close()


def test_a_damaged_file_without_a_backup_can_be_set_aside(desk: Desk) -> None:
    desk.home.mkdir()
    (desk.home / "records.sqlite3").write_bytes(b"x" * 4096)
    with pytest.raises(DamagedRecords, match="there is no backup") as told:
        desk.learner()
    assert told.value.newest_backup is None
    with pytest.raises(UserError, match="no sound backup to restore"):
        desk.maintenance.restore()
    kept = desk.maintenance.begin_afresh()
    assert kept is not None
    assert kept.read_bytes() == b"x" * 4096
    assert desk.profiles.learners() == ()


def test_seeded_damage_is_noticed_or_harmless(desk: Desk) -> None:
    """64 bytes overwritten anywhere: the file is refused, or the check counts it, or every answer reads the same."""
    session_id = desk.begin(9)
    for _ in range(9):
        desk.answer(session_id)
    answers = desk.records.answers()
    desk.close()
    path = desk.home / "records.sqlite3"
    sound = path.read_bytes()
    draw = random.Random(7)
    noticed = 0
    for _ in range(40):
        place = draw.randrange(len(sound) - 64)
        path.write_bytes(sound[:place] + draw.randbytes(64) + sound[place + 64 :])
        again = Desk(desk.home)
        try:
            if not again.maintenance.check().sound:
                noticed += 1
            else:
                assert again.records.answers() == answers
        except EnvironmentProblem:
            noticed += 1
        finally:
            again.database.release()
            again.close()
    assert noticed > 5


def test_a_file_that_is_no_backup_is_refused_and_nothing_moves(desk: Desk, tmp_path: Path) -> None:
    learner = desk.learner()
    other = tmp_path / "other.sqlite3"
    with closing(sqlite3.connect(other)) as raw, raw:
        raw.execute("CREATE TABLE notes (text)")
    for path in (other, tmp_path / "missing.sqlite3", tmp_path):
        with pytest.raises(UserError, match="not a sound backup"):
            desk.maintenance.restore(path)
    assert desk.profiles.learners() == (learner,)


def test_a_restore_onto_a_full_disk_changes_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    learner = desk.learner()
    made = desk.maintenance.backup_now()

    def full(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(keeping, "write_atomically", full)
    with pytest.raises(EnvironmentProblem, match="the records are unchanged"):
        desk.maintenance.restore(made.path)
    assert desk.profiles.learners() == (learner,)


def test_restoring_into_an_empty_home(desk: Desk, tmp_path: Path) -> None:
    learner = desk.learner()
    made = desk.maintenance.backup_now()
    elsewhere = Desk(tmp_path / "elsewhere")
    (tmp_path / "elsewhere").mkdir()
    try:
        assert elsewhere.maintenance.restore(made.path).set_aside is None
        assert elsewhere.profiles.learners() == (learner,)
    finally:
        elsewhere.close()


def _files(desk: Desk) -> list[Path]:
    return sorted((desk.home / "backups").glob("records-*.sqlite3"))


def _rows(desk: Desk) -> list[tuple[object, ...]]:
    def read(raw: sqlite3.Connection) -> list[tuple[object, ...]]:
        tables = ("learners", "sessions", "items", "cases", "answers", "alembic_version")
        return [
            row for table in tables for row in raw.execute(f"SELECT '{table}', * FROM {table} ORDER BY rowid")
        ]

    return desk.database.run_raw(read)
