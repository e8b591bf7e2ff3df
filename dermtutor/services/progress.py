"""What the answers say: accuracy by condition, tone and both, over time, with intervals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, TypeVar

from dermtutor.domain.cases import Source
from dermtutor.domain.quiz import QuizPlan
from dermtutor.domain.records import AnswerRecord, SessionRecord
from dermtutor.domain.statistics import Brier, Gap, Proportion, brier, independent_gap, median, proportion_of
from dermtutor.services.ports import Records
from dermtutor.skin.scales import MonkTone

Key = TypeVar("Key", str, MonkTone, date, tuple[str, MonkTone])

LIGHT_TONES: Final = frozenset(MonkTone(value) for value in (1, 2, 3))
DARK_TONES: Final = frozenset(MonkTone(value) for value in (7, 8, 9, 10))
FASTEST_READ: Final = 0.3
"""Seconds below which an answer is no reading of the image; left out of response times."""
RECENT: Final = 10


@dataclass(frozen=True, slots=True)
class ConditionScore:
    """Accuracy on one condition."""

    condition: str
    proportion: Proportion


@dataclass(frozen=True, slots=True)
class ToneScore:
    """Accuracy on one tone."""

    tone: MonkTone
    proportion: Proportion


@dataclass(frozen=True, slots=True)
class Cell:
    """Accuracy on one condition on one tone."""

    condition: str
    tone: MonkTone
    proportion: Proportion


@dataclass(frozen=True, slots=True)
class TimelinePoint:
    """Accuracy of one day, in the computer's own time zone."""

    day: date
    proportion: Proportion


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
    """All figures of a learner. Only conditions, tones, cells and days that have answers are listed.

    ``tone_gap`` is accuracy on Monk 1-3 minus accuracy on Monk 7-10, None without answers on both sides.
    """

    total: Proportion
    by_condition: tuple[ConditionScore, ...]
    by_tone: tuple[ToneScore, ...]
    cells: tuple[Cell, ...]
    timeline: tuple[TimelinePoint, ...]
    median_seconds: float | None
    tone_gap: Gap | None
    calibration: Brier | None
    recent: tuple[SessionSummary, ...]


class Progress:
    """The progress report of a learner."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def overview(
        self, learner_id: str, since: datetime | None = None, source: Source | None = None
    ) -> Overview:
        """The figures, of answers given at or after ``since`` (aware), on lesions of one ``source``, or of all."""
        answers = [
            row
            for row in self._records.answers(learner_id)
            if (since is None or row.answer.answered_at >= since)
            and (source is None or row.spec.source is source)
        ]
        recent = self._records.sessions(learner_id, RECENT)
        given: dict[str, list[AnswerRecord]] = {}
        for row in answers:
            given.setdefault(row.session_id, []).append(row)
        return Overview(
            total=_score(answers),
            by_condition=by_condition(answers),
            by_tone=by_tone(answers),
            cells=tuple(
                Cell(*key, _score(rows))
                for key, rows in _grouped(answers, lambda r: (r.spec.condition, r.spec.tone))
            ),
            timeline=tuple(TimelinePoint(day, _score(rows)) for day, rows in _grouped(answers, _local_day)),
            median_seconds=median_seconds(answers),
            tone_gap=tone_gap(answers),
            calibration=calibration(answers),
            recent=tuple(summarise(s, given[s.session_id]) for s in recent if s.session_id in given),
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


def tone_gap(answers: Sequence[AnswerRecord]) -> Gap | None:
    """Accuracy on light minus accuracy on dark skin, None without answers on both sides."""
    light = _score([row for row in answers if row.spec.tone in LIGHT_TONES])
    dark = _score([row for row in answers if row.spec.tone in DARK_TONES])
    return independent_gap(light, dark) if light.n and dark.n else None


def calibration(answers: Sequence[AnswerRecord]) -> Brier | None:
    """Confidence against outcome, None without answers."""
    if not answers:
        return None
    return brier(
        [row.answer.confidence.probability for row in answers], [row.answer.correct for row in answers]
    )


def median_seconds(answers: Iterable[AnswerRecord]) -> float | None:
    """Median response time of the answers that took long enough to look."""
    return median(row.answer.seconds for row in answers if row.answer.seconds >= FASTEST_READ)


def _score(answers: Iterable[AnswerRecord]) -> Proportion:
    return proportion_of(row.answer.correct for row in answers)


def _grouped(
    answers: Iterable[AnswerRecord], key: Callable[[AnswerRecord], Key]
) -> list[tuple[Key, list[AnswerRecord]]]:
    groups: dict[Key, list[AnswerRecord]] = {}
    for row in answers:
        groups.setdefault(key(row), []).append(row)
    return sorted(groups.items(), key=lambda group: group[0])


def _local_day(row: AnswerRecord) -> date:
    return row.answer.answered_at.astimezone().date()
