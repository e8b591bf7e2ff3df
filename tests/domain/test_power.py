"""How many answers a question needs: the published numbers, and what they promise, by simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermtutor.domain.power import answers_for_width, answers_missing, answers_per_group, pairs_needed
from dermtutor.domain.statistics import wilson


@pytest.mark.parametrize(
    ("first", "second", "n"),
    [(0.38, 0.34, 2257), (0.7, 0.6, 354), (0.862, 0.744, 175), (0.822, 0.575, 51), (0.456, 0.149, 32)],
)
def test_answers_per_group_reference_values(first: float, second: float, n: int) -> None:
    assert answers_per_group(first, second) == n
    assert answers_per_group(second, first) == n


@pytest.mark.parametrize(
    ("first_only", "second_only", "n"), [(0.12, 0.08, 979), (0.20, 0.10, 234), (0.15, 0.05, 155)]
)
def test_pairs_reference_values(first_only: float, second_only: float, n: int) -> None:
    assert pairs_needed(first_only, second_only) == n


def test_no_number_of_answers_shows_a_gap_that_is_none() -> None:
    assert answers_per_group(0.5, 0.5) is None
    assert pairs_needed(0.1, 0.1) is None


def test_the_promised_power_is_kept() -> None:
    n, draw = answers_per_group(0.7, 0.6), np.random.default_rng(1)
    assert n is not None
    first, second = (draw.binomial(n, p, 4000) / n for p in (0.7, 0.6))
    seen = abs(first - second) / np.sqrt(first * (1 - first) / n + second * (1 - second) / n) > 1.96
    assert seen.mean() == pytest.approx(0.8, abs=0.02)


@given(st.floats(0, 1), st.floats(0.02, 0.4))
def test_the_fewest_answers_for_a_width(share: float, half: float) -> None:
    n = answers_for_width(share, half)

    def width(count: int) -> float:
        zz = 1.959963984540054**2
        return float(
            np.sqrt(zz) / (1 + zz / count) * np.sqrt(share * (1 - share) / count + zz / (4 * count**2))
        )

    assert width(n) <= half
    assert n == 1 or width(n - 1) > half


def test_answers_still_missing() -> None:
    assert answers_missing(60, 100, 0.1) == 0
    missing = answers_missing(6, 10, 0.1)
    low, high = wilson(round(0.6 * (10 + missing)), 10 + missing)
    assert (high - low) / 2 == pytest.approx(0.1, abs=0.005)
    assert answers_missing(0, 0, 0.1) == answers_for_width(0.5, 0.1)
    with pytest.raises(ValueError, match="half-width"):
        answers_for_width(0.5, 0.0)
