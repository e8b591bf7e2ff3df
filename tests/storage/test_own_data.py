"""A learner's data: all of it in the export, none of it anywhere after deletion."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from dermtutor.errors import UserError
from dermtutor.services.own_data import OwnData
from dermtutor.storage.own_data import SqlLearnerData
from tests.services.asked_again import ask_again
from tests.services.fakes import Desk, small_plan


@pytest.fixture
def own(desk: Desk) -> OwnData:
    return OwnData(SqlLearnerData(desk.database, desk.media), desk.table)


def work(desk: Desk, name: str, seed: int, answers: int = 3) -> str:
    """A learner with a quiz whose name is easy to find in a file."""
    learner = desk.profiles.create(name)
    session = desk.quiz.start(learner.id, small_plan(answers), seed)
    for _ in range(answers):
        desk.answer(session)
    return learner.id


def test_the_export_holds_everything_of_the_learner_alone(desk: Desk, own: OwnData) -> None:
    ada, bea = work(desk, "Ada Lovelace", 1), work(desk, "Bea Potter", 2)
    tables = json.loads(own.export(desk.profiles.named("ada lovelace")))["tables"]
    assert [len(tables[name]) for name in ("learners", "sessions", "items", "answers", "cases")] == [
        1,
        1,
        3,
        3,
        3,
    ]
    assert {row["learner_id"] for row in tables["answers"]} == {ada}
    assert tables["learners"][0]["name"] == "Ada Lovelace"
    assert bea not in json.dumps(tables)
    given = {record.answer.answer_id for record in desk.records.answers(ada)}
    assert {row["id"] for row in tables["answers"]} == given


def test_deletion_leaves_nothing_in_records_backups_and_images(desk: Desk, own: OwnData) -> None:
    ada, bea = work(desk, "Ada Lovelace", 1), work(desk, "Bea Potter", 2)
    backup = desk.maintenance.backup_now()
    aside = desk.home / "records-set-aside-20260101T000000.000000Z.sqlite3"
    aside.write_bytes(backup.path.read_bytes())
    images = set(desk.media.names())
    desk.table.columns()
    done = own.delete(desk.profiles.named("Ada Lovelace"))
    assert done.forgotten.rows["answers"] == 3
    assert done.forgotten.backups == 2
    assert done.forgotten.images == len(images) - len(set(desk.media.names())) > 0
    assert done.forgotten.unread == ()
    assert [learner.id for learner in desk.profiles.learners()] == [bea]
    assert len(desk.records.answers(bea)) == 3
    assert len(desk.table.columns()) == 3
    assert desk.maintenance.check().sound
    desk.database.release()
    for file in (desk.database.path, backup.path, aside):
        content = file.read_bytes()
        assert b"Ada Lovelace" not in content
        assert ada.encode() not in content
        assert b"Bea Potter" in content
    assert (
        not Path(f"{desk.database.path}-wal").exists() or not Path(f"{desk.database.path}-wal").read_bytes()
    )
    (kept,) = desk.maintenance.backups()
    assert kept.answers == 3


def test_images_that_another_learner_was_shown_stay(desk: Desk, own: OwnData) -> None:
    ada = work(desk, "Ada Lovelace", 1)
    (session,) = desk.records.sessions(ada)
    bea = desk.profiles.create("Bea Potter").id
    again = ask_again(desk.records, session.session_id, bea)
    for _ in range(3):
        desk.answer(again)
    done = own.delete(desk.profiles.named("Ada Lovelace"))
    assert (done.forgotten.rows["cases"], done.forgotten.images) == (0, 0)
    assert all(desk.media.get(desk.records.case(r.spec.spec_id).image_sha) for r in desk.records.answers(bea))


def test_a_damaged_backup_is_named_and_left(desk: Desk, own: OwnData) -> None:
    work(desk, "Ada Lovelace", 1)
    damaged = desk.home / "backups" / "records-20260101T000000.000000Z.sqlite3"
    damaged.parent.mkdir(exist_ok=True)
    damaged.write_bytes(b"SQLite format 3\x00" + b"\xff" * 9000)
    done = own.delete(desk.profiles.named("Ada Lovelace"))
    assert done.forgotten.unread == (damaged,)
    assert damaged.exists()
    assert not list(desk.home.rglob("*.cleaning*"))


def test_a_backup_of_the_first_release_is_cleaned_too(desk: Desk, own: OwnData) -> None:
    work(desk, "Ada Lovelace", 1)
    backup = desk.maintenance.backup_now()
    with closing(sqlite3.connect(backup.path)) as raw:
        raw.execute("DROP TABLE answers_token")
        for name in ("altered", "removed"):
            raw.execute(f"DROP TRIGGER answers_{name}")
        raw.commit()
    assert own.delete(desk.profiles.named("Ada Lovelace")).forgotten.backups == 1
    assert b"Ada Lovelace" not in backup.path.read_bytes()


def test_an_unknown_name_is_told_with_those_that_are_known(desk: Desk) -> None:
    with pytest.raises(UserError, match="nobody has a profile yet"):
        desk.profiles.named("Ada")
    desk.profiles.create("Bea")
    with pytest.raises(UserError, match="there are: Bea"):
        desk.profiles.named("Ada")
