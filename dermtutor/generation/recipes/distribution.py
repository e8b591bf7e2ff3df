"""Where lesions lie and how large each is: from the terms of a distribution to positions in millimetres."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from dermtutor.generation.recipes.canvas import Canvas, Rng
from dermtutor.generation.recipes.model import Distribution, Lesion, Shape

if TYPE_CHECKING:
    from dermtutor.generation.recipes.shapes import Outline

Point: TypeAlias = tuple[float, float]
_TRIES = 40
# Centres keep this share of their radius away from the picture's edge, so that a lesion is rarely cut in half.
_INSIDE = 0.55


@dataclass(frozen=True, slots=True)
class Instance:
    """One lesion: centre and radius in millimetres, elongation, direction of its long axis, and its own chance.

    ``token`` (0 to 1) decides everything in which this lesion differs from its neighbours: its stage, its colour.
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
    propose = _proposer(canvas, rng, distribution, severity, count, parent)
    placed: list[tuple[float, float, float]] = []
    for radius in radii:
        spot = _free_spot(propose, placed, radius, spacing)
        if spot is not None:
            placed.append((*spot, radius))
    return tuple(_instance(rng, shape, severity, x, y, radius) for x, y, radius in placed)


def _radii(rng: Rng, shape: Shape, severity: float, number: int) -> list[float]:
    typical = shape.diameter_mm.draw(rng, severity) / 2
    spread = shape.variation.draw(rng, severity)
    factors = np.clip(np.exp(spread * rng.standard_normal(number)), 0.35, 2.2)
    return sorted((typical * float(factor) for factor in factors), reverse=True)


def _instance(rng: Rng, shape: Shape, severity: float, x: float, y: float, radius: float) -> Instance:
    elongation = shape.elongation.draw(rng, severity)
    return Instance(x, y, radius, elongation, float(rng.uniform(0, math.pi)), float(rng.random()))


def _free_spot(
    propose: Callable[[], Point | None],
    placed: list[tuple[float, float, float]],
    radius: float,
    spacing: float,
) -> Point | None:
    others = np.array(placed, dtype=np.float64).reshape(-1, 3)
    for _ in range(_TRIES):
        spot = propose(radius)
        if spot is None:
            continue
        apart = np.hypot(others[:, 0] - spot[0], others[:, 1] - spot[1])
        if np.all(apart >= spacing * (others[:, 2] + radius)):
            return spot
    return None


def _proposer(
    canvas: Canvas, rng: Rng, distribution: Distribution, severity: float, count: int, parent: Outline | None
) -> Callable[[float], Point | None]:
    """Proposes the next centre for a radius, or None where the proposal left the picture or the parent."""
    height, width = canvas.extent_mm
    half = min(height, width) / 2
    off = distribution.off_centre.draw(rng, severity) * half
    turn = float(rng.uniform(0, 2 * math.pi))
    centre = (off * math.cos(turn), off * math.sin(turn))
    band = distribution.band_mm.draw(rng, severity)
    angle = math.radians(distribution.angle.draw(rng, severity))
    if distribution.pattern == "along-border":
        candidates = _border_points(canvas, rng, parent, band)
    elif parent is not None:
        candidates = _inside_points(canvas, parent)
    else:
        candidates = None
    draw = _pattern(rng, distribution.pattern, centre, half, band, angle, count, candidates)

    def propose(radius: float) -> Point | None:
        x, y = draw()
        margin = min(_INSIDE * radius, 0.6 * half)
        if candidates is None and (abs(x) > width / 2 - margin or abs(y) > height / 2 - margin):
            return None
        if parent is not None and distribution.pattern != "along-border" and parent.depth_at(x, y) < 0:
            return None
        return x, y

    return propose


def _pattern(
    rng: Rng,
    pattern: str,
    centre: Point,
    half: float,
    band: float,
    angle: float,
    count: int,
    candidates: NDArray[np.float64] | None,
) -> Callable[[], Point]:
    """The rule of one pattern as a function that draws the next centre."""
    along, across = (math.cos(angle), math.sin(angle)), (-math.sin(angle), math.cos(angle))
    bend = float(rng.uniform(-0.25, 0.25)) / half
    seeds = _group_seeds(rng, centre, half, count, candidates)

    def scattered() -> Point:
        if candidates is not None:
            x, y = _pick(rng, candidates)
            return float(x), float(y)
        x, y = rng.uniform(-half, half, 2)
        return float(x) + centre[0] / 2, float(y) + centre[1] / 2

    def solitary() -> Point:
        jitter = rng.normal(0, 0.04 * half, 2)
        return centre[0] + float(jitter[0]), centre[1] + float(jitter[1])

    def grouped() -> Point:
        x, y = _pick(rng, seeds)
        dx, dy = rng.normal(0, band / 2.6, 2)
        return float(x + dx), float(y + dy)

    def banded(tightness: float) -> Callable[[], Point]:
        def draw() -> Point:
            s, t = float(rng.uniform(-1.25 * half, 1.25 * half)), float(rng.normal(0, band * tightness))
            t += bend * s * s
            return (
                centre[0] * abs(across[0]) + s * along[0] + t * across[0],
                centre[1] * abs(across[1]) + s * along[1] + t * across[1],
            )

        return draw

    def ring(arc: float) -> Callable[[], Point]:
        def draw() -> Point:
            turn, radius = (
                angle + float(rng.uniform(-arc, arc)),
                max(half * 0.5 + float(rng.normal(0, band / 4)), 0.0),
            )
            return centre[0] + radius * math.cos(turn), centre[1] + radius * math.sin(turn)

        return draw

    rules: dict[str, Callable[[], Point]] = {
        "solitary": solitary,
        "scattered": scattered,
        "follicular": scattered,
        "along-border": scattered,
        "grouped": grouped,
        "linear": banded(0.08),
        "dermatomal": banded(0.30),
        "annular": ring(math.pi),
        "arcuate": ring(0.6 * math.pi),
    }
    return rules[pattern]


def _pick(rng: Rng, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """A point by its place in the list: a list of slightly another length gives a neighbouring point."""
    return np.asarray(points[int(rng.random() * len(points))])


def _group_seeds(
    rng: Rng, centre: Point, half: float, count: int, candidates: NDArray[np.float64] | None
) -> NDArray[np.float64]:
    if candidates is not None:
        return np.stack([_pick(rng, candidates) for _ in range(count)])
    return np.asarray(rng.uniform(-0.6 * half, 0.6 * half, (count, 2)) + np.array(centre), dtype=np.float64)


# Candidate points come from a coarse grid of fixed size, so they are the same at every picture size.
_GRID = 96


def _grid_depth(canvas: Canvas, parent: Outline) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    height, width = canvas.extent_mm
    ys = (np.arange(_GRID) + 0.5) / _GRID * height - height / 2
    xs = (np.arange(_GRID) + 0.5) / _GRID * width - width / 2
    points = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
    return points, np.array(parent.depths_at(points[:, 0], points[:, 1]), dtype=np.float64)


def _border_points(canvas: Canvas, rng: Rng, parent: Outline | None, band: float) -> NDArray[np.float64]:
    if parent is None:
        return np.zeros((1, 2))
    points, depth = _grid_depth(canvas, parent)
    near = points[(depth > 0) & (depth < max(band, canvas.field_mm / _GRID))]
    return near if len(near) else _inside_points(canvas, parent)


def _inside_points(canvas: Canvas, parent: Outline) -> NDArray[np.float64]:
    points, depth = _grid_depth(canvas, parent)
    inside = points[depth > 0]
    return inside if len(inside) else points[[int(depth.argmax())]]
