"""The mean of paired differences with Student's interval. Pure functions, standard library only.

The distribution function of t is the finite series for a whole number of degrees of freedom (Abramowitz and Stegun
1964, 26.7.3 and 26.7.4).
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from typing import Final

from dermtutor.domain.statistics import TOO_FEW, Gap

_STEPS: Final = 100
"""Halvings of the interval in which the quantile is sought: more than a double has digits."""


def mean_gap(differences: Sequence[float]) -> Gap:
    """The mean of differences (each -1 to 1), one of each learner, with its 95 % interval by Student's t.

    The interval is cut at -1 and 1. Raises ValueError for fewer than two.
    """
    n = len(differences)
    if n < 2:
        raise ValueError("an interval needs at least two differences")
    middle = statistics.fmean(differences)
    half = t_quantile(0.975, n - 1) * statistics.stdev(differences) / math.sqrt(n)
    return Gap(middle, max(-1.0, middle - half), min(1.0, middle + half), n < TOO_FEW)


def t_quantile(share: float, freedom: int) -> float:
    """The quantile of Student's t with a whole number of degrees of freedom. ``share`` lies between 0.5 and 1.

    Raises ValueError for anything else.
    """
    if not 0.5 <= share < 1 or freedom < 1:
        raise ValueError("a quantile needs a share from 0.5 to 1 and a degree of freedom")
    central = 2 * share - 1  # of the probability between -t and t
    low, high = 0.0, 1.0
    while _between(high, freedom) < central:
        high *= 2
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if _between(middle, freedom) < central else (low, middle)
    return (low + high) / 2


def _between(t: float, freedom: int) -> float:
    """The probability that t lies between ``-t`` and ``t``."""
    angle = math.atan(t / math.sqrt(freedom))
    square = math.cos(angle) ** 2
    odd = freedom % 2
    term, total = (math.cos(angle), 0.0) if odd else (1.0, 0.0)
    for place in range(1 + odd, freedom, 2):
        total += term
        term *= square * place / (place + 1)
    series = math.sin(angle) * total
    return 2 / math.pi * (angle + series) if odd else series
