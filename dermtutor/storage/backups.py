"""Backups of the record database: made from the live connection, checked, thinned, and read back."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from dermtutor.paths import write_atomically
from dermtutor.services.ports_keeping import Backup
from dermtutor.storage.schema import APPLICATION_ID, FORMAT, Unsound

_NAME: Final = "records-%Y%m%dT%H%M%S.%fZ.sqlite3"
WHOLE: Final = timedelta(days=2)
DAILY: Final = 7
WEEKLY: Final = 4
MONTHLY: Final = 12


def expect_sound(raw: sqlite3.Connection) -> None:
    """Raises Unsound when ``quick_check`` finds damage."""
    findings = [str(row[0]) for row in raw.execute("PRAGMA quick_check(5)")]
    if findings != ["ok"]:
        raise Unsound("; ".join(findings))


def write_backup(raw: sqlite3.Connection, folder: Path, now: datetime | None = None) -> Path:
    """A checked, self-contained copy of the live database, and its path.

    The copy has no write-ahead log, so that the one file is all of it. Raises OSError, sqlite3.Error or Unsound; no
    file is left then.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    final = folder / (now or datetime.now(UTC)).strftime(_NAME)
    temporary = folder / f".{final.name}.part"
    try:
        os.close(os.open(temporary, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))
        with closing(sqlite3.connect(temporary, isolation_level=None)) as copy:
            raw.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
            expect_sound(copy)
        content = temporary.read_bytes()
        write_atomically(final, content)
    finally:
        temporary.unlink(missing_ok=True)
    return final


def thin(folder: Path, now: datetime | None = None) -> None:
    """Removes the backups that :func:`kept` does not name."""
    dated = dict(_dated(folder))
    keep = kept(dated, now or datetime.now(UTC))
    for made_at, path in dated.items():
        if made_at not in keep:
            path.unlink(missing_ok=True)


def kept(times: Iterable[datetime], now: datetime) -> frozenset[datetime]:
    """Which of the backup times (UTC) to keep: all of two days, then the newest of 7 days, 4 weeks and 12 months.

    Only days, weeks and months that have a backup count, so a long absence costs nothing.
    """
    newest_first = sorted(times, reverse=True)
    keep = [made_at for made_at in newest_first if now - made_at < WHOLE]
    older = iter([made_at for made_at in newest_first if now - made_at >= WHOLE])
    pending = next(older, None)
    last = keep[-1] if keep else None
    for quota, period in ((DAILY, _day), (WEEKLY, _week), (MONTHLY, _month)):
        taken = 0
        while pending is not None and taken < quota:
            if last is None or period(pending) != period(last):
                keep.append(pending)
                last, taken = pending, taken + 1
            pending = next(older, None)
    return frozenset(keep)


def sound_backups(folder: Path) -> Iterator[Backup]:
    """The backups that can be restored, newest first; each is checked as it is asked for."""
    for made_at, path in sorted(_dated(folder), reverse=True):
        answers = answers_in(path)
        if answers is not None:
            yield Backup(path, made_at, answers)


def answers_in(path: Path) -> int | None:
    """How many answers a sound backup holds; None for a file that is damaged, newer, or no record database."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as raw:
            application = raw.execute("PRAGMA application_id").fetchone()[0]
            written_format = raw.execute("PRAGMA user_version").fetchone()[0]
            if application != APPLICATION_ID or written_format > FORMAT:
                return None
            expect_sound(raw)
            return int(raw.execute("SELECT count(*) FROM answers").fetchone()[0])
    except (sqlite3.Error, Unsound, UnicodeDecodeError):
        return None


def made_at_of(path: Path) -> datetime:
    """When a backup was made: from its name, or its time of change when it was renamed."""
    try:
        return datetime.strptime(path.name, _NAME).replace(tzinfo=UTC)
    except ValueError:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _dated(folder: Path) -> Iterator[tuple[datetime, Path]]:
    """The files that are named as backups are; others in the folder are left alone."""
    for path in folder.glob("records-*.sqlite3"):
        try:
            yield datetime.strptime(path.name, _NAME).replace(tzinfo=UTC), path
        except ValueError:
            continue


def _day(moment: datetime) -> date:
    return moment.date()


def _week(moment: datetime) -> tuple[int, int]:
    year, week, _ = moment.isocalendar()
    return year, week


def _month(moment: datetime) -> tuple[int, int]:
    return moment.year, moment.month
