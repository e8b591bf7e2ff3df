"""Reference values from the literature and from statsmodels."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from dermtutor.domain.statistics import (
    brier_of_levels,
    chance_corrected,
    independent_gap,
    mcnemar_exact,
    median,
    paired_gap,
    proportion,
    proportion_of,
    wilson,
)

COUNTS = st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [(0, 5, 0.0, 0.4345), (8, 10, 0.4902, 0.9433), (7, 50, 0.0695, 0.2619), (38, 100, 0.2910, 0.4779)],
)
def test_wilson_reference_values(k: int, n: int, low: float, high: float) -> None:
    assert wilson(k, n) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("n", "half"), [(5, 0.33), (10, 0.26), (20, 0.20), (50, 0.13), (100, 0.09), (200, 0.07)]
)
def test_wilson_half_width_at_three_fifths(n: int, half: float) -> None:
    low, high = wilson(round(0.6 * n), n)
    assert (high - low) / 2 == pytest.approx(half, abs=0.006)


@given(COUNTS)
def test_wilson_agrees_with_statsmodels(counts: tuple[int, int]) -> None:
    k, n = counts
    assert wilson(k, n) == pytest.approx(proportion_confint(k, n, method="wilson"), abs=1e-12)


@given(COUNTS)
def test_wilson_contains_the_estimate_and_mirrors(counts: tuple[int, int]) -> None:
    k, n = counts
    low, high = wilson(k, n)
    assert 0 <= low <= k / n <= high <= 1
    assert wilson(n - k, n) == pytest.approx((1 - high, 1 - low))


def test_nothing_answered_says_nothing() -> None:
    empty = proportion(0, 0)
    assert (empty.low, empty.high, empty.value, empty.too_few) == (0.0, 1.0, None, True)


def test_below_five_answers_are_too_few() -> None:
    assert proportion(4, 4).too_few
    assert not proportion(5, 5).too_few


def test_proportion_of_marks() -> None:
    assert (proportion_of([True, False, True]).k, proportion_of([True, False, True]).n) == (2, 3)


def test_more_right_than_asked_is_refused() -> None:
    with pytest.raises(ValueError, match="6 of 5"):
        wilson(6, 5)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [((56, 70, 48, 80), (0.2000, 0.0524, 0.3339)), ((14, 20, 9, 20), (0.25, -0.052, 0.4963))],
)
def test_independent_gap_reference_values(
    counts: tuple[int, int, int, int], expected: tuple[float, float, float]
) -> None:
    gap = independent_gap(proportion(*counts[:2]), proportion(*counts[2:]))
    assert (gap.difference, gap.low, gap.high) == pytest.approx(expected, abs=5e-4)


@given(COUNTS, COUNTS)
def test_independent_gap_agrees_with_statsmodels(first: tuple[int, int], second: tuple[int, int]) -> None:
    gap = independent_gap(proportion(*first), proportion(*second))
    expected = confint_proportions_2indep(*first, *second, compare="diff", method="newcomb")
    assert (gap.low, gap.high) == pytest.approx(expected, abs=1e-9)


def test_verdicts() -> None:
    assert independent_gap(proportion(56, 70), proportion(48, 80)).verdict == "higher"
    assert independent_gap(proportion(48, 80), proportion(56, 70)).verdict == "lower"
    assert independent_gap(proportion(14, 20), proportion(9, 20)).verdict == "no evidence of a gap"
    assert independent_gap(proportion(4, 4), proportion(0, 40)).verdict == "too few answers"


def test_a_gap_needs_answers_on_both_sides() -> None:
    with pytest.raises(ValueError, match="both sides"):
        independent_gap(proportion(0, 0), proportion(1, 2))


@pytest.mark.parametrize(
    ("table", "expected"),
    [((36, 12, 2, 0), (0.2000, 0.0569, 0.3404)), ((30, 12, 4, 14), (0.1333, 0.0023, 0.2573))],
)
def test_paired_gap_reference_values(
    table: tuple[int, int, int, int], expected: tuple[float, float, float]
) -> None:
    gap = paired_gap(*table)
    assert (gap.difference, gap.low, gap.high) == pytest.approx(expected, abs=5e-5)


def test_mcnemar_reference_value() -> None:
    assert paired_gap(30, 12, 4, 14).p_value == pytest.approx(0.0768, abs=5e-5)


@given(st.integers(0, 60), st.integers(0, 60))
def test_mcnemar_agrees_with_statsmodels(first_only: int, second_only: int) -> None:
    expected = mcnemar([[3, first_only], [second_only, 3]], exact=True).pvalue
    assert mcnemar_exact(first_only, second_only) == pytest.approx(min(1.0, expected), abs=1e-12)


@given(st.tuples(*[st.integers(0, 40)] * 4).filter(any))
def test_paired_gap_contains_its_estimate_and_mirrors(table: tuple[int, int, int, int]) -> None:
    gap = paired_gap(*table)
    mirrored = paired_gap(table[0], table[2], table[1], table[3])
    assert gap.low - 1e-12 <= gap.difference <= gap.high + 1e-12
    assert (mirrored.low, mirrored.high) == pytest.approx((-gap.high, -gap.low))


def test_chance_corrected() -> None:
    assert chance_corrected(0.70, 5) == pytest.approx(0.625)
    assert chance_corrected(0.2, 5) == pytest.approx(0.0)


def test_brier_reference_values() -> None:
    result = brier_of_levels({0.9: (2, 3), 0.7: (1, 2), 0.5: (2, 3), 0.3: (0, 2)})
    assert result.score == pytest.approx(0.2340)
    assert (result.reliability, result.resolution, result.uncertainty) == pytest.approx(
        (0.0507, 0.0667, 0.2500), abs=5e-5
    )
    assert result.over_confidence == pytest.approx(0.12)


@given(
    st.dictionaries(
        st.sampled_from([0.2, 0.35, 0.5, 0.75, 0.95]),
        st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda counts: (min(counts), max(counts))),
    ).filter(lambda levels: any(n for _, n in levels.values()))
)
def test_the_brier_decomposition_is_exact(levels: dict[float, tuple[int, int]]) -> None:
    result = brier_of_levels(levels)
    assert result.score == pytest.approx(result.reliability - result.resolution + result.uncertainty)


def test_median() -> None:
    assert (median([]), median([3, 1, 2]), median([4, 1, 2, 3])) == (None, 2, 2.5)
