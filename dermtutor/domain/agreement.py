"""Confusion matrices and agreement between raters.

Formulas: Cohen 1960 and 1968 (kappa, weighted kappa); Krippendorff 2011, Computing Krippendorff's Alpha-Reliability.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal

Weights = Literal["none", "linear", "quadratic"]
Level = Literal["nominal", "ordinal", "interval"]


def confusion(pairs: Iterable[tuple[str, str]], labels: Sequence[str]) -> tuple[tuple[int, ...], ...]:
    """How often each label (rows) was called each label (columns), from pairs of truth and call."""
    counted = Counter(pairs)
    return tuple(tuple(counted[truth, called] for called in labels) for truth in labels)


def cohen_kappa(matrix: Sequence[Sequence[int]], weights: Weights = "none") -> float | None:
    """Agreement beyond chance of a square table of counts: 1 complete, 0 as by chance.

    Weighted kappa counts a miss by its distance in the order of the labels. None where it is undefined: no counts, or
    all of them in one cell of the diagonal.
    """
    size, n = len(matrix), sum(sum(row) for row in matrix)
    if not n:
        return None
    rows = [sum(row) for row in matrix]
    columns = [sum(row[place] for row in matrix) for place in range(size)]
    distance = _distance(weights)
    cells = [(i, j, distance(i, j)) for i in range(size) for j in range(size)]
    seen = sum(far * matrix[i][j] for i, j, far in cells) / n
    expected = sum(far * rows[i] * columns[j] for i, j, far in cells) / n**2
    return None if expected == 0 else 1 - seen / expected


def _distance(weights: Weights) -> Callable[[int, int], float]:
    if weights == "none":
        return lambda i, j: float(i != j)
    power = 1 if weights == "linear" else 2
    return lambda i, j: float(abs(i - j) ** power)


def krippendorff_alpha(ratings: Sequence[Sequence[float | None]], level: Level = "nominal") -> float | None:
    """Agreement of any number of raters: one sequence a rater, one place a unit, None where a rating is missing.

    None where it is undefined: fewer than two ratings to pair, or all ratings equal.
    """
    units = [[rating for rating in unit if rating is not None] for unit in zip(*ratings, strict=True)]
    paired = [unit for unit in units if len(unit) > 1]
    totals = Counter(rating for unit in paired for rating in unit)
    n = sum(totals.values())
    distance = _squared_distance(totals, level)
    expected = sum(a * b * distance(x, y) for x, a in totals.items() for y, b in totals.items())
    if n < 2 or expected == 0:
        return None
    seen = sum(distance(x, y) / (len(unit) - 1) for unit in paired for x in unit for y in unit)
    return 1 - (n - 1) * seen / expected


def _squared_distance(totals: Mapping[float, int], level: Level) -> Callable[[float, float], float]:
    if level == "nominal":
        return lambda x, y: float(x != y)
    if level == "interval":
        return lambda x, y: (x - y) ** 2

    def ordinal(x: float, y: float) -> float:
        low, high = min(x, y), max(x, y)
        between = sum(count for value, count in totals.items() if low <= value <= high)
        return (between - (totals[low] + totals[high]) / 2) ** 2

    return ordinal
