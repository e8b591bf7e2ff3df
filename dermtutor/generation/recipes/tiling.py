"""Tilings of the skin into flakes, plates or follicles: cells around jittered points."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dermtutor.generation.recipes.canvas import Canvas, Field, Places, Window


@dataclass(frozen=True, slots=True)
class Cells:
    """A tiling of the skin into flakes, at N places; every field is (N,).

    ``value`` is each flake's own chance, ``edge`` 0 on its border and about 1 in its middle, ``distance``
    from its centre in cell widths, ``tilt_x`` and ``tilt_y`` its slope (-1 to 1).
    """

    value: Field
    edge: Field
    distance: Field
    tilt_x: Field
    tilt_y: Field


_PERIOD = 64


def cells(
    canvas: Canvas,
    stream: tuple[str | int, ...],
    size_mm: float,
    places: Places,
    stretch: float = 1.0,
    bend: tuple[Field, Field] | None = None,
) -> Cells:
    """Voronoi cells of jittered points about ``size_mm`` apart, ``stretch`` times longer in a direction of their own.

    ``bend`` (two fields (N,), in millimetres) distorts the tiling.
    """
    rng = canvas.rng("cells", *stream)
    angle = float(rng.uniform(0, math.pi))
    size = max(size_mm, 2.2 * canvas.mm_per_px)
    x, y = canvas.at(places)
    if bend is not None:
        x, y = x + bend[0], y + bend[1]
    cos, sin = np.float32(math.cos(angle)), np.float32(math.sin(angle))
    u = (x * cos + y * sin) * np.float32(1 / (size * stretch))
    v = (y * cos - x * sin) * np.float32(1 / size)
    table = rng.random((5, _PERIOD * _PERIOD), dtype=np.float32)
    owner, nearest, second = _nearest_points(u, v, table)
    value, tilt_x, tilt_y = (line.take(owner) for line in table[2:])
    return Cells(value, second - nearest, nearest, 2 * tilt_x - 1, 2 * tilt_y - 1)


def _nearest_points(u: Field, v: Field, table: Field) -> tuple[NDArray[np.intp], Field, Field]:
    """For places (N,) in cell widths: the nearest jittered point, its distance, and that of the second nearest."""
    column, row = np.floor(u).astype(np.intp), np.floor(v).astype(np.intp)
    part_u, part_v = u - column, v - row
    nearest, second = np.full(u.shape, 9.0, np.float32), np.full(u.shape, 9.0, np.float32)
    owner = np.zeros(u.shape, np.intp)
    for down in (-1, 0, 1):
        line = ((row + down) % _PERIOD) * _PERIOD
        for across in (-1, 0, 1):
            index = line + (column + across) % _PERIOD
            dx = table[0].take(index) + (np.float32(across) - part_u)
            dy = table[1].take(index) + (np.float32(down) - part_v)
            distance = dx * dx + dy * dy
            np.minimum(second, np.maximum(distance, nearest), out=second)
            owner = np.where(distance < nearest, index, owner)
            np.minimum(nearest, distance, out=nearest)
    return owner, np.sqrt(nearest), np.sqrt(second)


def bend(
    canvas: Canvas, stream: tuple[str | int, ...], size_mm: float, window: Window, places: Places
) -> tuple[Field, Field]:
    """Displacements in millimetres that keep cells of a size from looking like a tiling."""
    u, v = (canvas.noise((*stream, axis), 2 * size_mm, "medium", window).take(places) for axis in ("u", "v"))
    return np.float32(0.35 * size_mm) * u, np.float32(0.35 * size_mm) * v
