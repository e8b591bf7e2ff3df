"""Figures of one kind of answer: detection of one condition, ranked differentials.

Formulas: Green and Swets 1966 with the log-linear correction of Hautus 1995; the mean reciprocal rank.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

from dermtutor.domain.statistics import Proportion, proportion

_NORMAL: Final = NormalDist()


@dataclass(frozen=True, slots=True)
class Detection:
    """How well one condition is told from everything else.

    ``d_prime`` is the sensitivity index, ``criterion`` above 0 where the learner names the condition too rarely.
    """

    sensitivity: Proportion
    specificity: Proportion
    d_prime: float
    criterion: float


def detection(hits: int, misses: int, false_alarms: int, correct_rejections: int) -> Detection:
    """Detection from the four counts; the corrected rates (h + .5)/(n + 1) stay finite at 0 and 1."""
    present, absent = hits + misses, false_alarms + correct_rejections
    hit = _NORMAL.inv_cdf((hits + 0.5) / (present + 1))
    alarm = _NORMAL.inv_cdf((false_alarms + 0.5) / (absent + 1))
    return Detection(
        proportion(hits, present), proportion(correct_rejections, absent), hit - alarm, -(hit + alarm) / 2
    )


@dataclass(frozen=True, slots=True)
class Ranking:
    """Ranked differentials: how often the truth was first, among the first three, and the mean of 1 / rank."""

    first: Proportion
    first_three: Proportion
    mean_reciprocal_rank: float


def ranking(differentials: Iterable[tuple[str, Sequence[str]]]) -> Ranking | None:
    """Ranking of pairs of the truth and the ranked names; a truth that is not named counts 0. None without pairs."""
    ranks = [(list(named).index(truth) + 1) if truth in named else None for truth, named in differentials]
    if not ranks:
        return None
    n = len(ranks)
    return Ranking(
        proportion(sum(rank == 1 for rank in ranks), n),
        proportion(sum(rank is not None and rank <= 3 for rank in ranks), n),
        sum(1 / rank for rank in ranks if rank) / n,
    )
