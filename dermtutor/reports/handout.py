"""A case set in print: a hand-out with the cases and, apart from it, the key with the answers explained."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from xml.sax.saxutils import escape

from PIL import Image as Pillow
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Image, KeepTogether, Paragraph, SimpleDocTemplate, Spacer
from reportlab.platypus import Table as Grid

from dermtutor.reports.page import BOLD, FACE, MARGIN, PADDING, WIDTH, bare, register_faces, style, text
from dermtutor.reports.style import PRINT

LETTERS: Final = "ABCDEF"
_IMAGE: Final = 62 * mm
_SMALL: Final = 40 * mm
_GAP: Final = 6 * mm
_FOOT: Final = "For teaching. Not for diagnosis. Every picture says below it what it is."
_COLUMNS: Final = 3
"""Of the short key at the top of the key."""


@dataclass(frozen=True, slots=True)
class HandoutCase:
    """One case in print. ``right`` is the place of the right one among the ``options``; the pictures are PNG files.

    ``explanation`` are headings with their texts; ``note`` may be empty.
    """

    number: int
    stem: str
    note: str
    options: Sequence[str]
    right: int
    picture: Callable[[], bytes]
    outlined: Callable[[], bytes]
    explanation: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Handout:
    """What is printed. ``below`` stands under the title: author, version."""

    title: str
    below: str
    prompt: str
    cases: Sequence[HandoutCase]


def handout_pdf(handout: Handout) -> bytes:
    """The cases with their options, three a page, without any answer."""
    story = [
        *_head(handout.title, handout.below),
        text("Name: ______________________________      Date: ______________", 9),
        Spacer(1, 5 * mm),
        *(_case(case, handout.prompt) for case in handout.cases),
    ]
    return _built(story, handout.title)


def key_pdf(handout: Handout) -> bytes:
    """The answers: first all in short, then each case with the lesion outlined and explained."""
    story: list[Any] = [*_head(f"{handout.title}: key", handout.below), _short_key(handout.cases)]
    for case in handout.cases:
        story += [Spacer(1, 5 * mm), CondPageBreak(_SMALL * 1.3), _explained(case)]
    return _built(story, f"{handout.title}: key")


def _built(story: list[Any], title: str) -> bytes:
    register_faces()
    buffer = io.BytesIO()

    def foot(canvas: Any, document: Any) -> None:
        canvas.setFont(FACE, 7)
        canvas.setFillColor(colors.HexColor(PRINT.muted))
        canvas.drawString(MARGIN, 8 * mm, _FOOT)
        canvas.drawRightString(A4[0] - MARGIN, 8 * mm, f"Page {document.page}")

    document = SimpleDocTemplate(
        buffer, pagesize=A4, leftMargin=MARGIN - PADDING, rightMargin=MARGIN - PADDING, topMargin=13 * mm,
        bottomMargin=14 * mm, title=title, author="DermTutor", lang="en", invariant=1,
    )  # fmt: skip
    document.build(story, onFirstPage=foot, onLaterPages=foot)
    return buffer.getvalue()


def _head(title: str, below: str) -> list[Any]:
    register_faces()
    return [text(title, 16, BOLD), text(below, 8, color=PRINT.muted), Spacer(1, 4 * mm)]


def _case(case: HandoutCase, prompt: str) -> Any:
    """Picture on the left, words on the right, on one page unless a stem is longer than that."""
    words: list[Any] = [text(f"Case {case.number}", 11, BOLD), Spacer(1, 1.5 * mm)]
    if case.stem:
        words += [text(case.stem, 9), Spacer(1, 2 * mm)]
    if case.note:
        words += [text(case.note, 7.5, color=PRINT.muted), Spacer(1, 2 * mm)]
    words += [text(prompt, 9, BOLD), Spacer(1, 1 * mm)]
    words += [_option(letter, option) for letter, option in zip(LETTERS, case.options)]
    row = Grid(
        [[_picture(case.picture(), _IMAGE), words]],
        colWidths=(_IMAGE + _GAP, WIDTH - _IMAGE - _GAP),
        style=bare(),
        splitInRow=1,
    )
    return KeepTogether([row, Spacer(1, 6 * mm)])


def _option(letter: str, option: str) -> Paragraph:
    """A box to tick, the letter, the name; a second line begins under the name."""
    indent = 10 * mm
    return text(
        f"\u2610  {letter}   {option}", 9.5, leftIndent=indent, firstLineIndent=-indent, spaceAfter=1.6 * mm
    )


def _short_key(cases: Sequence[HandoutCase]) -> Grid:
    """All answers at a glance, column by column."""
    told = [f"{case.number}.  {LETTERS[case.right]}   {case.options[case.right]}" for case in cases]
    rows = -(-len(told) // _COLUMNS)
    columns = [told[start * rows : (start + 1) * rows] for start in range(_COLUMNS)]
    grid = [
        [text(column[row] if row < len(column) else "", 8.5) for column in columns] for row in range(rows)
    ]
    return Grid(grid, colWidths=[WIDTH / _COLUMNS] * _COLUMNS, style=bare(1))


def _explained(case: HandoutCase) -> Grid:
    words: list[Any] = [
        text(f"Case {case.number}: {LETTERS[case.right]}, {case.options[case.right]}", 10.5, BOLD),
        Spacer(1, 1 * mm),
    ]
    if case.note:
        words.append(text(case.note, 7.5, color=PRINT.muted))
    for heading, content in case.explanation:
        small = heading in ("Sources", "Image")
        before = f'<font name="{BOLD}">{escape(heading)}:</font> ' if heading else ""
        color = PRINT.muted if small else PRINT.text
        words.append(Paragraph(before + escape(content), style(7 if small else 8, color=color, spaceAfter=3)))
    rule = ("LINEABOVE", (0, 0), (-1, 0), 0.6, colors.HexColor(PRINT.line))
    return Grid(
        [[_picture(case.outlined(), _SMALL), words]],
        colWidths=(_SMALL + _GAP, WIDTH - _SMALL - _GAP),
        style=[*bare(), ("TOPPADDING", (0, 0), (-1, -1), 3 * mm), rule],
        splitInRow=1,
    )


def _picture(png: bytes, width: float) -> Image:
    """As wide as its column, or less where it would be higher than one and a half times that."""
    with Pillow.open(io.BytesIO(png)) as opened:
        shape = opened.height / opened.width
    width = min(width, 1.5 * width / shape)
    return Image(io.BytesIO(png), width, width * shape, hAlign="LEFT")
