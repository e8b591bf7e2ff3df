"""Where lesions lie and how large each is: from the terms of a distribution to positions in millimetres."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from dermtutor.generation.recipes.canvas import Canvas
from dermtutor.generation.recipes.model import Distribution, Lesion, Shape
from dermtutor.generation.recipes.noise import Rng
from dermtutor.generation.recipes.patterns import Layout, Points, follicles, patterned, regional
from dermtutor.generation.recipes.regions import crease_of, net_of

if TYPE_CHECKING:
    from dermtutor.generation.recipes.shapes import Outline

Point: TypeAlias = tuple[float, float]
_Proposer: TypeAlias = Callable[[float], Points]
# Centres keep this share of their radius away from the picture's edge, so that a lesion is rarely cut in half.
_INSIDE = 0.75
# Lesions of one kind take at most this part of the picture: the rest shows the healthy skin beside them.
_FULLEST = 0.42
# One lesion takes at most this part of it.
_LARGEST = 0.26


@dataclass(frozen=True, slots=True)
class Instance:
    """One lesion: centre and radius in millimetres, elongation, direction of its long axis, and its own chance.

    ``token`` (0 to 1) decides everything in which this lesion differs from its neighbours: its stage, its
    colour.
    """

    x: float
    y: float
    radius: float
    elongation: float
    angle: float
    token: float


def place(canvas: Canvas, lesion: Lesion, severity: float, parent: Outline | None) -> tuple[Instance, ...]:
    """The lesions of one kind, largest first. ``parent`` is the outline they keep to, when the recipe names one."""
    rng = canvas.rng(lesion.name, "distribution")
    distribution, shape = lesion.distribution, lesion.shape
    count = distribution.count.draw_count(rng, severity)
    per_group = max(1, distribution.per_group.draw_count(rng, severity))
    spacing = distribution.spacing.draw(rng, severity)
    radii = _radii(rng, shape, severity, count * per_group)
    angle = math.radians(distribution.angle.draw(rng, severity))
    if distribution.pattern == "reticulate":
        return _cords(canvas, rng, distribution, severity, radii)
    if distribution.pattern == "flexural":
        angle = crease_of(canvas).angle
    propose = _proposer(canvas, rng, distribution, severity, count, angle, parent)
    placed = np.empty((len(radii), 3))
    number = 0
    field = math.prod(canvas.extent_mm)
    room, largest = _FULLEST * field, math.sqrt(_LARGEST * field / math.pi)
    for radius in (min(each, largest) for each in radii):
        room -= math.pi * radius * radius
        if room < 0 and number:
            continue
        spot = _free_spot(propose(radius), placed[:number], radius, spacing)
        if spot is not None:
            placed[number] = (*spot, radius)
            number += 1
    return tuple(_instance(rng, shape, severity, angle, *each) for each in placed[:number].tolist())


def _cords(
    canvas: Canvas, rng: Rng, distribution: Distribution, severity: float, radii: list[float]
) -> tuple[Instance, ...]:
    """Some of the sides of a net, one lesion each, as wide as the lesions are and as long as the side."""
    cords = list(net_of(canvas, distribution.band_mm.draw(rng, severity)))
    off = distribution.off_centre.draw(rng, severity) * min(canvas.extent_mm) / 2
    turn = float(rng.uniform(0, 2 * math.pi))
    # From the middle of the net outwards, with gaps.
    away = np.array(
        [math.hypot(each.x - off * math.cos(turn), each.y - off * math.sin(turn)) for each in cords]
    )
    nearest = np.argsort(away * np.exp(0.3 * rng.standard_normal(len(cords))))
    lesions = []
    for index, half in zip(nearest.tolist(), radii, strict=False):
        cord = cords[index]
        # A little longer than the side, so that neighbours join.
        long = max(0.62 * cord.length, half)
        lesions.append(
            Instance(cord.x, cord.y, math.sqrt(long * half), long / half, cord.angle, float(rng.random()))
        )
    return tuple(lesions)


def _radii(rng: Rng, shape: Shape, severity: float, number: int) -> list[float]:
    typical = shape.diameter_mm.draw(rng, severity) / 2
    spread = shape.variation.draw(rng, severity)
    factors = np.clip(np.exp(spread * rng.standard_normal(number)), 0.35, 2.2)
    return sorted((typical * float(factor) for factor in factors), reverse=True)


def _instance(
    rng: Rng, shape: Shape, severity: float, angle: float, x: float, y: float, radius: float
) -> Instance:
    elongation, aligned = shape.elongation.draw(rng, severity), shape.aligned.draw(rng, severity)
    turn = angle + (1 - aligned) * float(rng.uniform(-math.pi / 2, math.pi / 2))
    return Instance(x, y, radius, elongation, turn, float(rng.random()))


def _free_spot(spots: Points, placed: Points, radius: float, spacing: float) -> Point | None:
    """The first of the spots (N, 2) that is far enough from the lesions (M, 3) already placed: x, y, radius."""
    if not len(spots):
        return None
    across, down = spots[:, :1] - placed[:, 0], spots[:, 1:] - placed[:, 1]
    across *= across
    down *= down
    across += down
    least = spacing * (placed[:, 2] + radius)
    free = np.all(across >= least * least, axis=1)
    first = int(np.argmax(free))
    return (float(spots[first, 0]), float(spots[first, 1])) if np.any(free) else None


def _proposer(
    canvas: Canvas,
    rng: Rng,
    distribution: Distribution,
    severity: float,
    count: int,
    angle: float,
    parent: Outline | None,
) -> _Proposer:
    """Proposes places (N, 2) for a lesion of a radius: in the picture, and inside the parent where there is one."""
    height, width = canvas.extent_mm
    half, sides = min(height, width) / 2, np.array((width, height)) / 2
    off = distribution.off_centre.draw(rng, severity) * half
    turn = float(rng.uniform(0, 2 * math.pi))
    centre = np.array((off * math.cos(turn), off * math.sin(turn)))
    band = distribution.band_mm.draw(rng, severity)
    candidates = _candidates(canvas, rng, distribution.pattern, band, parent)
    layout = Layout(centre, half, band, angle, count, candidates)
    draw = regional(canvas, rng, distribution.pattern, layout) or patterned(rng, distribution.pattern, layout)
    on_border = distribution.pattern == "along-border"

    def propose(radius: float) -> Points:
        spots = draw()
        if parent is None:
            margin = min(_INSIDE * radius, 0.6 * half)
            return spots[(np.abs(spots) <= sides - margin).all(axis=1)]
        return spots if on_border else spots[parent.depths_at(spots[:, 0], spots[:, 1]) >= 0]

    return propose


def _candidates(canvas: Canvas, rng: Rng, pattern: str, band: float, parent: Outline | None) -> Points | None:
    """The places (N, 2) that the pattern chooses from; None: any."""
    if pattern == "follicular":
        return follicles(rng, canvas, band)
    if parent is None:
        return None
    if pattern == "along-border":
        return _border_points(canvas, parent, band)
    return _inside_points(canvas, parent)


# Candidate points come from a coarse grid of fixed size, so they are the same at every picture size.
_GRID = 96


def _grid_depth(canvas: Canvas, parent: Outline) -> tuple[Points, Points]:
    height, width = canvas.extent_mm
    ys = (np.arange(_GRID) + 0.5) / _GRID * height - height / 2
    xs = (np.arange(_GRID) + 0.5) / _GRID * width - width / 2
    points = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
    return points, np.array(parent.depths_at(points[:, 0], points[:, 1]), dtype=np.float64)


def _border_points(canvas: Canvas, parent: Outline, band: float) -> Points:
    points, depth = _grid_depth(canvas, parent)
    near = points[(depth > 0) & (depth < max(band, canvas.field_mm / _GRID))]
    return near if len(near) else points[[int(depth.argmax())]]


def _inside_points(canvas: Canvas, parent: Outline) -> Points:
    points, depth = _grid_depth(canvas, parent)
    inside = points[depth > 0]
    return inside if len(inside) else points[[int(depth.argmax())]]
