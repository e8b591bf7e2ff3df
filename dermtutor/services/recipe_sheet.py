"""A contact sheet of a recipe: the same patient on several tones, each labelled, and below what the drawing is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from dermtutor.domain.recipes import RecipeEntry
from dermtutor.services.ports import GeneratedCase

_GAP: Final = 16
_GROUND: Final = (244, 243, 239)
_INK: Final = (29, 28, 26)
_MUTED: Final = (91, 88, 81)


def said_below(entry: RecipeEntry, seed: int) -> str:
    """What a drawing has to say of itself: that it is drawn, from which version, and who looked at the recipe."""
    return f"Drawn from a recipe, not learned · {entry.id} {entry.version} · {entry.review_in_words} · seed {seed}"


def contact_sheet(
    cases: Sequence[GeneratedCase], entry: RecipeEntry, seed: int, fonts: Path
) -> NDArray[np.uint8]:
    """The sheet, (H, W, 3) uint8: up to five pictures in a row, under each its tone and measured ITA.

    ``fonts`` is the folder with the bundled typeface.
    """
    side = cases[0].image.shape[0]
    columns = min(len(cases), 5)
    rows = -(-len(cases) // columns)
    size = max(13, side // 16)
    label, small = (
        ImageFont.truetype(str(fonts / f"Inter-{weight}.otf"), points)
        for weight, points in (("SemiBold", size), ("Regular", max(12, round(size * 0.8))))
    )
    below = round(size * 3.1)
    title = f"{entry.name}. {said_below(entry, seed)}"
    width = _GAP + columns * (side + _GAP)
    lines = wrapped(title, small, width - 2 * _GAP)
    height = _GAP + rows * (side + below) + len(lines) * round(size * 1.3) + _GAP
    sheet = Image.new("RGB", (width, height), _GROUND)
    draw = ImageDraw.Draw(sheet)
    for number, case in enumerate(cases):
        left = _GAP + number % columns * (side + _GAP)
        top = _GAP + number // columns * (side + below)
        sheet.paste(Image.fromarray(case.image), (left, top))
        draw.text((left, top + side + size // 3), str(case.spec.tone), _INK, label)
        angle = f"ITA {case.measured_ita:.0f}°".replace("-", "\u2212")
        draw.text((left, top + side + round(size * 1.6)), angle, _MUTED, small)
    for number, line in enumerate(lines):
        draw.text((_GAP, _GAP + rows * (side + below) + number * round(size * 1.3)), line, _MUTED, small)
    return np.asarray(sheet)


def wrapped(text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """The text in lines no wider than ``width`` pixels, broken between words."""
    lines: list[str] = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
