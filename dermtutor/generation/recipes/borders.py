"""Draws the borders of lesions as depths: one lesion after the other, and small round ones all together."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dermtutor.generation.fields import Field, Window
from dermtutor.generation.recipes.canvas import Canvas
from dermtutor.generation.recipes.distribution import Instance
from dermtutor.generation.recipes.forms import away_from_round, form_depth, round_form
from dermtutor.generation.recipes.noise import Rng
from dermtutor.generation.recipes.terms import Form

_CORE_OF_LOBED = 0.72
# How softly two rounds of one lesion run together, as a share of the radius.
_FILLET = 0.24
# Small round lesions are drawn together in squares whose side is a multiple of this, so many pixels at once.
_SIDES = 8
_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class DepthFields:
    """The axes, and the fields under construction: depth, index of the owner, the noise that bends every border."""

    x: Field
    y: Field
    depth: Field
    owner: NDArray[np.intp]
    bend_x: Field
    bend_y: Field


def rounds_of(rng: Rng, whole: Instance, number: int) -> list[Instance]:
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


@dataclass(frozen=True, slots=True)
class BorderDrawing:
    """Writes lesions into the fields, each where it lies deeper than what is there."""

    canvas: Canvas
    fields: DepthFields
    form: Form
    irregularity: float
    reach_mm: float

    def draw(self, index: int, whole: Instance, rounds: list[Instance]) -> None:
        """One lesion, whose rounds join smoothly."""
        window = window_of(self.canvas, whole, self.irregularity, self.reach_mm)
        if window is None:
            return
        xs, ys = self.fields.x[:, window[1]], self.fields.y[window[0]]
        bend_x, bend_y = self.fields.bend_x[window], self.fields.bend_y[window]
        depth: Field | None = None
        for part in rounds:
            bend = np.float32(self.irregularity * (0.5 * part.radius + 0.5 * whole.radius))
            one = form_depth(part, self.form, xs + bend * bend_x, ys + bend * bend_y)
            depth = one if depth is None else _smooth_max(depth, one, _FILLET * part.radius)
        if depth is not None:
            self._write(index, window, depth)

    def draw_rounds(self, indices: list[int], instances: tuple[Instance, ...]) -> None:
        """Lesions of one round each, those of about one size at once: most of the time would go into single calls."""
        sizes: dict[int, list[tuple[int, Window]]] = {}
        for index in indices:
            window = window_of(self.canvas, instances[index], self.irregularity, self.reach_mm)
            if window is not None:
                side = max(each.stop - each.start for each in window)
                sizes.setdefault(-(-side // _SIDES) * _SIDES, []).append((index, window))
        for side, group in sizes.items():
            for start in range(0, len(group), most := max(1, _AT_ONCE // side**2)):
                self._draw_alike(side, group[start : start + most], instances)

    def _draw_alike(
        self, side: int, group: list[tuple[int, Window]], instances: tuple[Instance, ...]
    ) -> None:
        """Lesions in windows of at most ``side`` pixels a side."""
        height, width = self.canvas.shape
        offset = np.arange(side)
        row = np.minimum(np.array([window[0].start for _, window in group])[:, None] + offset, height - 1)
        column = np.minimum(np.array([window[1].start for _, window in group])[:, None] + offset, width - 1)
        places = row[:, :, None] * width + column[:, None, :]
        parts = [instances[index] for index, _ in group]
        form = np.array([round_form(part) for part in parts], np.float32)[:, :, None, None]
        radius, middle_x, middle_y = (
            np.array([getattr(part, name) for part in parts], np.float32)[:, None, None]
            for name in ("radius", "x", "y")
        )
        bend = np.float32(self.irregularity) * radius
        dx = bend * self.fields.bend_x.take(places)
        dx += self.fields.x[0].take(column)[:, None, :] - middle_x
        dy = bend * self.fields.bend_y.take(places)
        dy += self.fields.y[:, 0].take(row)[:, :, None] - middle_y
        depth = away_from_round(dx, dy, form[:, 0], form[:, 1], form[:, 2])
        depth *= -radius
        depth += radius
        for (index, window), one in zip(group, depth, strict=True):
            rows, columns = (each.stop - each.start for each in window)
            self._write(index, window, one[:rows, :columns])

    def _write(self, index: int, window: Window, depth: Field) -> None:
        present = self.fields.depth[window]
        self.fields.owner[window][depth > present] = index
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


def window_of(
    canvas: Canvas, whole: Instance, irregularity: float, reach_mm: float
) -> tuple[slice, slice] | None:
    """The pixels that a lesion, its lobes and ``reach_mm`` around it may cover, or None when none is in the picture."""
    margin = reach_mm + 2 * canvas.mm_per_px + 0.6 * whole.radius
    size = whole.radius * (whole.elongation**0.5 + 2.5 * irregularity) + margin
    return _window(canvas, whole.x, whole.y, size)


def joined(windows: list[Window | None]) -> Window:
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
