"""Detection and ranked differentials."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from dermtutor.domain.marking import detection, ranking


@given(*[st.integers(0, 200)] * 4)
def test_detection_agrees_with_scipy(h: int, m: int, f: int, r: int) -> None:
    found = detection(h, m, f, r)
    hit, alarm = norm.ppf((h + 0.5) / (h + m + 1)), norm.ppf((f + 0.5) / (f + r + 1))
    assert found.d_prime == pytest.approx(hit - alarm, abs=1e-9)
    assert found.criterion == pytest.approx(-(hit + alarm) / 2, abs=1e-9)
    assert (found.sensitivity.k, found.sensitivity.n) == (h, h + m)
    assert (found.specificity.k, found.specificity.n) == (r, f + r)


def test_ranked_differentials() -> None:
    found = ranking([("a", "abc"), ("b", "abc"), ("c", "abdc"), ("d", "abc")])
    assert found is not None
    assert (found.first.k, found.first_three.k, found.first.n) == (1, 2, 4)
    assert found.mean_reciprocal_rank == pytest.approx((1 + 1 / 2 + 1 / 4) / 4)
    assert ranking([]) is None
