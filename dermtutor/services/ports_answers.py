"""The port that reads many answers at once, as figures need them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from dermtutor.domain.records import AnswerRecord


@dataclass(frozen=True, slots=True)
class AnswerMark:
    """Where a reading of the answers ended: the token of their history, and the last answer's place and id.

    While all three hold in the records, nothing that was read has changed since, and only later answers are new.
    """

    token: str
    sequence: int
    answer_id: str


@dataclass(frozen=True, slots=True)
class AnswerChunk:
    """Some answers in the order given, field by field; ``numbers`` by the names of ``AnswerColumns``.

    The three texts of each answer are the learner's id, the session's id, and the condition's and chosen ids.
    """

    mark: AnswerMark
    learners: Sequence[str]
    sessions: Sequence[str]
    conditions: Sequence[str]
    chosen: Sequence[str]
    sources: Sequence[str]
    numbers: Mapping[str, NDArray[np.int64]]

    def __len__(self) -> int:
        return len(self.learners)


class AnswerHistory(Protocol):
    """Reading many answers at once. Every method may be called from any thread and blocks until done."""

    def holds(self, mark: AnswerMark) -> bool:
        """True while nothing up to the mark has changed."""
        ...

    def chunk(self, after: int, limit: int, learner_id: str | None) -> AnswerChunk:
        """The next answers after a sequence number, at most ``limit``, of one learner or all."""
        ...

    def sessions(self, learner_id: str | None) -> Mapping[str, tuple[str, str]]:
        """Mode and name of the case set (empty: none) of every session, of one learner or all."""
        ...

    def reviewed_cases(self) -> NDArray[np.int64]:
        """The first 60 bits of the ids of all reviewed cases, ascending."""
        ...

    def answers_at(self, sequences: Sequence[int]) -> tuple[AnswerRecord, ...]:
        """The answers of these sequence numbers, in that order; those that no longer exist are left out."""
        ...
