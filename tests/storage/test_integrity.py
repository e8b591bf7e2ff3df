"""The full check counts what is there and what is damaged."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from tests.services.fakes import Desk


@pytest.fixture
def answered(desk: Desk) -> Desk:
    session_id = desk.begin()
    desk.answer(session_id)
    desk.answer(session_id, right=False)
    return desk


def test_sound_records(answered: Desk) -> None:
    report = answered.maintenance.check()
    assert report.sound
    assert report.counts == {
        "learners": 1, "sessions": 1, "items": 4, "cases": 2, "answers": 2, "drafts": 0, "reviews": 2,
        "imported learners": 0, "imported answers": 0,
        "case sets": 0, "cases in sets": 0, "verdicts": 0, "wanted cases": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "damage"),
    [
        ("UPDATE answers SET correct = 1 WHERE correct = 0", {"altered answers": 1}),
        ("UPDATE answers SET confidence = 1", {"altered answers": 2}),
        ("UPDATE answers SET shown_at = 'yesterday' WHERE sequence = 1", {"altered answers": 1}),
        ("UPDATE cases SET tone = tone % 10 + 1", {"altered cases": 2}),
        ("UPDATE items SET choices = '[]' WHERE position < 3", {"altered questions": 3}),
        ("UPDATE items SET spec = CAST(x'ff' AS TEXT)", {"altered questions": 4}),
        ("UPDATE sessions SET plan = '{}'", {"altered quizzes": 1}),
        ("UPDATE learners SET created_at = ''", {"altered learners": 1}),
        ("UPDATE sessions SET position = 3", {"wrong positions": 1}),
        ("DELETE FROM answers WHERE sequence = 2", {"wrong positions": 1}),
    ],
)
def test_what_sqlite_cannot_see(answered: Desk, change: str, damage: dict[str, int]) -> None:
    answered.database.run(lambda session: session.execute(text(change)))
    assert answered.maintenance.check().damage == damage


def test_broken_references(answered: Desk) -> None:
    def break_one(raw: object) -> None:
        raw.execute("PRAGMA foreign_keys=OFF")  # type: ignore[attr-defined]
        raw.execute("DELETE FROM learners")  # type: ignore[attr-defined]
        raw.execute("PRAGMA foreign_keys=ON")  # type: ignore[attr-defined]

    answered.database.run_raw(break_one)
    assert answered.maintenance.check().damage == {"broken references": 5}


def test_images_missing_and_altered(answered: Desk) -> None:
    files = sorted((answered.home / "media").glob("*.png"))
    files[0].unlink()
    files[1].write_bytes(b"altered")
    assert answered.maintenance.check().damage == {"missing images": 1, "altered images": 1}
