"""The patch of skin that a lesion is drawn on: millimetres, random streams, noise and filters.

Everything is laid out in millimetres from the middle of the patch, and every random quantity has a named
stream of its own, so the same seed gives the same lesion at 256 px and at 1024 px, and adding one part to a
recipe does not redraw the others.
"""

from __future__ import annotations

import functools
import hashlib
import math
import struct
import zlib
from dataclasses import dataclass
from typing import Final, Literal, Self, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Field: TypeAlias = NDArray[np.float32]
"""One number per pixel, (H, W) float32."""

Window: TypeAlias = tuple[slice, slice]
"""Rows and columns of a part of the picture."""

Places: TypeAlias = NDArray[np.intp]
"""Some pixels: their indices (N,) in the flattened picture, in rising order."""

Rng: TypeAlias = np.random.Generator

Grain: TypeAlias = Literal["smooth", "medium", "rough"]
"""How strong the fine structures of noise are beside its coarse ones."""

# Every octave of noise has structures half as large as the one before, and is weaker by this factor.
_OCTAVES = 3
_GAIN_OF: Final[dict[Grain, float]] = {"smooth": 0.42, "medium": 0.57, "rough": 0.72}
# Noise is white noise on a grid this much finer than its structures, spread with this standard deviation in cells.
_CELLS_PER_WAVE = 2.0
_SMOOTH_CELLS = 0.75
_FINEST_WAVE_PX = 2.4
# Structures smaller than the field by 2**2 and more come from tiles; larger ones are made anew for every picture.
_COARSEST_TILE = 2
# Tiles for every factor of 2 between the sizes of their structures.
_TILES_PER_OCTAVE = 2


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
        level = round(_TILES_PER_OCTAVE * math.log2(self.field_mm / scale_mm))
        octaves, gain, power = _OCTAVES, 1.0, 0.0
        rng = self.rng("noise", *name) if level < _TILES_PER_OCTAVE * _COARSEST_TILE else None
        while rng is not None and octaves and level < _TILES_PER_OCTAVE * _COARSEST_TILE:
            wave_mm = self.field_mm / 2 ** (level / _TILES_PER_OCTAVE)
            total += np.float32(gain) * self._coarse(rng, wave_mm, part)
            power += gain * gain
            octaves, gain, level = octaves - 1, gain * _GAIN_OF[grain], level + _TILES_PER_OCTAVE
        if octaves:
            tile = _tile(self.shape, min(level, _finest(self.shape)), octaves, grain)
            self._add_tile(total, _chances(self.seed, *name), tile, gain, part)
            power += gain * gain
        if power != 1:
            total *= np.float32(1 / power**0.5)
        return field

    def _add_tile(
        self, total: Field, chances: tuple[float, ...], tile: Field, gain: float, part: Window
    ) -> None:
        """Adds a part of a tile at a place, and mirrored in a way, of its own.

        Tiles repeat: what runs over one of their sides comes in at the other.
        """
        down, across, upside, mirrored = chances
        tile = tile[:: -1 if upside < 0.5 else 1, :: -1 if mirrored < 0.5 else 1]
        rows = _wrapped(part[0].start + int(down * self.height), total.shape[0], self.height)
        columns = _wrapped(part[1].start + int(across * self.width), total.shape[1], self.width)
        for to_rows, from_rows in rows:
            for to_columns, from_columns in columns:
                piece = tile[from_rows, from_columns]
                total[to_rows, to_columns] += piece if gain == 1 else np.float32(gain) * piece

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


def _chances(seed: int, *name: str | int) -> tuple[float, ...]:
    """Four numbers from 0 to 1 of a name for a seed; a tenth of the time that a random stream takes to begin."""
    text = "/".join(map(str, (seed, *name)))
    return tuple(
        each / 2**32 for each in struct.unpack("<4I", hashlib.blake2b(text.encode(), digest_size=16).digest())
    )


def _finest(shape: tuple[int, int]) -> int:
    """The level of the finest tile that pixels can show."""
    return max(int(_TILES_PER_OCTAVE * math.log2(max(min(shape) / _FINEST_WAVE_PX, 1))), 0)


@functools.lru_cache(maxsize=32)
def _tile(shape: tuple[int, int], level: int, octaves: int, grain: Grain) -> Field:
    """Noise (H, W) that repeats after H and W; its coarsest structures are the field over ``2**(level / 2)``.

    All patients share it: each takes parts of it at places of their own.
    """
    tile, gain = np.zeros(shape, np.float32), np.float32(1)
    for finer in range(level, max(_finest(shape), level) + 1, _TILES_PER_OCTAVE)[:octaves]:
        per_px = 2 ** (finer / _TILES_PER_OCTAVE) * _CELLS_PER_WAVE / min(shape)
        counts = [max(1, round(side * per_px)) for side in shape]
        grid = stream(level, "tile", finer).standard_normal(counts, dtype=np.float32)
        down, across = (_repeating_spread(side, cells) for side, cells in zip(shape, counts, strict=True))
        tile += gain * (down @ grid @ across.T)
        gain *= np.float32(_GAIN_OF[grain])
    # One tile serves all patients, so its own mean and spread must not be a matter of chance.
    tile = np.asarray((tile - tile.mean()) / tile.std(), dtype=np.float32)
    tile.flags.writeable = False
    return tile


def _wrapped(start: int, length: int, period: int) -> list[tuple[slice, slice]]:
    """Where ``length`` pixels go, and where they come from in something that repeats after ``period``."""
    pieces, done = [], 0
    while done < length:
        first = (start + done) % period
        step = min(length - done, period - first)
        pieces.append((slice(done, done + step), slice(first, first + step)))
        done += step
    return pieces


def _repeating_spread(pixels: int, cells: int) -> Field:
    """The weights (pixels, cells) of a grid that repeats after ``pixels``."""
    return _spread(slice(0, pixels), cells, cells / pixels, 0.0, repeats=True)


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
    taps = np.exp(-0.5 * (np.arange(reach + 1) / sigma_px) ** 2)
    taps = (taps / (2 * taps.sum() - taps[0])).astype(np.float32)
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


def put(field: Field, places: Places, values: NDArray[np.floating]) -> None:
    """Writes values (N,) into some pixels of a field."""
    field.reshape(-1)[places] = values


def gradient(field: Field, step: float) -> tuple[Field, Field]:
    """Derivatives (along x, along y) per unit of ``step``, by central differences."""
    dx, dy = np.zeros_like(field), np.zeros_like(field)
    half = np.float32(0.5 / step)
    dx[:, 1:-1] = (field[:, 2:] - field[:, :-2]) * half
    dy[1:-1] = (field[2:] - field[:-2]) * half
    return dx, dy
