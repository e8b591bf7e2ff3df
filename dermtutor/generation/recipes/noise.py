"""What fractal noise is made of: random streams, and tiles that all patients share."""

from __future__ import annotations

import functools
import hashlib
import math
import struct
import zlib
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Rng: TypeAlias = np.random.Generator

Grain: TypeAlias = Literal["smooth", "medium", "rough"]
"""How strong the fine structures of noise are beside its coarse ones."""

# Every octave of noise has structures half as large as the one before, and is weaker by this factor.
OCTAVES = 3
GAIN_OF: Final[dict[Grain, float]] = {"smooth": 0.42, "medium": 0.57, "rough": 0.72}
# Noise is white noise on a grid this much finer than its structures, spread with this standard deviation in cells.
CELLS_PER_WAVE = 2.0
_SMOOTH_CELLS = 0.75
_FINEST_WAVE_PX = 2.4
# Structures smaller than the field by 2**2 and more come from tiles; larger ones are made anew for every picture.
COARSEST_TILE = 2
# Tiles for every factor of 2 between the sizes of their structures.
TILES_PER_OCTAVE = 2


def stream(seed: int, *name: str | int) -> Rng:
    """The random stream of a name for a seed. Philox takes both as its key, which costs next to nothing."""
    key = np.array((seed % 2**64, zlib.crc32("/".join(map(str, name)).encode())), dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=key))


def chances(seed: int, *name: str | int) -> tuple[float, ...]:
    """Four numbers from 0 to 1 of a name for a seed; a tenth of the time that a random stream takes to begin."""
    text = "/".join(map(str, (seed, *name)))
    return tuple(
        each / 2**32 for each in struct.unpack("<4I", hashlib.blake2b(text.encode(), digest_size=16).digest())
    )


def finest(shape: tuple[int, int]) -> int:
    """The level of the finest tile that pixels can show."""
    return max(int(TILES_PER_OCTAVE * math.log2(max(min(shape) / _FINEST_WAVE_PX, 1))), 0)


@functools.lru_cache(maxsize=32)
def tile_of(shape: tuple[int, int], level: int, octaves: int, grain: Grain) -> NDArray[np.float32]:
    """Noise (H, W) that repeats after H and W; its coarsest structures are the field over ``2**(level / 2)``.

    All patients share it: each takes parts of it at places of their own.
    """
    tile, gain = np.zeros(shape, np.float32), np.float32(1)
    for finer in range(level, max(finest(shape), level) + 1, TILES_PER_OCTAVE)[:octaves]:
        per_px = 2 ** (finer / TILES_PER_OCTAVE) * CELLS_PER_WAVE / min(shape)
        counts = [max(1, round(side * per_px)) for side in shape]
        grid = stream(level, "tile", finer).standard_normal(counts, dtype=np.float32)
        down, across = (_repeating_spread(side, cells) for side, cells in zip(shape, counts, strict=True))
        tile += gain * (down @ grid @ across.T)
        gain *= np.float32(GAIN_OF[grain])
    # One tile serves all patients, so its own mean and spread must not be a matter of chance.
    tile = np.asarray((tile - tile.mean()) / tile.std(), dtype=np.float32)
    tile.flags.writeable = False
    return tile


def wrapped(start: int, length: int, period: int) -> list[tuple[slice, slice]]:
    """Where ``length`` pixels go, and where they come from in something that repeats after ``period``."""
    pieces, done = [], 0
    while done < length:
        first = (start + done) % period
        step = min(length - done, period - first)
        pieces.append((slice(done, done + step), slice(first, first + step)))
        done += step
    return pieces


def _repeating_spread(pixels: int, cells: int) -> NDArray[np.float32]:
    """The weights (pixels, cells) of a grid that repeats after ``pixels``."""
    return spread(slice(0, pixels), cells, cells / pixels, 0.0, repeats=True)


def spread(
    pixels: slice, cells: int, cells_per_px: float, offset: float, repeats: bool = False
) -> NDArray[np.float32]:
    """Round (Gaussian) weights (pixels, cells) that carry noise from a grid to pixels and keep its variance."""
    place = (np.arange(pixels.start, pixels.stop, dtype=np.float32) + np.float32(0.5)) * np.float32(
        cells_per_px
    )
    away = place[:, None] + np.float32(offset) - np.arange(cells, dtype=np.float32)[None, :]
    if repeats:
        away -= np.float32(cells) * np.rint(away * np.float32(1 / cells))
    weights = np.exp(away * away * np.float32(-0.5 / _SMOOTH_CELLS**2))
    return np.asarray(weights / np.sqrt((weights * weights).sum(axis=1, keepdims=True)), dtype=np.float32)


def threshold(share: float) -> float:
    """The value that a standard normal field stays below on ``share`` of the area (logistic approximation)."""
    share = min(max(share, 0.004), 0.996)
    return float(np.log(share / (1 - share)) / 1.702)
