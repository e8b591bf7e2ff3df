"""Synthetic images against photographs: recomputed independently, and neither ever counted among the other."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.contingency_tables import StratifiedTable
from statsmodels.stats.proportion import confint_proportions_2indep

from dermtutor.reports import tables, words
from dermtutor.services.answer_columns import EVERYTHING, AnswerColumns, AnswerFilter, select
from dermtutor.services.figures.gap_values import RealComparison
from dermtutor.services.figures.learner import figures_of
from dermtutor.services.figures.real import comparison_of
from tests.services.made_up import made_up

LEARNERS, CONDITIONS = 12, 5


def answered(gap: float = 0.2, n: int = 900, seed: int = 4) -> tuple[AnswerColumns, pd.DataFrame]:
    """Answers of twelve learners, one condition of which has no photographs; also as a table of rows."""
    draw = np.random.default_rng(seed)
    rows = pd.DataFrame(
        {
            "learner": draw.integers(0, LEARNERS, n),
            "condition": draw.integers(0, CONDITIONS, n),
            "tone": draw.integers(1, 11, n),
            "real": draw.random(n) < 0.35,
        }
    )
    rows.loc[rows["condition"] == 4, "real"] = False
    rows.loc[rows["learner"] == 11, "real"] = False
    chance = 0.8 - gap * rows["real"] - 0.02 * rows["condition"]
    rows["right"] = draw.random(n) < chance
    wrong = (rows["condition"] + 1) % CONDITIONS
    called = np.where(rows["right"], rows["condition"], wrong)
    given = list(zip(rows["learner"], rows["condition"], rows["tone"], called, [3] * n))
    return made_up(given, CONDITIONS, LEARNERS, rows["real"].tolist()), rows


def compared(columns: AnswerColumns, chosen: AnswerFilter = EVERYTHING) -> RealComparison:
    found = comparison_of(columns, chosen)
    assert found is not None
    return found


def test_the_comparison_is_that_of_other_libraries() -> None:
    columns, rows = answered()
    found = compared(columns)
    shared = rows[rows["condition"] != 4]
    counts = shared.groupby("real")["right"].agg(["sum", "count"])
    assert (found.synthetic.k, found.synthetic.n) == tuple(counts.loc[False])
    assert (found.real.k, found.real.n) == tuple(counts.loc[True])
    assert found.conditions == 4
    low, high = confint_proportions_2indep(*counts.loc[False], *counts.loc[True], method="newcomb")
    assert (found.independent.low, found.independent.high) == pytest.approx((low, high))
    own = shared.groupby(["learner", "real"])["right"].mean().unstack().dropna()
    differences = own[False] - own[True]
    assert found.learners == len(differences) == 11
    expected = stats.ttest_1samp(differences, 0).confidence_interval(0.95)
    assert found.paired is not None
    assert found.paired.difference == pytest.approx(differences.mean())
    assert (found.paired.low, found.paired.high) == pytest.approx((expected.low, expected.high))
    group = np.digitize(shared["tone"], [4, 7])
    strata = [
        np.array([[(each["right"] & (each["real"] == kind)).sum(), (~each["right"] & (each["real"] == kind)).sum()]
                  for kind in (False, True)], float)
        for _, each in shared.groupby([shared["condition"], group])
        if each["real"].nunique() == 2
    ]  # fmt: skip
    pooled = StratifiedTable(strata)
    assert found.within is not None
    assert found.within.value == pytest.approx(pooled.oddsratio_pooled)
    assert (found.within.low, found.within.high) == pytest.approx(pooled.oddsratio_pooled_confint())
    assert found.most_careful is found.paired
    assert words.real_verdict(found).startswith("Lower on real images by ")
    assert "the mean of 11 learners" in words.real_verdict(found)
    table = tables.real(found)
    assert table.rows[0][1:5] == (found.synthetic.value, found.synthetic.n, found.real.value, found.real.n)
    assert table.rows[1][-1] == (found.paired.low, found.paired.high)


def test_photographs_count_only_where_they_are_asked_for() -> None:
    columns, rows = answered()
    everything, real = (
        figures_of(select(columns, EVERYTHING)),
        figures_of(select(columns, AnswerFilter(source="real"))),
    )
    assert (
        everything.total.n
        == (~rows["real"]).sum()
        == figures_of(select(columns, AnswerFilter(source="learned"))).total.n
    )
    assert real.total.n == rows["real"].sum()
    assert everything.total.n + real.total.n == len(rows)
    for chosen in (EVERYTHING, AnswerFilter(source="real"), AnswerFilter(source="learned")):
        assert compared(columns, chosen) == compared(columns)


def test_one_learner_is_compared_answer_by_answer() -> None:
    columns, rows = answered(gap=0.0)
    one = columns.where(np.asarray(rows["learner"] == 0))
    found = compared(one)
    assert (found.learners, found.paired) == (1, None)
    assert found.most_careful is found.independent
    assert words.real_verdict(found).startswith("No evidence that accuracy differs")
    few = compared(columns.where(np.asarray(rows["real"].cumsum() <= 3)))
    assert words.real_verdict(few).startswith("Too few answers on photographs")


def test_without_a_shared_condition_there_is_nothing_to_compare() -> None:
    columns, rows = answered()
    apart = np.asarray(rows["real"] == (rows["condition"] < 2))
    assert comparison_of(columns.where(apart), EVERYTHING) is None
    assert comparison_of(columns.where(~np.asarray(rows["real"])), EVERYTHING) is None
    assert comparison_of(AnswerColumns.empty(), EVERYTHING) is None
