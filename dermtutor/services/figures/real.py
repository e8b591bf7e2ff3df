"""Synthetic images against photographs of patients: what accuracy on the one says of the other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from dermtutor.domain.cases import Source
from dermtutor.domain.paired import mean_gap
from dermtutor.domain.statistics import TOO_FEW, Gap, independent_gap, proportion
from dermtutor.domain.strata import Stratum, mantel_haenszel
from dermtutor.services.answer_columns import AnswerColumns, AnswerFilter, select
from dermtutor.services.figures import tallies
from dermtutor.services.figures.gap_values import RealComparison


def comparison_of(columns: AnswerColumns, chosen: AnswerFilter) -> RealComparison | None:
    """The comparison of the answers that a filter lets count, whichever images it names.

    Only conditions that were asked with both kinds of image count: sets of photographs rarely hold the conditions that
    are drawn, and easy ones would pass for a difference. None where there is no such condition.
    """
    if Source.REAL.value not in columns.words.sources:
        return None
    real = select(columns, replace(chosen, source=Source.REAL.value))
    synthetic = select(columns, replace(chosen, source=None))
    shared = np.intersect1d(real.condition, synthetic.condition)
    if not shared.size:
        return None
    kinds = [each.where(np.isin(each.condition, shared)) for each in (synthetic, real)]
    first, second = (proportion(int(np.count_nonzero(each.correct)), len(each)) for each in kinds)
    paired, learners = _within_learners(kinds[0], kinds[1])
    return RealComparison(
        synthetic=first,
        real=second,
        conditions=int(shared.size),
        independent=independent_gap(first, second),
        within=mantel_haenszel(_strata(kinds[0], kinds[1])),
        paired=paired,
        learners=learners,
    )


def _strata(synthetic: AnswerColumns, real: AnswerColumns) -> list[Stratum]:
    """One table for each condition and group of tones: photographs are rarely spread over the tones as cases are."""
    size = len(synthetic.words.conditions) * 3
    first, second = (
        tallies.marked(
            each.condition.astype(np.int64) * 3 + tallies.GROUP_OF_TONE[each.tone], each.correct, size
        ).tolist()
        for each in (synthetic, real)
    )
    return [Stratum(k, n - k, m, o - m) for (k, n), (m, o) in zip(first, second, strict=True) if n and o]


def _within_learners(synthetic: AnswerColumns, real: AnswerColumns) -> tuple[Gap | None, int]:
    """The mean of each learner's own difference, and of how many learners: those with enough answers of both kinds."""
    size = len(synthetic.words.learners)
    first, second = (tallies.marked(each.learner, each.correct, size) for each in (synthetic, real))
    enough = (first[:, 1] >= TOO_FEW) & (second[:, 1] >= TOO_FEW)
    differences = first[enough, 0] / first[enough, 1] - second[enough, 0] / second[enough, 1]
    return (mean_gap(differences.tolist()) if len(differences) > 1 else None), len(differences)
