"""Learning curves and response times, against statsmodels and scipy."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu, norm

from dermtutor.domain.curves import Practice, compare_times, learning_slope, rolling
from dermtutor.domain.statistics import proportion
from tests.domain.jackknife import jackknife_reach


def learner(seed: int, n: int = 300, slope: float = 0.4) -> list[bool]:
    draw = np.random.default_rng(seed)
    p = 1 / (1 + np.exp(-(-1 + slope * np.log2(np.arange(1, n + 1)))))
    return [bool(mark) for mark in draw.random(n) < p]


def test_rolling_windows() -> None:
    marks = learner(3, 60)
    band = rolling([sum(marks[:i]) for i in range(61)], range(20, 61))
    assert band == tuple(proportion(sum(marks[i : i + 20]), 20) for i in range(41))


def practised(marks: Sequence[bool], clusters: Sequence[int] | None = None) -> list[Practice]:
    groups = clusters or [0] * len(marks)
    return [Practice(trial, mark, 1, group) for trial, (mark, group) in enumerate(zip(marks, groups), 1)]


@pytest.mark.parametrize("seed", range(5))
def test_the_learning_slope_agrees_with_statsmodels(seed: int) -> None:
    marks = learner(seed)
    clusters = [trial // 20 for trial in range(len(marks))]
    design = sm.add_constant(np.log2(np.arange(1, len(marks) + 1)))
    model = sm.Logit(np.array(marks, float), design)
    plain = model.fit(disp=0)
    by_quiz = jackknife_reach(plain, np.array(clusters))
    for own, reach in (
        (learning_slope(practised(marks)), norm.ppf(0.975) * plain.bse[1]),
        (learning_slope(practised(marks, clusters)), by_quiz),
    ):
        assert own is not None
        assert (own.start, own.per_doubling) == pytest.approx(plain.params, abs=1e-6)
        assert (own.low, own.high) == pytest.approx(
            (plain.params[1] - reach, plain.params[1] + reach), abs=1e-5
        )
        assert own.share_at(64) == pytest.approx(plain.predict([[1, 6]])[0], abs=1e-6)


def test_marks_that_determine_no_curve() -> None:
    for marks in ([True, False] * 5, [True] * 40, [False] * 20 + [True] * 20):
        assert learning_slope(practised(marks)) is None
    assert learning_slope([Practice(3, 20, 30)]) is None


def test_answers_may_come_grouped() -> None:
    apart = [Practice(trial, mark, 1) for trial in (1, 2, 4, 8) for mark in (1, 1, 0, 1, 0, trial > 2)]
    together = [Practice(trial, 3 + (trial > 2), 6) for trial in (1, 2, 4, 8)]
    one, other = learning_slope(apart), learning_slope(together)
    assert one is not None
    assert other is not None
    assert (one.start, one.low, one.high) == pytest.approx((other.start, other.low, other.high))


SAMPLES = st.lists(st.integers(0, 12), min_size=1, max_size=40)


@given(SAMPLES, SAMPLES)
def test_mann_whitney_agrees_with_scipy(first: list[int], second: list[int]) -> None:
    values = sorted(set(first) | set(second))
    compared = compare_times([(first.count(value), second.count(value)) for value in values])
    if len(values) == 1:
        assert compared is None
        return
    theirs = mannwhitneyu(first, second, method="asymptotic")
    assert compared is not None
    assert compared.effect == pytest.approx(theirs.statistic / (len(first) * len(second)))
    assert compared.p_value == pytest.approx(theirs.pvalue, abs=1e-9)


def test_nothing_to_compare() -> None:
    assert compare_times([(3, 0)]) is None
    assert compare_times([]) is None
