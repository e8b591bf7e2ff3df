"""The shipped steps: complete, matching the tables, all or nothing."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from dermtutor.domain.case_sets import CaseSet, SetCase
from dermtutor.domain.cases import CaseSpec, Source
from dermtutor.domain.modes import DEFAULT_OPTIONS, AnswerKind, Mode
from dermtutor.domain.quiz import NO_DETAILS
from dermtutor.skin.scales import MonkTone
from dermtutor.storage import migrate
from dermtutor.storage.schema import APPLICATION_ID, HEAD, Base
from tests.services.fakes import Desk

_FIRST_DIGEST = "8c814bcb1622f32e3d864cd0483111066bca18fddd226686f515f2d6101bfe28"
"""Of the answer below, as the first release reckoned it."""

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
    _as_this_release(desk)
    later = Desk(desk.home)
    assert later.database.run_raw(_tables) >= {"badges", "answers"}
    assert len(later.profiles.learners()) == 1
    assert len(later.maintenance.backups()) == 1
    later.close()


def test_a_step_that_fails_leaves_the_file_as_it_was(desk: Desk, later_release: Path) -> None:
    (later_release / "r9999_badges.py").write_text(
        _STEP.format(head=HEAD, last="raise RuntimeError('half-way')")
    )
    _as_this_release(desk)
    later = Desk(desk.home)
    with pytest.raises(RuntimeError, match="half-way"):
        later.profiles.learners()
    later.close()
    (later_release / "r9999_badges.py").write_text(_STEP.format(head=HEAD, last="pass"))
    again = Desk(desk.home)
    assert len(again.profiles.learners()) == 1
    assert "badges" in again.database.run_raw(_tables)
    again.close()


def test_what_the_first_release_kept_reads_as_it_was_meant(home: Path) -> None:
    _first_release(home)
    desk = Desk(home)
    try:
        (answer,) = desk.records.answers()
        assert (answer.mode, answer.kind, answer.right) == (Mode.PRACTICE, AnswerKind.SINGLE, "melanoma")
        assert answer.answer.details == NO_DETAILS
        (session,) = desk.records.sessions("ada")
        assert session.plan.options == DEFAULT_OPTIONS
        assert session.deadline is None
        assert desk.records.item("first").expected == "melanoma"
        report = desk.maintenance.check()
        assert not {name for name in report.damage if name.startswith("altered") and "images" not in name}
        assert len(desk.maintenance.backups()) == 1
        desk.quiz.next_case(session.session_id)
        (given,) = [desk.records.case(answer.spec.spec_id)]
        desk.set_store.add(CaseSet("s", "s", 1, "Moles", "Ada", given.created_at, (SetCase(given),)))
        assert desk.set_store.case_set("s").cases == (SetCase(given),)
    finally:
        desk.close()


def _first_release(home: Path) -> None:
    """A file of the first release with one answer of two, written as that release wrote it."""
    home.mkdir()
    engine = create_engine(f"sqlite:///{home / 'records.sqlite3'}")
    config = migrate.configuration()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "r0001")
        connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
        connection.exec_driver_sql("PRAGMA user_version=1")
        spec = CaseSpec("melanoma", MonkTone(8), 5, Source.LEARNED, weights_version="fake-1")
        plan = {"conditions": ["melanoma"], "tones": [8], "questions": 2, "choices": 2, "mode": "practice"}
        then = "2026-03-04T12:00:00+00:00"
        text, choices = spec.canonical_json(), '["melanoma", "melanocytic-naevus"]'
        for table, values in (
            ("learners", ("ada", "Ada", "ada", "trainee", then)),
            ("sessions", ("quiz", "ada", json.dumps(plan), 1, 1, then, None, False)),
            ("cases", (spec.spec_id, text, "melanoma", 8, "learned", "a", "b", 1.0, 1.0, "[]", "w", False, then)),
            ("items", ("first", "quiz", 0, text, choices, spec.spec_id)),
            ("items", ("second", "quiz", 1, text, choices, None)),
            ("answers", (1, "given", "first", "quiz", "ada", spec.spec_id, choices, "melanoma", True, 4, then, then,
                         _FIRST_DIGEST)),
        ):  # fmt: skip
            marks = ", ".join("?" * len(values))
            connection.exec_driver_sql(f"INSERT INTO {table} VALUES ({marks})", values)
    engine.dispose()


def _as_this_release(desk: Desk) -> None:
    """A file as this release leaves it, without the backup of its closing."""
    with pytest.MonkeyPatch.context() as first:
        first.setattr(migrate, "HEAD", HEAD)
        first.setattr("dermtutor.storage.database.HEAD", HEAD)
        desk.learner()
        desk.close()
    shutil.rmtree(desk.home / "backups")


def _tables(raw: object) -> set[str]:
    rows = raw.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")  # type: ignore[attr-defined]
    return {row[0] for row in rows}
