"""Keeps answers in memory as columns, so that a filter never asks the database.

Reading a million answers through SQL takes seconds, most of it in finding each answer's case. So they are read once,
in pieces that let other work of the records in between; only later answers are read after that. A large table is also
kept as a file in the cache, from which it is back in a fraction of a second. A mark (:class:`AnswerMark`) proves that
nothing in it has changed: a token that the database itself renews whenever an answer is altered or removed, and the id
of the last answer, which a restored backup would not have in the same place.
"""

from __future__ import annotations

import hashlib
import io
import json
import threading
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dermtutor.paths import write_atomically
from dermtutor.services.answer_columns import NO_TWIN, AnswerColumns, Words
from dermtutor.services.ports import Cancelled, CancelToken
from dermtutor.services.ports_answers import AnswerChunk, AnswerHistory, AnswerMark

CHUNK: Final = 20_000
KEPT_AS_FILE: Final = 100_000
"""Answers from which a table is worth a file."""
_TABLES: Final = 4
_FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class _Table:
    """What is in memory of one scope. ``on_disk`` is how many of its answers the file holds."""

    columns: AnswerColumns
    mark: AnswerMark
    reviewed: NDArray[np.int64]
    on_disk: int = 0


class AnswerTable:
    """The answers of one learner or of all, always up to date. Thread-safe; calls block until done."""

    def __init__(self, history: AnswerHistory, cache: Path) -> None:
        self._history = history
        self._cache = cache
        self._tables: dict[str | None, _Table] = {}
        self._locks: dict[str | None, threading.Lock] = {}
        self._lock = threading.Lock()

    def columns(self, learner_id: str | None = None, cancel: CancelToken | None = None) -> AnswerColumns:
        """The answers of a learner, of all learners for None. Raises Cancelled when the token was set."""
        with self._lock_of(learner_id):
            with self._lock:
                table = self._tables.pop(learner_id, None)
            if table is None or not self._history.holds(table.mark):
                table = self._from_file(learner_id)
            table = self._reviewed(self._extended(table, learner_id, cancel))
            if len(table.columns) >= KEPT_AS_FILE and table.on_disk < 0.9 * len(table.columns):
                table = self._to_file(table, learner_id)
            with self._lock:
                self._tables[learner_id] = table
                while len(self._tables) > _TABLES:
                    del self._tables[next(iter(self._tables))]
            return table.columns

    def forget(self) -> None:
        """Drops everything that is kept, also the files, once whoever reads has done so."""
        with ExitStack() as held:
            with self._lock:
                locks = list(self._locks.values())
            for lock in locks:
                held.enter_context(lock)
            with self._lock:
                self._tables.clear()
            for file in self._cache.glob("answers-*.npz"):
                file.unlink(missing_ok=True)

    def _lock_of(self, learner_id: str | None) -> threading.Lock:
        """One learner's answers are read although all answers are being read."""
        with self._lock:
            return self._locks.setdefault(learner_id, threading.Lock())

    def _extended(self, table: _Table | None, learner_id: str | None, cancel: CancelToken | None) -> _Table:
        """The table with all later answers read."""
        fresh = table or _Table(AnswerColumns.empty(), AnswerMark("", 0, ""), np.zeros(0, np.int64))
        reader = _Reader(fresh.columns.words)
        mark, parts = fresh.mark, [fresh.columns]
        while True:
            if cancel is not None and cancel.is_set():
                raise Cancelled
            chunk = self._history.chunk(mark.sequence, CHUNK, learner_id)
            if mark.token and chunk.mark.token != mark.token:  # something was altered between two pieces
                return self._extended(None, learner_id, cancel)
            mark = chunk.mark
            if len(chunk):
                parts.append(reader.read(chunk))
            if len(chunk) < CHUNK:
                break
        if len(parts) == 1:
            return replace(fresh, mark=mark)
        words = reader.words()
        columns = _joined(parts, words)
        columns = _with_sessions(columns, self._history.sessions(learner_id)).with_twins()
        return replace(fresh, columns=columns, mark=mark, reviewed=np.full(1, -1, np.int64))

    def _reviewed(self, table: _Table) -> _Table:
        """The table with today's review states."""
        known = self._history.reviewed_cases()
        if np.array_equal(known, table.reviewed):
            return table
        marked = replace(table.columns, reviewed=np.isin(table.columns.case, known))
        return replace(table, columns=marked, reviewed=known)

    # Files

    def _path(self, learner_id: str | None) -> Path:
        name = "everyone" if learner_id is None else hashlib.sha256(learner_id.encode()).hexdigest()[:32]
        return self._cache / f"answers-{name}.npz"

    def _from_file(self, learner_id: str | None) -> _Table | None:
        """The table of the file, None when there is none that still holds. A file that makes no sense is ignored."""
        try:
            path = self._path(learner_id)
            with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
                about = json.loads(stored["about"].tobytes())
                if about["format"] != _FORMAT:
                    return None
                words = Words(**{name: tuple(texts) for name, texts in about["words"].items()})
                columns = AnswerColumns.of(words, dict(stored))
                mark, known = AnswerMark(**about["mark"]), stored["known"].astype(np.int64)
        except (OSError, ValueError, KeyError, TypeError, OverflowError, EOFError, zipfile.BadZipFile):
            return None
        if not self._history.holds(mark):
            return None
        return _Table(columns, mark, known, len(columns))

    def _to_file(self, table: _Table, learner_id: str | None) -> _Table:
        """Keeps the table as a file. A cache that cannot be written only costs time."""
        columns = table.columns
        about = {"format": _FORMAT, "mark": asdict(table.mark), "words": asdict(columns.words)}
        buffer = io.BytesIO()
        text = np.frombuffer(json.dumps(about).encode(), np.uint8)
        np.savez(buffer, allow_pickle=False, about=text, known=table.reviewed, **columns.arrays())
        try:
            self._cache.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_atomically(self._path(learner_id), buffer.getvalue())
        except OSError:
            return table
        return replace(table, on_disk=len(columns))


class _Reader:
    """Turns texts into codes that continue those of the words known so far."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._learners, self._sessions, self._conditions, self._sources = (
            {word: code for code, word in enumerate(known)}
            for known in (words.learners, words.sessions, words.conditions, words.sources)
        )

    def read(self, chunk: AnswerChunk) -> AnswerColumns:
        """The chunk as columns; mode and set are looked up by session later."""
        zeros = np.zeros(len(chunk), np.int8)
        coded = {
            "learner": _codes(self._learners, chunk.learners),
            "session": _codes(self._sessions, chunk.sessions),
            "condition": _codes(self._conditions, chunk.conditions),
            "chosen": _codes(self._conditions, chunk.chosen),
            "source": _codes(self._sources, chunk.sources),
        }
        unknown = {"mode": zeros, "case_set": zeros, "reviewed": zeros, "twin": zeros + NO_TWIN}
        return AnswerColumns.of(self._words, {**chunk.numbers, **coded, **unknown})

    def words(self) -> Words:
        """All texts met so far."""
        return replace(
            self._words,
            learners=tuple(self._learners),
            sessions=tuple(self._sessions),
            conditions=tuple(self._conditions),
            sources=tuple(self._sources),
        )


def _codes(known: dict[str, int], texts: Iterable[str]) -> list[int]:
    return [known.setdefault(text, len(known)) for text in texts]


def _joined(parts: Sequence[AnswerColumns], words: Words) -> AnswerColumns:
    by_name = [part.arrays() for part in parts]
    return AnswerColumns(
        words, **{name: np.concatenate([each[name] for each in by_name]) for name in by_name[0]}
    )


def _with_sessions(columns: AnswerColumns, sessions: Mapping[str, tuple[str, str]]) -> AnswerColumns:
    """The columns with each answer's mode and case set, which are those of its session."""
    modes: dict[str, int] = {}
    case_sets: dict[str, int] = {}
    known = [sessions.get(session, ("", "")) for session in columns.words.sessions]
    mode = np.array(_codes(modes, (mode for mode, _ in known)), np.int16)
    case_set = np.array(_codes(case_sets, (case_set for _, case_set in known)), np.int16)
    words = replace(columns.words, modes=tuple(modes), case_sets=tuple(case_sets))
    return replace(columns, words=words, mode=mode[columns.session], case_set=case_set[columns.session])
