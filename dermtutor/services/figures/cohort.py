"""The figures of all learners together: each of them, each condition as an item, the gap that allows for both."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from dermtutor.domain.items import FUNCTIONAL_SHARE, alpha, correlation
from dermtutor.domain.statistics import TOO_FEW, Gap, brier_of_levels, independent_gap, proportion
from dermtutor.domain.strata import Stratum, benjamini_hochberg, item_bias, mantel_haenszel
from dermtutor.services.answer_columns import AnswerColumns
from dermtutor.services.figures import tallies
from dermtutor.services.figures.cohort_values import CohortDetail, FamilyItem, LearnerScore
from dermtutor.services.figures.mixed_model import mixed_gap

DRAWS: Final = 2000
SEED: Final = 20_260
_BANDS: Final = 5


def detail_of(columns: AnswerColumns) -> CohortDetail:
    """What is told of a cohort's answers beside their figures."""
    by_family = _by_learner_and_family(columns)
    reliability, complete = _alpha(by_family)
    return CohortDetail(
        learners=_learners(columns, by_family),
        items=_items(columns, by_family),
        clustered_gap=clustered_gap(by_family),
        mixed_gap=mixed_gap(by_family),
        alpha=reliability,
        alpha_learners=complete,
    )


def _by_learner_and_family(columns: AnswerColumns) -> tallies.Counts:
    """(learners, conditions, 3, 2): right and all answers; a condition and a group of tones are a family of items."""
    learners, conditions = len(columns.words.learners), len(columns.words.conditions)
    codes = columns.learner.astype(np.int64) * conditions + columns.condition
    codes = codes * 3 + tallies.GROUP_OF_TONE[columns.tone]
    counts = tallies.marked(codes, columns.correct, learners * conditions * 3)
    return counts.reshape(learners, conditions, 3, 2)


def clustered_gap(counts: tallies.Counts, draws: int = DRAWS, seed: int = SEED) -> Gap | None:
    """Light minus dark with a percentile interval from drawing learners and conditions anew, both with replacement.

    ``counts`` is (learners, conditions, 3, 2). None without answers on both, or with fewer than five learners or two
    conditions: there is then nothing to draw from. Source: two-way cluster bootstrap (Owen 2007, pigeonhole).
    """
    present = counts[counts.sum(axis=(1, 2, 3)) > 0][:, counts.sum(axis=(0, 2, 3)) > 0]
    learners, conditions = present.shape[:2]
    light, dark = present[:, :, 0].sum(axis=(0, 1)), present[:, :, 2].sum(axis=(0, 1))
    if learners < TOO_FEW or conditions < 2 or not light[1] or not dark[1]:
        return None
    draw = np.random.default_rng(seed)
    who = draw.multinomial(learners, np.full(learners, 1 / learners), draws).astype(np.float64)
    what = draw.multinomial(conditions, np.full(conditions, 1 / conditions), draws)

    def drawn(group: int, mark: int) -> np.ndarray:
        table = present[:, :, group, mark].astype(np.float64)
        sums: np.ndarray = ((who @ table) * what).sum(axis=1)
        return sums

    with np.errstate(invalid="ignore", divide="ignore"):
        gaps = drawn(0, 0) / drawn(0, 1) - drawn(2, 0) / drawn(2, 1)
    low, high = np.nanquantile(gaps, (0.025, 0.975))
    difference = light[0] / light[1] - dark[0] / dark[1]
    return Gap(float(difference), float(low), float(high), bool(min(light[1], dark[1]) < TOO_FEW))


def _learners(columns: AnswerColumns, counts: tallies.Counts) -> tuple[LearnerScore, ...]:
    groups = counts.sum(axis=1)
    sure = tallies.by_learner_and_confidence(columns)
    medians = _medians(columns)
    found = []
    for code, name in enumerate(columns.words.learners):
        light, medium, dark = (proportion(k, n) for k, n in groups[code].tolist())
        n = light.n + medium.n + dark.n
        if not n:
            continue
        levels = {p: (k, of) for p, (k, of) in zip(tallies.PROBABILITIES, sure[code].tolist()) if of}
        found.append(
            LearnerScore(
                learner=name,
                proportion=proportion(light.k + medium.k + dark.k, n),
                gap=independent_gap(light, dark) if light.n and dark.n else None,
                over_confidence=brier_of_levels(levels).over_confidence if levels else None,
                median_seconds=medians.get(code),
            )
        )
    return tuple(sorted(found, key=lambda each: each.learner))


def _medians(columns: AnswerColumns) -> dict[int, float]:
    """Median response time in seconds by learner's code, of answers that took long enough to look."""
    read = columns.taken >= tallies.FASTEST_READ
    taken = np.minimum(columns.taken[read], tallies.SLOWEST_READ).astype(np.int64)
    ordered = np.sort(columns.learner[read].astype(np.int64) << 32 | taken)
    learner, taken = ordered >> 32, ordered & 0xFFFFFFFF
    codes, starts, sizes = np.unique(learner, return_index=True, return_counts=True)
    low, high = taken[starts + (sizes - 1) // 2], taken[starts + sizes // 2]
    return dict(zip(codes.tolist(), ((low + high) / 2000).tolist()))


def _items(columns: AnswerColumns, counts: tallies.Counts) -> tuple[FamilyItem, ...]:
    by_condition = counts.sum(axis=2)
    wrong, bands = tallies.confusions(columns), _bands(counts)
    found = [
        FamilyItem(
            condition=name,
            facility=proportion(*by_condition[:, code].sum(axis=0).tolist()),
            discrimination=_discrimination(by_condition, code),
            bias=None,
            p_value=None,
            distractors=_distractors(columns, wrong[code], code),
        )
        for name, code in sorted((name, code) for code, name in enumerate(columns.words.conditions))
        if by_condition[:, code, 1].any()
    ]
    codes = {name: code for code, name in enumerate(columns.words.conditions)}
    strata = [_matched(counts[:, codes[each.condition]], bands) for each in found]
    pooled = [mantel_haenszel(each) for each in strata]
    known = [place for place, each in enumerate(pooled) if each is not None]
    adjusted = dict(zip(known, benjamini_hochberg([each.p_value for each in pooled if each is not None])))
    return tuple(
        replace(each, bias=item_bias(strata[place]), p_value=adjusted.get(place))
        for place, each in enumerate(found)
    )


def _discrimination(by_condition: tallies.Counts, code: int) -> float | None:
    own, rest = by_condition[:, code], by_condition.sum(axis=1) - by_condition[:, code]
    met = (own[:, 1] > 0) & (rest[:, 1] > 0)
    if np.count_nonzero(met) < TOO_FEW:
        return None
    return correlation((own[met, 0] / own[met, 1]).tolist(), (rest[met, 0] / rest[met, 1]).tolist())


def _bands(counts: tallies.Counts) -> np.ndarray:
    """Fifths of the learners by accuracy: whom to compare with whom."""
    totals = counts.sum(axis=(1, 2))
    share = np.divide(totals[:, 0], totals[:, 1], out=np.zeros(len(totals)), where=totals[:, 1] > 0)
    rank = np.argsort(np.argsort(share, kind="stable"), kind="stable")
    bands: np.ndarray = rank * _BANDS // max(1, len(share))
    return bands


def _matched(family: tallies.Counts, bands: np.ndarray) -> list[Stratum]:
    """One table a band. The first group is light skin, the second dark."""
    strata = []
    for band in range(_BANDS):
        (light, of_light), _, (dark, of_dark) = family[bands == band].sum(axis=0).tolist()
        strata.append(Stratum(light, of_light - light, dark, of_dark - dark))
    return strata


def _distractors(columns: AnswerColumns, called: np.ndarray, code: int) -> tuple[tuple[str, float], ...]:
    n = int(called.sum())
    shares = [
        (columns.words.conditions[other], times / n)
        for other, times in enumerate(called.tolist())
        if other != code and times / n >= FUNCTIONAL_SHARE
    ]
    return tuple(sorted(shares, key=lambda each: (-each[1], each[0])))


def _alpha(counts: tallies.Counts) -> tuple[float | None, int]:
    """Reliability of the accuracies over the conditions, among the learners who met every condition."""
    totals = counts.sum(axis=2)
    totals = totals[:, totals[:, :, 1].any(axis=0)]
    complete = totals[(totals[:, :, 1] > 0).all(axis=1)]
    if len(complete) < TOO_FEW:
        return None, len(complete)
    return alpha((complete[:, :, 0] / complete[:, :, 1]).tolist()), len(complete)
