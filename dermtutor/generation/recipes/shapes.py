"""Outlines: where a lesion's border runs, how deep inside it a pixel lies, and to which lesion it belongs.

A border is a round, elongated, bent by fractal noise and, with lobes, joined to its neighbours; so it is
never a geometric figure, and its depth field gives sharp and diffuse borders, active edges and halos alike.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dermtutor.generation.fields import (
    Field,
    Places,
    Window,
    add_at,
    bounds,
    places_of,
    put,
    smoothstep,
    taken,
)
from dermtutor.generation.recipes.borders import BorderDrawing, DepthFields, joined, rounds_of, window_of
from dermtutor.generation.recipes.canvas import Canvas
from dermtutor.generation.recipes.distribution import Instance
from dermtutor.generation.recipes.forms import inner_radius
from dermtutor.generation.recipes.model import Lesion
from dermtutor.generation.recipes.terms import Zone

_OUTSIDE_MM = -1e3
# Pixels across the healthy skin that the network draws: no border is sharper than that skin, however large the picture.
_SKIN_PX = 256
# Lesions that take more of the picture than this are drawn everywhere: looking up so many places costs more.
_DENSE = 0.3
# How much the sharpness of one border differs from place to place: the spread of its logarithm.
_UNEQUAL = 0.6


@dataclass(frozen=True, slots=True)
class Outline:
    """All lesions of one kind as fields (H, W), or (N,) at some pixels.

    ``depth``: millimetres inside the border (negative outside). ``cover``: 1 inside, 0 outside, with the border's
    own softness. ``towards_centre``: 0 at the border, 1 in the middle of each lesion. ``owner``: index of the lesion
    that a pixel belongs to, ``radius`` its radius in millimetres. ``window``: the part of the picture that has any,
    ``near``: the pixels that anything of it is drawn on.
    """

    canvas: Canvas
    depth: Field
    cover: Field
    towards_centre: Field
    radius: Field
    owner: NDArray[np.intp]
    window: Window
    near: Places
    instances: tuple[Instance, ...]

    def at(self, places: Places) -> Outline:
        """The outline at some pixels, every field (N,)."""
        owner = self.owner.reshape(-1) if len(places) == self.owner.size else self.owner.take(places)
        return replace(
            self,
            depth=taken(self.depth, places),
            cover=taken(self.cover, places),
            towards_centre=taken(self.towards_centre, places),
            radius=taken(self.radius, places),
            owner=owner,
            near=places,
        )

    @property
    def token(self) -> Field:
        """The owner's chance, 0 to 1, per pixel."""
        return self._of_owner([each.token for each in self.instances])

    @property
    def rank(self) -> Field:
        """The owner's size among its kind per pixel, 0 smallest, 1 largest."""
        number = len(self.instances)
        return self._of_owner([1 - (index + 0.5) / number for index in range(number)])

    def inside_owner(self) -> tuple[Field, Field]:
        """Across and down in the owner, -1 to 1 from border to border, of an outline at some pixels, (N,)."""
        scale = 1 / self.radius
        centres = np.array([(each.x, each.y) for each in self.instances] or [(0, 0)], np.float32)
        x, y = self.canvas.at(self.near)
        across = np.asarray((x - centres[:, 0].take(self.owner)) * scale, dtype=np.float32)
        return across, np.asarray((y - centres[:, 1].take(self.owner)) * scale, dtype=np.float32)

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

    def depths_at(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> Field:
        """Depths at points given in millimetres from the middle; the nearest pixel outside the picture."""
        height, width = self.canvas.shape
        step = self.canvas.mm_per_px
        column = np.clip(np.rint(x / step + (width - 1) / 2), 0, width - 1).astype(np.intp)
        row = np.clip(np.rint(y / step + (height - 1) / 2), 0, height - 1).astype(np.intp)
        return self.depth[row, column]


def outline(
    canvas: Canvas, lesion: Lesion, instances: tuple[Instance, ...], severity: float, reach_mm: float
) -> Outline:
    """The outline of all lesions of one kind. Depth is exact up to ``reach_mm`` outside the borders."""
    rng = canvas.rng(lesion.name, "shape")
    irregularity = lesion.shape.irregularity.draw(rng, severity)
    ragged = lesion.shape.ragged_mm.draw(rng, severity)
    border = lesion.shape.border_mm.draw(rng, severity)
    median = float(np.median([i.radius for i in instances])) if instances else 1.0
    part = joined([window_of(canvas, each, irregularity, reach_mm) for each in instances])
    bends = [canvas.noise((lesion.name, "bend", axis), 1.5 * median, "smooth", part) for axis in ("x", "y")]
    nothing = np.full(canvas.shape, _OUTSIDE_MM, np.float32)
    fields = DepthFields(*canvas.axes(), nothing, np.zeros(canvas.shape, np.intp), *bends)
    drawing = BorderDrawing(canvas, fields, lesion.shape.form, irregularity, reach_mm)
    single: list[int] = []
    for index, instance in enumerate(instances):
        lobes = lesion.shape.lobes.draw_count(rng, severity)
        if lobes <= 1 and lesion.shape.form == "round":
            single.append(index)
        else:
            drawing.draw(index, instance, rounds_of(rng, instance, lobes))
    drawing.draw_rounds(single, instances)
    depth = fields.depth
    near = near_places(depth > -reach_mm)
    wander = canvas.noise_at((lesion.name, "ragged"), min(2.5, 0.8 * median), "medium", near, part)
    add_at(depth, near, np.float32(ragged) * wander)
    window = bounds(depth > -reach_mm)
    radii = [inner_radius(each, lesion.shape.form) for each in instances]
    radius = np.array(radii or [1.0], np.float32).take(fields.owner)
    cover, inward, deep = canvas.zeros(), canvas.zeros(), taken(depth, near)
    put(cover, near, _cover(canvas, lesion, deep, border, median, near, part))
    put(inward, near, np.clip(deep / taken(radius, near), 0, 1))
    return Outline(canvas, depth, cover, inward, radius, fields.owner, window, near, instances)


def near_places(near: NDArray[np.bool_]) -> Places:
    """The pixels of a mask (H, W), or all of them when it holds most."""
    return places_of(near) if np.count_nonzero(near) < _DENSE * near.size else np.arange(near.size)


def _cover(
    canvas: Canvas,
    lesion: Lesion,
    depth: Field,
    border_mm: float,
    median_mm: float,
    near: Places,
    window: Window,
) -> Field:
    """1 inside, 0 outside, for depths (N,) at ``near``, with a border that is not equally sharp all around."""
    softness = canvas.noise_at((lesion.name, "softness"), 1.6 * median_mm, "smooth", near, window)
    half = np.exp(np.float32(_UNEQUAL) * softness)
    half *= np.float32(border_mm / 2)
    np.maximum(half, np.float32(0.8 * max(canvas.mm_per_px, canvas.field_mm / _SKIN_PX)), out=half)
    return smoothstep(depth / half, -1, 1)
