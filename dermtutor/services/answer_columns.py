"""Answers as columns: what the statistics read. One numpy array a field, all of one length, in the order given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from dermtutor.domain.cases import Source

NO_TWIN: Final = -1
MILLISECOND: Final = 1000

_KINDS: Final = {
    "sequence": np.int64, "learner": np.int32, "session": np.int32, "mode": np.int16, "case_set": np.int16,
    "condition": np.int16, "chosen": np.int16, "tone": np.int8, "source": np.int8, "correct": np.bool_,
    "confidence": np.int8, "options": np.int8, "answered": np.int64, "taken": np.int32, "case": np.int64,
    "lesion": np.int64, "reviewed": np.bool_, "twin": np.int32,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class AnswerFilter:
    """Which answers count; None or False: all. ``since`` and ``until`` are aware, the latter exclusive.

    Without a ``source`` all synthetic images count. Photographs of patients only do where they are asked for by name:
    they are never mixed with others.
    """

    since: datetime | None = None
    until: datetime | None = None
    mode: str | None = None
    case_set: str | None = None
    source: str | None = None
    reviewed_only: bool = False


EVERYTHING: Final = AnswerFilter()


@dataclass(frozen=True, slots=True)
class Words:
    """The texts that codes in the columns stand for, by code."""

    learners: tuple[str, ...] = ()
    sessions: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    """Conditions shown or chosen, and whatever else can be chosen."""
    modes: tuple[str, ...] = ()
    case_sets: tuple[str, ...] = ()
    """Empty text: no set."""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerColumns:
    """N answers. ``answered`` is milliseconds since 1970 in UTC, ``taken`` milliseconds from image to answer.

    ``tone`` is 1 to 10, ``confidence`` 1 to 5 (0: not said), ``options`` how many there were to choose from (0: typed),
    ``case`` the first 60 bits of the case's id, ``lesion`` its seed. ``twin`` numbers the groups of answers that one
    learner gave to one lesion on different tones, NO_TWIN elsewhere. The other whole numbers are codes of ``words``.
    """

    words: Words
    sequence: NDArray[np.int64]
    learner: NDArray[np.int32]
    session: NDArray[np.int32]
    mode: NDArray[np.int16]
    case_set: NDArray[np.int16]
    condition: NDArray[np.int16]
    chosen: NDArray[np.int16]
    tone: NDArray[np.int8]
    source: NDArray[np.int8]
    correct: NDArray[np.bool_]
    confidence: NDArray[np.int8]
    options: NDArray[np.int8]
    answered: NDArray[np.int64]
    taken: NDArray[np.int32]
    case: NDArray[np.int64]
    lesion: NDArray[np.int64]
    reviewed: NDArray[np.bool_]
    twin: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.sequence)

    @classmethod
    def of(cls, words: Words, arrays: dict[str, Any]) -> Self:
        """Columns of the arrays by name, in the narrowest types.

        Raises KeyError, TypeError, ValueError or OverflowError for what cannot be such columns.
        """
        columns: dict[str, NDArray[Any]] = {
            name: np.asarray(arrays[name], kind) for name, kind in _KINDS.items()
        }
        if len({len(column) for column in columns.values()}) != 1:
            raise ValueError("columns differ in length")
        return cls(words, **columns)

    @classmethod
    def empty(cls) -> Self:
        """No answers."""
        return cls.of(Words(), {name: [] for name in _KINDS})

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The columns by name."""
        return {each.name: getattr(self, each.name) for each in fields(self) if each.name != "words"}

    def where(self, kept: NDArray[np.bool_]) -> AnswerColumns:
        """The answers that are kept."""
        return AnswerColumns(self.words, **{name: column[kept] for name, column in self.arrays().items()})

    def with_twins(self) -> AnswerColumns:
        """The same answers with their twin groups found anew."""
        return replace(self, twin=twin_groups(self.learner, self.lesion))


def select(columns: AnswerColumns, chosen: AnswerFilter) -> AnswerColumns:
    """The answers that a filter lets count."""
    kept = np.ones(len(columns), np.bool_)
    if chosen.since is not None:
        kept &= columns.answered >= _milliseconds(chosen.since)
    if chosen.until is not None:
        kept &= columns.answered < _milliseconds(chosen.until)
    words = columns.words
    for name, codes, known in (
        (chosen.mode, columns.mode, words.modes),
        (chosen.case_set, columns.case_set, words.case_sets),
        (chosen.source, columns.source, words.sources),
    ):
        if name is not None:
            kept &= codes == _code(known, name)
    if chosen.source is None:
        kept &= columns.source != _code(words.sources, Source.REAL.value)
    if chosen.reviewed_only:
        kept &= columns.reviewed
    return columns if kept.all() else columns.where(kept)


def twin_groups(learner: NDArray[np.int32], lesion: NDArray[np.int64]) -> NDArray[np.int32]:
    """Group numbers of answers that share learner and lesion, NO_TWIN for all others."""
    # Multiplying by an odd constant spreads the few learner codes over all 64 bits; seeds are random themselves.
    keys = lesion.astype(np.uint64) ^ (
        (learner.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    )
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    same = ordered[1:] == ordered[:-1]
    groups = np.full(len(keys), NO_TWIN, np.int32)
    if same.any():
        paired = np.zeros(len(keys), np.bool_)
        paired[1:] |= same
        paired[:-1] |= same
        starts = paired.copy()
        starts[1:] &= ~same
        groups[order] = np.where(paired, np.cumsum(starts) - 1, NO_TWIN)
    return groups


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * MILLISECOND)


def _code(known: Sequence[str], word: str) -> int:
    return known.index(word) if word in known else -1
