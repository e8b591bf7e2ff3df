"""Made-up cohorts with a known tone gap: how often do the intervals of the two methods hold it?"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from dermtutor.services.figures.cohort import clustered_gap
from dermtutor.services.figures.mixed_model import mixed_gap
from dermtutor.services.figures.tallies import Counts

_SHARES: Final = np.array([0.3, 0.3, 0.4])
"""Of questions on light, medium and dark skin: three, three and four of the ten tones."""
_NODES: Final = 60
"""Of the Gauss-Hermite rule that averages over a normal distribution."""


@dataclass(frozen=True, slots=True)
class Design:
    """A cohort: its size, and on the logit scale its level, its gap, and how much learners and conditions differ.

    ``answers`` are a learner's; ``own_gap`` and ``item_gap`` are how much a learner and a condition stray on one group
    of tones. ``gap`` is the log odds ratio of light over dark skin.
    """

    learners: int
    conditions: int
    answers: int
    gap: float = 0.6
    level: float = 0.9
    learner: float = 0.8
    condition: float = 0.9
    own_gap: float = 0.2
    item_gap: float = 0.4


DESIGNS: Final = {
    "a class": Design(40, 20, 100),
    "a department": Design(200, 40, 500),
    "few answers": Design(10, 8, 60),
    "few conditions": Design(12, 6, 200),
    "one gap for all": Design(30, 20, 40, own_gap=0.0, item_gap=0.0),
    "no gap": Design(60, 12, 60, gap=0.0),
    "few learners who differ": Design(8, 30, 100, own_gap=0.4),
}


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of ``runs`` cohorts, in how many the mixed model settled, and the shares of intervals that hold the truth.

    ``points`` and ``odds`` are of the mixed model, ``bootstrap`` of drawing learners and conditions anew; ``mean`` is
    the mixed model's mean estimate of the ``truth``, light minus dark accuracy.
    """

    runs: int
    settled: int
    points: float
    odds: float
    bootstrap: float
    truth: float
    mean: float


def simulated(design: Design, draw: np.random.Generator) -> Counts:
    """(learners, conditions, 3, 2) right and all answers of a cohort."""
    learners, conditions = design.learners, design.conditions
    eta = (
        design.level
        + design.gap * np.array([0.5, 0.0, -0.5])
        + draw.normal(0, design.learner, (learners, 1, 1))
        + draw.normal(0, design.own_gap, (learners, 1, 3))
        + draw.normal(0, design.condition, (1, conditions, 1))
        + draw.normal(0, design.item_gap, (1, conditions, 3))
    )
    shares = np.tile(_SHARES / conditions, conditions)
    n = draw.multinomial(design.answers, shares, learners).reshape(eta.shape)
    return np.stack([draw.binomial(n, 1 / (1 + np.exp(-eta))), n], axis=-1)


def true_gap(design: Design) -> float:
    """Light minus dark accuracy over all learners and conditions that such a cohort is drawn from."""
    spread = math.hypot(design.learner, design.condition, design.own_gap, design.item_gap)
    at, weight = np.polynomial.hermite_e.hermegauss(_NODES)
    eta = design.level + spread * at
    light, dark = (1 / (1 + np.exp(-(eta + side * design.gap))) for side in (0.5, -0.5))
    return float(((light - dark) * weight).sum() / weight.sum())


def coverage(
    design: Design, runs: int, draws: int = 1000, progress: Callable[[float], None] = lambda share: None
) -> Coverage:
    """Simulates that many cohorts, each from a seed of its own."""
    truth, odds = true_gap(design), math.exp(design.gap)
    held, means = np.zeros(3), []
    boots = 0
    for run in range(runs):
        counts = simulated(design, np.random.default_rng([run, design.learners, design.conditions]))
        drawn, found = clustered_gap(counts, draws), mixed_gap(counts)
        if drawn is not None:
            boots += 1
            held[2] += drawn.low <= truth <= drawn.high
        if found is not None:
            means.append(found.gap.difference)
            held[:2] += found.gap.low <= truth <= found.gap.high, found.odds.low <= odds <= found.odds.high
        progress((run + 1) / runs)
    settled = len(means)
    points, ratio = (held[:2] / max(1, settled)).tolist()
    mean = float(np.mean(means)) if means else math.nan
    return Coverage(runs, settled, points, ratio, float(held[2] / max(1, boots)), truth, mean)
