"""Figures over many cells or strata: pooled odds ratios, item bias by tone, shrunken cells, many tests at once.

Formulas: Mantel and Haenszel 1959; Robins, Breslow and Greenland 1986 for the variance of the logarithm; Kleinman 1973
for the moments of a beta-binomial; Benjamini and Hochberg 1995; Holland and Thayer 1988 for the delta of item bias.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from dermtutor.domain.statistics import Z95

ETS_NEGLIGIBLE: Final = 1.0
ETS_LARGE: Final = 1.5
_ETS_SCALE: Final = -2.35


@dataclass(frozen=True, slots=True)
class Stratum:
    """One 2 x 2 table: right and wrong answers of the first group, then of the second."""

    first_right: int
    first_wrong: int
    second_right: int
    second_wrong: int

    @property
    def n(self) -> int:
        """All answers of the table."""
        return self.first_right + self.first_wrong + self.second_right + self.second_wrong


@dataclass(frozen=True, slots=True)
class OddsRatio:
    """A pooled odds ratio, above 1 where the first group does better, with its 95 % interval and two-sided p."""

    value: float
    low: float
    high: float
    p_value: float


@dataclass(frozen=True, slots=True)
class ItemBias:
    """Bias of an item on the delta scale: negative where it is harder for the second group at equal ability.

    ``grade`` is A (negligible, below 1), B (moderate) or C (large, above 1.5), by size alone.
    """

    delta: float
    grade: str


@dataclass(frozen=True, slots=True)
class Shrunken:
    """A cell's share pulled towards that of all cells: ``value`` 0 to 1, from ``k`` right of ``n``."""

    k: int
    n: int
    value: float


def mantel_haenszel(strata: Iterable[Stratum]) -> OddsRatio | None:
    """The odds ratio common to all strata, without continuity correction.

    None where no stratum compares the groups, or where it would be zero or infinite.
    """
    tables = [each for each in strata if each.n]
    r = [each.first_right * each.second_wrong / each.n for each in tables]
    s = [each.first_wrong * each.second_right / each.n for each in tables]
    if not sum(r) or not sum(s):
        return None
    p = [(each.first_right + each.second_wrong) / each.n for each in tables]
    value, spread = sum(r) / sum(s), math.sqrt(_log_variance(p, r, s))
    low, high = (math.exp(math.log(value) + sign * Z95 * spread) for sign in (-1, 1))
    return OddsRatio(value, low, high, _no_association(tables))


def _log_variance(p: Sequence[float], r: Sequence[float], s: Sequence[float]) -> float:
    total_r, total_s = sum(r), sum(s)
    ours = sum(x * y for x, y in zip(p, r)) / (2 * total_r**2)
    both = sum(x * z + (1 - x) * y for x, y, z in zip(p, r, s)) / (2 * total_r * total_s)
    theirs = sum((1 - x) * z for x, z in zip(p, s)) / (2 * total_s**2)
    return ours + both + theirs


def _no_association(tables: Sequence[Stratum]) -> float:
    """Two-sided p of the Mantel-Haenszel chi-squared test, one degree of freedom."""
    excess = variance = 0.0
    for each in tables:
        first, right = each.first_right + each.first_wrong, each.first_right + each.second_right
        excess += each.first_right - first * right / each.n
        if each.n > 1:
            variance += first * (each.n - first) * right * (each.n - right) / (each.n**2 * (each.n - 1))
    return 1.0 if variance == 0 else math.erfc(abs(excess) / math.sqrt(2 * variance))


def item_bias(strata: Iterable[Stratum]) -> ItemBias | None:
    """Bias of one item between two groups matched on their total score: one stratum a score. None as above."""
    pooled = mantel_haenszel(strata)
    if pooled is None:
        return None
    delta = _ETS_SCALE * math.log(pooled.value)
    size = abs(delta)
    return ItemBias(delta, "A" if size < ETS_NEGLIGIBLE else "B" if size <= ETS_LARGE else "C")


def shrink(cells: Sequence[tuple[int, int]]) -> tuple[Shrunken, ...]:
    """Each cell's (right, answers) as the posterior mean of a beta-binomial fitted to all cells by moments.

    Cells that differ no more than chance does are pulled all the way to the common share.
    """
    answers = sum(n for _, n in cells)
    if not answers:
        return tuple(Shrunken(k, n, 0.5) for k, n in cells)
    mean, strength = sum(k for k, _ in cells) / answers, _prior_strength(cells)
    if math.isinf(strength):
        return tuple(Shrunken(k, n, mean) for k, n in cells)
    return tuple(Shrunken(k, n, (k + strength * mean) / (n + strength)) for k, n in cells)


def _prior_strength(cells: Sequence[tuple[int, int]]) -> float:
    """How many answers the common share weighs; infinite where the cells differ no more than chance does."""
    used = [(k, n) for k, n in cells if n]
    answers = sum(n for _, n in used)
    mean = sum(k for k, _ in used) / answers
    chance = mean * (1 - mean)
    spread = sum(n * (k / n - mean) ** 2 for k, n in used)
    room = chance * (answers - sum(n * n for _, n in used) / answers - (len(used) - 1))
    correlation = (spread - chance * (len(used) - 1)) / room if room > 0 else 0.0
    if correlation <= 0:
        return math.inf
    return max(0.0, (1 - correlation) / correlation)


def benjamini_hochberg(p_values: Sequence[float]) -> tuple[float, ...]:
    """The p values adjusted so that calling those below 0.05 real is wrong in at most 5 % of what is called."""
    order = sorted(range(len(p_values)), key=lambda place: p_values[place], reverse=True)
    adjusted, least, m = [1.0] * len(p_values), 1.0, len(p_values)
    for above, place in enumerate(order):
        least = min(least, p_values[place] * m / (m - above))
        adjusted[place] = least
    return tuple(adjusted)
