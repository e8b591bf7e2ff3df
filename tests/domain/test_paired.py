"""The mean of paired differences against scipy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from dermtutor.domain.paired import mean_gap, t_quantile


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 9, 30, 101, 1000])
@pytest.mark.parametrize("share", [0.5, 0.6, 0.9, 0.975, 0.999])
def test_quantiles_are_those_of_scipy(freedom: int, share: float) -> None:
    assert t_quantile(share, freedom) == pytest.approx(stats.t.ppf(share, freedom), rel=1e-9, abs=1e-12)


@given(st.lists(st.floats(-0.4, 0.4), min_size=2, max_size=40))
def test_the_interval_is_that_of_scipy(differences: list[float]) -> None:
    gap = mean_gap(differences)
    n, spread = len(differences), float(np.std(differences, ddof=1))
    half = stats.t.ppf(0.975, n - 1) * spread / np.sqrt(n)
    assert gap.difference == pytest.approx(np.mean(differences), abs=1e-12)
    assert (gap.low, gap.high) == pytest.approx(
        (max(-1, gap.difference - half), min(1, gap.difference + half)), abs=1e-9
    )
    assert gap.too_few is (n < 5)


def test_what_has_no_interval() -> None:
    for few in ([], [0.1]):
        with pytest.raises(ValueError, match="at least two"):
            mean_gap(few)
    for share, freedom in ((0.4, 3), (1.0, 3), (0.975, 0)):
        with pytest.raises(ValueError, match="share"):
            t_quantile(share, freedom)
