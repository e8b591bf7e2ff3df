"""How a learner stands: the total, and the figures of single quizzes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

import numpy as np

from dermtutor.domain.quiz import QuizPlan
from dermtutor.domain.records import AnswerRecord, SessionRecord
from dermtutor.domain.statistics import Brier, Proportion, brier, median, proportion, proportion_of
from dermtutor.services.answer_columns import EVERYTHING, select
from dermtutor.services.answer_table import AnswerTable
from dermtutor.services.figures.tallies import FASTEST_READ
from dermtutor.services.figures.values import ConditionScore, ToneScore
from dermtutor.services.ports import Records
from dermtutor.skin.scales import MonkTone

Key = TypeVar("Key", str, MonkTone)

RECENT: Final = 10


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """The figures of one quiz; ``closed_at`` is None while it can be resumed; ``answers`` in the order given."""

    session_id: str
    plan: QuizPlan
    started_at: datetime
    closed_at: datetime | None
    answered: int
    total: int
    score: Proportion
    by_condition: tuple[ConditionScore, ...]
    by_tone: tuple[ToneScore, ...]
    median_seconds: float | None
    calibration: Brier | None
    answers: tuple[AnswerRecord, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """How a learner stands: all answers together, and the last quizzes, newest first."""

    total: Proportion
    recent: tuple[SessionSummary, ...]


class Progress:
    """The progress of a learner at a glance; ``Statistics`` has the figures."""

    def __init__(self, records: Records, table: AnswerTable) -> None:
        self._records = records
        self._table = table

    def overview(self, learner_id: str) -> Overview:
        """The total on synthetic images, and the last quizzes that have answers."""
        columns = select(self._table.columns(learner_id), EVERYTHING)
        recent = self._records.sessions(learner_id, RECENT)
        given = [(session, self._records.answers(session_id=session.session_id)) for session in recent]
        return Overview(
            total=proportion(int(np.count_nonzero(columns.correct)), len(columns)),
            recent=tuple(summarise(session, answers) for session, answers in given if answers),
        )


def summarise(session: SessionRecord, answers: Sequence[AnswerRecord]) -> SessionSummary:
    """The figures of one session from its answers."""
    return SessionSummary(
        session_id=session.session_id,
        plan=session.plan,
        started_at=session.started_at,
        closed_at=session.closed_at,
        answered=len(answers),
        total=session.total,
        score=_score(answers),
        by_condition=by_condition(answers),
        by_tone=by_tone(answers),
        median_seconds=median_seconds(answers),
        calibration=calibration(answers),
        answers=tuple(answers),
    )


def by_condition(answers: Iterable[AnswerRecord]) -> tuple[ConditionScore, ...]:
    """Accuracy of each condition that has answers, by id."""
    return tuple(
        ConditionScore(key, _score(rows)) for key, rows in _grouped(answers, lambda r: r.spec.condition)
    )


def by_tone(answers: Iterable[AnswerRecord]) -> tuple[ToneScore, ...]:
    """Accuracy of each tone that has answers, lightest first."""
    return tuple(ToneScore(key, _score(rows)) for key, rows in _grouped(answers, lambda r: r.spec.tone))


def calibration(answers: Sequence[AnswerRecord]) -> Brier | None:
    """Confidence against outcome, None where none was said."""
    said = [(row.answer.confidence, row.answer.correct) for row in answers]
    known = [(sure.probability, correct) for sure, correct in said if sure is not None]
    return brier([sure for sure, _ in known], [correct for _, correct in known]) if known else None


def median_seconds(answers: Iterable[AnswerRecord]) -> float | None:
    """Median response time of the answers that took long enough to look."""
    return median(row.answer.seconds for row in answers if row.answer.seconds * 1000 >= FASTEST_READ)


def _score(answers: Iterable[AnswerRecord]) -> Proportion:
    return proportion_of(row.answer.correct for row in answers)


def _grouped(
    answers: Iterable[AnswerRecord], key: Callable[[AnswerRecord], Key]
) -> list[tuple[Key, list[AnswerRecord]]]:
    groups: dict[Key, list[AnswerRecord]] = {}
    for row in answers:
        groups.setdefault(key(row), []).append(row)
    return sorted(groups.items(), key=lambda group: group[0])
