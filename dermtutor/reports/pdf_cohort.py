"""The printed pages of imported results: accuracy by condition and tone, and the items, hardest first."""

from __future__ import annotations

from typing import Any, Final

from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.units import mm
from reportlab.platypus import Spacer
from reportlab.platypus import Table as Grid

from dermtutor.domain.statistics import Proportion
from dermtutor.reports.cohort_tables import analysed
from dermtutor.reports.columns import Table
from dermtutor.reports.page import BOLD, WIDTH, bare, grid, text
from dermtutor.reports.report import Report
from dermtutor.reports.style import PRINT
from dermtutor.skin.scales import MonkTone

_CONDITIONS: Final = 50
"""Rows on one page; the weakest are kept."""
_ITEMS: Final = 32
_NAME: Final = 0.27
_DARK: Final = 0.55
"""Share from which a cell is dark enough for white figures."""


def cells_page(report: Report) -> list[Any]:
    """Accuracy by condition and tone: the darker a cell the higher, and the figure in it, so that grey print reads."""
    figures = report.figures
    tones = {each.tone: each.proportion for each in figures.by_tone}
    cells = {(each.condition, each.tone): each.proportion for each in figures.cells}
    weakest = sorted(figures.by_condition, key=lambda each: (each.proportion.low, each.condition))
    shown = sorted(weakest[:_CONDITIONS], key=lambda each: report.names[each.condition])
    rows: list[tuple[str, list[Proportion | None]]] = [
        ("All conditions", [*(tones.get(tone) for tone in MonkTone.all()), figures.total])
    ]
    for score in shown:
        row = [cells.get((score.condition, tone)) for tone in MonkTone.all()]
        rows.append((report.names[score.condition], [*row, score.proportion]))
    heads = ["Monk tone", *(str(tone.value) for tone in MonkTone.all()), "All"]
    lines = [[text(head, 7, BOLD, alignment=TA_CENTER) for head in heads]]
    style = [*bare(1), ("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("LINEBELOW", (0, 0), (-1, 0), 0.6, _LINE)]
    for number, (name, shares) in enumerate(rows, 1):
        lines.append(
            [text(name, 7, BOLD if number == 1 else "DejaVuSans"), *(_cell(each) for each in shares)]
        )
        for place, share in enumerate(shares, 1):
            style.append(("BACKGROUND", (place, number), (place, number), _background(share)))
    style.append(("INNERGRID", (1, 1), (-1, -1), 1, colors.white))
    widths = [_NAME * WIDTH, *[(1 - _NAME) * WIDTH / 11] * 11]
    left = len(weakest) - len(shown)
    more = f" The {left} strongest conditions are in the spreadsheet." if left > 0 else ""
    note = f"Percent right. A dot: fewer than five answers, too few to say. Empty: none.{more}"
    return [
        text("Accuracy by condition and skin tone", 12, BOLD),
        Spacer(1, 2 * mm),
        Grid(lines, colWidths=widths, rowHeights=4.7 * mm, style=style),
        Spacer(1, 2 * mm),
        text(note, 7, color=PRINT.muted),
    ]


_LINE: Final = colors.HexColor(PRINT.line_strong)


def _cell(share: Proportion | None) -> Any:
    if share is None or not share.n:
        return ""
    if share.too_few or share.value is None:
        return text("·", 7.5, color=PRINT.muted, alignment=TA_CENTER)
    color = "#ffffff" if share.value >= _DARK else PRINT.text
    return text(f"{share.value * 100:.0f}", 7.5, color=color, alignment=TA_CENTER)


def _background(share: Proportion | None) -> Any:
    """From near white to the accent; its lightness falls all the way, so that grey tells the same."""
    if share is None or share.too_few or share.value is None:
        return colors.white
    light, dark = colors.HexColor("#edf3f2"), colors.HexColor(PRINT.accent)
    return colors.linearlyInterpolatedColor(light, dark, 0, 1, share.value)


def items_page(report: Report) -> list[Any]:
    """The items that can be read, hardest first."""
    assert report.analysis is not None
    table = analysed(report.analysis, report.names)
    titles = [column.title for column in table.columns]
    facility = titles.index("Facility")
    known = sorted((row for row in table.rows if row[facility] is not None), key=lambda row: row[facility])  # type: ignore[arg-type,return-value]
    hardest = Table(table.name, f"{table.title}, hardest first", table.columns, tuple(known), table.note)
    case = (0.11,) if report.analysis.single else ()
    shares = (0.2, 0.06, *case, 0.08, 0.08, 0.11, 0.12, 0.18 - sum(case) / 2, 0.17 - sum(case) / 2)
    unread = len(table.rows) - len(known)
    few = f" {unread} more with fewer than five answers: too few to say." if unread else ""
    return [*grid(hardest, shares, _ITEMS, WIDTH), text(f"{table.note}{few}", 7, color=PRINT.muted)]
