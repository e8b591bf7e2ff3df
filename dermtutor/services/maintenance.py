"""Looking after the records: check, back up, restore, begin afresh."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dermtutor.errors import UserError
from dermtutor.services.ports_keeping import Backup, RecordKeeping


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a full check counted: rows by kind, and damage by kind (only the kinds that were found)."""

    counts: dict[str, int]
    damage: dict[str, int]

    @property
    def sound(self) -> bool:
        """True when no damage was found."""
        return not self.damage


@dataclass(frozen=True, slots=True)
class Restored:
    """A finished restore; ``set_aside`` is where the replaced file is kept, None when there was none."""

    backup: Backup
    set_aside: Path | None


class Maintenance:
    """Checks, backups and restores, also of a database too damaged to open."""

    def __init__(self, keeping: RecordKeeping) -> None:
        self._keeping = keeping

    def check(self) -> CheckReport:
        """Counts rows and damage: page structure, references, answer digests, positions, image files."""
        counts, damage = self._keeping.findings()
        return CheckReport(dict(counts), {name: number for name, number in damage.items() if number})

    def backup_now(self) -> Backup:
        """A new backup. Raises EnvironmentProblem when the folder cannot be written."""
        return self._keeping.back_up()

    def backups(self) -> tuple[Backup, ...]:
        """The sound backups, newest first."""
        return self._keeping.backups()

    def restore(self, backup: Path | None = None) -> Restored:
        """Puts a backup in place, the newest sound one when none is named. The replaced file is kept.

        Raises UserError when there is no such sound backup.
        """
        sound = self.backups()
        if backup is None and not sound:
            raise UserError("There is no sound backup to restore; the records were left as they are.")
        chosen = sound[0].path if backup is None else backup
        restored, set_aside = self._keeping.restore(chosen)
        return Restored(restored, set_aside)

    def begin_afresh(self) -> Path | None:
        """Sets the records aside, so that the next use begins empty ones. Returns where the old file is kept."""
        return self._keeping.set_aside()
