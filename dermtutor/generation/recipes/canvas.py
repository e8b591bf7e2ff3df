"""The patch of skin that a lesion is drawn on: millimetres, random streams, noise and filters.

Everything is laid out in millimetres from the middle of the patch, and every random quantity has a named
stream of its own, so the same seed gives the same lesion at 256 px and at 1024 px, and adding one part to a
recipe does not redraw the others.
"""

from __future__ import annotations

import functools
import math
import zlib
from dataclasses import dataclass
from typing import Any, Self, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Field: TypeAlias = NDArray[np.float32]
"""One number per pixel, (H, W) float32."""

Window: TypeAlias = tuple[slice, slice]
"""Rows and columns of a part of the picture."""

Places: TypeAlias = tuple[NDArray[np.intp], NDArray[np.intp]]
"""Rows and columns (N,) of some pixels."""

Rng: TypeAlias = np.random.Generator

# Noise is white noise on a grid this much finer than its structures, spread with this standard deviation in cells.
_CELLS_PER_WAVE = 2.0
_SMOOTH_CELLS = 0.75
_FINEST_WAVE_PX = 2.4
# Structures smaller than the field by 2**2 and more come from tiles made once per picture; larger ones are made anew.
_COARSEST_TILE = 2


@dataclass(frozen=True, slots=True)
class Canvas:
    """``height`` and ``width`` in pixels; ``field_mm`` is what the shorter side shows of the skin.

    ``tiles`` hold noise of one size each, halving from tile to tile, repeated once down and across.
    """

    height: int
    width: int
    field_mm: float
    seed: int
    tiles: tuple[Field, ...] = ()

    @classmethod
    def of(cls, shape: tuple[int, int], field_mm: float, seed: int) -> Self:
        """A canvas with its tiles of noise."""
        finest = int(math.log2(max(min(shape) / _FINEST_WAVE_PX, 1)))
        levels = range(_COARSEST_TILE, max(finest, _COARSEST_TILE) + 1)
        return cls(
            *shape,
            field_mm,
            seed,
            tuple(_tile(shape, level, stream(seed, "tile", level)) for level in levels),
        )

    @property
    def mm_per_px(self) -> float:
        """Millimetres of skin per pixel."""
        return self.field_mm / min(self.height, self.width)

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
        octaves: int = 4,
        rough: float = 0.55,
        window: Window | None = None,
    ) -> Field:
        """Fractal noise with mean near 0 and standard deviation near 1; 0 outside the ``window``.

        The coarsest structure is about ``scale_mm`` across, each octave is half as large and ``rough`` times
        as strong. Octaves finer than the pixels are left out.
        """
        rng = self.rng("noise", *name)
        part = window or (slice(0, self.height), slice(0, self.width))
        total = np.zeros((part[0].stop - part[0].start, part[1].stop - part[1].start), np.float32)
        scratch = np.empty_like(total)
        power, gain = 0.0, 1.0
        for octave in range(octaves):
            wave = max(scale_mm / 2**octave, _FINEST_WAVE_PX * self.mm_per_px)
            self._add_octave(total, scratch, rng, wave, gain, part)
            power += gain * gain
            gain *= rough
            if wave * 0.75 < _FINEST_WAVE_PX * self.mm_per_px:
                break
        total *= np.float32(1 / power**0.5)
        if window is None:
            return total
        field = self.zeros()
        field[window] = total
        return field

    def _add_octave(
        self, total: Field, scratch: Field, rng: Rng, wave_mm: float, gain: float, part: Window
    ) -> None:
        """Adds noise of one size: between two tiles a mixture of both."""
        place = math.log2(self.field_mm / wave_mm) - _COARSEST_TILE
        if place < 0 or not self.tiles:
            np.multiply(self._coarse(rng, wave_mm, part), np.float32(gain), out=scratch)
            total += scratch
            return
        level = min(int(place), len(self.tiles) - 1)
        finer = min(level + 1, len(self.tiles) - 1)
        share = min(place - level, 1.0) if finer > level else 0.0
        for tile, weight in ((self.tiles[level], 1 - share), (self.tiles[finer], share)):
            cut = self._cut(tile, rng, part)
            if weight > 0.02:
                np.multiply(cut, np.float32(gain * weight**0.5), out=scratch)
                total += scratch

    def _cut(self, tile: Field, rng: Rng, part: Window) -> Field:
        """A part of a tile at a place, and mirrored in a way, of its own."""
        down, across, upside, mirrored = rng.random(4)
        rows = slice(part[0].start + int(down * self.height), part[0].stop + int(down * self.height))
        columns = slice(part[1].start + int(across * self.width), part[1].stop + int(across * self.width))
        return tile[:: -1 if upside < 0.5 else 1, :: -1 if mirrored < 0.5 else 1][rows, columns]

    def _coarse(self, rng: Rng, wave_mm: float, part: Window) -> Field:
        """Noise of structures that are not much smaller than the picture."""
        cell = wave_mm / _CELLS_PER_WAVE
        height, width = self.extent_mm
        grid = rng.standard_normal((int(height / cell) + 7, int(width / cell) + 7), dtype=np.float32)
        step = self.mm_per_px / cell
        down, across = (_spread(pixels, n, step, 3.0) for pixels, n in zip(part, grid.shape, strict=True))
        return np.asarray(down @ grid @ across.T, dtype=np.float32)


def stream(seed: int, *name: str | int) -> Rng:
    """The random stream of a name for a seed. Philox takes both as its key, which costs next to nothing."""
    key = np.array((seed % 2**64, zlib.crc32("/".join(map(str, name)).encode())), dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=key))


def _tile(shape: tuple[int, int], level: int, rng: Rng) -> Field:
    """Noise (2H, 2W) of structures of the field over 2**level that repeats after H and W."""
    per_px = 2**level * _CELLS_PER_WAVE / min(shape)
    counts = [max(1, round(side * per_px)) for side in shape]
    grid = rng.standard_normal(counts, dtype=np.float32)
    down, across = (_repeating_spread(side, cells) for side, cells in zip(shape, counts, strict=True))
    return np.tile(down @ grid @ across.T, (2, 2))


@functools.lru_cache(maxsize=64)
def _repeating_spread(pixels: int, cells: int) -> Field:
    """The weights (pixels, cells) of a grid that repeats after ``pixels``; the same for every picture of a size."""
    weights = _spread(slice(0, pixels), cells, cells / pixels, 0.0, repeats=True)
    weights.flags.writeable = False
    return weights


def _spread(pixels: slice, cells: int, cells_per_px: float, offset: float, repeats: bool = False) -> Field:
    """Round (Gaussian) weights (pixels, cells) that carry noise from a grid to pixels and keep its variance."""
    place = (np.arange(pixels.start, pixels.stop, dtype=np.float32) + np.float32(0.5)) * np.float32(
        cells_per_px
    )
    away = place[:, None] + np.float32(offset) - np.arange(cells, dtype=np.float32)[None, :]
    if repeats:
        away -= np.float32(cells) * np.rint(away * np.float32(1 / cells))
    weights = np.exp(away * away * np.float32(-0.5 / _SMOOTH_CELLS**2))
    return np.asarray(weights / np.sqrt((weights * weights).sum(axis=1, keepdims=True)), dtype=np.float32)


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
    taps = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma_px) ** 2)
    taps /= taps.sum()
    for axis in (0, 1):
        padding: Any = [(reach, reach) if a == axis else (0, 0) for a in (0, 1)]
        padded = np.pad(field, padding, mode="edge")
        length = field.shape[axis]
        total, scratch = np.zeros(field.shape, np.float32), np.empty(field.shape, np.float32)
        for k, tap in enumerate(taps):
            window = padded[k : k + length] if axis == 0 else padded[:, k : k + length]
            np.multiply(window, np.float32(tap), out=scratch)
            total += scratch
        field = total
    return field


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


def places_of(mask: NDArray[np.bool_]) -> Places:
    """The pixels where a mask (H, W) is true."""
    rows, columns = np.nonzero(mask)
    return rows, columns


def gradient(field: Field, step: float) -> tuple[Field, Field]:
    """Derivatives (along x, along y) per unit of ``step``, by central differences."""
    dx, dy = np.zeros_like(field), np.zeros_like(field)
    half = np.float32(0.5 / step)
    dx[:, 1:-1] = (field[:, 2:] - field[:, :-2]) * half
    dy[1:-1] = (field[2:] - field[:-2]) * half
    return dx, dy
