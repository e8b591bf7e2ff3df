"""The patterns of a distribution: rules that propose places for one lesion after another."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from dermtutor.generation.recipes.canvas import Canvas
from dermtutor.generation.recipes.noise import Rng
from dermtutor.generation.recipes.regions import crease_of, edge_of_cover

Points: TypeAlias = NDArray[np.float64]
"""Places (N, 2) in millimetres from the middle of the picture."""

_TRIES = 32
# Follicles along one side of the lattice: more would only cost time.
_MOST_FOLLICLES = 120


def patterned(
    rng: Rng,
    pattern: str,
    centre: Points,
    half: float,
    band: float,
    angle: float,
    count: int,
    candidates: Points | None,
) -> Callable[[], Points]:
    """The rule of a pattern that holds anywhere on the body: a function that draws a handful of places (N, 2)."""
    along = np.array((math.cos(angle), math.sin(angle)))
    across = np.array((-along[1], along[0]))
    bend = float(rng.uniform(-0.25, 0.25)) / half
    seeds = _group_seeds(rng, centre, half, count, candidates)

    def scattered() -> Points:
        if candidates is not None:
            return _pick(rng, candidates, _TRIES)
        # A photographer puts one or two lesions near the middle; many fill the field.
        wide = half * min(1.0, 0.35 + 0.08 * count)
        return np.asarray(rng.uniform(-wide, wide, (_TRIES, 2)) + centre)

    def follicular() -> Points:
        return _pick(rng, candidates if candidates is not None else centre[None], _TRIES)

    def solitary() -> Points:
        return np.asarray(centre + rng.normal(0, 0.04 * half, (_TRIES, 2)))

    def grouped() -> Points:
        return _pick(rng, seeds, _TRIES) + rng.normal(0, band / 2.6, (_TRIES, 2))

    def banded(tightness: float) -> Callable[[], Points]:
        def draw() -> Points:
            s = rng.uniform(-1.25 * half, 1.25 * half, (_TRIES, 1))
            t = rng.normal(0, band * tightness, (_TRIES, 1)) + bend * s * s
            return np.asarray(centre * np.abs(across) + s * along + t * across)

        return draw

    def ring(arc: float) -> Callable[[], Points]:
        def draw() -> Points:
            turn = angle + rng.uniform(-arc, arc, _TRIES)
            radius = np.maximum(half * 0.5 + rng.normal(0, band / 4, _TRIES), 0)
            return np.asarray(centre + radius[:, None] * np.stack((np.cos(turn), np.sin(turn)), axis=1))

        return draw

    rules: dict[str, Callable[[], Points]] = {
        "solitary": solitary,
        "scattered": scattered,
        "follicular": follicular,
        "along-border": scattered,
        "grouped": grouped,
        "linear": banded(0.08),
        "dermatomal": banded(0.30),
        "annular": ring(math.pi),
        "arcuate": ring(0.6 * math.pi),
    }
    return rules[pattern]


def regional(
    canvas: Canvas, rng: Rng, pattern: str, half: float, band: float, count: int
) -> Callable[[], Points] | None:
    """The rule of a pattern that names a region of the body, or None."""

    def flexural() -> Points:
        along = np.clip(rng.normal(0, 0.45, _TRIES), -1, 1) * half
        return crease_of(canvas).points(along, rng.normal(0, band / 2.6, _TRIES))

    def exposed() -> Points:
        spots = rng.uniform(-half, half, (3 * _TRIES, 2))
        return np.asarray(spots[edge_of_cover(canvas).away(spots[:, 0], spots[:, 1]) > 0][:_TRIES])

    if pattern == "flexural":
        return flexural
    if pattern == "photo-exposed":
        return exposed
    return _mirrored(rng, half, count) if pattern == "centrofacial" else None


def _mirrored(rng: Rng, half: float, count: int) -> Callable[[], Points]:
    """On both sides of the middle of the face, in pairs that are nearly mirror images."""
    pairs = rng.uniform((0.16, -0.62), (0.66, 0.62), (count // 2 + 1, 2)) * half
    number = itertools.count()

    def draw() -> Points:
        each = next(number)
        x, y = pairs[each // 2 % len(pairs)]
        middle = np.array((x if each % 2 else -x, y))
        return np.asarray(middle + rng.normal(0, 0.07 * half, (_TRIES, 2)))

    return draw


def follicles(rng: Rng, canvas: Canvas, pitch: float) -> Points:
    """Places of hair follicles: a jittered triangular lattice, ``pitch`` millimetres apart."""
    height, width = (side + 2 * pitch for side in canvas.extent_mm)
    rows, columns = max(1, int(height / (0.87 * pitch))), max(1, int(width / pitch))
    row, column = np.indices((min(rows, _MOST_FOLLICLES), min(columns, _MOST_FOLLICLES)))
    spots = np.stack(((column + 0.5 * (row % 2)) * pitch, row * 0.87 * pitch), axis=-1).reshape(-1, 2)
    spots += rng.normal(0, 0.2 * pitch, spots.shape) - np.array((width, height)) / 2
    return np.asarray(spots, dtype=np.float64)


def _pick(rng: Rng, points: Points, number: int) -> Points:
    """Points by their place in the list: a list of slightly another length gives neighbouring points."""
    return np.asarray(points[(rng.random(number) * len(points)).astype(np.intp)])


def _group_seeds(rng: Rng, centre: Points, half: float, count: int, candidates: Points | None) -> Points:
    if candidates is not None:
        return _pick(rng, candidates, max(count, 1))
    return np.asarray(rng.uniform(-0.6 * half, 0.6 * half, (max(count, 1), 2)) + centre, dtype=np.float64)
