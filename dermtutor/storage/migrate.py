"""Brings the schema of a record database up to date. Alembic is imported only when there is something to do."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Engine

from dermtutor.storage.schema import APPLICATION_ID, FORMAT, HEAD

if TYPE_CHECKING:
    from alembic.config import Config

_FOLDER: Final = Path(__file__).parent / "migrations"


def revision_of(raw: sqlite3.Connection) -> str | None:
    """The revision that the file says it has; None for a file without tables."""
    table = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'alembic_version'"
    if raw.execute(table).fetchone() is None:
        return None
    row = raw.execute("SELECT version_num FROM alembic_version").fetchone()
    return None if row is None else str(row[0])


def knows(revision: str | None) -> bool:
    """True when this release ships the step of that name, or there is none yet."""
    return revision is None or any((_FOLDER / "versions").glob(f"{revision}_*.py*"))


def upgrade(engine: Engine) -> None:
    """Runs all missing steps in one transaction: a step that fails leaves the file as it was."""
    from alembic import command

    config = configuration()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, HEAD)
        connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
        connection.exec_driver_sql(f"PRAGMA user_version={FORMAT}")


def configuration() -> Config:
    """Alembic's configuration; it reads no file but the shipped steps."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
