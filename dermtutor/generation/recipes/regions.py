"""Where on the body a distribution is, as far as a patch of skin shows it: a flexure, a line of clothing, a net.

A region is the same for every lesion of a picture that speaks of it, and what is seen of it is drawn once.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from dermtutor.generation.fields import Field, smoothstep
from dermtutor.generation.recipes.canvas import Canvas
from dermtutor.generation.recipes.terms import Pattern

if TYPE_CHECKING:
    from dermtutor.generation.recipes.layer import LesionLayer

# Melanin, in optical density, that skin in the sun has more than skin that a sleeve or collar covers.
_TAN: Final = (0.12, 0.22)
# A net longer than this many meshes would only cost time.
_MOST_MESHES: Final = 24


@dataclass(frozen=True, slots=True)
class Line:
    """A slightly curved line across the skin.

    ``angle`` is its direction in radians, ``offset`` how many millimetres from the middle it runs, ``bend`` (1 / mm)
    its curvature.
    """

    angle: float
    offset: float
    bend: float

    def away(self, x: NDArray[np.floating], y: NDArray[np.floating]) -> Field:
        """Millimetres from the line to places in millimetres from the middle; above 0 on its left-hand side."""
        cos, sin = np.float32(math.cos(self.angle)), np.float32(math.sin(self.angle))
        along, across = x * cos + y * sin, y * cos - x * sin
        return np.asarray(
            across - np.float32(self.offset) - np.float32(self.bend) * along * along, dtype=np.float32
        )

    def points(self, along: NDArray[np.float64], away: NDArray[np.float64]) -> NDArray[np.float64]:
        """The places (N, 2) that lie so far along the line (N,) and away from it (N,)."""
        across = away + self.offset + self.bend * along * along
        cos, sin = math.cos(self.angle), math.sin(self.angle)
        return np.stack((along * cos - across * sin, along * sin + across * cos), axis=1)


def crease_of(canvas: Canvas) -> Line:
    """The main crease of the flexure that a picture shows, near its middle."""
    rng, half = canvas.rng("flexure"), min(canvas.extent_mm) / 2
    angle = float(rng.choice((0.0, math.pi / 2)) + rng.normal(0, 0.25))
    return Line(angle, float(rng.uniform(-0.18, 0.18)) * half, float(rng.uniform(-0.3, 0.3)) / half)


def edge_of_cover(canvas: Canvas) -> Line:
    """Where clothing ends: above 0 of it the sun reaches the skin, which is most of the picture."""
    rng, half = canvas.rng("exposure"), min(canvas.extent_mm) / 2
    angle = float(rng.uniform(-math.pi, math.pi))
    return Line(angle, float(rng.uniform(-0.62, -0.42)) * half, float(rng.uniform(-0.12, 0.12)) / half)


@dataclass(frozen=True, slots=True)
class Cord:
    """One side of a mesh: its middle and length in millimetres, and its direction in radians."""

    x: float
    y: float
    length: float
    angle: float


def net_of(canvas: Canvas, mesh_mm: float) -> Iterator[Cord]:
    """The cords of an irregular net of six-sided meshes about ``mesh_mm`` wide, over the whole picture."""
    rng = canvas.rng("net")
    pitch = max(mesh_mm, max(canvas.extent_mm) / _MOST_MESHES)
    side = pitch / math.sqrt(3)
    number = int(max(canvas.extent_mm) / pitch) // 2 + 2
    moved: dict[tuple[int, int], NDArray[np.float64]] = {}

    def corner(x: float, y: float) -> NDArray[np.float64]:
        # Corners that meshes share are one.
        key = (round(2 * x / pitch), round(2 * y / side))
        if key not in moved:
            moved[key] = np.array((x, y)) + rng.normal(0, 0.16 * pitch, 2)
        return moved[key]

    for row in range(-number, number + 1):
        for column in range(-number, number + 1):
            x, y = (column + 0.5 * (row % 2)) * pitch, 1.5 * row * side
            corners = [
                corner(x, y - side),
                corner(x + pitch / 2, y - side / 2),
                corner(x + pitch / 2, y + side / 2),
            ]
            corners.append(corner(x, y + side))
            for begin, end in itertools.pairwise(corners):
                middle, step = (begin + end) / 2, end - begin
                yield Cord(
                    float(middle[0]), float(middle[1]), math.hypot(*step), math.atan2(step[1], step[0])
                )


def add_region(layer: LesionLayer, pattern: Pattern) -> None:
    """Draws what healthy skin shows of the region that a distribution names."""
    if pattern == "flexural":
        _add_creases(layer)
    elif pattern == "photo-exposed":
        _add_tan(layer)


def _add_creases(layer: LesionLayer) -> None:
    """The fold itself and finer ones beside it, fading in and out."""
    canvas, main = layer.canvas, crease_of(layer.canvas)
    rng = canvas.rng("flexure", "creases")
    x, y = canvas.axes()
    wander = canvas.noise(("flexure", "wander"), 0.3 * canvas.field_mm, "smooth")
    away = main.away(x, y) + np.float32(0.012 * canvas.field_mm) * wander
    depth, width = float(rng.uniform(0.5, 0.8)), float(rng.uniform(0.6, 1.0))
    for index in range(int(rng.integers(3, 7))):
        offset = 0.0 if index == 0 else float(rng.normal(0, 0.16)) * canvas.field_mm
        shallower, narrower = (1.0, 1.0) if index == 0 else (float(rng.uniform(0.2, 0.5)), 0.55)
        present = smoothstep(canvas.noise(("flexure", index), 0.5 * canvas.field_mm, "smooth"), -1.6, 0.4)
        near = (away - np.float32(offset)) * np.float32(1 / (width * narrower))
        groove = np.exp(-near * near)
        layer.height -= np.float32(depth * shallower) * groove * (present if index else np.float32(1))
        # A fold is darker than its sides: little light gets in.
        layer.add("melanin", canvas.everywhere(), (np.float32(0.10 * shallower) * groove).reshape(-1))


def _add_tan(layer: LesionLayer) -> None:
    """The step from covered skin to skin that the sun has tanned."""
    canvas = layer.canvas
    rng = canvas.rng("exposure", "tan")
    x, y = canvas.axes()
    away = edge_of_cover(canvas).away(x, y)
    away += np.float32(0.02 * canvas.field_mm) * canvas.noise(("exposure",), 0.3 * canvas.field_mm, "smooth")
    soft = float(rng.uniform(0.04, 0.09)) * canvas.field_mm
    pale = np.float32(rng.uniform(*_TAN)) * (smoothstep(away, -soft, soft) - 1)
    layer.add("melanin", canvas.everywhere(), pale.reshape(-1))
