"""The record database, and all that is read from it and written to it. SQLAlchemy is imported with the first use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dermtutor.bootstrap.parts import open_catalogue
from dermtutor.paths import Folders
from dermtutor.services.maintenance import Maintenance
from dermtutor.services.ports import Progress

if TYPE_CHECKING:
    from dermtutor.storage.case_sets import SqlCaseSets
    from dermtutor.storage.history import SqlAnswerHistory
    from dermtutor.storage.imported import SqlImportedResults
    from dermtutor.storage.keeping import SqlRecordKeeping
    from dermtutor.storage.media import MediaFolder
    from dermtutor.storage.own_data import SqlLearnerData
    from dermtutor.storage.records import SqlRecords


@dataclass(frozen=True, slots=True)
class Store:
    """The open records. ``imported`` are the answers that came in files, which are kept apart from the own ones."""

    records: SqlRecords
    media: MediaFolder
    sets: SqlCaseSets
    history: SqlAnswerHistory
    imported: SqlImportedResults
    imported_history: SqlAnswerHistory
    learner_data: SqlLearnerData
    keeping: SqlRecordKeeping
    close: Callable[[], None]


def open_store(folders: Folders) -> Store:
    """Opens the records under ``folders``, which are there.

    Raises EnvironmentProblem when another instance has the records, and DamagedRecords when they cannot be read.
    """
    from dermtutor.storage.case_sets import SqlCaseSets
    from dermtutor.storage.database import Database
    from dermtutor.storage.history import SqlAnswerHistory
    from dermtutor.storage.imported import SqlImportedResults
    from dermtutor.storage.keeping import SqlRecordKeeping
    from dermtutor.storage.media import MediaFolder
    from dermtutor.storage.own_data import SqlLearnerData
    from dermtutor.storage.records import SqlRecords

    database, media = Database(folders.database, folders.backups), MediaFolder(folders.media)
    try:
        database.open()
    except BaseException:
        database.close()
        raise
    return Store(
        records=SqlRecords(database),
        media=media,
        sets=SqlCaseSets(database),
        history=SqlAnswerHistory(database),
        imported=SqlImportedResults(database),
        imported_history=SqlAnswerHistory(database, imported_ones=True),
        learner_data=SqlLearnerData(database, media),
        keeping=SqlRecordKeeping(database, media),
        close=database.close,
    )


def open_maintenance(folders: Folders) -> tuple[Maintenance, Callable[[], None]]:
    """Checks, backups and restores, also of records too damaged to open; and what closes the records afterwards."""
    from dermtutor.storage.database import Database
    from dermtutor.storage.keeping import SqlRecordKeeping
    from dermtutor.storage.media import MediaFolder

    folders.create()
    database = Database(folders.database, folders.backups)
    return Maintenance(SqlRecordKeeping(database, MediaFolder(folders.media))), database.close


def fill_sample_records(folders: Folders, answers: int, learners: int, progress: Progress) -> None:
    """Fills the records under ``folders`` with made-up answers, to measure with."""
    from dermtutor.storage.database import Database
    from dermtutor.storage.sample import fill

    folders.create()
    database = Database(folders.database, folders.backups)
    try:
        fill(database, answers, learners, [each.id for each in open_catalogue().conditions], progress)
        database.release()  # without the backup that closing makes
    finally:
        database.close()
