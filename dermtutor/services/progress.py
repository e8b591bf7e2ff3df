"""How a learner stands: the total, and the figures of single quizzes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from dermtutor.domain.marking import Ranking, ranking
from dermtutor.domain.quiz import QuizPlan
from dermtutor.domain.records import AnswerRecord, SessionRecord
from dermtutor.domain.statistics import Proportion, median, proportion, proportion_of
from dermtutor.services.answer_columns import EVERYTHING, select
from dermtutor.services.answer_table import AnswerTable
from dermtutor.services.figures.tallies import FASTEST_READ
from dermtutor.services.ports import Records

RECENT: Final = 10


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """The figures of one quiz, also of an open one; ``answers`` in the order given. ``ranking`` is of the answers that
    are ranked differentials, None without any.
    """

    session_id: str
    plan: QuizPlan
    started_at: datetime
    total: int
    score: Proportion
    median_seconds: float | None
    ranking: Ranking | None
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
        total=session.total,
        score=proportion_of(row.answer.correct for row in answers),
        median_seconds=median_seconds(answers),
        ranking=ranking(
            (row.right, row.answer.details.ranked) for row in answers if row.answer.details.ranked
        ),
        answers=tuple(answers),
    )


def median_seconds(answers: Iterable[AnswerRecord]) -> float | None:
    """Median response time of the answers that took long enough to look."""
    return median(row.answer.seconds for row in answers if row.answer.seconds * 1000 >= FASTEST_READ)
