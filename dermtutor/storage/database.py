"""The one connection to the record database, on the one thread that may use it."""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, TypeVar, cast

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from dermtutor.errors import EnvironmentProblem, UserError
from dermtutor.services.ports import Cancelled
from dermtutor.services.ports_keeping import DamagedRecords
from dermtutor.storage import backups, migrate
from dermtutor.storage.schema import APPLICATION_ID, FORMAT, HEAD, Unsound

T = TypeVar("T")
log = logging.getLogger(__name__)

# Long enough for an instance that is just closing, short enough to tell the person soon.
_BUSY_SECONDS: Final = 1.0
# How SQLite and its driver begin to speak of a file whose schema or texts were overwritten; no error code says it.
_NONSENSE: Final = ("no such ", "Could not decode to UTF-8", "unsupported file format", "malformed JSON")


class Database:
    """Opens the file with the first work it is given, and again after :meth:`release`.

    All work runs one after the other on a thread of its own; the methods may be called from any other thread.
    """

    def __init__(self, path: Path, backup_folder: Path) -> None:
        self.path = path
        self.backup_folder = backup_folder
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="records")
        self._engine: Engine | None = None
        self._changes_backed_up = 0
        self._closing = threading.Lock()
        self._closed = False
        self._left = False

    def open(self) -> None:
        """Opens the file now, so that trouble is told at once. Raises as :meth:`run` does."""
        self._on_worker(self._opened)

    def run(self, work: Callable[[Session], T]) -> T:
        """Does the work in one transaction and returns its result once that is on the disk.

        Raises DamagedRecords for a damaged file; EnvironmentProblem for a full disk, a folder that cannot be
        written, a file that another instance holds, that a newer release wrote or that is no record database.
        """

        def transaction() -> T:
            with Session(self._opened(), expire_on_commit=False) as session, session.begin():
                return work(session)

        return self._on_worker(transaction)

    def run_raw(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Does work that must be outside a transaction, such as a backup. Raises as :meth:`run` does."""
        return self._on_worker(lambda: work(_raw(self._opened())))

    def release(self) -> None:
        """Closes the file without a backup; the next work opens it again."""
        self._on_worker(self._disconnect)

    def back_up(self) -> Path:
        """A backup now, whatever has changed. Old backups are thinned."""
        return self._on_worker(self._back_up)

    def close(self) -> None:
        """Backs up when something changed, closes the file and ends the thread. More calls do nothing.

        Work asked for afterwards, as by a thread that prepares cases while the window closes, raises Cancelled.
        A backup that fails is logged: the records themselves are safe.
        """
        with self._closing:
            if self._closed:
                return
            self._closed = True
        try:
            self._worker.submit(self._leave).result()
        finally:
            self._worker.shutdown()

    def _leave(self) -> None:
        try:
            if self._engine is not None and _raw(self._engine).total_changes > self._changes_backed_up:
                self._back_up()
        except (OSError, sqlite3.Error, Unsound) as problem:
            log.warning("no backup was made on closing: %s", problem)
        finally:
            self._disconnect()
            self._left = True

    def _back_up(self) -> Path:
        raw = _raw(self._opened())
        made = backups.write_backup(raw, self.backup_folder)
        backups.thin(self.backup_folder)
        self._changes_backed_up = raw.total_changes
        return made

    def _on_worker(self, work: Callable[[], T]) -> T:
        try:
            done = self._worker.submit(self._explained, work)
        except RuntimeError as closed:
            raise Cancelled("the records are closed") from closed
        return done.result()

    def _explained(self, work: Callable[[], T]) -> T:
        """The result of ``work``, with the failures of SQLite and of the disk told as sentences."""
        try:
            return work()
        except UserError:
            raise
        except (DBAPIError, sqlite3.Error, OSError, Unsound, UnicodeDecodeError) as problem:
            told = self._told(problem)
            if told is None:
                raise
            raise told from problem

    def _told(self, problem: Exception) -> EnvironmentProblem | None:
        cause = problem.orig if isinstance(problem, DBAPIError) else problem
        if isinstance(cause, OSError):
            return EnvironmentProblem(_cannot_write(self.path, cause.strerror or str(cause)))
        # SQLite quotes the damaged text in its message, which Python then cannot decode.
        if isinstance(cause, Unsound | UnicodeDecodeError):
            return self._damaged()
        if not isinstance(cause, sqlite3.Error):
            return None
        code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) or str(cause).startswith(_NONSENSE):
            return self._damaged()
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return EnvironmentProblem(
                f"DermTutor is already using the records in {self.path.parent}; close its window and try again."
            )
        if code == sqlite3.SQLITE_FULL:
            return EnvironmentProblem(
                f"The disk that holds {self.path} is full; free some space and try again, nothing kept was lost."
            )
        if code in (
            sqlite3.SQLITE_READONLY,
            sqlite3.SQLITE_CANTOPEN,
            sqlite3.SQLITE_PERM,
            sqlite3.SQLITE_IOERR,
        ):
            return EnvironmentProblem(_cannot_write(self.path, str(cause)))
        return None

    def _damaged(self) -> DamagedRecords:
        newest = next(iter(backups.sound_backups(self.backup_folder)), None)
        advice = (
            f"`dermtutor records restore` puts the backup of {newest.made_at:%d %B %Y, %H:%M} UTC in its place"
            if newest
            else "there is no backup, but `dermtutor records begin-afresh` keeps the file and begins empty ones"
        )
        return DamagedRecords(f"The records in {self.path} are damaged; {advice}.", self.path, newest)

    def _opened(self) -> Engine:
        if self._left:
            raise Cancelled("the records are closed")
        if self._engine is None:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # A log that was left behind: the last process died before it could make its backup.
            died = Path(f"{self.path}-wal").exists()
            engine = _engine(self.path)
            try:
                _prepare(engine, self.path, self.backup_folder)
            except BaseException:
                engine.dispose()
                raise
            self._engine = engine
            self._changes_backed_up = -1 if died else _raw(engine).total_changes
        return self._engine

    def _disconnect(self) -> None:
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None


def _engine(path: Path) -> Engine:
    """An engine that holds exactly one connection; sqlite3 itself refuses its use on another thread."""
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=True)

    engine = create_engine("sqlite://", creator=connect, poolclass=StaticPool, pool_reset_on_return=None)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _prepare(engine: Engine, path: Path, backup_folder: Path) -> None:
    """Checks what the file is before anything in it is changed, then its soundness, then its schema."""
    raw = _raw(engine)
    for pragma in ("locking_mode=EXCLUSIVE", "foreign_keys=ON", "trusted_schema=OFF", "synchronous=FULL"):
        raw.execute(f"PRAGMA {pragma}")
    _refuse_others(raw, path)
    if raw.execute("PRAGMA journal_mode=WAL").fetchone()[0] != "wal":
        raise EnvironmentProblem(
            f"{path.parent} cannot hold a record database; choose a folder on a local disk."
        )
    backups.expect_sound(raw)
    if (revision := migrate.revision_of(raw)) != HEAD:
        if revision is not None:
            backups.write_backup(raw, backup_folder)
        migrate.upgrade(engine)


def _refuse_others(raw: sqlite3.Connection, path: Path) -> None:
    """Raises EnvironmentProblem for a file of another program or of a newer release; neither is touched."""
    application = raw.execute("PRAGMA application_id").fetchone()[0]
    written_format = raw.execute("PRAGMA user_version").fetchone()[0]
    empty = raw.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0
    if application != APPLICATION_ID and not (application == 0 and empty):
        raise EnvironmentProblem(
            f"{path} is not a DermTutor record database; move it away or choose another folder."
        )
    if written_format > FORMAT or not migrate.knows(migrate.revision_of(raw)):
        raise EnvironmentProblem(
            f"The records in {path} were written by a newer DermTutor; install the newest release to use them."
        )


def _raw(engine: Engine) -> sqlite3.Connection:
    """The driver's own connection; the pool keeps it open."""
    with engine.connect() as connection:
        return cast("sqlite3.Connection", connection.connection.dbapi_connection)


def _cannot_write(path: Path, reason: str) -> str:
    return (
        f"The records in {path.parent} cannot be written ({reason}): make that folder writable or choose another "
        "with --home DIR; nothing kept was lost."
    )
