"""Tilings of the skin into flakes, plates or follicles: cells around jittered points."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dermtutor.generation.fields import Field, Places, Window
from dermtutor.generation.recipes.canvas import Canvas


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


# Cells after which the jitter repeats; a power of two.
_PERIOD = 64
_PART = 8192


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
    owner = np.zeros(u.shape, np.intp)
    nearest, second = np.full(u.shape, 9.0, np.float32), np.full(u.shape, 9.0, np.float32)
    # In parts, so that what is worked on stays in the cache.
    for start in range(0, len(u), _PART):
        part = slice(start, start + _PART)
        _search_around(u[part], v[part], table, owner[part], nearest[part], second[part])
    return owner, np.sqrt(nearest, out=nearest), np.sqrt(second, out=second)


def _search_around(
    u: Field, v: Field, table: Field, owner: NDArray[np.intp], nearest: Field, second: Field
) -> None:
    """Looks for the nearest points in the nine cells around every place; distances (N,) squared, all in place."""
    left, above = np.floor(u), np.floor(v)
    column, row = left.astype(np.intp), above.astype(np.intp)
    part_u, part_v = u - left, v - above
    columns = [((column + step) & (_PERIOD - 1), np.float32(step) - part_u) for step in (-1, 0, 1)]
    for step in (-1, 0, 1):
        line, down = ((row + step) & (_PERIOD - 1)) * _PERIOD, np.float32(step) - part_v
        for at, across in columns:
            index = line + at
            distance, dy = table[0].take(index), table[1].take(index)
            distance += across
            distance *= distance
            dy += down
            dy *= dy
            distance += dy
            np.minimum(second, np.maximum(distance, nearest, out=dy), out=second)
            np.copyto(owner, index, where=distance < nearest)
            np.minimum(nearest, distance, out=nearest)


def bend(
    canvas: Canvas, stream: tuple[str | int, ...], size_mm: float, window: Window, places: Places
) -> tuple[Field, Field]:
    """Displacements in millimetres that keep cells of a size from looking like a tiling."""
    u, v = (canvas.noise_at((*stream, axis), 2 * size_mm, "medium", places, window) for axis in ("u", "v"))
    return np.float32(0.35 * size_mm) * u, np.float32(0.35 * size_mm) * v
