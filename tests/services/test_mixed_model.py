"""The tone gap of a cohort: the mixed model against statsmodels, and against gaps that are known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from statsmodels.genmod.bayes_mixed_glm import BinomialBayesMixedGLM

from dermtutor.domain.statistics import t_probability, t_quantile
from dermtutor.services.figures.mixed_model import mixed_gap
from dermtutor.services.figures.simulated import DESIGNS, Design, coverage, simulated, true_gap

SMALL = Design(24, 10, 120, gap=0.7, own_gap=0.0)


@pytest.mark.parametrize("seed", [1, 2])
def test_statsmodels_finds_the_same(seed: int) -> None:
    counts = simulated(SMALL, np.random.default_rng(seed))
    found = mixed_gap(counts)
    assert found is not None
    theirs = _statsmodels(counts)
    gap, error = theirs.fe_mean[1], theirs.fe_sd[1]
    assert np.log(found.odds.value) == pytest.approx(gap, abs=0.5 * error)
    learner, condition = np.exp(theirs.vcp_mean[:2])
    # Its variances have a prior and are modes, so that they only have to come near.
    assert found.learner_spread == pytest.approx(learner, rel=0.3)
    assert found.condition_spread == pytest.approx(condition, rel=0.35)


def _statsmodels(counts: np.ndarray) -> object:
    """Variational posterior of the same model, one row an answer."""
    rows = [
        (learner, condition, group, mark)
        for learner, condition, group in np.argwhere(counts[..., 1]).tolist()
        for k, n in [counts[learner, condition, group].tolist()]
        for mark in [1] * k + [0] * (n - k)
    ]
    learner, condition, group, mark = np.array(rows).T
    contrast = np.array([0.5, 0.0, -0.5])[group]
    fixed = np.stack([np.ones(len(mark)), contrast, group == 1], axis=1).astype(float)
    learners, conditions = counts.shape[:2]
    random = np.concatenate(
        [
            np.eye(learners)[learner],
            np.eye(conditions)[condition],
            np.eye(3 * conditions)[condition * 3 + group],
        ],
        axis=1,
    )
    kinds = np.repeat([0, 1, 2], [learners, conditions, 3 * conditions])
    model = BinomialBayesMixedGLM(mark.astype(float), fixed, random, kinds, vcp_p=1.0, fe_p=10.0)
    return model.fit_vb()


def test_an_odds_ratio_is_that_of_its_points() -> None:
    found = mixed_gap(simulated(DESIGNS["a class"], np.random.default_rng(3)))
    assert found is not None
    assert found.gap.low < found.gap.difference < found.gap.high
    assert found.odds.low < found.odds.value < found.odds.high
    assert (found.gap.low > 0) == (found.odds.low > 1)
    assert (found.odds.p_value < 0.05) == (found.odds.low > 1 or found.odds.high < 1)


def test_light_and_dark_exchanged_turn_the_gap_around() -> None:
    counts = simulated(DESIGNS["a class"], np.random.default_rng(4))
    one, other = mixed_gap(counts), mixed_gap(counts[:, :, ::-1])
    assert one is not None
    assert other is not None
    assert one.gap.difference == pytest.approx(-other.gap.difference, abs=1e-4)
    assert (one.gap.low, one.gap.high) == pytest.approx((-other.gap.high, -other.gap.low), abs=1e-4)


@pytest.mark.parametrize(
    "counts",
    [
        np.zeros((0, 0, 3, 2), np.int64),
        np.full((4, 3, 3, 2), 1),  # too few learners
        np.full((9, 1, 3, 2), 1),  # one condition
        np.stack([np.zeros((9, 3, 3), int), np.ones((9, 3, 3), int)], axis=-1),  # all wrong
        np.array([[[[1, 2], [1, 2], [0, 0]]] * 3] * 9),  # no dark skin
    ],
)
def test_where_there_is_no_gap_to_tell(counts: np.ndarray) -> None:
    assert mixed_gap(counts) is None


def test_where_one_side_is_all_right_the_interval_is_wide_and_finite() -> None:
    counts = np.array([[[[2, 2], [1, 2], [1, 2]]] * 4] * 8)
    found = mixed_gap(counts)
    assert found is None or (
        found.gap.difference > 0.2 and np.isfinite([found.gap.low, found.gap.high]).all()
    )


def test_a_known_gap_is_found() -> None:
    """Forty cohorts: with a true coverage of 95 %, fewer than 34 hold it once in a thousand times."""
    found = coverage(Design(30, 12, 80), 40, draws=200)
    assert found.settled >= 38
    assert found.points * found.settled >= 34
    assert found.odds * found.settled >= 34
    assert found.mean == pytest.approx(found.truth, abs=0.02)


@pytest.mark.parametrize("name", ["few answers", "few conditions"])
def test_small_cohorts_get_intervals_that_are_wide_enough(name: str) -> None:
    found = coverage(DESIGNS[name], 100, draws=5)
    assert found.settled >= 98
    assert min(found.points, found.odds) >= 0.94


@pytest.mark.slow
@pytest.mark.parametrize("name", ["few answers", "few conditions"])
def test_intervals_hold_the_known_gap_at_least_as_often_as_they_say(name: str) -> None:
    """95 % and up to three more, with what chance adds over 300 cohorts (a standard error of 1.3 %).

    ``bench --gaps`` has all designs.
    """
    found = coverage(DESIGNS[name], 300, draws=40)
    assert found.settled >= 290
    for held in (found.points, found.odds):
        assert 0.95 - 0.025 <= held <= 0.98 + 0.02


def test_the_true_gap_is_that_of_very_many_answers() -> None:
    design = Design(3000, 400, 400)
    k, n = np.moveaxis(simulated(design, np.random.default_rng(5)).sum(axis=(0, 1)), -1, 0)
    assert k[0] / n[0] - k[2] / n[2] == pytest.approx(true_gap(design), abs=0.015)


@pytest.mark.parametrize("freedom", [1, 2, 3, 4.5, 7, 12, 30, 1e6])
def test_student(freedom: float) -> None:
    assert t_quantile(freedom) == pytest.approx(stats.t.ppf(0.975, freedom), rel=2e-3)
    for t in (0.0, 0.7, -2.1, 4.0):
        assert t_probability(t, freedom) == pytest.approx(2 * stats.t.sf(abs(t), freedom), abs=0.015)
