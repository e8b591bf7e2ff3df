"""A learner's results as they leave one computer for another: the answers, and as much of a name as was chosen."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dermtutor.domain.modes import Mode
from dermtutor.domain.records import AnswerRecord

LONGEST_NAME: Final = 80
MOST_ANSWERS: Final = 100_000
"""What one file holds at most. Later files add to earlier ones, so nothing is lost by leaving out the oldest."""


@dataclass(frozen=True, slots=True)
class SentSession:
    """What is told of a quiz: its mode, and the case set it was taken from (empty: none)."""

    mode: Mode
    case_set: str = ""


@dataclass(frozen=True, slots=True)
class Results:
    """One learner's answers. ``learner`` is the pseudonymous id, which is also that of every answer.

    ``name`` is what others are to see; ``sessions`` are by id; ``reviewed`` are the ids of the cases somebody had
    reviewed; ``written_at`` is in UTC.
    """

    learner: str
    name: str
    written_at: datetime
    sessions: Mapping[str, SentSession]
    reviewed: frozenset[str]
    answers: tuple[AnswerRecord, ...]


@dataclass(frozen=True, slots=True)
class ImportedLearner:
    """Somebody whose results were imported. ``key`` is the fingerprint of the computer that signed them.

    Both times are in UTC.
    """

    id: str
    name: str
    key: str
    answers: int
    first_at: datetime
    newest_at: datetime


def results_id(learner_id: str) -> str:
    """The learner's id in results: always the same, and nobody gets from it to the one in the learner's records."""
    return hashlib.sha256(f"DermTutor results of {learner_id}".encode()).hexdigest()


def pseudonym(learner: str) -> str:
    """What others see of a learner who chose no name; ``learner`` is the id in results."""
    return f"Learner {learner[:4].upper()}-{learner[4:8].upper()}"
