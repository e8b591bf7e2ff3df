"""Reads many answers at once, field by field, with plain SQL: building an object a row would cost ten times as much."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from dermtutor.domain.records import AnswerRecord
from dermtutor.services.figures.items import OfferedOptions
from dermtutor.services.ports_answers import AnswerChunk, AnswerMark
from dermtutor.storage import rows
from dermtutor.storage.database import Database
from dermtutor.storage.imported_schema import ImportedAnswerRow, ImportedCaseRow
from dermtutor.storage.schema import AnswerRow, CaseRow, Unsound

# Own and imported answers lie in tables of the same columns; the mark stands for what the names of theirs begin with.
_MARK: Final = "@"
_FIELDS: Final = """
SELECT a.sequence, a.id, a.learner_id, a.session_id, c.condition, a.chosen, c.source, c.tone, a.correct,
       coalesce(a.confidence, 0),
       json_array_length(a.choices), julianday(a.shown_at), julianday(a.answered_at), a.case_id,
       json_extract(c.spec, '$.seed')
FROM @answers AS a JOIN @cases AS c ON c.case_id = a.case_id
"""
_ALL: Final = _FIELDS + "WHERE a.sequence > ? ORDER BY a.sequence LIMIT ?"
_OF_LEARNER: Final = _FIELDS + "WHERE a.sequence > ? AND a.learner_id = ? ORDER BY a.sequence LIMIT ?"
_OWN_SESSIONS: Final = (
    "SELECT s.id, json_extract(s.plan, '$.mode'), "
    "coalesce(c.name || iif(c.version > 1, ', version ' || c.version, ''), json_extract(s.plan, '$.case_set'), '') "
    "FROM sessions AS s "
    "LEFT JOIN case_sets AS c ON c.set_id = json_extract(s.plan, '$.case_set') WHERE ?1 IS NULL OR s.learner_id = ?1"
)
_IMPORTED_SESSIONS: Final = (
    "SELECT id, mode, case_set FROM imported_sessions WHERE ?1 IS NULL OR learner_id = ?1"
)
_AT: Final = "SELECT id FROM @answers WHERE sequence = ?"
_TOKEN: Final = "SELECT token FROM @answers_token"
_REVIEWED: Final = "SELECT case_id FROM @cases WHERE reviewed = 1 ORDER BY case_id"
_OPTIONS: Final = (
    "SELECT a.sequence, o.value FROM @answers AS a, json_each(a.choices) AS o WHERE a.kind != 'typed' "
    "ORDER BY a.sequence"
)
_NUMBERS: Final = {"sequence": 0, "tone": 7, "correct": 8, "confidence": 9, "options": 10, "lesion": 14}
_EPOCH: Final = 2440587.5
_DAY: Final = 86_400_000
_LONGEST: Final = 2**31 - 1


class SqlAnswerHistory:
    """Implements ``services.ports.AnswerHistory``, of the own answers or of those that were imported."""

    def __init__(self, database: Database, *, imported_ones: bool = False) -> None:
        self._database = database
        self._imported = imported_ones

    def _sql(self, text: str) -> str:
        return text.replace(_MARK, "imported_" if self._imported else "")

    def _token(self, raw: sqlite3.Connection) -> str:
        return str(raw.execute(self._sql(_TOKEN)).fetchone()[0])

    def holds(self, mark: AnswerMark) -> bool:
        """True while nothing up to the mark has changed."""

        def work(raw: sqlite3.Connection) -> bool:
            if self._token(raw) != mark.token:
                return False
            found = raw.execute(self._sql(_AT), (mark.sequence,)).fetchone()
            return mark.sequence == 0 or (found is not None and found[0] == mark.answer_id)

        return self._database.run_raw(work)

    def chunk(self, after: int, limit: int, learner_id: str | None) -> AnswerChunk:
        """The next answers after a sequence number, at most ``limit``, of one learner or all."""

        def work(raw: sqlite3.Connection) -> AnswerChunk:
            if learner_id is None:
                found = raw.execute(self._sql(_ALL), (after, limit)).fetchall()
            else:
                found = raw.execute(self._sql(_OF_LEARNER), (after, learner_id, limit)).fetchall()
            last = raw.execute(self._sql(_AT), (after,)).fetchone()
            mark = AnswerMark(self._token(raw), after, "" if last is None else str(last[0]))
            return _chunk(found, mark)

        return self._database.run_raw(work)

    def sessions(self, learner_id: str | None) -> Mapping[str, tuple[str, str]]:
        """Mode and name of the case set (empty: none) of every session, of one learner or all."""
        query = _IMPORTED_SESSIONS if self._imported else _OWN_SESSIONS
        found = self._database.run_raw(lambda raw: raw.execute(query, (learner_id,)).fetchall())
        return {str(session): (str(mode), str(case_set)) for session, mode, case_set in found}

    def reviewed_cases(self) -> NDArray[np.int64]:
        """The first 60 bits of the ids of all reviewed cases, ascending."""
        found = self._database.run_raw(lambda raw: raw.execute(self._sql(_REVIEWED)).fetchall())
        return np.array([_key(case_id) for (case_id,) in found], np.int64)

    def options(self) -> OfferedOptions:
        """The options of every answer that had some."""
        found = self._database.run_raw(lambda raw: raw.execute(self._sql(_OPTIONS)).fetchall())
        codes: dict[str, int] = {}
        option = [codes.setdefault(str(value), len(codes)) for _, value in found]
        sequence = np.array([number for number, _ in found], np.int64)
        return OfferedOptions(sequence, np.array(option, np.int32), tuple(codes))

    def answers_at(self, sequences: Sequence[int]) -> tuple[AnswerRecord, ...]:
        """The answers of these sequence numbers, in that order; those that no longer exist are left out."""
        find = _imported_at if self._imported else _own_at
        found = self._database.run(lambda session: find(session, sequences))
        return tuple(found[sequence] for sequence in sequences if sequence in found)


def _own_at(session: Session, sequences: Sequence[int]) -> dict[int, AnswerRecord]:
    query = select(AnswerRow, CaseRow.spec).join(CaseRow, AnswerRow.case_id == CaseRow.case_id)
    query = query.where(AnswerRow.sequence.in_(sequences))
    return {row.sequence: rows.answer_of(row, spec) for row, spec in session.execute(query)}


def _imported_at(session: Session, sequences: Sequence[int]) -> dict[int, AnswerRecord]:
    query = select(ImportedAnswerRow, ImportedCaseRow.spec).join(ImportedCaseRow)
    query = query.where(ImportedAnswerRow.sequence.in_(sequences))
    return {row.sequence: rows.answer_of(row, spec) for row, spec in session.execute(query)}


def _key(case_id: str) -> int:
    return int(case_id[:15], 16)


def _chunk(found: Sequence[tuple[Any, ...]], mark: AnswerMark) -> AnswerChunk:
    """The rows turned on their side. Raises Unsound for a value that makes no sense."""
    if not found:
        return AnswerChunk(mark, (), (), (), (), (), {})
    columns = list(zip(*found, strict=True))
    try:
        shown, answered = (np.array(columns[place], np.float64) for place in (11, 12))
        numbers = {name: np.array(columns[place], np.int64) for name, place in _NUMBERS.items()}
        numbers["case"] = np.array([_key(case_id) for case_id in columns[13]], np.int64)
        if np.isnan(shown).any() or np.isnan(answered).any():
            raise ValueError("a time cannot be read")
    except (TypeError, ValueError, OverflowError) as problem:
        raise Unsound(f"an answer cannot be read: {problem}") from problem
    numbers["answered"] = np.rint((answered - _EPOCH) * _DAY).astype(np.int64)
    numbers["taken"] = np.clip(np.rint((answered - shown) * _DAY), 0, _LONGEST).astype(np.int64)
    last = AnswerMark(mark.token, int(columns[0][-1]), str(columns[1][-1]))
    return AnswerChunk(last, columns[2], columns[3], columns[4], columns[5], columns[6], numbers)
