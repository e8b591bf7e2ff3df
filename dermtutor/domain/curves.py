"""Learning over time, and response times.

Formulas: rolling Wilson bands; logistic regression of being right on the logarithm of the trial, by Newton's method,
with cluster-robust errors (Liang and Zeger 1986); the Mann-Whitney test with ties (Hollander, Wolfe and Chicken 2014)
and its effect size A (Vargha and Delaney 2000).
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Final

from dermtutor.domain.statistics import Z95, Proportion, proportion

WINDOW: Final = 20
_STEPS: Final = 50
_CLOSE: Final = 1e-10


@dataclass(frozen=True, slots=True)
class Slope:
    """Change of the log-odds of being right with each doubling of practice, with its 95 % interval."""

    per_doubling: float
    low: float
    high: float
    start: float
    """Log-odds of being right at the first trial."""

    def share_at(self, trial: int) -> float:
        """The fitted share right at a trial counted from 1."""
        return 1 / (1 + math.exp(-(self.start + self.per_doubling * math.log2(trial))))


def rolling(marks: Sequence[bool], window: int = WINDOW) -> tuple[Proportion, ...]:
    """The share right among the last ``window`` answers at each answer from the ``window``-th on."""
    if len(marks) < window:
        return ()
    right, points = sum(marks[:window]), []
    for last in range(window, len(marks) + 1):
        points.append(proportion(right, window))
        if last < len(marks):
            right += marks[last] - marks[last - window]
    return tuple(points)


def learning_slope(marks: Sequence[bool], clusters: Sequence[Hashable] | None = None) -> Slope | None:
    """The fitted learning curve of the marks in order; ``clusters`` (as the quiz of each) widens the interval.

    None where the marks do not determine it: fewer than 20, all equal, or fitted perfectly.
    """
    if len(marks) < WINDOW or all(marks) or not any(marks):
        return None
    points = [(math.log2(trial), float(mark)) for trial, mark in enumerate(marks, 1)]
    start = slope = 0.0
    for _ in range(_STEPS):
        (g0, g1), (h00, h01, h11) = _score_and_information(points, start, slope)
        determinant = h00 * h11 - h01 * h01
        if determinant < _CLOSE:
            return None
        step0 = (h11 * g0 - h01 * g1) / determinant
        step1 = (h00 * g1 - h01 * g0) / determinant
        start, slope = start + step0, slope + step1
        if abs(step0) + abs(step1) < _CLOSE:
            break
    else:
        return None
    spread = _slope_error(points, start, slope, clusters)
    return Slope(slope, slope - Z95 * spread, slope + Z95 * spread, start)


def _fitted(x: float, start: float, slope: float) -> float:
    return 1 / (1 + math.exp(-max(-500.0, min(500.0, start + slope * x))))


def _score_and_information(
    points: Sequence[tuple[float, float]], start: float, slope: float
) -> tuple[tuple[float, float], tuple[float, float, float]]:
    g0 = g1 = h00 = h01 = h11 = 0.0
    for x, y in points:
        p = _fitted(x, start, slope)
        weight = p * (1 - p)
        g0, g1 = g0 + y - p, g1 + (y - p) * x
        h00, h01, h11 = h00 + weight, h01 + weight * x, h11 + weight * x * x
    return (g0, g1), (h00, h01, h11)


def _slope_error(
    points: Sequence[tuple[float, float]], start: float, slope: float, clusters: Sequence[Hashable] | None
) -> float:
    """Standard error of the slope: model-based, or robust to what the answers of one cluster share."""
    _, (h00, h01, h11) = _score_and_information(points, start, slope)
    determinant = h00 * h11 - h01 * h01
    if clusters is None:
        return math.sqrt(h00 / determinant)
    sums: dict[Hashable, tuple[float, float]] = {}
    for (x, y), cluster in zip(points, clusters, strict=True):
        off, (s0, s1) = y - _fitted(x, start, slope), sums.get(cluster, (0.0, 0.0))
        sums[cluster] = s0 + off, s1 + off * x
    groups = len(sums)
    if groups < 2:
        return math.sqrt(h00 / determinant)
    # The second row of the inverse information, applied to each cluster's score.
    meat = sum(((h00 * s1 - h01 * s0) / determinant) ** 2 for s0, s1 in sums.values())
    n = len(points)
    return math.sqrt(meat * groups / (groups - 1) * (n - 1) / (n - 2))


@dataclass(frozen=True, slots=True)
class TimesCompared:
    """Two samples of times: the two-sided p of the Mann-Whitney test, and A.

    ``effect`` is the chance that a time of the first sample is longer than one of the second: 0.5 is no difference.
    """

    p_value: float
    effect: float


def compare_times(counts: Sequence[tuple[int, int]]) -> TimesCompared | None:
    """Mann-Whitney over counts of the first and second sample at each value, values ascending; ties are corrected.

    The normal approximation with continuity correction. None where a sample is empty or no two values differ.
    """
    n, m = sum(first for first, _ in counts), sum(second for _, second in counts)
    total = n + m
    if not n or not m:
        return None
    above = ties = 0.0
    seen = 0
    for first, second in counts:
        above += first * (seen + second / 2)
        seen += second
        both = first + second
        ties += float(both) ** 3 - both
    variance = n * m / 12 * ((total + 1) - ties / (total * (total - 1)))
    if variance <= 0:
        return None
    z = max(0.0, abs(above - n * m / 2) - 0.5) / math.sqrt(variance)
    return TimesCompared(math.erfc(z / math.sqrt(2)), above / (n * m))
