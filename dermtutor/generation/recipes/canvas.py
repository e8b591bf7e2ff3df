"""The patch of skin that a lesion is drawn on: millimetres, random streams, noise and filters.

Everything is laid out in millimetres from the middle of the patch, and every random quantity has a named
stream of its own, so the same seed gives the same lesion at 256 px and at 1024 px, and adding one part to a
recipe does not redraw the others.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dermtutor.generation.recipes.noise import (
    CELLS_PER_WAVE,
    COARSEST_TILE,
    GAIN_OF,
    OCTAVES,
    TILES_PER_OCTAVE,
    Grain,
    Rng,
    chances,
    finest,
    spread,
    stream,
    tile_of,
    wrapped,
)

Field: TypeAlias = NDArray[np.float32]
"""One number per pixel, (H, W) float32."""

Window: TypeAlias = tuple[slice, slice]
"""Rows and columns of a part of the picture."""

Places: TypeAlias = NDArray[np.intp]
"""Some pixels: their indices (N,) in the flattened picture, in rising order."""


@dataclass(frozen=True, slots=True)
class Canvas:
    """``height`` and ``width`` in pixels; ``field_mm`` is what the shorter side shows of the skin.

    ``mm_per_px`` are millimetres of skin per pixel.
    """

    height: int
    width: int
    field_mm: float
    seed: int
    mm_per_px: float

    @classmethod
    def of(cls, shape: tuple[int, int], field_mm: float, seed: int) -> Self:
        """A canvas of a shape (height, width) in pixels."""
        return cls(*shape, field_mm, seed, field_mm / min(shape))

    @property
    def extent_mm(self) -> tuple[float, float]:
        """Height and width of the patch in millimetres."""
        return self.height * self.mm_per_px, self.width * self.mm_per_px

    @property
    def shape(self) -> tuple[int, int]:
        """(height, width) in pixels."""
        return self.height, self.width

    def axes(self) -> tuple[Field, Field]:
        """x (1, W) and y (H, 1) in millimetres from the middle, y downwards."""
        step = np.float32(self.mm_per_px)
        x = (np.arange(self.width, dtype=np.float32) - np.float32((self.width - 1) / 2)) * step
        y = (np.arange(self.height, dtype=np.float32) - np.float32((self.height - 1) / 2)) * step
        return x[None, :], y[:, None]

    def at(self, places: Places) -> tuple[Field, Field]:
        """x and y (N,) of some pixels in millimetres from the middle, y downwards."""
        x, y = self.axes()
        return np.broadcast_to(x, self.shape).take(places), np.broadcast_to(y, self.shape).take(places)

    def everywhere(self) -> Places:
        """All pixels."""
        return np.arange(self.height * self.width)

    def zeros(self) -> Field:
        """A field of zeros."""
        return np.zeros(self.shape, np.float32)

    def rng(self, *name: str | int) -> Rng:
        """The random stream of that name: the same numbers whatever else was drawn before."""
        return stream(self.seed, *name)

    def noise(
        self,
        name: tuple[str | int, ...],
        scale_mm: float,
        grain: Grain = "medium",
        window: Window | None = None,
    ) -> Field:
        """Fractal noise with mean near 0 and standard deviation near 1; 0 outside the ``window``.

        The coarsest structure is about ``scale_mm`` across. Octaves finer than the pixels are left out.
        """
        part = window or (slice(0, self.height), slice(0, self.width))
        field = self.zeros()
        total = field[part]
        level = self._level(scale_mm)
        octaves, gain, power = OCTAVES, 1.0, 0.0
        rng = self.rng("noise", *name) if level < TILES_PER_OCTAVE * COARSEST_TILE else None
        while rng is not None and octaves and level < TILES_PER_OCTAVE * COARSEST_TILE:
            wave_mm = self.field_mm / 2 ** (level / TILES_PER_OCTAVE)
            total += np.float32(gain) * self._coarse(rng, wave_mm, part)
            power += gain * gain
            octaves, gain, level = octaves - 1, gain * GAIN_OF[grain], level + TILES_PER_OCTAVE
        if octaves:
            tile = tile_of(self.shape, min(level, finest(self.shape)), octaves, grain)
            self._add_tile(total, chances(self.seed, *name), tile, gain, part)
            power += gain * gain
        if power != 1:
            total *= np.float32(1 / power**0.5)
        return field

    def noise_at(
        self, name: tuple[str | int, ...], scale_mm: float, grain: Grain, places: Places, window: Window
    ) -> Field:
        """The same noise (N,) at some pixels of the window; where they are few, only there."""
        level = self._level(scale_mm)
        if level < TILES_PER_OCTAVE * COARSEST_TILE or 4 * len(places) > self.height * self.width:
            return taken(self.noise(name, scale_mm, grain, window), places)
        down, across, upside, mirrored = chances(self.seed, *name)
        tile = tile_of(self.shape, min(level, finest(self.shape)), OCTAVES, grain)
        tile = tile[:: -1 if upside < 0.5 else 1, :: -1 if mirrored < 0.5 else 1]
        row, column = np.divmod(places, self.width)
        row += int(down * self.height)
        column += int(across * self.width)
        row[row >= self.height] -= self.height
        column[column >= self.width] -= self.width
        return tile[row, column]

    def _level(self, scale_mm: float) -> int:
        """The tile whose coarsest structures are about ``scale_mm`` across."""
        return round(TILES_PER_OCTAVE * math.log2(self.field_mm / scale_mm))

    def _add_tile(
        self, total: Field, chances: tuple[float, ...], tile: Field, gain: float, part: Window
    ) -> None:
        """Adds a part of a tile at a place, and mirrored in a way, of its own.

        Tiles repeat: what runs over one of their sides comes in at the other.
        """
        down, across, upside, mirrored = chances
        tile = tile[:: -1 if upside < 0.5 else 1, :: -1 if mirrored < 0.5 else 1]
        rows = wrapped(part[0].start + int(down * self.height), total.shape[0], self.height)
        columns = wrapped(part[1].start + int(across * self.width), total.shape[1], self.width)
        for to_rows, from_rows in rows:
            for to_columns, from_columns in columns:
                piece = tile[from_rows, from_columns]
                total[to_rows, to_columns] += piece if gain == 1 else np.float32(gain) * piece

    def _coarse(self, rng: Rng, wave_mm: float, part: Window) -> Field:
        """Noise of structures that are not much smaller than the picture."""
        cell = wave_mm / CELLS_PER_WAVE
        height, width = self.extent_mm
        grid = rng.standard_normal((int(height / cell) + 7, int(width / cell) + 7), dtype=np.float32)
        step = self.mm_per_px / cell
        down, across = (spread(pixels, n, step, 3.0) for pixels, n in zip(part, grid.shape, strict=True))
        return np.asarray(down @ grid @ across.T, dtype=np.float32)


def resize(
    field: Field, shape: tuple[int, int], box: tuple[float, float, float, float] | None = None
) -> Field:
    """The field, or the ``box`` (left, top, right, bottom) of it, resampled to ``shape`` by cubic interpolation."""
    picture = Image.fromarray(np.ascontiguousarray(field, dtype=np.float32))
    return np.asarray(
        picture.resize((shape[1], shape[0]), Image.Resampling.BICUBIC, box=box), dtype=np.float32
    )


def blur(field: Field, sigma_px: float) -> Field:
    """Gaussian blur of (H, W) or (H, W, 3) with edge replication; wide ones run on a reduced picture."""
    if sigma_px < 0.25:
        return field
    if field.ndim == 3:
        return np.stack([blur(field[..., channel], sigma_px) for channel in range(field.shape[2])], axis=-1)
    height, width = field.shape
    factor = int(min(sigma_px / 1.6, min(height, width) / 8))
    if factor >= 2:
        small = (max(4, -(-height // factor)), max(4, -(-width // factor)))
        return resize(_convolve(resize(field, small), sigma_px * small[1] / width), field.shape[:2])
    return _convolve(field, sigma_px)


def _convolve(field: Field, sigma_px: float) -> Field:
    reach = max(1, int(2.6 * sigma_px + 0.5))
    taps = np.exp(-0.5 * (np.arange(reach + 1) / sigma_px) ** 2)
    return filtered(field, (taps / (2 * taps.sum() - taps[0])).tolist())


def filtered(field: Field, weights: Sequence[float]) -> Field:
    """A field (H, W) under a symmetric filter both ways, its taps from the middle outwards, edges repeated."""
    taps, reach = np.array(weights, np.float32), len(weights) - 1
    for axis in (0, 1):
        length = field.shape[axis]
        total = field * taps[0]
        padded = _padded(field, reach, axis)
        pair = np.empty(field.shape, np.float32)
        for away in range(1, reach + 1):
            before, after = (slice(at, at + length) for at in (reach - away, reach + away))
            if axis == 0:
                np.add(padded[before], padded[after], out=pair)
            else:
                np.add(padded[:, before], padded[:, after], out=pair)
            pair *= taps[away]
            total += pair
        field = total
    return field


def _padded(field: Field, reach: int, axis: int) -> Field:
    """The field with its first and last line repeated ``reach`` times along an axis."""
    height, width = field.shape
    if axis == 0:
        lines = np.empty((height + 2 * reach, width), np.float32)
        lines[:reach], lines[reach:-reach], lines[-reach:] = field[:1], field, field[-1:]
        return lines
    lines = np.empty((height, width + 2 * reach), np.float32)
    lines[:, :reach], lines[:, reach:-reach], lines[:, -reach:] = field[:, :1], field, field[:, -1:]
    return lines


def smoothstep(value: Field, low: float, high: float) -> Field:
    """0 below ``low``, 1 above ``high``, smooth between."""
    t = (value - np.float32(low)) * np.float32(1 / (high - low))
    np.maximum(t, 0, out=t)
    np.minimum(t, 1, out=t)
    curve = t * np.float32(-2)
    curve += 3
    curve *= t
    curve *= t
    return cast(Field, curve)


def bounds(inside: NDArray[np.bool_], margin: int = 0) -> Window:
    """The smallest window that holds all pixels of a mask, with a margin; a single pixel when there is none."""
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    if not len(rows):
        return slice(0, 1), slice(0, 1)
    height, width = inside.shape
    return (
        slice(max(0, int(rows[0]) - margin), min(height, int(rows[-1]) + 1 + margin)),
        slice(max(0, int(columns[0]) - margin), min(width, int(columns[-1]) + 1 + margin)),
    )


def connected(seed: NDArray[np.bool_], inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The parts of a mask (h, w) that are connected to any pixel of a seed (h, w) by their sides."""
    reached = seed & inside
    while True:
        grown = reached.copy()
        grown[1:] |= reached[:-1]
        grown[:-1] |= reached[1:]
        grown[:, 1:] |= reached[:, :-1]
        grown[:, :-1] |= reached[:, 1:]
        grown &= inside
        if np.array_equal(grown, reached):
            return reached
        reached = grown


def places_of(mask: NDArray[np.bool_]) -> Places:
    """The pixels where a mask (H, W) is true."""
    return np.flatnonzero(mask)


def taken(field: Field, places: Places) -> Field:
    """The values (N,) of some pixels of a field; of all pixels it is the field itself, not to be changed."""
    return field.reshape(-1) if len(places) == field.size else field.take(places)


def put(field: Field, places: Places, values: NDArray[np.floating]) -> None:
    """Writes values (N,) into some pixels of a field."""
    if len(places) == field.size:
        field.reshape(-1)[:] = values
    else:
        field.reshape(-1)[places] = values


def add_at(field: Field, places: Places, values: NDArray[np.floating]) -> None:
    """Adds values (N,) to some pixels of a field."""
    if len(places) == field.size:
        field.reshape(-1)[:] += values
    else:
        field.reshape(-1)[places] += values


def gradient(field: Field, step: float) -> tuple[Field, Field]:
    """Derivatives (along x, along y) per unit of ``step``, by central differences."""
    dx, dy = np.zeros_like(field), np.zeros_like(field)
    half = np.float32(0.5 / step)
    dx[:, 1:-1] = (field[:, 2:] - field[:, :-2]) * half
    dy[1:-1] = (field[2:] - field[:-2]) * half
    return dx, dy
