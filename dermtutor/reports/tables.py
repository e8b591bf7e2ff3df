"""The figures as tables: the twins of the charts on screen, the sheets of the spreadsheet, the tables of the PDF."""

from __future__ import annotations

from collections.abc import Sequence

from dermtutor.domain.power import answers_missing
from dermtutor.domain.statistics import Gap, Proportion
from dermtutor.reports import detail_tables, words
from dermtutor.reports.columns import FEW, SCORE, Column, Names, Table, Value, scored
from dermtutor.services.figures.gap_values import RealComparison
from dermtutor.services.figures.values import WANTED_HALF_WIDTH, Figures


def cells(figures: Figures, names: Names) -> Table:
    """The heat map's twin: all conditions together, each condition, each of its tones."""
    lines: list[tuple[Value, ...]] = [
        ("All conditions", "All tones", *scored(figures.total), None, *_more(figures.total))
    ]
    lines += [
        ("All conditions", str(each.tone), *scored(each.proportion), None, *_more(each.proportion))
        for each in figures.by_tone
    ]
    for score in sorted(figures.by_condition, key=lambda each: names[each.condition]):
        name = names[score.condition]
        lines.append((name, "All tones", *scored(score.proportion), None, *_more(score.proportion)))
        lines += [
            (name, str(each.tone), *scored(each.proportion), each.shrunken, *_more(each.proportion))
            for each in figures.cells
            if each.condition == score.condition
        ]
    columns = (
        Column("Condition"),
        Column("Skin tone"),
        *SCORE,
        Column("Estimate", "share"),
        Column("More needed", "count"),
    )
    note = (
        f"{FEW} Estimate: the cell's accuracy pulled towards that of all cells, the more the fewer its answers. "
        "More needed: answers until the interval reaches ten points to either side."
    )
    return Table("cells", "Accuracy by condition and skin tone", columns, tuple(lines), note)


def _more(value: Proportion) -> tuple[Value]:
    return (answers_missing(value.k, value.n, WANTED_HALF_WIDTH),)


def tones(figures: Figures) -> Table:
    """Accuracy by tone."""
    rows = tuple((str(each.tone), *scored(each.proportion)) for each in figures.by_tone)
    return Table("tones", "Accuracy by skin tone", (Column("Skin tone"), *SCORE), rows, FEW)


def gap(figures: Figures) -> Table:
    """The tone gap, every way it can be computed. Positive: better on light skin."""
    found = figures.gap
    rows = [_gap_row("All answers", found.independent, found.light, found.dark, None)]
    if found.mixed is not None:
        odds = found.mixed.odds
        rows.append(_gap_row("Mixed model", found.mixed.gap, None, None, odds.p_value))
    if found.clustered is not None:
        rows.append(_gap_row("Learners, conditions redrawn", found.clustered, None, None, None))
    if found.pairs is not None:
        rows.append(_gap_row(f"Same lesion, {words.counted(found.pairs.n, 'pair')}", found.pairs.gap, None, None,
                             found.pairs.gap.p_value))  # fmt: skip
    columns = (
        Column("Comparison"), Column("Light", "share"), Column("n light", "count"), Column("Dark", "share"),
        Column("n dark", "count"), Column("Light minus dark", "points"), Column("95 % interval", "span"),
        Column("p", "p"),
    )  # fmt: skip
    note = "In percentage points. Light: Monk 1 to 3. Dark: Monk 7 to 10."
    if found.within_conditions is not None:
        odds = found.within_conditions
        note += (
            f" Within conditions the odds of being right on light skin are {odds.value:.2f} times those on dark skin "
            f"({odds.low:.2f} to {odds.high:.2f}, p {words.equals(odds.p_value)}; Mantel-Haenszel)."
        )
    if found.mixed is not None:
        odds = found.mixed.odds
        note += (
            f" The mixed model allows for learners and conditions that differ: odds ratio {odds.value:.2f} "
            f"({odds.low:.2f} to {odds.high:.2f}); between conditions the gap itself varies with a standard "
            f"deviation of {found.mixed.gap_spread:.2f} on the logit scale."
        )
    return Table("gap", "Light and dark skin", columns, tuple(rows), note)


def _gap_row(
    title: str, found: Gap | None, light: Proportion | None, dark: Proportion | None, p: float | None
) -> tuple[Value, ...]:
    sides: list[Value] = []
    for side in (light, dark):
        sides += [None, None] if side is None else [None if side.too_few else side.value, side.n]
    if found is None or found.too_few:
        return (title, *sides, None, None, None)
    return (title, *sides, found.difference, (found.low, found.high), p)


def real(found: RealComparison) -> Table:
    """Synthetic images against photographs of patients. Positive: better on synthetic images."""
    rows = [_gap_row("All answers", found.independent, found.synthetic, found.real, None)[:-1]]
    if found.paired is not None:
        own = f"Each learner's own, {words.counted(found.learners, 'learner')}"
        rows.append(_gap_row(own, found.paired, None, None, None)[:-1])
    columns = (
        Column("Comparison"), Column("Synthetic", "share"), Column("n synthetic", "count"), Column("Real", "share"),
        Column("n real", "count"), Column("Synthetic minus real", "points"), Column("95 % interval", "span"),
    )  # fmt: skip
    note = (
        f"In percentage points, on the {words.counted(found.conditions, 'condition')} asked with both kinds of image. "
        "Answers on photographs count nowhere else. Own differences: learners with at least five answers of each kind."
    )
    if found.within is not None:
        odds = found.within
        note += (
            f" Within conditions and groups of tones the odds of being right on synthetic images are {odds.value:.2f} "
            f"times those on photographs ({odds.low:.2f} to {odds.high:.2f}, p {words.equals(odds.p_value)}; "
            "Mantel-Haenszel)."
        )
    return Table("real", "Synthetic and real images", columns, tuple(rows), note)


def needs(figures: Figures) -> Table:
    """How many answers the questions need."""
    rows = tuple(
        (
            each.question,
            "each on light and dark" if each.per_group else "in all",
            each.needed,
            each.given,
            each.missing,
        )
        for each in figures.needs
    )
    columns = (
        Column("Question"),
        Column("Counted"),
        Column("Needed", "count"),
        Column("Given", "count"),
        Column("Still missing", "count"),
    )
    note = (
        "For a test at 5 % with a power of 80 %, were all answers independent. Answers of one learner to like cases "
        "are not, so these are floors."
    )
    return Table("needs", "Answers still needed", columns, rows, note)


def all_tables(figures: Figures, names: Names) -> Sequence[Table]:
    """Every table of a learner's figures, in the order of the page."""
    return (
        cells(figures, names),
        tones(figures),
        gap(figures),
        needs(figures),
        detail_tables.mistakes(figures, names),
        detail_tables.spotting(figures, names),
        detail_tables.calibration(figures),
        detail_tables.brier(figures),
        detail_tables.course(figures),
        detail_tables.days(figures),
        detail_tables.times(figures),
        *([] if figures.real is None else [real(figures.real)]),
    )
