"""What the record database and its backups hold of one learner: read out, or removed."""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final, cast

from sqlalchemy import ColumnElement, Table, create_engine, delete, func, inspect, not_, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from dermtutor.domain.results import results_id
from dermtutor.paths import write_atomically
from dermtutor.services.ports_keeping import Forgotten
from dermtutor.storage import backups
from dermtutor.storage.database import Database
from dermtutor.storage.imported_schema import ImportedAnswerRow, ImportedCaseRow, ImportedLearnerRow
from dermtutor.storage.media import MediaFolder
from dermtutor.storage.schema import Base, CaseRow, ItemRow, LearnerRow, SessionRow, Unsound
from dermtutor.storage.used_cases import has_sets, sign_sets, signed, unused

_CASES: Final = CaseRow.__tablename__
_IMPORTED_CASES: Final = ImportedCaseRow.__tablename__
_IMPORTED: Final = "imported_"
_NOBODY: Final = "former member"
"""What takes the place of a deleted name, with a few digits that tell one from the other."""


class SqlLearnerData:
    """Implements ``services.ports_keeping.LearnerData``."""

    def __init__(self, database: Database, media: MediaFolder) -> None:
        self._database = database
        self._media = media

    def export(self, learner_id: str) -> Mapping[str, Sequence[Mapping[str, object]]]:
        """The rows of every table that are about the learner, the cases that the learner was shown, and what the
        learner made and said of case sets."""

        def work(session: Session) -> dict[str, list[Mapping[str, object]]]:
            return {
                table.name: [dict(row) for row in session.execute(select(table).where(owned)).mappings()]
                for table, owned in (
                    *_owned(session.connection(), learner_id),
                    *_signed(session.connection(), learner_id),
                )
            }

        return self._database.run(work)

    def delete(self, learner_id: str) -> Forgotten:
        """Removes those rows, the images that nobody else was shown, and the rows in every backup.

        Case sets and verdicts stay, since others learn by them: a pseudonym takes the place of the name.
        The backups come first: whatever fails then, the deletion can be asked for again.
        """
        cleaned, unread = 0, []
        for file in self._other_files():
            try:
                cleaned += _clean_file(file, learner_id)
            except (sqlite3.Error, DBAPIError, Unsound):
                unread.append(file)
        before = set(self._database.run(_images))
        rows = self._database.run(lambda session: _remove(session.connection(), learner_id))
        self._database.run_raw(_compact)
        images = before - set(self._database.run(_images))
        for sha in images:
            self._media.remove(sha)
        return Forgotten(rows, len(images), cleaned, tuple(unread))

    def _other_files(self) -> Iterator[Path]:
        """The backups, and databases that were set aside."""
        path = self._database.path
        yield from sorted(self._database.backup_folder.glob("records-*.sqlite3"))
        yield from sorted(path.parent.glob(f"{path.stem}-set-aside-*{path.suffix}"))


def _owned(connection: Connection, learner_id: str) -> Iterator[tuple[Table, ColumnElement[bool]]]:
    """The tables of this file that hold something of a learner, those that refer to others first, with the condition.

    A table belongs to a learner by its column ``learner_id``, or through its session or its item. Imported results
    are the learner's under the id in results, or under ``learner_id`` itself where that is such an id.
    """
    sent = (learner_id, results_id(learner_id))
    present = set(inspect(connection).get_table_names())
    sessions = select(SessionRow.id).where(SessionRow.learner_id == learner_id)
    items = select(ItemRow.id).where(ItemRow.session_id.in_(sessions))
    for table in reversed(Base.metadata.sorted_tables):
        columns = table.columns
        if table.name not in present:
            continue
        if table.name == ImportedLearnerRow.__tablename__:
            yield table, columns["id"].in_(sent)
        elif table.name == _IMPORTED_CASES:
            answered = select(ImportedAnswerRow.case_id).where(ImportedAnswerRow.learner_id.in_(sent))
            yield table, columns["case_id"].in_(answered)
        elif table.name.startswith(_IMPORTED) and "learner_id" in columns:
            yield table, columns["learner_id"].in_(sent)
        elif table.name == "learners":
            yield table, columns["id"] == learner_id
        elif "learner_id" in columns:
            yield table, columns["learner_id"] == learner_id
        elif "session_id" in columns:
            yield table, columns["session_id"].in_(sessions)
        elif "item_id" in columns:
            yield table, columns["item_id"].in_(items)
        elif table.name == _CASES:
            shown = select(ItemRow.case_id).where(
                ItemRow.session_id.in_(sessions), ItemRow.case_id.is_not(None)
            )
            yield table, columns["case_id"].in_(shown)


def _signed(connection: Connection, learner_id: str) -> Iterator[tuple[Table, ColumnElement[bool]]]:
    """The tables of case sets that bear the learner's name, with the condition."""
    name = connection.scalar(select(LearnerRow.name).where(LearnerRow.id == learner_id))
    if name is not None and has_sets(connection):
        for row, theirs in signed(name):
            yield cast("Table", row.__table__), theirs


def _remove(connection: Connection, learner_id: str) -> dict[str, int]:
    """Removes the learner's rows and name, then the cases that nothing names any more. Returns how many, by table."""
    with_sets = has_sets(connection)
    name = connection.scalar(select(LearnerRow.name).where(LearnerRow.id == learner_id))
    if name is not None and with_sets:
        sign_sets(connection, name, f"{_NOBODY} {secrets.token_hex(2)}")
    left = {
        _CASES: unused(with_sets),
        _IMPORTED_CASES: not_(ImportedCaseRow.case_id.in_(select(ImportedAnswerRow.case_id))),
    }
    tables = list(_owned(connection, learner_id))
    cases = {
        table: list(connection.scalars(select(table.columns["case_id"]).where(owned)))
        for table, owned in tables
        if table.name in left
    }
    removed = {
        table.name: connection.execute(delete(table).where(owned)).rowcount
        for table, owned in tables
        if table not in cases
    }
    for table, met in cases.items():
        removed[table.name] = 0
        for start in range(0, len(met), 500):
            gone = table.columns["case_id"].in_(met[start : start + 500]), left[table.name]
            removed[table.name] += connection.execute(delete(table).where(*gone)).rowcount
    return removed


def _images(session: Session) -> list[str]:
    return [sha for pair in session.execute(select(CaseRow.image_sha, CaseRow.mask_sha)) for sha in pair]


def _compact(raw: sqlite3.Connection) -> None:
    """Writes the file anew without what was removed, and empties the write-ahead log."""
    raw.execute("VACUUM")
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _clean_file(file: Path, learner_id: str) -> bool:
    """Removes the learner from a database that is not in use. False when there was nothing to remove.

    Raises sqlite3.Error, DBAPIError or Unsound for a damaged file, which is left as it is.
    """
    working = file.with_name(f".{file.name}.cleaning")
    try:
        os.close(os.open(working, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))
        reading = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)
        with closing(reading), closing(sqlite3.connect(working)) as copy:
            reading.backup(copy)
        with closing(sqlite3.connect(working, isolation_level=None)) as raw:
            backups.expect_sound(raw)
            engine = create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool)
            with engine.connect() as connection:
                found = any(
                    connection.scalar(select(func.count()).select_from(table).where(owned))
                    for table, owned in _owned(connection, learner_id)
                )
                if not found:
                    return False
                _remove(connection, learner_id)
            raw.execute("VACUUM")
            raw.execute("PRAGMA journal_mode=DELETE").fetchall()
        write_atomically(file, working.read_bytes())
        for companion in ("-wal", "-shm"):
            Path(f"{file}{companion}").unlink(missing_ok=True)
        return True
    finally:
        for left in working.parent.glob(f"{working.name}*"):
            left.unlink(missing_ok=True)
