"""How well the questions of a test measure: correlation, distractors, reliability.

Marks come as one sequence a learner, one mark a question. What is undefined, as without variance, is None and shown as
a dash. Formulas: classical test theory; Kuder and Richardson 1937, Cronbach 1951.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

FUNCTIONAL_SHARE: Final = 0.05
"""A distractor works when at least this share of the answers chose it."""
JUDGED_FROM: Final = 20
"""Answers from which a distractor can be judged: of fewer, a share below 5 % is not even one."""

Marks = Sequence[Sequence[float]]


def correlation(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Pearson's r, None where either does not vary."""
    spread = _covariance(first, first) * _covariance(second, second)
    return _covariance(first, second) / math.sqrt(spread) if spread > 1e-18 else None


def _covariance(first: Sequence[float], second: Sequence[float]) -> float:
    n = len(first)
    mean, other = sum(first) / n, sum(second) / n
    return sum((x - mean) * (y - other) for x, y in zip(first, second, strict=True)) / n


def alpha(marks: Marks) -> float | None:
    """Cronbach's alpha, which is KR-20 for marks of 0 and 1. None for a single question or equal totals."""
    count = len(marks[0]) if marks else 0
    if count < 2:
        return None
    totals = [sum(row) for row in marks]
    spread = _covariance(totals, totals)
    if spread < 1e-12:
        return None
    columns = ([row[place] for row in marks] for place in range(count))
    return count / (count - 1) * (1 - sum(_covariance(column, column) for column in columns) / spread)


def standard_error(marks: Marks) -> float | None:
    """Standard error of measurement of a total, in marks: sd sqrt(1 - alpha). None where alpha is undefined."""
    reliability = alpha(marks)
    if reliability is None:
        return None
    totals = [sum(row) for row in marks]
    return math.sqrt(_covariance(totals, totals) * max(0.0, 1 - reliability))


def sorted_distractors(
    chosen: Mapping[str, int], offered: Mapping[str, int]
) -> tuple[tuple[tuple[str, float], ...], tuple[tuple[str, float], ...]]:
    """The wrong options that work, and those that do not, each with the share of those offered it who chose it.

    Options are generated anew for every question, so that each is judged by the answers that had it to choose, and
    only where these are enough. The most frequent come first.
    """
    shares = [(option, chosen.get(option, 0) / n) for option, n in offered.items() if n >= JUDGED_FROM]
    shares.sort(key=lambda each: (-each[1], each[0]))
    return (
        tuple(each for each in shares if each[1] >= FUNCTIONAL_SHARE),
        tuple(each for each in shares if each[1] < FUNCTIONAL_SHARE),
    )
