"""Pooled odds ratios, item bias, shrinkage and many tests, against statsmodels and against values known by design."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.contingency_tables import StratifiedTable
from statsmodels.stats.multitest import multipletests

from dermtutor.domain.strata import Stratum, benjamini_hochberg, item_bias, mantel_haenszel, shrink

TABLE = st.tuples(*[st.integers(1, 40)] * 4)


@given(st.lists(TABLE, min_size=1, max_size=8))
def test_mantel_haenszel_agrees_with_statsmodels(tables: list[tuple[int, int, int, int]]) -> None:
    pooled = mantel_haenszel(Stratum(*table) for table in tables)
    assert pooled is not None
    theirs = StratifiedTable([np.array([[a, b], [c, d]], float) for a, b, c, d in tables])
    assert pooled.value == pytest.approx(theirs.oddsratio_pooled)
    assert (pooled.low, pooled.high) == pytest.approx(theirs.oddsratio_pooled_confint())
    assert pooled.p_value == pytest.approx(theirs.test_null_odds(correction=False).pvalue, abs=1e-9)


def test_strata_without_a_comparison_give_no_odds_ratio() -> None:
    assert mantel_haenszel([]) is None
    assert mantel_haenszel([Stratum(5, 0, 5, 0)]) is None
    assert mantel_haenszel([Stratum(3, 2, 0, 0)]) is None


@pytest.mark.parametrize(("odds", "grade"), [(1.2, "A"), (1.7, "B"), (2.5, "C")])
def test_item_bias_is_graded_by_its_size(odds: float, grade: str) -> None:
    stratum = Stratum(round(1000 * odds), 1000, 1000, 1000)
    bias = item_bias([stratum])
    assert bias is not None
    assert bias.delta == pytest.approx(-2.35 * np.log(round(1000 * odds) / 1000))
    assert bias.grade == grade


def test_cells_that_differ_only_by_chance_are_pulled_together() -> None:
    assert {round(each.value, 6) for each in shrink([(6, 10), (60, 100), (3, 5)])} == {0.6}


def test_shrinkage_recovers_cells_better_than_their_own_shares() -> None:
    draw = random.Random(4)
    true = [draw.betavariate(8, 4) for _ in range(200)]
    cells = [(sum(draw.random() < p for _ in range(8)), 8) for p in true]
    raw = sum((k / n - p) ** 2 for (k, n), p in zip(cells, true))
    pulled = sum((each.value - p) ** 2 for each, p in zip(shrink(cells), true))
    assert pulled < 0.8 * raw


def test_shrinkage_hardly_moves_a_cell_with_many_answers() -> None:
    cells = [(10, 100), (90, 100), (500, 10_000), (9_500, 10_000), (2, 4)]
    values = [each.value for each in shrink(cells)]
    assert values[3] == pytest.approx(0.95, abs=0.01)
    assert shrink([(0, 0), (1, 1)])[0].value == pytest.approx(1.0)
    assert shrink([(0, 0)])[0].value == 0.5


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_benjamini_hochberg_agrees_with_statsmodels(p_values: list[float]) -> None:
    assert benjamini_hochberg(p_values) == pytest.approx(multipletests(p_values, method="fdr_bh")[1])
