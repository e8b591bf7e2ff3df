"""Reliability: the reference matrix, and the formula of KR-20."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermtutor.domain.items import alpha, correlation, standard_error

REFERENCE = [[1, 1, 1, 1], [1, 1, 1, 0], [1, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 0], [0, 0, 0, 0]]
MARKS = st.integers(2, 6).flatmap(
    lambda k: st.lists(st.lists(st.integers(0, 1), min_size=k, max_size=k), min_size=2, max_size=30)
)


def test_the_reference_matrix() -> None:
    assert alpha(REFERENCE) == pytest.approx(0.6667, abs=5e-5)
    totals = np.sum(REFERENCE, axis=1)
    assert standard_error(REFERENCE) == pytest.approx(np.std(totals) * np.sqrt(1 - 2 / 3))


@given(MARKS)
def test_alpha_is_kr_20_for_right_and_wrong(marks: list[list[int]]) -> None:
    matrix = np.array(marks, float)
    p, k, spread = matrix.mean(axis=0), matrix.shape[1], matrix.sum(axis=1).var()
    if spread == 0:
        assert alpha(marks) is None
    else:
        assert alpha(marks) == pytest.approx(k / (k - 1) * (1 - (p * (1 - p)).sum() / spread))


def test_what_cannot_be_analysed() -> None:
    assert alpha([[1], [0]]) is None
    assert standard_error([[1, 1], [1, 1]]) is None
    assert correlation([1, 1], [0, 1]) is None
