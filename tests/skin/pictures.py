"""Synthetic skin to try the optics on: uneven light, texture, shine and a pigmented lesion."""

from __future__ import annotations

import numpy as np

from dermtutor.skin.chromophores import MELANIN
from dermtutor.skin.colour import BoolArray, ByteArray, Float32Array, linear_to_bytes
from dermtutor.skin.tones import CANONICAL_DENSITY


def disc(side: int, radius: float, centre: tuple[float, float] | None = None) -> BoolArray:
    """A disc ``(side, side)``, in the middle if no centre (row, column) is given."""
    row, column = centre or (side / 2, side / 2)
    rows, columns = np.mgrid[:side, :side]
    return np.asarray((rows - row) ** 2 + (columns - column) ** 2 < radius**2)


def canonical_skin(
    seed: int, side: int = 96, lesion: BoolArray | None = None, melanin: float = 1.2, shine: float = 0.0
) -> ByteArray:
    """Canonical skin ``(side, side, 3)`` with uneven light and texture; a lesion has `melanin` more.

    `shine` is the surface light of some thirty small highlights.
    """
    rng = np.random.default_rng(seed)
    rows, columns = np.mgrid[:side, :side] / side - 0.5
    shading = rng.normal(0, 0.2) * rows + rng.normal(0, 0.2) * columns
    texture = rng.normal(0, 0.05, (side, side)) + shading
    colour_noise = rng.normal(0, 0.015, (side, side, 3))
    density = CANONICAL_DENSITY + texture[..., None] + colour_noise
    if lesion is not None:
        density = density + np.where(lesion, melanin, 0.0)[..., None] * MELANIN
    light: Float32Array = np.exp(-density).astype(np.float32)
    if shine:
        light += np.float32(shine) * highlights(seed, side)[..., None]
    return linear_to_bytes(light)


def highlights(seed: int, side: int) -> BoolArray:
    """Some thirty highlights of two by two pixels, ``(side, side)``."""
    rng = np.random.default_rng(seed + 1)
    spots = np.zeros((side, side), dtype=np.bool_)
    for row, column in rng.integers(4, side - 6, (30, 2)):
        spots[row : row + 2, column : column + 2] = True
    return spots


def as_mask(lesion: BoolArray) -> ByteArray:
    """A lesion mask in bytes."""
    return np.where(lesion, 255, 0).astype(np.uint8)
