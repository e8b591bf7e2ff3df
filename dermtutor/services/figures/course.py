"""Learning with practice, by day, and response times."""

from __future__ import annotations

from typing import Final

import numpy as np

from dermtutor.domain.curves import WINDOW, Practice, compare_times, learning_slope, rolling
from dermtutor.domain.statistics import proportion
from dermtutor.services.answer_columns import AnswerColumns
from dermtutor.services.figures import tallies
from dermtutor.services.figures.values import (
    TONE_GROUPS,
    Course,
    CoursePoint,
    ResponseTimes,
    TimelinePoint,
    Times,
)

MOST_POINTS: Final = 120
EXACT_TRIALS: Final = 2000
"""Up to this many answers the fit uses each trial; beyond, trials within a quarter of a doubling are taken together."""
MOST_CLUSTERS: Final = 400
"""Beyond this many quizzes neighbouring ones are taken as one cluster."""
_BLOCKS: Final = 30


def course_of(columns: AnswerColumns, *, cohort: bool) -> Course:
    """The curve and the fit: of one learner by quiz, of a cohort by learner."""
    trial = tallies.own_trial(columns)
    clusters = columns.learner if cohort else columns.session
    points = _blocks(columns, trial) if cohort else _rolling(columns)
    return Course(points, learning_slope(_practice(trial, columns.correct, clusters)))


def _rolling(columns: AnswerColumns) -> tuple[CoursePoint, ...]:
    n = len(columns)
    if n < WINDOW:
        return ()
    right = np.r_[0, np.cumsum(columns.correct)]
    at = np.unique(np.linspace(WINDOW, n, min(MOST_POINTS, n - WINDOW + 1)).round().astype(int)).tolist()
    return tuple(CoursePoint(place, share) for place, share in zip(at, rolling(right, at)))


def _blocks(columns: AnswerColumns, trial: np.ndarray) -> tuple[CoursePoint, ...]:
    """Accuracy of everybody's answers 1 to 20, 21 to 40 and so on, or of wider blocks where there are many."""
    if not len(columns):
        return ()
    wide = WINDOW * max(1, -(-int(trial.max()) // (WINDOW * _BLOCKS)))
    counts = tallies.marked((trial - 1) // wide, columns.correct, 1)
    return tuple(
        CoursePoint((block + 1) * wide, proportion(k, n)) for block, (k, n) in enumerate(counts.tolist()) if n
    )


def _practice(trial: np.ndarray, correct: np.ndarray, clusters: np.ndarray) -> list[Practice]:
    """What the fit is given: right and all answers at each trial of each cluster."""
    if not len(trial):
        return []
    steps = trial - 1 if len(trial) <= EXACT_TRIALS else np.floor(np.log2(trial) * 4).astype(np.int64)
    coarse = clusters // (1 + int(clusters.max()) // MOST_CLUSTERS)
    width = int(coarse.max()) + 1
    counts = tallies.marked(steps * width + coarse, correct, 1)
    place = 2.0 ** (np.bincount(steps, np.log2(trial)) / np.maximum(np.bincount(steps), 1))
    met = np.flatnonzero(counts[:, 1])
    return [
        Practice(trial, right, n, cluster)
        for trial, (right, n), cluster in zip(
            place[met // width].tolist(), counts[met].tolist(), (met % width).tolist()
        )
    ]


def timeline_of(columns: AnswerColumns) -> tuple[TimelinePoint, ...]:
    """Accuracy of each day that has answers."""
    return tuple(TimelinePoint(day, proportion(k, n)) for day, k, n in tallies.by_day(columns))


def times_of(columns: AnswerColumns) -> ResponseTimes:
    """Quartiles by group of tones, and light against dark skin."""
    seconds, counts = tallies.by_time(columns)
    groups = [("all", counts.sum(axis=0)), *zip(TONE_GROUPS, counts)]
    found = [
        Times(name, int(own.sum()), *(tallies.quantile(seconds, own, share) for share in (0.25, 0.5, 0.75)))
        for name, own in groups
        if own.any()
    ]
    return ResponseTimes(tuple(found), compare_times(list(zip(counts[0].tolist(), counts[2].tolist()))))
