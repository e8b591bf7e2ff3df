"""The patterns of a distribution: rules that propose places for one lesion after another."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from dermtutor.generation.recipes.canvas import Canvas
from dermtutor.generation.recipes.noise import Rng
from dermtutor.generation.recipes.regions import crease_of, edge_of_cover

Points: TypeAlias = NDArray[np.float64]
"""Places (N, 2) in millimetres from the middle of the picture."""
Rule: TypeAlias = Callable[[], Points]
"""Draws a handful of places."""

_TRIES = 32
# Follicles along one side of the lattice: more would only cost time.
_MOST_FOLLICLES = 120


@dataclass(frozen=True, slots=True)
class Layout:
    """What one patient's pattern is laid out by, in millimetres from the middle of the picture.

    ``centre`` (2,) is the middle of the pattern, ``half`` half the picture's shorter side, ``band`` the width of a
    group, a band or a border, ``angle`` the pattern's direction in radians, ``count`` how many lesions there may be.
    ``candidates`` (N, 2) are the places that a pattern chooses from, None: any.
    """

    centre: Points
    half: float
    band: float
    angle: float
    count: int
    candidates: Points | None


def patterned(rng: Rng, pattern: str, layout: Layout) -> Rule:
    """The rule of a pattern that holds anywhere on the body."""
    band = layout.band
    bend = float(rng.uniform(-0.25, 0.25)) / layout.half
    seeds = _group_seeds(rng, layout)
    rules: dict[str, Rule] = {
        "solitary": partial(_solitary, rng, layout),
        "scattered": partial(_scattered, rng, layout),
        "follicular": partial(_follicular, rng, layout),
        "along-border": partial(_scattered, rng, layout),
        "grouped": partial(_grouped, rng, seeds, band / 2.6),
        "linear": partial(_banded, rng, layout, 0.08 * band, bend),
        "dermatomal": partial(_banded, rng, layout, 0.30 * band, bend),
        "annular": partial(_ring, rng, layout, math.pi),
        "arcuate": partial(_ring, rng, layout, 0.6 * math.pi),
    }
    return rules[pattern]


def _solitary(rng: Rng, layout: Layout) -> Points:
    return np.asarray(layout.centre + rng.normal(0, 0.04 * layout.half, (_TRIES, 2)))


def _scattered(rng: Rng, layout: Layout) -> Points:
    if layout.candidates is not None:
        return _pick(rng, layout.candidates, _TRIES)
    # A photographer puts one or two lesions near the middle; many fill the field.
    wide = layout.half * min(1.0, 0.35 + 0.08 * layout.count)
    return np.asarray(rng.uniform(-wide, wide, (_TRIES, 2)) + layout.centre)


def _follicular(rng: Rng, layout: Layout) -> Points:
    return _pick(rng, layout.centre[None] if layout.candidates is None else layout.candidates, _TRIES)


def _grouped(rng: Rng, seeds: Points, spread: float) -> Points:
    """Around some of the seeds (N, 2)."""
    return _pick(rng, seeds, _TRIES) + rng.normal(0, spread, (_TRIES, 2))


def _banded(rng: Rng, layout: Layout, spread: float, bend: float) -> Points:
    """Along the pattern's direction, in a band that bends a little."""
    along = np.array((math.cos(layout.angle), math.sin(layout.angle)))
    across = np.array((-along[1], along[0]))
    s = rng.uniform(-1.25 * layout.half, 1.25 * layout.half, (_TRIES, 1))
    t = rng.normal(0, spread, (_TRIES, 1)) + bend * s * s
    return np.asarray(layout.centre * np.abs(across) + s * along + t * across)


def _ring(rng: Rng, layout: Layout, arc: float) -> Points:
    """On a ring, or the part of one that lies within ``arc`` radians of the pattern's direction."""
    turn = layout.angle + rng.uniform(-arc, arc, _TRIES)
    radius = np.maximum(layout.half * 0.5 + rng.normal(0, layout.band / 4, _TRIES), 0)
    return np.asarray(layout.centre + radius[:, None] * np.stack((np.cos(turn), np.sin(turn)), axis=1))


def regional(canvas: Canvas, rng: Rng, pattern: str, layout: Layout) -> Rule | None:
    """The rule of a pattern that names a region of the body, or None."""
    if pattern == "flexural":
        return partial(_flexural, canvas, rng, layout)
    if pattern == "photo-exposed":
        return partial(_exposed, canvas, rng, layout.half)
    return _mirrored(rng, layout.half, layout.count) if pattern == "centrofacial" else None


def _flexural(canvas: Canvas, rng: Rng, layout: Layout) -> Points:
    along = np.clip(rng.normal(0, 0.45, _TRIES), -1, 1) * layout.half
    return crease_of(canvas).points(along, rng.normal(0, layout.band / 2.6, _TRIES))


def _exposed(canvas: Canvas, rng: Rng, half: float) -> Points:
    spots = rng.uniform(-half, half, (3 * _TRIES, 2))
    return np.asarray(spots[edge_of_cover(canvas).away(spots[:, 0], spots[:, 1]) > 0][:_TRIES])


def _mirrored(rng: Rng, half: float, count: int) -> Rule:
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


def _group_seeds(rng: Rng, layout: Layout) -> Points:
    number = max(layout.count, 1)
    if layout.candidates is not None:
        return _pick(rng, layout.candidates, number)
    return np.asarray(rng.uniform(-0.6 * layout.half, 0.6 * layout.half, (number, 2)) + layout.centre)
