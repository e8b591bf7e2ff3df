"""How many answers a question needs: for an interval of a given width, or to see a gap of a given size.

Formulas: two proportions with unpooled variance (Fleiss, Levin and Paik 2003); pairs after Connor 1987. All are for a
two-sided test at 5 % with a power of 80 %, and for independent answers: with repeated items they are floors.
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Final

from dermtutor.domain.statistics import Z95, wilson

POWER: Final = 0.8
_Z_POWER: Final = NormalDist().inv_cdf(POWER)
_MOST: Final = 10_000_000


def answers_per_group(first: float, second: float) -> int | None:
    """Independent answers in each of two groups that show a difference of these shares; None for equal ones."""
    if first == second:
        return None
    spread = first * (1 - first) + second * (1 - second)
    return max(1, math.ceil((Z95 + _Z_POWER) ** 2 * spread / (first - second) ** 2))


def pairs_needed(first_only: float, second_only: float) -> int | None:
    """Pairs that show a difference, from the shares of pairs that only one or only the other member got right."""
    discordant, difference = first_only + second_only, first_only - second_only
    if difference == 0:
        return None
    root = Z95 * math.sqrt(discordant) + _Z_POWER * math.sqrt(max(0.0, discordant - difference**2))
    return max(1, math.ceil((root / difference) ** 2))


def answers_for_width(share: float, half_width: float) -> int:
    """The fewest answers whose Wilson interval around ``share`` is at most ``half_width`` to either side on average.

    Raises ValueError unless 0 <= share <= 1 and 0 < half_width.
    """
    if not 0 <= share <= 1 or half_width <= 0:
        raise ValueError("a share of 0 to 1 and a positive half-width are needed")
    low, high = 1, 1
    while _half_width(share, high) > half_width and high < _MOST:
        low, high = high, high * 2
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if _half_width(share, middle) > half_width else (low, middle)
    return high


def _half_width(share: float, n: int) -> float:
    zz = Z95 * Z95
    return Z95 / (1 + zz / n) * math.sqrt(share * (1 - share) / n + zz / (4 * n * n))


def answers_missing(k: int, n: int, half_width: float) -> int:
    """How many more answers bring the interval of ``k`` of ``n`` down to ``half_width``; 0 when it is there."""
    low, high = wilson(k, n)
    if (high - low) / 2 <= half_width:
        return 0
    # Before there are answers the worst case, one half, is planned for; the Wilson centre never sits at 0 or 1.
    return max(0, answers_for_width((low + high) / 2, half_width) - n)
