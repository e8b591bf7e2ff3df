"""The ports that look after the records as a whole: check, back up, restore, and all that is kept of one learner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from dermtutor.errors import EnvironmentProblem


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup file of the record database. ``made_at`` is in UTC, ``answers`` how many answers it holds."""

    path: Path
    made_at: datetime
    answers: int


class RecordKeeping(Protocol):
    """Checking, backing up and restoring the record database, also one too damaged to open."""

    def findings(self) -> tuple[Mapping[str, int], Mapping[str, int]]:
        """Rows by kind, and damage by kind (0 where there is none)."""
        ...

    def back_up(self) -> Backup:
        """A new backup, after which old ones are thinned."""
        ...

    def backups(self) -> tuple[Backup, ...]:
        """The sound backups, newest first."""
        ...

    def restore(self, path: Path) -> tuple[Backup, Path | None]:
        """Puts a sound backup in place. Returns it, and where the file that it replaced is kept (None: there was none).

        Raises UserError when ``path`` is no sound backup.
        """
        ...

    def set_aside(self) -> Path | None:
        """Moves the database away, so that the next use begins an empty one. Returns where it is kept now."""
        ...


class DamagedRecords(EnvironmentProblem):
    """The record database cannot be used. Its message says so; the newest sound backup, if any, can be restored."""

    def __init__(self, message: str, database: Path, newest_backup: Backup | None) -> None:
        super().__init__(message)
        self.database = database
        self.newest_backup = newest_backup


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What deleting a learner removed: rows by table, image files, and from how many backups.

    ``unread`` are files too damaged to look into, which may still hold the learner's data.
    """

    rows: Mapping[str, int]
    images: int
    backups: int
    unread: tuple[Path, ...]


class LearnerData(Protocol):
    """Everything that is kept of one learner."""

    def export(self, learner_id: str) -> Mapping[str, Sequence[Mapping[str, object]]]:
        """The rows of every table that are about the learner, and the cases that the learner was shown."""
        ...

    def delete(self, learner_id: str) -> Forgotten:
        """Removes those rows, the images that nobody else was shown, and the rows in every backup."""
        ...
