"""Draws rings of landmarks on a square of the photograph."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from dermtutor.generation.faces import anatomy
from dermtutor.generation.faces.anatomy import RegionName, Ring
from dermtutor.generation.faces.finder import Points
from dermtutor.generation.fields import Field, blur

SIDE: Final = 384
"""Pixels along a side of the square on which regions are drawn."""

# Softness of the regions' borders, as standard deviation.
_SOFT_MM: Final = 2.5
_SPARED_SOFT_MM: Final = 0.7
_FOLD_WIDTH_MM: Final = 9.0
_FINER: Final = 2
_MARGIN_MM: Final = 5.0


@dataclass(frozen=True, slots=True)
class Drawing:
    """Draws rings of landmarks on the square of SIDE pixels."""

    points: Points
    x: float
    y: float
    side: float
    mm_per_px: float

    def _place(self, index: int) -> tuple[float, float]:
        scale = SIDE * _FINER / self.side
        corner_x, corner_y = self.x - self.side / 2, self.y - self.side / 2
        return (
            (float(self.points[index, 0]) - corner_x) * scale,
            (float(self.points[index, 1]) - corner_y) * scale,
        )

    def filled(self, *rings: Ring) -> Field:
        """1 inside the rings, 0 outside, (n, n)."""

        def ink(pen: ImageDraw.ImageDraw) -> None:
            for ring in rings:
                pen.polygon([self._place(each) for each in ring], fill=255)

        return _inked(ink)

    def folds(self) -> Field:
        """Strips along both nasolabial folds, (n, n)."""
        width = round(_FOLD_WIDTH_MM / self.mm_per_px * _FINER)

        def ink(pen: ImageDraw.ImageDraw) -> None:
            for side in (0, 1):
                line = []
                for pair in anatomy.FOLD:
                    (ax, ay), (bx, by) = map(self._place, anatomy.mirrored(pair) if side else pair)
                    line.append(((ax + bx) / 2, (ay + by) / 2))
                pen.line(line, fill=255, width=width, joint="curve")
                for x, y in (line[0], line[-1]):
                    reach = width / 2
                    pen.ellipse((x - reach, y - reach, x + reach, y + reach), fill=255)

        return _inked(ink)

    def soft(self, name: RegionName) -> Field:
        """A region with soft borders, (n, n) in 0 to 1."""
        return blur(self.hard(name), _SOFT_MM / self.mm_per_px)

    def hard(self, name: RegionName) -> Field:
        """A region with hard borders, (n, n)."""
        if name == "nasolabial-folds":
            return self.folds()
        if name == "lip-margin":
            return self.grown(_MARGIN_MM, anatomy.LIPS)
        if name in anatomy.SINGLE:
            return self.filled(anatomy.SINGLE[name])
        ring = anatomy.PAIRED[name]
        return self.filled(ring, anatomy.mirrored(ring))

    def below(self, right: int, left: int) -> NDArray[np.bool_]:
        """The part of the square below the line through two landmarks, as the head is held, (n, n)."""
        (right_x, right_y), (left_x, left_y) = (
            np.array(self._place(each)) / _FINER for each in (right, left)
        )
        x, y = np.arange(SIDE)[None, :], np.arange(SIDE)[:, None]
        return np.asarray((y - right_y) * (left_x - right_x) > (x - right_x) * (left_y - right_y))

    def grown(self, distance_mm: float, *rings: Ring) -> Field:
        """1 inside the rings and as far around them as said, falling softly; a negative distance shrinks them."""
        width = max(1, round(2 * abs(distance_mm) / self.mm_per_px * _FINER))

        def ink(pen: ImageDraw.ImageDraw) -> None:
            for ring in rings:
                places = [self._place(each) for each in ring]
                pen.polygon(places, fill=255)
                pen.line(
                    [*places, *places[:2]], fill=255 if distance_mm > 0 else 0, width=width, joint="curve"
                )

        return blur(_inked(ink), _SPARED_SOFT_MM / self.mm_per_px)


def _inked(ink: Callable[[ImageDraw.ImageDraw], None]) -> Field:
    picture = Image.new("L", (SIDE * _FINER, SIDE * _FINER))
    ink(ImageDraw.Draw(picture))
    return np.asarray(picture.reduce(_FINER), dtype=np.float32) / np.float32(255)


def square_of(photograph: NDArray[np.uint8], x: float, y: float, side: float) -> NDArray[np.uint8]:
    """The square of the photograph at SIDE pixels, (n, n, 3) uint8; its edge pixels repeated beyond its edges."""
    height, width = photograph.shape[:2]
    picture = Image.fromarray(np.ascontiguousarray(photograph))
    left, top = x - side / 2, y - side / 2
    box = (max(left, 0.0), max(top, 0.0), min(left + side, float(width)), min(top + side, float(height)))
    size = (max(1, round((box[2] - box[0]) / side * SIDE)), max(1, round((box[3] - box[1]) / side * SIDE)))
    part = np.asarray(picture.resize(size, Image.Resampling.BOX, box=box))
    before = (round((box[1] - top) / side * SIDE), round((box[0] - left) / side * SIDE))
    padding = [(lead, max(0, SIDE - lead - length)) for lead, length in zip(before, part.shape[:2])]
    return np.pad(part, (*padding, (0, 0)), mode="edge")[:SIDE, :SIDE]
