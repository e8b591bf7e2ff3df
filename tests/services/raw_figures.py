"""Figures from the raw rows of the record database, by pandas, scipy and statsmodels: nothing here is DermTutor's."""

from __future__ import annotations

import json
import sqlite3
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import brentq
from scipy.stats import norm
from statsmodels.stats.contingency_tables import StratifiedTable
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from dermtutor.domain.statistics import Proportion
from dermtutor.services.figures.values import Figures
from tests.services.plain_figures import same

SURE = {1: 0.2, 2: 0.35, 3: 0.5, 4: 0.75, 5: 0.95}
"""What the five levels of confidence stand for."""
GROUPS = {"light": (1, 3), "medium": (4, 6), "dark": (7, 10)}


def raw_answers(raw: sqlite3.Connection) -> pd.DataFrame:
    """Every answer with its case and session, in the order given."""
    rows = pd.read_sql(
        "SELECT a.sequence, a.learner_id AS learner, a.session_id AS session, a.chosen, a.correct, a.confidence, "
        "a.choices, a.shown_at, a.answered_at, c.condition, c.tone, c.source, c.spec, a.case_id "
        "FROM answers a JOIN cases c USING (case_id) ORDER BY a.sequence",
        raw,
    )
    rows["lesion"] = [json.loads(spec)["seed"] for spec in rows["spec"]]
    rows["group"] = pd.cut(rows["tone"], [0, 3, 6, 10], labels=list(GROUPS)).astype(str)
    return rows


def mantel_haenszel(rows: pd.DataFrame, *by: str) -> StratifiedTable | None:
    """Light against dark skin, stratified; None where no stratum has both."""
    tables = []
    for _, stratum in rows.groupby(list(by)):
        counts = [
            (own["correct"].sum(), len(own) - own["correct"].sum())
            for own in (stratum[stratum["group"] == side] for side in ("light", "dark"))
        ]
        if all(sum(pair) for pair in counts):
            tables.append(np.array(counts, float))
    return StratifiedTable(tables) if tables else None


def paired_interval(a: int, b: int, c: int, d: int) -> tuple[float, float]:
    """Newcombe's paired method 10 with statsmodels' Wilson limits: both right, light only, dark only, neither."""
    n = a + b + c + d
    p1, p2 = (a + b) / n, (a + c) / n
    (l1, u1), (l2, u2) = (proportion_confint(k, n, method="wilson") for k in (a + b, a + c))
    margins = (a + b) * (c + d) * (a + c) * (b + d)
    covariance = a * d - b * c
    phi = (
        0.0
        if not margins
        else (max(covariance - n / 2, 0) if covariance > 0 else covariance) / np.sqrt(margins)
    )

    def reach(one: float, other: float) -> float:
        return float(np.sqrt(one**2 - 2 * phi * one * other + other**2))

    return p1 - p2 - reach(p1 - l1, u2 - p2), p1 - p2 + reach(u1 - p1, p2 - l2)


def shrunken(rows: pd.DataFrame) -> pd.Series:
    """Posterior mean of each condition on each tone; the strength by moments (Kleinman 1973)."""
    cells = rows.groupby(["condition", "tone"])["correct"].agg(["sum", "count"])
    k, n = cells["sum"], cells["count"]
    mean, chance = k.sum() / n.sum(), (k.sum() / n.sum()) * (1 - k.sum() / n.sum())
    spread = (n * (k / n - mean) ** 2).sum()
    room = chance * (n.sum() - (n**2).sum() / n.sum() - (len(n) - 1))
    correlation = (spread - chance * (len(n) - 1)) / room
    if correlation <= 0:
        return pd.Series(mean, cells.index)
    strength = (1 - correlation) / correlation
    return (k + strength * mean) / (n + strength)


def murphy(rows: pd.DataFrame) -> dict[str, float]:
    """Parts of the Brier score, and the expected calibration error, by level of confidence."""
    said = rows.dropna(subset="confidence")
    level = said["confidence"].map(SURE)
    bins = said.groupby(level)["correct"].agg(["mean", "count"])
    weight, base = bins["count"] / len(said), said["correct"].mean()
    return {
        "reliability": float((weight * (bins.index - bins["mean"]) ** 2).sum()),
        "resolution": float((weight * (bins["mean"] - base) ** 2).sum()),
        "uncertainty": float(base * (1 - base)),
        "calibration_error": float((weight * abs(bins.index - bins["mean"])).sum()),
    }


def detection(rows: pd.DataFrame, condition: str) -> dict[str, float]:
    """Counts and signal-detection indices of one condition against all others (Hautus 1995)."""
    shown = rows["condition"] == condition
    called = rows["chosen"] == condition
    hits, alarms = (shown & called).sum(), (~shown & called).sum()
    hit = norm.ppf((hits + 0.5) / (shown.sum() + 1))
    alarm = norm.ppf((alarms + 0.5) / ((~shown).sum() + 1))
    return {
        "hits": int(hits), "shown": int(shown.sum()), "alarms": int(alarms), "others": int((~shown).sum()),
        "d_prime": float(hit - alarm), "criterion": float(-(hit + alarm) / 2),
    }  # fmt: skip


def answers_each(first: float, second: float) -> int:
    """Independent answers a group to see a difference at 5 % with a power of 80 %, unpooled variance."""
    z = norm.ppf(0.975) + norm.ppf(0.8)
    return int(np.ceil(z**2 * (first * (1 - first) + second * (1 - second)) / (first - second) ** 2))


def pairs_for(first_only: float, second_only: float) -> int:
    """Pairs to see a difference (Connor 1987)."""
    both, apart = first_only + second_only, first_only - second_only
    root = norm.ppf(0.975) * np.sqrt(both) + norm.ppf(0.8) * np.sqrt(both - apart**2)
    return int(np.ceil((root / apart) ** 2))


def answers_for_width(share: float, half: float) -> int:
    """The size at which the Wilson interval around a share reaches so far to either side, by root finding."""

    def over(n: float) -> float:
        z = norm.ppf(0.975)
        return float(z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2)) - half)

    return int(np.ceil(brentq(over, 0.5, 1e7, xtol=1e-9) - 1e-9))


def tone_bias(rows: pd.DataFrame) -> pd.DataFrame:
    """Delta (ETS) of each condition between light and dark skin, learners matched in fifths by accuracy; p adjusted."""
    accuracy = rows.groupby("learner")["correct"].mean()
    # Learners in the order in which they first answered, as ties in accuracy are kept in it.
    accuracy = accuracy.reindex(rows["learner"].drop_duplicates())
    band = (accuracy.argsort(kind="stable").argsort(kind="stable") * 5 // len(accuracy)).rename("band")
    banded = rows.join(pd.Series(band.to_numpy(), accuracy.index, name="band"), on="learner")
    found = {}
    for condition, own in banded.groupby("condition"):
        pooled = mantel_haenszel(own, "band")
        if pooled is not None and 0 < pooled.oddsratio_pooled < np.inf:
            p = pooled.test_null_odds(correction=False).pvalue
            found[condition] = (-2.35 * np.log(pooled.oddsratio_pooled), p)
    table = pd.DataFrame.from_dict(found, orient="index", columns=["delta", "p"])
    if len(table):
        table["adjusted"] = multipletests(table["p"], method="fdr_bh")[1]
    return table


def bootstrap_gap(rows: pd.DataFrame, draws: int, seed: int) -> tuple[float, float]:
    """Percentile interval of light minus dark with learners and conditions drawn anew, draw by draw."""
    draw = np.random.default_rng(seed)
    learners, conditions = rows["learner"].unique(), rows["condition"].unique()
    counts = rows.groupby(["learner", "condition", "group"])["correct"].agg(["sum", "count"])
    grid = pd.MultiIndex.from_product([learners, conditions, list(GROUPS)])
    cube = counts.reindex(grid, fill_value=0).to_numpy().reshape(len(learners), len(conditions), 3, 2)
    gaps = []
    for _ in range(draws):
        who, what = (
            draw.integers(0, len(learners), len(learners)),
            draw.integers(0, len(conditions), len(conditions)),
        )
        total = cube[who][:, what].sum(axis=(0, 1))
        gaps.append(total[0, 0] / total[0, 1] - total[2, 0] / total[2, 1])
    return float(np.quantile(gaps, 0.025)), float(np.quantile(gaps, 0.975))


def check_page(figures: Figures, rows: pd.DataFrame) -> None:
    """Asserts that a page's figures are those of the raw rows, whatever was answered."""
    parts: list[tuple[Proportion, pd.DataFrame]] = [(figures.total, rows)]
    parts += [(s.proportion, rows[rows["condition"] == s.condition]) for s in figures.by_condition]
    parts += [(s.proportion, rows[rows["tone"] == s.tone.value]) for s in figures.by_tone]
    at = rows.set_index(["condition", "tone"]).sort_index()
    parts += [(c.proportion, at.loc[[(c.condition, c.tone.value)]]) for c in figures.cells]
    day = pd.Series([_day(text) for text in rows["answered_at"]], rows.index)
    parts += [(p.proportion, rows[day == p.day]) for p in figures.timeline]
    for found, own in parts:
        assert same(found, (int(own["correct"].sum()), len(own)))
    assert figures.days == day.nunique()
    pulled = shrunken(rows)
    assert [c.shrunken for c in figures.cells] == pytest.approx(
        [pulled[c.condition, c.tone.value] for c in figures.cells]
    )
    _check_gap(figures, rows)
    called = rows["chosen"].where(rows["correct"] == 0, rows["condition"])
    table = pd.crosstab(rows["condition"], called).reindex(
        index=figures.confusion.labels, columns=figures.confusion.labels, fill_value=0
    )
    assert table.to_numpy().tolist() == [list(row) for row in figures.confusion.counts]
    for each in figures.calibration:
        own = rows if each.group == "all" else rows[rows["group"] == each.group]
        said = own.dropna(subset="confidence")
        level = said["confidence"].map(SURE)
        assert each.brier.score == pytest.approx(((level - said["correct"]) ** 2).mean())
        assert each.brier.over_confidence == pytest.approx((level - said["correct"]).mean())
        for name, value in murphy(own).items():
            assert getattr(each.brier, name) == pytest.approx(value, abs=1e-12), name
    rolling = rows["correct"].rolling(20).mean().to_numpy()
    assert [p.proportion.value for p in figures.course.points] == pytest.approx(
        [rolling[p.trial - 1] for p in figures.course.points]
    )
    taken = pd.to_datetime(rows["answered_at"], format="ISO8601") - pd.to_datetime(
        rows["shown_at"], format="ISO8601"
    )
    seconds = taken.dt.total_seconds()
    for times in figures.times.groups:
        own_seconds = seconds if times.group == "all" else seconds[rows["group"] == times.group]
        read = own_seconds[own_seconds >= 0.3]
        assert times.n == pytest.approx(len(read), abs=1)
        assert times.median == pytest.approx(read.median(), abs=0.03)


def _check_gap(figures: Figures, rows: pd.DataFrame) -> None:
    sides = [rows[rows["group"] == side]["correct"] for side in ("light", "dark")]
    counts = [(int(side.sum()), len(side)) for side in sides]
    gap = figures.gap
    assert same(gap.light, counts[0])
    assert same(gap.dark, counts[1])
    if gap.independent is not None:
        low, high = confint_proportions_2indep(*counts[0], *counts[1], compare="diff", method="newcomb")
        assert (gap.independent.low, gap.independent.high) == pytest.approx((low, high))
    pooled = mantel_haenszel(rows, "condition")
    if gap.within_conditions is not None:
        assert pooled is not None
        assert gap.within_conditions.value == pytest.approx(pooled.oddsratio_pooled)
    first = rows[rows["group"] != "medium"].drop_duplicates(["condition", "lesion", "group"])
    both = first.pivot(index=["condition", "lesion"], columns="group", values="correct")
    both = both.reindex(columns=["light", "dark"]).dropna().astype(bool)
    light, dark = both["light"], both["dark"]
    table = tuple(int(part.sum()) for part in (light & dark, light & ~dark, ~light & dark, ~light & ~dark))
    if gap.pairs is None:
        assert not sum(table)
    else:
        assert (gap.pairs.both, gap.pairs.light_only, gap.pairs.dark_only, gap.pairs.neither) == table
        assert (gap.pairs.gap.low, gap.pairs.gap.high) == pytest.approx(paired_interval(*table))


def _day(text: str) -> date:
    return datetime.fromisoformat(text).astimezone().date()


def raw_file(database: Path) -> pd.DataFrame:
    """Every answer of a record database that nobody has open."""
    raw = sqlite3.connect(database)
    try:
        return raw_answers(raw)
    finally:
        raw.close()
