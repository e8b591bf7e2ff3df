"""The shipped steps: complete, matching the tables, all or nothing."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from dermtutor.storage import migrate
from dermtutor.storage.schema import HEAD, Base
from tests.services.fakes import Desk

_STEP = '''
"""A step of a later release."""
import sqlalchemy as sa
from alembic import op
revision, down_revision = "r9999", "{head}"
branch_labels = depends_on = None
def upgrade():
    op.create_table("badges", sa.Column("id", sa.String(), primary_key=True))
    {last}
'''


def test_head_is_the_newest_shipped_step() -> None:
    assert ScriptDirectory.from_config(migrate.configuration()).get_current_head() == HEAD


def test_the_steps_make_the_tables_of_the_models(desk: Desk) -> None:
    differences = desk.database.run(
        lambda session: compare_metadata(MigrationContext.configure(session.connection()), Base.metadata)
    )
    assert differences == []


def test_opening_an_up_to_date_file_does_not_import_alembic(desk: Desk) -> None:
    desk.learner()
    desk.close()
    script = (
        "import sys; from pathlib import Path; from dermtutor.storage.database import Database\n"
        "home = Path(sys.argv[1]); d = Database(home / 'records.sqlite3', home / 'backups'); d.open(); d.close()\n"
        "print('alembic' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(desk.home)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


@pytest.fixture
def later_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the steps to which a test can add one."""
    folder = tmp_path / "steps"
    shutil.copytree(Path(migrate.__file__).parent / "migrations", folder)
    monkeypatch.setattr(migrate, "_FOLDER", folder)
    monkeypatch.setattr(migrate, "HEAD", "r9999")
    monkeypatch.setattr("dermtutor.storage.database.HEAD", "r9999")
    return folder / "versions"


def test_a_step_runs_after_a_backup(desk: Desk, later_release: Path) -> None:
    (later_release / "r9999_badges.py").write_text(_STEP.format(head=HEAD, last="pass"))
    _as_first_release(desk)
    later = Desk(desk.home)
    assert later.database.run_raw(_tables) >= {"badges", "answers"}
    assert len(later.profiles.learners()) == 1
    assert len(later.maintenance.backups()) == 1
    later.close()


def test_a_step_that_fails_leaves_the_file_as_it_was(desk: Desk, later_release: Path) -> None:
    (later_release / "r9999_badges.py").write_text(
        _STEP.format(head=HEAD, last="raise RuntimeError('half-way')")
    )
    _as_first_release(desk)
    later = Desk(desk.home)
    with pytest.raises(RuntimeError, match="half-way"):
        later.profiles.learners()
    later.close()
    (later_release / "r9999_badges.py").write_text(_STEP.format(head=HEAD, last="pass"))
    again = Desk(desk.home)
    assert len(again.profiles.learners()) == 1
    assert "badges" in again.database.run_raw(_tables)
    again.close()


def _as_first_release(desk: Desk) -> None:
    """A file as the first release left it, without the backup of its closing."""
    with pytest.MonkeyPatch.context() as first:
        first.setattr(migrate, "HEAD", "r0001")
        first.setattr("dermtutor.storage.database.HEAD", "r0001")
        desk.learner()
        desk.close()
    shutil.rmtree(desk.home / "backups")


def _tables(raw: object) -> set[str]:
    rows = raw.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")  # type: ignore[attr-defined]
    return {row[0] for row in rows}
