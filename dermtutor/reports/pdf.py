"""The report in print: one A4 page for a learner, two for learners together, four for imported results.

Longer tables are cut; the spreadsheet has all.
"""

from __future__ import annotations

import io
from typing import Any, Final

from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import Image, PageBreak, SimpleDocTemplate, Spacer
from reportlab.platypus import Table as Grid

from dermtutor.reports import charts, words
from dermtutor.reports.columns import Column, Table
from dermtutor.reports.page import BOLD, FACE, MARGIN, PADDING, WIDTH, bare, grid, register_faces, text
from dermtutor.reports.pdf_cohort import cells_page, items_page
from dermtutor.reports.report import Report
from dermtutor.reports.style import PRINT
from dermtutor.services.figures.values import Figures

_CHART: Final = (480, 250)
"""Logical pixels of a chart in print; three real ones each make it sharp."""
_SHARPNESS: Final = 3.0
_FOOT: Final = "Accuracy on synthetic images is not skill with patients. For teaching. Not for diagnosis."
_WEAKEST, _MISTAKES, _LEARNERS, _ITEMS = 9, 9, 18, 12
_DISTRACTORS: Final = 2


def pdf(report: Report) -> bytes:
    """The file."""
    register_faces()
    buffer = io.BytesIO()
    document = SimpleDocTemplate(
        buffer, pagesize=A4, leftMargin=MARGIN - PADDING, rightMargin=MARGIN - PADDING,
        topMargin=13 * mm, bottomMargin=14 * mm,
        title=f"DermTutor report: {report.title}", author="DermTutor",
    )  # fmt: skip
    story = _first_page(report)
    if report.detail is not None:
        story += [PageBreak(), *_second_page(report)]
    if report.analysis is not None:
        story += [PageBreak(), *cells_page(report), PageBreak(), *items_page(report)]
    document.build(story, onFirstPage=_foot, onLaterPages=_foot)
    return buffer.getvalue()


def _foot(canvas: Any, document: Any) -> None:
    canvas.setFont(FACE, 7)
    canvas.setFillColor(colors.HexColor(PRINT.muted))
    canvas.drawString(MARGIN, 8 * mm, _FOOT)
    canvas.drawRightString(A4[0] - MARGIN, 8 * mm, f"Page {document.page}")


def _first_page(report: Report) -> list[Any]:
    figures = report.figures
    named = {table.name: table for table in report.tables()}
    gap = words.gap_verdict(figures.gap.most_careful)
    missing = [words.need_said(need) for need in figures.needs if need.missing]
    return [
        _head(report),
        Spacer(1, 3 * mm),
        _tiles(report),
        Spacer(1, 3 * mm),
        _pair(_chart("tones", report), _chart("gap", report)),
        text(f"{gap} {words.pairs_verdict(figures.gap)}".strip()),
        Spacer(1, 2 * mm),
        _pair(_chart("calibration", report), _chart("course", report)),
        Spacer(1, 1 * mm),
        _pair(
            _weakest(report),
            grid(named["confusion"], (0.40, 0.36, 0.12, 0.12), _MISTAKES, WIDTH / 2 - 3 * mm),
        ),
        Spacer(1, 2 * mm),
        text("How many more answers the questions need", 9, BOLD),
        text(" ".join(missing) or "Every question here has enough."),
        text(named["needs"].note, 7, color=PRINT.muted),
        *_real(figures),
    ]


def _real(figures: Figures) -> list[Any]:
    found = figures.real
    if found is None:
        return []
    both = f"Synthetic: {words.scored(found.synthetic)}. Real: {words.scored(found.real)}."
    asked = f"On the {words.counted(found.conditions, 'condition')} asked with both."
    return [
        Spacer(1, 2 * mm),
        text("Synthetic and real images", 9, BOLD),
        text(f"{both} {words.real_verdict(found)} {asked}"),
    ]


def _head(report: Report) -> Grid:
    made = report.made_at.astimezone()
    day = f"{made.day} {made:%B %Y}"
    left = [
        text(report.title, 16, BOLD),
        text(f"Answers that count: {words.filter_said(report.chosen)}", 8, color=PRINT.muted),
    ]
    right = [
        text("DermTutor report", 9, BOLD, alignment=TA_RIGHT),
        text(day, 8, color=PRINT.muted, alignment=TA_RIGHT),
    ]
    return Grid([[left, right]], colWidths=(WIDTH * 0.7, WIDTH * 0.3), style=bare())


def _tiles(report: Report) -> Grid:
    figures = report.figures
    total, gap, every = figures.total, figures.gap.most_careful, figures.brier
    few = total.too_few
    shown = [
        (
            "Accuracy",
            "–" if few else words.percent(total.value),
            words.TOO_FEW if few else f"95 % {words.interval(total)}",
        ),
        (
            "Answers",
            words.whole(total.n),
            f"{words.counted(figures.days, 'day')}, median {words.seconds(figures.times.median)}",
        ),
        ("Light minus dark skin", *_gap_tile(gap)),
        (
            "Surer than right",
            "–" if few or every is None else f"{words.points(every.over_confidence)} pt",
            f"Brier score {every.score:.3f}" if every else "",
        ),
    ]
    if report.detail is not None:
        shown.insert(1, ("Learners", str(figures.learners), ""))
    cells = [
        [text(name, 7.5, color=PRINT.muted), text(figure, 15, BOLD), text(below, 7.5, color=PRINT.muted)]
        for name, figure, below in shown
    ]
    style = [("BOX", (place, 0), (place, 0), 0.6, colors.HexColor(PRINT.line)) for place in range(len(cells))]
    return Grid([cells], colWidths=[WIDTH / len(cells)] * len(cells), style=[*bare(4), *style])


def _gap_tile(gap: Any) -> tuple[str, str]:
    if gap is None or gap.too_few:
        return "–", words.TOO_FEW
    return f"{words.points(gap.difference)} pt", f"95 % {words.span(gap)}"


def _chart(name: str, report: Report) -> list[Any]:
    titles = {
        "tones": "Accuracy by skin tone", "gap": "Light minus dark skin", "calibration": "Confidence and accuracy",
        "course": "Learning curve",
    }  # fmt: skip
    drawn = charts.png(charts.chart(name, report.figures, PRINT, *_CHART, _SHARPNESS))
    width = WIDTH / 2 - 3 * mm
    return [text(titles[name], 9, BOLD), Image(io.BytesIO(drawn), width, width * _CHART[1] / _CHART[0])]


def _weakest(report: Report) -> list[Any]:
    """The conditions with the lowest accuracy that can be read."""
    scores = [each for each in report.figures.by_condition if not each.proportion.too_few]
    scores.sort(key=lambda each: (each.proportion.value or 0.0, each.condition))
    rows = tuple(
        (report.names[s.condition], s.proportion.n, s.proportion.value, (s.proportion.low, s.proportion.high))
        for s in scores
    )
    columns = (Column("Condition"), Column("n", "count"), Column("Right", "share"),
               Column("95 % interval", "interval"))  # fmt: skip
    title = "Conditions, weakest first"
    return grid(
        Table("weakest", title, columns, rows), (0.46, 0.12, 0.17, 0.25), _WEAKEST, WIDTH / 2 - 3 * mm
    )


def _second_page(report: Report) -> list[Any]:
    named = {table.name: table for table in report.tables()}
    items = named["items"]
    hardest = sorted(items.rows, key=lambda row: (row[2] is None, row[2] or 0.0))
    rows = tuple(
        (*row[:-1], ", ".join(str(row[-1] or words.DASH).split(", ")[:_DISTRACTORS])) for row in hardest
    )
    items = Table(items.name, f"{items.title}, hardest first", items.columns, rows, items.note)
    return [
        *grid(named["learners"], (0.26, 0.08, 0.09, 0.12, 0.1, 0.12, 0.14, 0.09), _LEARNERS, WIDTH),
        Spacer(1, 3 * mm),
        *grid(items, (0.21, 0.08, 0.08, 0.13, 0.09, 0.06, 0.08, 0.27), _ITEMS, WIDTH),
        text(items.note, 7, color=PRINT.muted),
        *_gap_rows(named["gap"]),
    ]


def _gap_rows(table: Table) -> list[Any]:
    return [
        Spacer(1, 3 * mm),
        *grid(table, (0.3, 0.08, 0.08, 0.08, 0.08, 0.14, 0.16, 0.08), 5, WIDTH),
        text(table.note, 7, color=PRINT.muted),
    ]


def _pair(left: list[Any], right: list[Any]) -> Grid:
    return Grid([[left, right]], colWidths=(WIDTH / 2, WIDTH / 2), style=bare(0))
