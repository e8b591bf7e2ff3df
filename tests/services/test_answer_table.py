"""Answers as columns: read once, extended, filtered, never stale."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermtutor.services import answer_table
from dermtutor.services.answer_columns import NO_TWIN, AnswerFilter, select, twin_groups
from dermtutor.services.answer_table import AnswerTable
from dermtutor.services.ports import Cancelled
from dermtutor.services.ports_answers import AnswerChunk, AnswerHistory, AnswerMark
from dermtutor.storage.history import SqlAnswerHistory
from tests.services.fakes import NOON, Desk


class Counting:
    """A history that counts the rows it reads."""

    def __init__(self, inner: AnswerHistory) -> None:
        self._inner = inner
        self.rows = 0
        self.between: list[object] = []

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)

    def chunk(self, after: int, limit: int, learner_id: str | None) -> AnswerChunk:
        found = self._inner.chunk(after, limit, learner_id)
        self.rows += len(found)
        waiting, self.between = self.between, []
        for work in waiting:
            work()  # type: ignore[operator]
        return found


@pytest.fixture
def counting(desk: Desk) -> Counting:
    return Counting(SqlAnswerHistory(desk.database))


@pytest.fixture
def table(desk: Desk, counting: Counting, monkeypatch: pytest.MonkeyPatch) -> AnswerTable:
    """A table that reads four answers at once and keeps a file from five on."""
    monkeypatch.setattr(answer_table, "CHUNK", 4)
    monkeypatch.setattr(answer_table, "KEPT_AS_FILE", 5)
    return AnswerTable(counting, desk.home / "cache")  # type: ignore[arg-type]


def give(desk: Desk, answers: int = 9, wrong: int = 4) -> str:
    session = desk.begin(answers, seed=None)
    for number in range(answers):
        desk.answer(session, right=number != wrong, seconds=number + 1.0)
    return session


def test_columns_hold_what_the_records_hold(desk: Desk, table: AnswerTable) -> None:
    give(desk)
    columns = table.columns(desk.learner().id)
    records = desk.records.answers()
    names = columns.words.conditions
    assert [names[code] for code in columns.condition] == [r.spec.condition for r in records]
    assert [names[code] for code in columns.chosen] == [r.answer.chosen for r in records]
    assert columns.tone.tolist() == [r.spec.tone.value for r in records]
    assert columns.correct.tolist() == [r.answer.correct for r in records]
    assert columns.confidence.tolist() == [r.answer.confidence for r in records]
    assert columns.options.tolist() == [len(r.choices) for r in records]
    assert columns.lesion.tolist() == [r.spec.seed for r in records]
    assert columns.taken.tolist() == [1000 * (n + 1) for n in range(9)]
    assert columns.answered.tolist() == [round(r.answer.answered_at.timestamp() * 1000) for r in records]
    assert [columns.words.sources[code] for code in columns.source] == [r.spec.source.value for r in records]
    assert columns.words.modes == ("practice",)


def test_only_later_answers_are_read_again(desk: Desk, counting: Counting, table: AnswerTable) -> None:
    give(desk)
    assert len(table.columns()) == 9
    assert counting.rows == 9
    table.columns()
    assert counting.rows == 9
    give(desk, 3)
    assert len(table.columns()) == 12
    assert counting.rows == 12


def test_a_file_brings_the_table_back(desk: Desk, counting: Counting, table: AnswerTable) -> None:
    give(desk)
    first = table.columns()
    again = AnswerTable(counting, desk.home / "cache")  # type: ignore[arg-type]
    second = again.columns()
    assert counting.rows == 9
    assert first.words == second.words
    for name, column in first.arrays().items():
        assert np.array_equal(column, second.arrays()[name]), name


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a file", b"\x00" * 4000])
def test_a_damaged_file_is_read_anew(
    desk: Desk, counting: Counting, table: AnswerTable, content: bytes
) -> None:
    give(desk)
    table.columns()
    (file,) = (desk.home / "cache").glob("answers-*.npz")
    file.write_bytes(content)
    assert len(AnswerTable(counting, desk.home / "cache").columns()) == 9  # type: ignore[arg-type]
    assert counting.rows == 18


def test_what_is_altered_or_removed_is_read_anew(desk: Desk, counting: Counting, table: AnswerTable) -> None:
    give(desk)
    table.columns()
    desk.database.run_raw(lambda raw: raw.execute("UPDATE answers SET confidence = 1 WHERE sequence = 2"))
    assert table.columns().confidence[1] == 1
    desk.database.run_raw(lambda raw: raw.execute("DELETE FROM answers WHERE sequence = 9"))
    assert len(table.columns()) == 8
    give(desk, 1, wrong=0)
    assert len(table.columns()) == 9  # SQLite gave the number of the removed answer again
    assert not table.columns().correct[-1]


def test_a_change_between_two_pieces_begins_again(desk: Desk, counting: Counting, table: AnswerTable) -> None:
    give(desk)
    counting.between = [
        lambda: desk.database.run_raw(
            lambda raw: raw.execute("UPDATE answers SET confidence = 1 WHERE sequence = 2")
        )
    ]
    assert table.columns().confidence[1] == 1


def test_a_restored_backup_is_read_anew(desk: Desk, table: AnswerTable) -> None:
    give(desk)
    backup = desk.maintenance.backup_now()
    give(desk, 4)
    table.columns()
    desk.maintenance.restore(backup.path)
    assert len(table.columns()) == 9
    give(desk, 4, wrong=2)
    assert len(table.columns()) == 13


def test_learners_do_not_mix(desk: Desk, table: AnswerTable) -> None:
    give(desk)
    other = desk.profiles.create("Bea")
    assert len(table.columns(other.id)) == 0
    assert len(table.columns(desk.learner().id)) == len(table.columns()) == 9


def test_review_shows_without_reading_anew(desk: Desk, counting: Counting, table: AnswerTable) -> None:
    give(desk)
    assert not table.columns().reviewed.any()
    record = desk.records.answers()[3]
    case = desk.records.case(record.spec.spec_id)
    desk.records.attach_case(record.answer.item_id, replace(case, reviewed=True))
    columns = table.columns()
    assert columns.reviewed.tolist() == [place == 3 for place in range(9)]
    assert counting.rows == 9
    assert len(select(columns, AnswerFilter(reviewed_only=True))) == 1


def test_filters(desk: Desk, table: AnswerTable) -> None:
    give(desk)
    columns = table.columns()
    drawn = select(columns, AnswerFilter(source="recipe"))
    assert {drawn.words.conditions[code] for code in drawn.condition} == {"vitiligo"}
    assert len(select(columns, AnswerFilter(source="real"))) == 0
    assert len(select(columns, AnswerFilter(mode="practice"))) == 9
    assert len(select(columns, AnswerFilter(mode="exam"))) == 0
    assert len(select(columns, AnswerFilter(case_set="unknown"))) == 0
    cut = NOON + timedelta(seconds=5)
    assert len(select(columns, AnswerFilter(since=cut))) == 5
    assert len(select(columns, AnswerFilter(until=cut))) == 4


def test_reading_can_be_cancelled(desk: Desk, table: AnswerTable) -> None:
    class Set:
        def is_set(self) -> bool:
            return True

    give(desk)
    with pytest.raises(Cancelled):
        table.columns(cancel=Set())
    assert len(table.columns()) == 9


def test_a_learners_answers_do_not_wait_for_everyones(
    desk: Desk, counting: Counting, table: AnswerTable
) -> None:
    give(desk)
    learner, read = desk.learner().id, []
    counting.between = [lambda: read.append(len(table.columns(learner)))]
    assert len(table.columns()) == 9  # would hang here, were there one lock for all
    assert read == [9]


def test_forgetting_leaves_no_file(desk: Desk, table: AnswerTable) -> None:
    give(desk)
    table.columns()
    table.forget()
    assert not list((desk.home / "cache").glob("answers-*"))
    assert len(table.columns()) == 9


def test_a_cache_that_cannot_be_written_only_costs_time(
    desk: Desk, counting: Counting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answer_table, "KEPT_AS_FILE", 1)
    (tmp_path / "file").write_bytes(b"")
    give(desk)
    assert len(AnswerTable(counting, tmp_path / "file").columns()) == 9  # type: ignore[arg-type]


def test_a_mark_of_nothing_does_not_hold(desk: Desk) -> None:
    assert not SqlAnswerHistory(desk.database).holds(AnswerMark("", 0, ""))


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5)), max_size=40))
def test_twins_are_answers_of_one_learner_to_one_lesion(answers: list[tuple[int, int]]) -> None:
    learner, lesion = np.array([a for a, _ in answers], np.int32), np.array([b for _, b in answers], np.int64)
    groups = twin_groups(learner, lesion).tolist()
    for i, one in enumerate(answers):
        for j, other in enumerate(answers):
            if i != j:
                assert (groups[i] == groups[j] != NO_TWIN) == (one == other)
        assert (groups[i] == NO_TWIN) == (answers.count(one) == 1)
