"""The figures of a set of answers."""

from __future__ import annotations

import numpy as np

from dermtutor.domain.agreement import cohen_kappa
from dermtutor.domain.marking import detection
from dermtutor.domain.statistics import brier_of_levels, chance_corrected, proportion
from dermtutor.domain.strata import shrink
from dermtutor.services.answer_columns import AnswerColumns
from dermtutor.services.figures import tallies
from dermtutor.services.figures.course import course_of, timeline_of, times_of
from dermtutor.services.figures.gaps import gap_of, needs_of
from dermtutor.services.figures.values import (
    TONE_GROUPS,
    Calibration,
    Cell,
    ConditionScore,
    Confusion,
    Figures,
    Level,
    Spotting,
    ToneScore,
)
from dermtutor.skin.scales import MonkTone


def figures_of(columns: AnswerColumns, *, cohort: bool = False) -> Figures:
    """Everything that is told of these answers; ``cohort`` where they are of several learners."""
    cells = tallies.by_cell(columns)
    total = proportion(int(np.count_nonzero(columns.correct)), len(columns))
    gap, timeline, counts = gap_of(columns, cells), timeline_of(columns), tallies.confusions(columns)
    return Figures(
        total=total,
        learners=int(np.count_nonzero(tallies.count(columns.learner, 1))),
        days=len(timeline),
        chance_corrected=_chance_corrected(columns),
        by_condition=tuple(
            ConditionScore(name, proportion(k, n))
            for name, (k, n) in sorted(zip(columns.words.conditions, cells.sum(axis=1).tolist()))
            if n
        ),
        by_tone=tuple(
            ToneScore(MonkTone(tone), proportion(k, n))
            for tone, (k, n) in enumerate(cells.sum(axis=0).tolist())
            if n
        ),
        cells=_cells(columns, cells),
        gap=gap,
        needs=needs_of(total, gap),
        confusion=_confusion(columns, counts),
        spotting=_spotting(columns, counts),
        calibration=_calibration(tallies.by_confidence(columns)),
        course=course_of(columns, cohort=cohort),
        timeline=timeline,
        times=times_of(columns),
    )


def _chance_corrected(columns: AnswerColumns) -> float | None:
    """Accuracy with guessing taken out, of the answers that had options to guess among."""
    counts = tallies.marked(columns.options, columns.correct, 3)[2:].tolist()
    n = sum(of for _, of in counts)
    if not n:
        return None
    chance = sum(of / options for options, (_, of) in enumerate(counts, 2)) / n
    return chance_corrected(sum(right for right, _ in counts) / n, 1 / chance)


def _cells(columns: AnswerColumns, cells: tallies.Counts) -> tuple[Cell, ...]:
    present = sorted(
        (columns.words.conditions[condition], tone, *cells[condition, tone].tolist())
        for condition, tone in np.argwhere(cells[:, :, 1]).tolist()
    )
    pulled = shrink([(k, n) for _, _, k, n in present])
    return tuple(
        Cell(name, MonkTone(tone), proportion(k, n), each.value)
        for (name, tone, k, n), each in zip(present, pulled)
    )


def _confusion(columns: AnswerColumns, counts: tallies.Counts) -> Confusion:
    met = np.flatnonzero(counts.sum(axis=0) + counts.sum(axis=1)).tolist()
    order = sorted(met, key=lambda code: columns.words.conditions[code])
    table = counts[np.ix_(order, order)].tolist()
    labels = tuple(columns.words.conditions[code] for code in order)
    return Confusion(labels, tuple(tuple(row) for row in table), cohen_kappa(table))


def _spotting(columns: AnswerColumns, counts: tallies.Counts) -> tuple[Spotting, ...]:
    n, diagonal = int(counts.sum()), np.diagonal(counts)
    shown, called = counts.sum(axis=1), counts.sum(axis=0)
    return tuple(
        Spotting(
            name,
            detection(
                int(diagonal[code]),
                int(shown[code] - diagonal[code]),
                int(called[code] - diagonal[code]),
                int(n - shown[code] - called[code] + diagonal[code]),
            ),
        )
        for name, code in sorted((name, code) for code, name in enumerate(columns.words.conditions))
        if shown[code] and shown[code] < n
    )


def _calibration(counts: tallies.Counts) -> tuple[Calibration, ...]:
    groups = [("all", counts.sum(axis=0)), *zip(TONE_GROUPS, counts)]
    return tuple(_calibrated(name, own) for name, own in groups if own[:, 1].any())


def _calibrated(group: str, counts: tallies.Counts) -> Calibration:
    levels = [
        Level(number, probability, proportion(k, n))
        for number, (probability, (k, n)) in enumerate(zip(tallies.PROBABILITIES, counts.tolist()), 1)
        if n
    ]
    found = brier_of_levels({each.probability: (each.proportion.k, each.proportion.n) for each in levels})
    return Calibration(group, found, tuple(levels))
