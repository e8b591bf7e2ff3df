"""What every printed page shares: its faces, margins and paragraphs."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

import matplotlib
from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph

from dermtutor.reports.style import PRINT

# Pictures go into the file as they are packed. The other way, as text, is written in Python and takes a second each.
rl_config.useA85 = 0

FACE: Final = "DejaVuSans"
BOLD: Final = "DejaVuSans-Bold"
MARGIN: Final = 15 * mm
WIDTH: Final = A4[0] - 2 * MARGIN
PADDING: Final = 6  # of the frame around a page's content


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
