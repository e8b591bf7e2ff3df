"""What every printed page shares: its faces, margins and paragraphs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

import matplotlib
from reportlab import rl_config
from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph
from reportlab.platypus import Table as Grid

from dermtutor.reports.columns import Column, Table, said
from dermtutor.reports.style import PRINT

# Pictures go into the file as they are packed. The other way, as text, is written in Python and takes a second each.
rl_config.useA85 = 0

FACE: Final = "DejaVuSans"
BOLD: Final = "DejaVuSans-Bold"
MARGIN: Final = 15 * mm
WIDTH: Final = A4[0] - 2 * MARGIN
PADDING: Final = 6  # of the frame around a page's content
_LONGEST: Final = 30
"""Letters from which a name is cut."""


def register_faces() -> None:
    """DejaVu comes with matplotlib and knows the letters of most alphabets; the window's own face is no TrueType."""
    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    for face in (FACE, BOLD):
        if face not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(face, str(folder / f"{face}.ttf")))


def style(size: float, face: str = FACE, color: str = PRINT.text, **more: Any) -> ParagraphStyle:
    """A paragraph's style; ``size`` in points."""
    return ParagraphStyle("", fontName=face, fontSize=size, leading=size * 1.35, textColor=color, **more)


def text(content: str, size: float = 8, face: str = FACE, color: str = PRINT.text, **more: Any) -> Paragraph:
    """A paragraph in which nothing is taken for markup."""
    return Paragraph(escape(content), style(size, face, color, **more))


def bare(padding: float = 0) -> list[Any]:
    """The style of a grid without lines, its cells at the top."""
    sides = ("LEFTPADDING", "RIGHTPADDING", "TOPPADDING", "BOTTOMPADDING")
    return [("VALIGN", (0, 0), (-1, -1), "TOP"), *((side, (0, 0), (-1, -1), padding) for side in sides)]


def grid(table: Table, shares: Sequence[float], most: int, width: float) -> list[Any]:
    """A heading and the first rows of a table."""
    right = {"alignment": TA_RIGHT}
    sides: list[dict[str, Any]] = [{} if column.kind == "text" else right for column in table.columns]
    lines = [[text(c.title, 7, BOLD, **side) for c, side in zip(table.columns, sides)]]
    lines += [
        [
            text(_short(said(value, c.kind), c), 7.5, **side)
            for value, c, side in zip(row, table.columns, sides)
        ]
        for row in table.rows[:most]
    ]
    rule = ("LINEBELOW", (0, 0), (-1, -1), 0.4, colors.HexColor(PRINT.line))
    lined = Grid(lines, colWidths=[share * width for share in shares], style=[*bare(1.2), rule])
    left = len(table.rows) - most
    more = [text(f"and {left} more, in the spreadsheet", 7, color=PRINT.muted)] if left > 0 else []
    empty = [] if table.rows else [text("none", 7.5, color=PRINT.muted)]
    return [text(table.title, 9, BOLD), lined, *empty, *more]


def _short(content: str, column: Column) -> str:
    """A name that does not wrap more than once."""
    longest = 2 * _LONGEST if column.title.startswith(("Distractors", "Wrong")) else _LONGEST
    return content if len(content) <= longest else f"{content[: longest - 1]}…"
