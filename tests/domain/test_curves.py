"""Learning curves and response times, against statsmodels and scipy."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu

from dermtutor.domain.curves import compare_times, learning_slope, rolling
from dermtutor.domain.statistics import proportion


def learner(seed: int, n: int = 300, slope: float = 0.4) -> list[bool]:
    draw = np.random.default_rng(seed)
    p = 1 / (1 + np.exp(-(-1 + slope * np.log2(np.arange(1, n + 1)))))
    return [bool(mark) for mark in draw.random(n) < p]


def test_rolling_windows() -> None:
    marks = learner(3, 60)
    band = rolling(marks)
    assert len(band) == 41
    assert all(band[i] == proportion(sum(marks[i : i + 20]), 20) for i in range(41))
    assert rolling(marks[:19]) == ()


@pytest.mark.parametrize("seed", range(5))
def test_the_learning_slope_agrees_with_statsmodels(seed: int) -> None:
    marks = learner(seed)
    clusters = [trial // 20 for trial in range(len(marks))]
    design = sm.add_constant(np.log2(np.arange(1, len(marks) + 1)))
    model = sm.Logit(np.array(marks, float), design)
    for own, theirs in (
        (learning_slope(marks), model.fit(disp=0)),
        (
            learning_slope(marks, clusters),
            model.fit(disp=0, cov_type="cluster", cov_kwds={"groups": np.array(clusters)}),
        ),
    ):
        assert own is not None
        assert (own.start, own.per_doubling) == pytest.approx(theirs.params, abs=1e-6)
        assert (own.low, own.high) == pytest.approx(theirs.conf_int()[1], abs=1e-5)
        assert own.share_at(64) == pytest.approx(theirs.predict([[1, 6]])[0], abs=1e-6)


def test_marks_that_determine_no_curve() -> None:
    assert learning_slope([True] * 10) is None
    assert learning_slope([True] * 40) is None
    assert learning_slope([False] * 20 + [True] * 20) is None
    assert learning_slope(learner(1), ["one quiz"] * 300) == learning_slope(learner(1))


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
