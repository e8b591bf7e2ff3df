"""Simulated learners with known gaps: the intervals hold the truth 95 ± 2 % of the time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from dermtutor.domain.curves import Practice, learning_slope
from dermtutor.domain.statistics import independent_gap, paired_gap, proportion
from dermtutor.domain.strata import Stratum, mantel_haenszel

DRAWS = 2000
NEAR = pytest.approx(0.95, abs=0.02)


def outcomes(p: float, n: int, seed: int) -> Iterator[int]:
    return iter(np.random.default_rng(seed).binomial(n, p, DRAWS).tolist())


@pytest.mark.parametrize("n", [20, 40, 120])
def test_wilson_holds_the_skill(n: int) -> None:
    draw = np.random.default_rng(1)
    skills = draw.uniform(0.3, 0.95, DRAWS)
    held = [(c := proportion(int(draw.binomial(n, p)), n)).low <= p <= c.high for p in skills]
    assert np.mean(held) == NEAR


@pytest.mark.parametrize(
    ("light", "dark", "n", "m"), [(0.8, 0.65, 60, 80), (0.7, 0.7, 100, 50), (0.456, 0.149, 40, 40)]
)
def test_the_gap_of_a_learner_is_held(light: float, dark: float, n: int, m: int) -> None:
    gaps = [
        independent_gap(proportion(a, n), proportion(b, m))
        for a, b in zip(outcomes(light, n, 2), outcomes(dark, m, 3))
    ]
    assert np.mean([gap.low <= light - dark <= gap.high for gap in gaps]) == NEAR


@pytest.mark.parametrize("cells", [(0.60, 0.20, 0.05, 0.15), (0.45, 0.15, 0.15, 0.25)])
def test_the_gap_between_twins_is_held(cells: tuple[float, float, float, float]) -> None:
    tables = np.random.default_rng(4).multinomial(60, cells, DRAWS).tolist()
    gaps = [paired_gap(*table) for table in tables]
    truth = cells[1] - cells[2]
    assert np.mean([gap.low <= truth <= gap.high for gap in gaps]) == NEAR


def test_the_odds_ratio_common_to_conditions_is_held() -> None:
    draw, odds = np.random.default_rng(5), 2.0
    held = []
    for _ in range(DRAWS):
        strata = []
        for p in (0.4, 0.5, 0.6, 0.75):
            q = odds * p / (1 - p + odds * p)
            a, c = draw.binomial(30, q), draw.binomial(30, p)
            strata.append(Stratum(int(a), int(30 - a), int(c), int(30 - c)))
        pooled = mantel_haenszel(strata)
        held.append(pooled is not None and pooled.low <= odds <= pooled.high)
    assert np.mean(held) == NEAR


def test_the_learning_slope_is_held() -> None:
    draw, n, true = np.random.default_rng(6), 120, 0.35
    p = 1 / (1 + np.exp(-(-0.8 + true * np.log2(np.arange(1, n + 1)))))
    slopes = [
        learning_slope([Practice(trial, int(mark), 1) for trial, mark in enumerate(draw.random(n) < p, 1)])
        for _ in range(800)
    ]
    found = [slope for slope in slopes if slope is not None]
    assert len(found) > 780
    assert np.mean([slope.low <= true <= slope.high for slope in found]) == NEAR
