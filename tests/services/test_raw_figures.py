"""What the tests of the figures leave out, recomputed from the raw rows of a month's record database."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest

from dermtutor.domain.power import answers_missing
from tests.services import raw_figures as raw
from tests.services.month import Month
from tests.services.plain_figures import same


@pytest.fixture
def everyone(month: Month) -> pd.DataFrame:
    return month.desk.database.run_raw(raw.raw_answers)


@pytest.fixture
def own(month: Month, everyone: pd.DataFrame) -> pd.DataFrame:
    return everyone[everyone["learner"] == month.learner.id]


def test_cells_pulled_towards_all(month: Month, own: pd.DataFrame) -> None:
    expected = raw.shrunken(own)
    assert len(month.figures.cells) == len(expected)
    for cell in month.figures.cells:
        assert cell.shrunken == pytest.approx(expected[cell.condition, cell.tone.value])


def test_the_gap_within_conditions(month: Month, own: pd.DataFrame) -> None:
    pooled, found = raw.mantel_haenszel(own, "condition"), month.figures.gap.within_conditions
    assert pooled is not None
    assert found is not None
    assert (found.value, found.p_value) == pytest.approx(
        (pooled.oddsratio_pooled, pooled.test_null_odds(correction=False).pvalue)
    )
    assert (found.low, found.high) == pytest.approx(pooled.oddsratio_pooled_confint())


def test_the_gap_between_twins(month: Month, own: pd.DataFrame) -> None:
    first = own[own["group"] != "medium"].drop_duplicates(["condition", "lesion", "group"])
    both = first.pivot(index=["condition", "lesion"], columns="group", values="correct").dropna().astype(bool)
    light, dark = both["light"], both["dark"]
    table = (
        int((light & dark).sum()),
        int((light & ~dark).sum()),
        int((~light & dark).sum()),
        int((~light & ~dark).sum()),
    )
    found = month.figures.gap.pairs
    assert found is not None
    assert (found.both, found.light_only, found.dark_only, found.neither) == table
    assert (found.gap.low, found.gap.high) == pytest.approx(raw.paired_interval(*table))


def test_answers_still_needed(month: Month, own: pd.DataFrame) -> None:
    figures, p = month.figures, own["correct"].mean()
    sides = own.groupby("group")["correct"].agg(["mean", "count"])
    light, dark = sides.loc["light"], sides.loc["dark"]
    fewer = min(light["count"], dark["count"])
    middle = (figures.total.low + figures.total.high) / 2
    twins = figures.gap.pairs
    assert twins is not None
    expected = [
        (raw.answers_for_width(middle, 0.1), len(own)),
        (raw.answers_each(p + 0.05, p - 0.05), fewer),
        (raw.answers_each(p + 0.02, p - 0.02), fewer),
        (raw.answers_each(light["mean"], dark["mean"]), fewer),
        (raw.pairs_for(twins.light_only / twins.n, twins.dark_only / twins.n), twins.n),
    ]
    assert [(need.needed, need.given) for need in figures.needs] == expected
    assert [need.missing for need in figures.needs] == [max(0, needed - given) for needed, given in expected]
    for cell in figures.cells:  # the column "more needed" of the heat map's table
        share = cell.proportion
        half, centre = (share.high - share.low) / 2, (share.high + share.low) / 2
        missing = 0 if half <= 0.1 else raw.answers_for_width(centre, 0.1) - share.n
        assert answers_missing(share.k, share.n, 0.1) == missing


def test_telling_conditions_apart(month: Month, own: pd.DataFrame) -> None:
    assert len(month.figures.spotting) == own["condition"].nunique()
    for each in month.figures.spotting:
        found, expected = each.detection, raw.detection(own, each.condition)
        assert same(found.sensitivity, (expected["hits"], expected["shown"]))
        assert same(found.specificity, (expected["others"] - expected["alarms"], expected["others"]))
        assert (found.d_prime, found.criterion) == pytest.approx((expected["d_prime"], expected["criterion"]))


def test_the_parts_of_the_brier_score(month: Month, own: pd.DataFrame) -> None:
    for each in month.figures.calibration:
        rows = own if each.group == "all" else own[own["group"] == each.group]
        expected, found = raw.murphy(rows), each.brier
        assert found.n == len(rows)
        for name, value in expected.items():
            assert getattr(found, name) == pytest.approx(value), name


def test_days_and_all_of_the_curve(month: Month, own: pd.DataFrame) -> None:
    moments = [pd.Timestamp(text).to_pydatetime().astimezone().date() for text in own["answered_at"]]
    assert month.figures.days == len(set(moments))
    assert {each.day for each in month.figures.timeline} == set(moments)
    assert all(isinstance(each.day, date) for each in month.figures.timeline)
    rolling = own["correct"].rolling(20).mean().to_numpy()
    for point in month.figures.course.points:
        assert point.proportion.value == pytest.approx(rolling[point.trial - 1])


def test_the_curve_of_a_cohort(month: Month, everyone: pd.DataFrame) -> None:
    course = month.desk.statistics.page(None).figures.course
    block = everyone.groupby("learner").cumcount() // 20
    expected = everyone.groupby(block)["correct"].agg(["sum", "count"])
    assert [each.trial for each in course.points] == [(place + 1) * 20 for place in expected.index]
    for point, (k, n) in zip(course.points, expected.itertuples(index=False)):
        assert same(point.proportion, (k, n))


def test_the_bias_of_items(month: Month, everyone: pd.DataFrame) -> None:
    expected = raw.tone_bias(everyone)
    items = {item.condition: item for item in month.desk.statistics.cohort().items}
    assert {name for name, item in items.items() if item.bias is not None} == set(expected.index)
    for name, row in expected.iterrows():
        item = items[str(name)]
        assert item.bias is not None
        assert (item.bias.delta, item.p_value) == pytest.approx((row["delta"], row["adjusted"]))
        size = abs(row["delta"])
        assert item.bias.grade == ("A" if size < 1 else "B" if size <= 1.5 else "C")


def test_the_gap_that_allows_for_learners_and_conditions(month: Month, everyone: pd.DataFrame) -> None:
    found = month.desk.statistics.cohort().clustered_gap
    assert found is not None
    low, high = raw.bootstrap_gap(everyone, 4000, seed=3)
    # Two bootstraps of some thousand draws: their limits differ by chance alone.
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.02)


def test_every_answer_counts_once(month: Month, everyone: pd.DataFrame) -> None:
    page = month.desk.statistics.page(None).figures
    assert page.total.n == len(everyone) == everyone["sequence"].nunique()
    for parts in (page.by_condition, page.by_tone, page.cells, page.timeline):
        assert sum(part.proportion.n for part in parts) == len(everyone)
    sides = np.array([page.gap.light.n, page.gap.dark.n])
    assert sides.tolist() == [(everyone["group"] == side).sum() for side in ("light", "dark")]
    assert not math.isnan(page.times.median or math.nan)
