"""What the statistics page shows, made from the figures; off the window's thread where it takes time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dermtutor.domain.conditions import GROUPS, Catalogue
from dermtutor.domain.statistics import Gap, Proportion
from dermtutor.reports import columns, tables, words
from dermtutor.reports.columns import Names, Table
from dermtutor.services.figures.values import Figures
from dermtutor.services.statistics import StatisticsPage
from dermtutor.skin.scales import MonkTone
from dermtutor.ui.widgets.heat_map import HeatRow
from dermtutor.ui.wording import GROUP_TITLES, TOO_FEW


def heat_rows(figures: Figures, catalogue: Catalogue) -> tuple[HeatRow, ...]:
    """All conditions together first, then each condition that has answers, group by group."""
    totals = {score.condition: score.proportion for score in figures.by_condition}
    tones = {score.tone: score.proportion for score in figures.by_tone}
    cells: dict[str, dict[MonkTone, Proportion]] = {}
    for cell in figures.cells:
        cells.setdefault(cell.condition, {})[cell.tone] = cell.proportion
    rows = [HeatRow("All conditions", tones, figures.total)]
    rows += [
        HeatRow(c.name, cells.get(c.id, {}), totals[c.id], GROUP_TITLES[group])
        for group in GROUPS
        for c in sorted(catalogue.nameable, key=lambda each: each.name.lower())
        if c.group == group and c.id in totals
    ]
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class PreparedPage:
    """A page with its tables by name, made off the window's thread."""

    page: StatisticsPage
    tables: Mapping[str, Table]


def prepare(page: StatisticsPage, names: Names) -> PreparedPage:
    """The page with its tables."""
    return PreparedPage(page, {table.name: table for table in tables.all_tables(page.figures, names)})


def first_lines(table: Table) -> str:
    """What a screen reader hears of a chart; the table has the rest."""
    kinds = [column.kind for column in table.columns]
    lines = (
        ", ".join(columns.said(value, kind) for value, kind in zip(row, kinds)) for row in table.rows[:10]
    )
    return "; ".join(lines)


def gap_tile(gap: Gap | None) -> tuple[str, str, str]:
    """The gap as the three lines of a tile."""
    if gap is None or gap.too_few:
        return "–", TOO_FEW, "5 each on Monk 1–3, 7–10"
    verdict = gap.verdict if gap.verdict.startswith("no") else f"{gap.verdict} on light skin"
    return f"{words.points(gap.difference)} pt", f"95 % interval {words.span(gap)}", verdict
