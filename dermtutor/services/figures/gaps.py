"""Light against dark skin, and how many answers the questions still need."""

from __future__ import annotations

import numpy as np

from dermtutor.domain.power import answers_for_width, answers_per_group, pairs_needed
from dermtutor.domain.statistics import Proportion, independent_gap, paired_gap, proportion
from dermtutor.domain.strata import Stratum, mantel_haenszel
from dermtutor.services.answer_columns import AnswerColumns
from dermtutor.services.figures import tallies
from dermtutor.services.figures.gap_values import Need, Pairs, ToneGap
from dermtutor.services.figures.values import WANTED_HALF_WIDTH

SMALL_GAP = 0.04
"""What separated light from dark skin among hundreds of physicians (Groh 2024)."""
LARGE_GAP = 0.1


def gap_of(columns: AnswerColumns, cells: tallies.Counts) -> ToneGap:
    """The gap of these answers; ``cells`` are their counts by condition and tone."""
    groups = _by_group(cells)
    light, dark = (proportion(*groups[:, place].sum(axis=0).tolist()) for place in (0, 2))
    strata = [Stratum(lk, ln - lk, dk, dn - dk) for (lk, ln), _, (dk, dn) in groups.tolist() if ln and dn]
    table = tallies.twins(columns)
    return ToneGap(
        light=light,
        dark=dark,
        independent=independent_gap(light, dark) if light.n and dark.n else None,
        within_conditions=mantel_haenszel(strata),
        pairs=Pairs(*table, paired_gap(*table)) if sum(table) else None,
    )


def _by_group(cells: tallies.Counts) -> tallies.Counts:
    """(conditions, 3, 2): right and all answers by condition and group of tones."""
    return np.stack([cells[:, group == tallies.GROUP_OF_TONE].sum(axis=1) for group in range(3)], axis=1)


def needs_of(total: Proportion, gap: ToneGap) -> tuple[Need, ...]:
    """Which questions the answers can decide, and how many more the others need. They are floors."""
    known = answers_for_width((total.low + total.high) / 2, WANTED_HALF_WIDTH)
    needs = [Need("accuracy to within 10 points", known, total.n)]
    fewer = min(gap.light.n, gap.dark.n)
    share = total.value if total.value is not None else 0.5
    for points in (LARGE_GAP, SMALL_GAP):
        middle = min(max(share, points / 2), 1 - points / 2)
        needed = answers_per_group(middle + points / 2, middle - points / 2)
        if needed is not None:
            question = f"a gap of {points * 100:.0f} points between light and dark skin"
            needs.append(Need(question, needed, fewer, per_group=True))
    if gap.independent is not None and not gap.independent.too_few:
        needed = answers_per_group(gap.light.value or 0.0, gap.dark.value or 0.0)
        if needed is not None:
            question = (
                f"a gap as large as the one measured, {abs(gap.independent.difference) * 100:.0f} points"
            )
            needs.append(Need(question, needed, fewer, per_group=True))
    if gap.pairs is not None and not gap.pairs.gap.too_few:
        pairs = pairs_needed(gap.pairs.light_only / gap.pairs.n, gap.pairs.dark_only / gap.pairs.n)
        if pairs is not None:
            needs.append(Need("the gap measured between twins, in pairs", pairs, gap.pairs.n))
    return tuple(needs)
