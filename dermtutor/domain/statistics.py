"""Proportions, gaps and calibration with honest intervals. Pure functions, standard library only.

Formulas: Wilson 1927; Newcombe 1998, Stat Med 17:873 (independent, method 10) and 17:2635 (paired, method 10);
exact McNemar test; Murphy 1973 for the decomposition of the Brier score.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

Z95: Final = 1.959963984540054
TOO_FEW: Final = 5
"""Below this number of answers a figure is shown as "too few answers"."""


@dataclass(frozen=True, slots=True)
class Proportion:
    """``k`` right of ``n`` with the 95 % Wilson interval, all bounds 0 to 1. Without answers it is 0 to 1."""

    k: int
    n: int
    low: float
    high: float

    @property
    def value(self) -> float | None:
        """``k / n``, None without answers."""
        return self.k / self.n if self.n else None

    @property
    def too_few(self) -> bool:
        """True below five answers: the figure is not to be read as a skill."""
        return self.n < TOO_FEW


@dataclass(frozen=True, slots=True)
class Gap:
    """A difference of two proportions with its 95 % interval, each -1 to 1; positive when the first is higher."""

    difference: float
    low: float
    high: float
    too_few: bool

    @property
    def verdict(self) -> str:
        """The reading in words; an interval across zero is no evidence of a gap, not evidence of none."""
        if self.too_few:
            return "too few answers"
        if self.low > 0:
            return "higher"
        return "lower" if self.high < 0 else "no evidence of a gap"


@dataclass(frozen=True, slots=True)
class PairedGap(Gap):
    """A paired difference, with the two-sided exact McNemar probability. The two may disagree: show both."""

    p_value: float


@dataclass(frozen=True, slots=True)
class Brier:
    """Brier score and its parts: ``score = reliability - resolution + uncertainty`` (exact: levels are the bins).

    ``over_confidence`` is mean confidence minus accuracy; ``calibration_error`` the expected calibration error.
    """

    n: int
    score: float
    reliability: float
    resolution: float
    uncertainty: float
    over_confidence: float
    calibration_error: float


def wilson(k: int, n: int, z: float = Z95) -> tuple[float, float]:
    """Wilson interval of ``k`` of ``n``; (0, 1) when n is 0. Raises ValueError unless 0 <= k <= n."""
    if not 0 <= k <= n:
        raise ValueError(f"{k} of {n} is not a proportion")
    if n == 0:
        return 0.0, 1.0
    p, zz = k / n, z * z
    centre = (p + zz / (2 * n)) / (1 + zz / n)
    half = z / (1 + zz / n) * math.sqrt(p * (1 - p) / n + zz / (4 * n * n))
    return (0.0 if k == 0 else max(0.0, centre - half)), (1.0 if k == n else min(1.0, centre + half))


def proportion(k: int, n: int) -> Proportion:
    """``k`` of ``n`` with its Wilson interval."""
    return Proportion(k, n, *wilson(k, n))


def proportion_of(marks: Iterable[bool]) -> Proportion:
    """The share of true values."""
    counted = list(marks)
    return proportion(sum(counted), len(counted))


def independent_gap(first: Proportion, second: Proportion) -> Gap:
    """Difference of two independent proportions, Newcombe's hybrid score interval.

    Raises ValueError when either has no answers.
    """
    if not first.n or not second.n:
        raise ValueError("a gap needs answers on both sides")
    p1, p2 = first.k / first.n, second.k / second.n
    low = p1 - p2 - math.hypot(p1 - first.low, second.high - p2)
    high = p1 - p2 + math.hypot(first.high - p1, p2 - second.low)
    return Gap(p1 - p2, low, high, first.too_few or second.too_few)


def paired_gap(both: int, first_only: int, second_only: int, neither: int) -> PairedGap:
    """Paired difference with the phi-corrected hybrid score interval (Newcombe's paired method 10).

    The four counts are pairs. Raises ValueError without a pair.
    """
    n = both + first_only + second_only + neither
    if n == 0:
        raise ValueError("a paired gap needs at least one pair")
    p1, p2 = (both + first_only) / n, (both + second_only) / n
    (low1, high1), (low2, high2) = wilson(both + first_only, n), wilson(both + second_only, n)
    phi = _phi(both, first_only, second_only, neither)
    below = _correlated(p1 - low1, high2 - p2, phi)
    above = _correlated(high1 - p1, p2 - low2, phi)
    difference = (first_only - second_only) / n
    p_value = mcnemar_exact(first_only, second_only)
    return PairedGap(difference, difference - below, difference + above, n < TOO_FEW, p_value)


def _correlated(one: float, other: float, phi: float) -> float:
    return math.sqrt(max(0.0, one * one - 2 * phi * one * other + other * other))


def _phi(both: int, first_only: int, second_only: int, neither: int) -> float:
    """Correlation of the pair table; a positive covariance is reduced by n/2 but not below zero."""
    n = both + first_only + second_only + neither
    margins = (both + first_only) * (second_only + neither) * (both + second_only) * (first_only + neither)
    if margins == 0:
        return 0.0
    covariance = both * neither - first_only * second_only
    if covariance > 0:
        return max(covariance - n / 2, 0.0) / math.sqrt(margins)
    return covariance / math.sqrt(margins)


def mcnemar_exact(first_only: int, second_only: int) -> float:
    """Two-sided exact McNemar probability: the discordant pairs against a fair coin."""
    n, fewer = first_only + second_only, min(first_only, second_only)
    # From the middle outwards in floating point: the exact integers of a cohort's thousands of pairs are too slow.
    term = math.exp(
        math.lgamma(n + 1) - math.lgamma(fewer + 1) - math.lgamma(n - fewer + 1) - n * math.log(2)
    )
    tail = 0.0
    for i in range(fewer, -1, -1):
        tail += term
        term *= i / (n - i + 1)
        if term < 1e-18 * tail:
            break
    return min(1.0, 2 * tail)


def chance_corrected(share: float, options: float) -> float:
    """Accuracy with guessing taken out: 0 at chance, 1 when all right, negative below chance.

    ``options`` is how many there were to choose from, at least 2; a mean over questions may be a fraction.
    """
    if options < 2:
        raise ValueError("a question needs at least two options")
    chance = 1 / options
    return (share - chance) / (1 - chance)


def brier_of_levels(levels: Mapping[float, tuple[int, int]]) -> Brier:
    """Brier score from how many answers at each confidence (0 to 1) were right, and how many there were.

    Raises ValueError without an answer.
    """
    n = sum(of for _, of in levels.values())
    if not n:
        raise ValueError("at least one answer is needed")
    base = sum(k for k, _ in levels.values()) / n
    bins = [(of / n, level, k / of) for level, (k, of) in levels.items() if of]
    return Brier(
        n=n,
        score=sum(weight * (hit * (1 - level) ** 2 + (1 - hit) * level**2) for weight, level, hit in bins),
        reliability=sum(weight * (level - hit) ** 2 for weight, level, hit in bins),
        resolution=sum(weight * (hit - base) ** 2 for weight, _, hit in bins),
        uncertainty=base * (1 - base),
        over_confidence=sum(weight * level for weight, level, _ in bins) - base,
        calibration_error=sum(weight * abs(level - hit) for weight, level, hit in bins),
    )


def t_quantile(freedom: float) -> float:
    """The 97.5 % point of Student's t, for two-sided 95 % intervals; ``freedom`` may be a fraction, at least 1.

    Cornish and Fisher's expansion (Abramowitz and Stegun 26.7.5), within 0.2 % from 3 degrees of freedom on; exact for
    1 and 2, between which and 3 it is taken in a straight line.
    """
    exact = {1: 12.706204736, 2: 4.302652730, 3: 3.182446305}
    if freedom < 3:
        below = 1 if freedom < 2 else 2
        part = max(0.0, freedom - below)
        return exact[below] * (1 - part) + exact[below + 1] * part
    z, r = Z95, 1 / freedom
    return (
        z
        + (z**3 + z) / 4 * r
        + (5 * z**5 + 16 * z**3 + 3 * z) / 96 * r**2
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384 * r**3
        + (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160 * r**4
    )


def t_probability(t: float, freedom: float) -> float:
    """Two-sided probability of Student's t, by the normal deviate that comes nearest (Wallace 1959, Ann Math Stat)."""
    z = (8 * freedom + 1) / (8 * freedom + 3) * math.sqrt(freedom * math.log1p(t * t / freedom))
    return math.erfc(z / math.sqrt(2))


def median(values: Iterable[float]) -> float | None:
    """The middle value, None of nothing."""
    ordered = sorted(values)
    if not ordered:
        return None
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
