"""Checking, backing up and restoring, also of a file too damaged to open."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from dermtutor.errors import EnvironmentProblem, UserError
from dermtutor.paths import write_atomically
from dermtutor.services.ports_keeping import Backup, DamagedRecords
from dermtutor.storage import backups, integrity
from dermtutor.storage.database import Database
from dermtutor.storage.media import MediaFolder

# The write-ahead log may hold the last answers, so it always goes where its database goes.
_COMPANIONS = ("", "-wal", "-shm", "-journal")


class SqlRecordKeeping:
    """Implements ``services.ports_keeping.RecordKeeping``."""

    def __init__(self, database: Database, media: MediaFolder) -> None:
        self._database = database
        self._media = media

    def findings(self) -> tuple[Mapping[str, int], Mapping[str, int]]:
        """Rows by kind, and damage by kind. Raises DamagedRecords when the file cannot be opened at all."""
        pages = self._database.run_raw(integrity.page_damage)
        counts = self._database.run(integrity.row_counts)
        altered = self._database.run(integrity.row_damage)
        images = self._database.run(lambda session: integrity.image_damage(session, self._media))
        return counts, {**pages, **altered, **images}

    def back_up(self) -> Backup:
        """A new backup, after which old ones are thinned."""
        return _described(self._database.back_up())

    def backups(self) -> tuple[Backup, ...]:
        """The sound backups, newest first."""
        return tuple(backups.sound_backups(self._database.backup_folder))

    def restore(self, path: Path) -> tuple[Backup, Path | None]:
        """Puts a sound backup in place. The present file is backed up if it is sound, and kept aside in any case.

        The new file is complete on the disk before the old one is moved: a full disk changes nothing.
        """
        backup = _described(path)
        database = self._database.path
        staged = database.with_name(f".{database.name}.restoring")
        try:
            write_atomically(staged, path.read_bytes())
        except OSError as problem:
            reason = problem.strerror or str(problem)
            sentence = (
                f"The backup could not be copied to {database.parent} ({reason}); the records are unchanged."
            )
            raise EnvironmentProblem(sentence) from problem
        try:
            if database.exists():
                with contextlib.suppress(DamagedRecords):
                    self._database.back_up()
            set_aside = self.set_aside()
            staged.replace(database)
        finally:
            staged.unlink(missing_ok=True)
        self._database.open()
        return backup, set_aside

    def set_aside(self) -> Path | None:
        """Moves the database away, so that the next use begins an empty one. Returns where it is kept now.

        Raises EnvironmentProblem when another instance uses it or a newer release wrote it.
        """
        path = self._database.path
        if not path.exists():
            return None
        with contextlib.suppress(DamagedRecords):
            self._database.open()
        self._database.release()
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
        aside = path.with_name(f"{path.stem}-set-aside-{stamp}{path.suffix}")
        for companion in _COMPANIONS:
            present = Path(f"{path}{companion}")
            if present.exists():
                present.replace(f"{aside}{companion}")
        return aside


def _described(path: Path) -> Backup:
    answers = backups.answers_in(path) if path.is_file() else None
    if answers is None:
        raise UserError(f"{path} is not a sound backup of the records; choose another.")
    return Backup(path, backups.made_at_of(path), answers)
