"""The tables of a cohort: its learners, and its conditions as items."""

from __future__ import annotations

from collections.abc import Mapping

from dermtutor.reports import words
from dermtutor.reports.columns import Column, Names, Table
from dermtutor.services.figures.values import CohortDetail


def learners(detail: CohortDetail, people: Mapping[str, str]) -> Table:
    """One line a learner, by name."""
    rows = tuple(
        (
            people.get(each.learner, words.DASH),
            each.proportion.n,
            None if each.proportion.too_few else each.proportion.value,
            None if each.proportion.too_few else (each.proportion.low, each.proportion.high),
            None if each.gap is None or each.gap.too_few else each.gap.difference,
            None if each.gap is None or each.gap.too_few else (each.gap.low, each.gap.high),
            each.over_confidence,
            each.median_seconds,
        )
        for each in sorted(detail.learners, key=lambda each: people.get(each.learner, "").casefold())
    )
    columns = (
        Column("Learner"), Column("Answers", "count"), Column("Accuracy", "share"), Column("95 % interval", "interval"),
        Column("Light minus dark", "points"), Column("Gap interval", "span"), Column("Over-confidence", "points"),
        Column("Median time, s", "seconds"),
    )  # fmt: skip
    return Table("learners", "Learners", columns, rows, "A dash: too few answers to say.")


def items(detail: CohortDetail, names: Names) -> Table:
    """One line a condition: how hard, how telling, how fair by skin tone, what draws wrong answers."""
    rows = tuple(
        (
            names[each.condition],
            each.facility.n,
            None if each.facility.too_few else each.facility.value,
            each.discrimination,
            None if each.bias is None else each.bias.delta,
            None if each.bias is None else each.bias.grade,
            each.p_value,
            ", ".join(f"{names[other]} {share * 100:.0f} %" for other, share in each.distractors) or None,
        )
        for each in sorted(detail.items, key=lambda each: names[each.condition])
    )
    columns = (
        Column("Condition"), Column("Answers", "count"), Column("Facility", "share"),
        Column("Discrimination", "number"), Column("Tone bias, delta", "number"), Column("Grade"),
        Column("p, adjusted", "p"), Column("Distractors from 5 %"),
    )  # fmt: skip
    note = (
        "Discrimination: correlation of a learner's accuracy here with that on everything else. Tone bias: dark "
        "against light skin among learners of like accuracy; negative is harder on dark skin; grade A negligible, "
        "B moderate, C large. p is adjusted for the number of conditions (Benjamini-Hochberg)."
    )
    if detail.alpha is not None:
        note += (
            f" Reliability over conditions (alpha): {detail.alpha:.2f}, from the "
            f"{words.counted(detail.alpha_learners, 'learner')} who met every condition."
        )
    return Table("items", "Conditions as items", columns, rows, note)
