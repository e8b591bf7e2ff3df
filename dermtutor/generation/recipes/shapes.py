"""Outlines: where a lesion's border runs, how deep inside it a pixel lies, and to which lesion it belongs.

A border is a round, elongated, bent by fractal noise and, with lobes, joined to its neighbours; so it is
never a geometric figure, and its depth field gives sharp and diffuse borders, active edges and halos alike.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dermtutor.generation.recipes.canvas import Canvas, Field, Places, Rng, Window, bounds, smoothstep
from dermtutor.generation.recipes.distribution import Instance
from dermtutor.generation.recipes.forms import form_depth, inner_radius
from dermtutor.generation.recipes.model import Lesion
from dermtutor.generation.recipes.terms import Form, Zone

_OUTSIDE_MM = -1e3
_CORE_OF_LOBED = 0.72
# How softly two rounds of one lesion run together, as a share of the radius.
_FILLET = 0.24
# Pixels across the healthy skin that the network draws: no border is sharper than that skin, however large the picture.
_SKIN_PX = 256
# How much the sharpness of one border differs from place to place: the spread of its logarithm.
_UNEQUAL = 0.45


@dataclass(frozen=True, slots=True)
class Outline:
    """All lesions of one kind as fields (H, W).

    ``depth``: millimetres inside the border (negative outside). ``cover``: 1 inside, 0 outside, with the border's
    own softness. ``towards_centre``: 0 at the border, 1 in the middle of each lesion. ``owner``: index of the lesion
    that a pixel belongs to, ``radius`` its radius in millimetres. ``window``: the part of the picture that has any.
    """

    canvas: Canvas
    depth: Field
    cover: Field
    towards_centre: Field
    radius: Field
    owner: NDArray[np.intp]
    window: Window
    instances: tuple[Instance, ...]

    @property
    def token(self) -> Field:
        """The owner's chance, 0 to 1, per pixel."""
        return self._tokens().take(self.owner)

    @property
    def rank(self) -> Field:
        """The owner's size among its kind per pixel, 0 smallest, 1 largest."""
        number = len(self.instances)
        return self._of_owner([1 - (index + 0.5) / number for index in range(number)])

    def inside_owner(self, places: Places) -> tuple[Field, Field]:
        """Across and down (N,) in the owner, -1 to 1 from border to border."""
        owner, scale = self.owner.take(places), 1 / self.radius.take(places)
        centres = np.array([(each.x, each.y) for each in self.instances] or [(0, 0)], np.float32)
        x, y = self.canvas.at(places)
        across = np.asarray((x - centres[:, 0].take(owner)) * scale, dtype=np.float32)
        return across, np.asarray((y - centres[:, 1].take(owner)) * scale, dtype=np.float32)

    def token_at(self, places: Places) -> Field:
        """The owner's chance (N,), 0 to 1, at some pixels."""
        return self._tokens().take(self.owner.take(places))

    def _tokens(self) -> Field:
        return np.array([each.token for each in self.instances] or [0.5], np.float32)

    def _of_owner(self, values: list[float]) -> Field:
        return np.array(values or [0.5], np.float32).take(self.owner)

    def zone(self, zone: Zone, width_mm: float) -> Field:
        """Weight 0 to 1 of a zone of the lesion; ``width_mm`` is used by edge, inside-edge, centre and halo."""
        width = max(width_mm, self.canvas.mm_per_px)
        if zone == "edge":
            return self.cover * (1 - smoothstep(self.depth, 0.45 * width, 1.35 * width))
        if zone == "inside-edge":
            inner = smoothstep(self.depth, 0.3 * width, 0.8 * width)
            return inner * (1 - smoothstep(self.depth, 1.1 * width, 1.9 * width))
        if zone == "centre":
            return smoothstep(self.depth, 0.6 * width, 1.5 * width)
        if zone == "ring":
            return self.ring(0.5, width)
        if zone == "apex":
            return smoothstep(self.towards_centre, 0.45, 0.95)
        if zone == "halo":
            outside = np.clip(self.depth * np.float32(-1 / (0.6 * width)), 0, 4)
            return np.asarray(np.exp(-outside * np.sqrt(outside)), dtype=np.float32)
        return self.cover

    def ring(self, at: float, width_mm: float) -> Field:
        """Weight 0 to 1 of a ring inside every lesion, ``at`` 0 (border) to 1 (centre), ``width_mm`` wide."""
        away = (self.depth - np.float32(at) * self.radius) * np.float32(
            2 / max(width_mm, self.canvas.mm_per_px)
        )
        return np.asarray(np.exp(-away * away) * self.cover, dtype=np.float32)

    def depth_at(self, x: float, y: float) -> float:
        """Depth in millimetres at a point given in millimetres from the middle."""
        return float(self.depths_at(np.array([x]), np.array([y]))[0])

    def depths_at(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> Field:
        """Depths at points given in millimetres from the middle; the nearest pixel outside the picture."""
        height, width = self.canvas.shape
        step = self.canvas.mm_per_px
        column = np.clip(np.rint(x / step + (width - 1) / 2), 0, width - 1).astype(np.intp)
        row = np.clip(np.rint(y / step + (height - 1) / 2), 0, height - 1).astype(np.intp)
        return self.depth[row, column]


@dataclass(frozen=True, slots=True)
class _Fields:
    """The axes, and the fields under construction: depth, index of the owner, the noise that bends every border."""

    x: Field
    y: Field
    depth: Field
    owner: NDArray[np.intp]
    bend_x: Field
    bend_y: Field


def outline(
    canvas: Canvas, lesion: Lesion, instances: tuple[Instance, ...], severity: float, reach_mm: float
) -> Outline:
    """The outline of all lesions of one kind. Depth is exact up to ``reach_mm`` outside the borders."""
    rng = canvas.rng(lesion.name, "shape")
    irregularity = lesion.shape.irregularity.draw(rng, severity)
    ragged = lesion.shape.ragged_mm.draw(rng, severity)
    border = lesion.shape.border_mm.draw(rng, severity)
    median = float(np.median([i.radius for i in instances])) if instances else 1.0
    part = _joined([_place(canvas, each, irregularity, reach_mm) for each in instances])
    bends = [canvas.noise((lesion.name, "bend", axis), 1.5 * median, "smooth", part) for axis in ("x", "y")]
    nothing = np.full(canvas.shape, _OUTSIDE_MM, np.float32)
    fields = _Fields(*canvas.axes(), nothing, np.zeros(canvas.shape, np.intp), *bends)
    for index, instance in enumerate(instances):
        lobes = lesion.shape.lobes.draw_count(rng, severity)
        rounds = _lobes(rng, instance, lobes)
        _draw_lesion(canvas, fields, index, instance, rounds, lesion.shape.form, irregularity, reach_mm)
    depth = fields.depth
    wander = canvas.noise((lesion.name, "ragged"), min(2.5, 0.8 * median), "medium", part)[part]
    wander *= np.float32(ragged)
    depth[part] += wander
    window = bounds(depth > -reach_mm)
    radii = [inner_radius(each, lesion.shape.form) for each in instances]
    radius = np.array(radii or [1.0], np.float32).take(fields.owner)
    cover, inward = canvas.zeros(), canvas.zeros()
    cover[window] = _cover(canvas, lesion, depth[window], border, median, window)
    np.divide(depth[window], radius[window], out=inward[window])
    np.clip(inward, 0, 1, out=inward)
    return Outline(canvas, depth, cover, inward, radius, fields.owner, window, instances)


def _cover(
    canvas: Canvas, lesion: Lesion, depth: Field, border_mm: float, median_mm: float, window: Window
) -> Field:
    """1 inside, 0 outside, for depths in a window, with a border that is not equally sharp all around."""
    softness = canvas.noise((lesion.name, "softness"), 1.6 * median_mm, "smooth", window)[window]
    softness *= np.float32(_UNEQUAL)
    half = np.exp(softness, out=softness)
    half *= np.float32(border_mm / 2)
    np.maximum(half, np.float32(0.8 * max(canvas.mm_per_px, canvas.field_mm / _SKIN_PX)), out=half)
    return smoothstep(depth / half, -1, 1)


def _lobes(rng: Rng, whole: Instance, number: int) -> list[Instance]:
    """The rounds that together make one lesion."""
    if number <= 1:
        return [whole]
    turns = rng.uniform(0, 2 * math.pi) + np.arange(number) * 2.399963
    rounds = []
    for turn in turns:
        radius = whole.radius * float(rng.uniform(0.28, 0.56))
        far = (whole.radius - 0.6 * radius) * float(rng.uniform(0.55, 1.0))
        rounds.append(
            Instance(
                whole.x + far * math.cos(turn) * whole.elongation**0.5,
                whole.y + far * math.sin(turn) / whole.elongation**0.5,
                radius,
                1 + (whole.elongation - 1) * float(rng.random()),
                float(rng.uniform(0, math.pi)),
                whole.token,
            )
        )
    core = Instance(
        whole.x, whole.y, whole.radius * _CORE_OF_LOBED, whole.elongation, whole.angle, whole.token
    )
    return [core, *rounds]


def _draw_lesion(
    canvas: Canvas,
    fields: _Fields,
    index: int,
    whole: Instance,
    rounds: list[Instance],
    form: Form,
    irregularity: float,
    reach_mm: float,
) -> None:
    """Joins the rounds of one lesion smoothly and writes it where it lies deeper than what is there."""
    window = _place(canvas, whole, irregularity, reach_mm)
    if window is None:
        return
    xs, ys = fields.x[:, window[1]], fields.y[window[0]]
    bend_x, bend_y = fields.bend_x[window], fields.bend_y[window]
    depth: Field | None = None
    for part in rounds:
        bend = np.float32(irregularity * (0.5 * part.radius + 0.5 * whole.radius))
        one = form_depth(part, form, xs + bend * bend_x, ys + bend * bend_y)
        depth = one if depth is None else _smooth_max(depth, one, _FILLET * part.radius)
    if depth is None:
        return
    present = fields.depth[window]
    fields.owner[window][depth > present] = index
    np.maximum(present, depth, out=present)


def _smooth_max(a: Field, b: Field, width: float) -> Field:
    """Maximum with a fillet of about ``width`` where the two meet."""
    near = a - b
    np.abs(near, out=near)
    np.subtract(np.float32(width), near, out=near)
    np.maximum(near, 0, out=near)
    near *= near
    near *= np.float32(0.25 / max(width, 1e-3))
    near += np.maximum(a, b)
    return near


def _place(
    canvas: Canvas, whole: Instance, irregularity: float, reach_mm: float
) -> tuple[slice, slice] | None:
    """The pixels that a lesion, its lobes and ``reach_mm`` around it may cover, or None when none is in the picture."""
    margin = reach_mm + 2 * canvas.mm_per_px + 0.6 * whole.radius
    size = whole.radius * (whole.elongation**0.5 + 2.5 * irregularity) + margin
    return _window(canvas, whole.x, whole.y, size)


def _joined(windows: list[Window | None]) -> Window:
    """The smallest window that holds all of them; a single pixel when there is none."""
    there = [window for window in windows if window is not None]
    if not there:
        return slice(0, 1), slice(0, 1)
    rows, columns = zip(*there, strict=True)
    return (
        slice(min(each.start for each in rows), max(each.stop for each in rows)),
        slice(min(each.start for each in columns), max(each.stop for each in columns)),
    )


def _window(canvas: Canvas, x: float, y: float, size: float) -> tuple[slice, slice] | None:
    """The pixels within ``size`` millimetres of a point, or None when none is in the picture."""
    step = canvas.mm_per_px
    column, row = x / step + (canvas.width - 1) / 2, y / step + (canvas.height - 1) / 2
    reach = size / step
    top, bottom = max(0, int(row - reach)), min(canvas.height, int(row + reach) + 2)
    left, right = max(0, int(column - reach)), min(canvas.width, int(column + reach) + 2)
    return (slice(top, bottom), slice(left, right)) if top < bottom and left < right else None
