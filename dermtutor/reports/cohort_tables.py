"""The tables of a cohort: its learners, its conditions as items, and its items one by one."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dermtutor.domain.items import FUNCTIONAL_SHARE, JUDGED_FROM
from dermtutor.reports import words
from dermtutor.reports.columns import Column, Names, Table
from dermtutor.services.figures.cohort_values import (
    CohortDetail,
    FamilyItem,
    ItemAnalysis,
    LearnerScore,
    Reliability,
)


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
        for each in _by_name(detail, people)
    )
    columns = (
        Column("Learner"), Column("Answers", "count"), Column("Accuracy", "share"), Column("95 % interval", "interval"),
        Column("Light minus dark", "points"), Column("Gap interval", "span"), Column("Over-confidence", "points"),
        Column("Median time, s", "seconds"),
    )  # fmt: skip
    return Table("learners", "Learners", columns, rows, "A dash: too few answers to say.")


def _bias(item: FamilyItem) -> tuple[float | None, str | None, float | None]:
    """Delta, grade and p. Matching needs learners: where fewer than five met the item, which then has no
    discrimination either, a grade would be read into a handful of answers."""
    if item.bias is None or item.discrimination is None:
        return None, None, None
    return item.bias.delta, item.bias.grade, item.p_value


def learner_order(detail: CohortDetail, people: Mapping[str, str]) -> tuple[str, ...]:
    """Whose line is which in the table of learners, by id."""
    return tuple(each.learner for each in _by_name(detail, people))


def _by_name(detail: CohortDetail, people: Mapping[str, str]) -> list[LearnerScore]:
    return sorted(detail.learners, key=lambda each: _natural(people.get(each.learner, "")))


def _natural(name: str) -> list[tuple[int, str]]:
    """The key that puts Learner 2 before Learner 10."""
    parts = re.split(r"([0-9]+)", name.casefold())
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]


def items(detail: CohortDetail, names: Names) -> Table:
    """One line a condition: how hard, how telling, how fair by skin tone, what draws wrong answers."""
    rows = tuple(
        (
            names[each.condition],
            each.facility.n,
            None if each.facility.too_few else each.facility.value,
            each.discrimination,
            *_bias(each),
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
        "B moderate, C large; a dash: too few learners or answers to match. p is adjusted for the number of conditions "
        "(Benjamini-Hochberg)."
    )
    if detail.alpha is not None:
        note += (
            f" Reliability over conditions (alpha): {detail.alpha:.2f}, from the "
            f"{words.counted(detail.alpha_learners, 'learner')} who met every condition."
        )
    return Table("items", "Conditions as items", columns, rows, note)


def analysed(analysis: ItemAnalysis, names: Names) -> Table:
    """One line an item: how hard, how telling, which wrong options work and which do not."""
    rows = tuple(
        (
            names[each.key.condition],
            each.key.tone.value,
            *(() if each.key.case is None else (case_name(each.key.case),)),
            each.facility.n,
            None if each.facility.too_few else each.facility.value,
            None if each.facility.too_few else (each.facility.low, each.facility.high),
            each.discrimination,
            _options(each.drawing, names),
            _options(each.idle, names),
        )
        for each in analysis.items
    )
    columns = (
        Column("Condition"), Column("Monk", "count"), *((Column("Case"),) if analysis.single else ()),
        Column("Answers", "count"), Column("Facility", "share"), Column("95 % interval", "interval"),
        Column("Discrimination", "number"), Column("Wrong options, from 5 %"), Column("Below 5 %"),
    )  # fmt: skip
    what = "Each case of the set is an item." if analysis.single else "An item is a condition on a skin tone."
    note = (
        f"{what} Discrimination: correlation with the learner's accuracy on everything else. Wrong options are judged "
        f"where at least {JUDGED_FROM} answers had them to choose. "
        f"{reliability_said(analysis.reliability, single=analysis.single)}"
    )
    return Table("analysis", "Cases as items" if analysis.single else "Items", columns, rows, note)


def case_name(case: int) -> str:
    """What a case is called in a table: the first digits of its id."""
    return f"{case:015x}"[:10]


def _options(shares: tuple[tuple[str, float], ...], names: Names) -> str | None:
    return ", ".join(f"{names[option]} {_share(share)}" for option, share in shares) or None


def _share(share: float) -> str:
    """In percent; with a decimal where the whole number would stand on the other side of the limit."""
    rounded_up = share < FUNCTIONAL_SHARE <= round(share, 2)
    return f"{share * 100:.1f} %" if rounded_up else words.percent(share)


def reliability_said(found: Reliability, *, single: bool) -> str:
    """How reliable the whole is, in words, or why that cannot be said."""
    learners, items = words.counted(found.learners, "learner"), words.counted(found.items, "item")
    met = f"{learners} met all of the {items} that at least half of the cohort met"
    if found.alpha is None:
        return f"Reliability cannot be told: {met}; too few, or they do not differ."
    name = "KR-20" if single else "alpha"
    error = words.DASH if found.error is None else f"{found.error * 100:.1f} points"
    return f"Reliability ({name}): {found.alpha:.2f}, standard error {error}; {met}."
