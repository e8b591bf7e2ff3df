"""Counting in columns: the only place that walks over every answer."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from dermtutor.domain.quiz import Confidence
from dermtutor.services.answer_columns import MILLISECOND, NO_TWIN, AnswerColumns

FASTEST_READ: Final = 300
"""Milliseconds below which an answer is no reading of the image; left out of response times."""
SLOWEST_READ: Final = 600_000
"""Milliseconds from which an answer counts as this long: whoever was away longer was not looking."""
_STEP: Final = 10
_QUARTER_HOUR: Final = 15 * 60 * MILLISECOND
TONES: Final = 10
GROUP_OF_TONE: Final = np.array([0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2], np.int8)
"""Group of Monk 0 (none) to 10: 0 light, 1 medium, 2 dark."""
PROBABILITIES: Final = tuple(level.probability for level in Confidence)

Counts = NDArray[np.int64]


def count(codes: NDArray[Any], size: int) -> Counts:
    """How often each code from 0 below ``size`` comes."""
    return np.bincount(codes, minlength=size)


def marked(codes: NDArray[Any], correct: NDArray[np.bool_], size: int) -> Counts:
    """(size or more, 2): right answers and all answers of each code."""
    size = max(size, int(codes.max()) + 1 if len(codes) else 0)
    both = np.bincount(codes.astype(np.int64) * 2 + correct, minlength=2 * size).reshape(size, 2)
    return np.stack([both[:, 1], both.sum(axis=1)], axis=1)


def by_cell(columns: AnswerColumns) -> Counts:
    """(conditions, 11, 2): right and all answers by condition and tone; tone 0 has none."""
    size = len(columns.words.conditions)
    codes = columns.condition.astype(np.int64) * (TONES + 1) + columns.tone
    return marked(codes, columns.correct, size * (TONES + 1)).reshape(size, TONES + 1, 2)


def confusions(columns: AnswerColumns) -> Counts:
    """(conditions, conditions): shown by answered. Whatever was right counts on the diagonal, also 'none of these'."""
    size = len(columns.words.conditions)
    called = np.where(columns.correct, columns.condition, columns.chosen)
    return count(columns.condition.astype(np.int64) * size + called, size * size).reshape(size, size)


def by_confidence(columns: AnswerColumns) -> Counts:
    """(3, 5, 2): right and all answers by group of tones and confidence, of those that said it."""
    return _marked_by_confidence(GROUP_OF_TONE[columns.tone], columns, 3)


def by_learner_and_confidence(columns: AnswerColumns) -> Counts:
    """(learners, 5, 2): right and all answers by learner's code and confidence, of those that said it."""
    return _marked_by_confidence(columns.learner, columns, len(columns.words.learners))


def _marked_by_confidence(groups: NDArray[Any], columns: AnswerColumns, size: int) -> Counts:
    codes, correct = groups.astype(np.int64) * 5 + columns.confidence - 1, columns.correct
    said = columns.confidence > 0
    if not said.all():
        codes, correct = codes[said], correct[said]
    return marked(codes, correct, size * 5).reshape(size, 5, 2)


def by_day(columns: AnswerColumns) -> list[tuple[date, int, int]]:
    """Day in the computer's own time zone, right answers, all answers; earliest first."""
    if not len(columns):
        return []
    quarters = columns.answered // _QUARTER_HOUR
    # Answers come mostly in the order of time, so runs of one quarter of an hour are few; sorting them all is slow.
    starts = np.flatnonzero(np.r_[True, quarters[1:] != quarters[:-1]])
    right = np.add.reduceat(columns.correct.astype(np.int64), starts)
    sizes = np.diff(np.r_[starts, len(quarters)])
    distinct, which = np.unique(quarters[starts], return_inverse=True)
    k, n = np.bincount(which, right), np.bincount(which, sizes)
    days: dict[date, tuple[int, int]] = {}
    for quarter, own_right, own in zip(distinct.tolist(), k.tolist(), n.tolist()):
        moment = datetime.fromtimestamp(quarter * _QUARTER_HOUR // MILLISECOND, UTC)
        day = moment.astimezone().date()
        before = days.get(day, (0, 0))
        days[day] = before[0] + int(own_right), before[1] + int(own)
    return [(day, *days[day]) for day in sorted(days)]


def by_time(columns: AnswerColumns) -> tuple[NDArray[np.float64], Counts]:
    """Response times in steps of 10 ms: their seconds, ascending, and (3, steps) how often by group of tones."""
    read = columns.taken >= FASTEST_READ
    steps = np.minimum(columns.taken[read], SLOWEST_READ) // _STEP
    size = SLOWEST_READ // _STEP + 1
    groups = GROUP_OF_TONE[columns.tone[read]].astype(np.int64)
    counts = count(groups * size + steps, 3 * size).reshape(3, size)
    present = np.flatnonzero(counts.sum(axis=0))
    return present.astype(np.float64) * (_STEP / MILLISECOND), counts[:, present]


def quantile(seconds: NDArray[np.float64], counts: Counts, share: float) -> float:
    """The quantile of values with counts, linear between the two nearest answers as numpy's default."""
    total = int(counts.sum())
    place = share * (total - 1)
    below = np.cumsum(counts)
    low, high = (
        int(np.searchsorted(below, whole, side="right")) for whole in (int(place), int(np.ceil(place)))
    )
    part = place - int(place)
    return float(seconds[low] * (1 - part) + seconds[high] * part)


def twins(columns: AnswerColumns) -> tuple[int, int, int, int]:
    """Pairs of one lesion that one learner answered on light and dark skin: both right, light, dark, neither.

    Where a tone group was answered more than once the first answer counts.
    """
    paired = np.flatnonzero(columns.twin != NO_TWIN)
    firsts: dict[int, dict[int, bool]] = {}
    groups = GROUP_OF_TONE[columns.tone[paired]]
    for twin, group, right in zip(
        columns.twin[paired].tolist(), groups.tolist(), columns.correct[paired].tolist(), strict=True
    ):
        firsts.setdefault(twin, {}).setdefault(group, right)
    table = [0, 0, 0, 0]
    for seen in firsts.values():
        if 0 in seen and 2 in seen:
            table[2 * (not seen[0]) + (not seen[2])] += 1
    return table[0], table[1], table[2], table[3]


def own_trial(columns: AnswerColumns) -> NDArray[np.int64]:
    """For each answer, the how-manieth of its learner it is, from 1."""
    order = np.argsort(columns.learner, kind="stable")
    ordered = columns.learner[order]
    place = np.arange(len(ordered))
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(ordered) else place
    since = place - np.repeat(starts, np.diff(np.r_[starts, len(ordered)]))
    trial = np.empty(len(ordered), np.int64)
    trial[order] = since + 1
    return trial
