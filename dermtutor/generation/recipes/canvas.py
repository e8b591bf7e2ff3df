"""The patch of skin that a lesion is drawn on: millimetres, random streams and noise.

Everything is laid out in millimetres from the middle of the patch, and every random quantity has a named
stream of its own, so the same seed gives the same lesion at 256 px and at 1024 px, and adding one part to a
recipe does not redraw the others.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

import numpy as np

from dermtutor.generation.fields import Field, Places, Window, taken
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
        if level < TILES_PER_OCTAVE * COARSEST_TILE or 12 * len(places) > self.height * self.width:
            return taken(self.noise(name, scale_mm, grain, window), places)
        down, across, upside, mirrored = chances(self.seed, *name)
        tile = tile_of(self.shape, min(level, finest(self.shape)), OCTAVES, grain)
        row = places // self.width
        column = places - row * self.width
        row = _moved(row, int(down * self.height), self.height, upside < 0.5)
        column = _moved(column, int(across * self.width), self.width, mirrored < 0.5)
        return tile.take(row * self.width + column)

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


def _moved(index: Places, by: int, period: int, mirrored: bool) -> Places:
    """Indices moved in something that repeats after ``period``, and that may be read backwards."""
    index = index + by
    index -= period * (index >= period)
    return np.subtract(period - 1, index, out=index) if mirrored else index
