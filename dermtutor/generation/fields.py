"""Fields: one number per pixel. What is done to them, whatever they mean.

Much is written for speed: a field is changed in place, or some of its pixels alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Field: TypeAlias = NDArray[np.float32]
"""One number per pixel, (H, W) float32."""

Window: TypeAlias = tuple[slice, slice]
"""Rows and columns of a part of the picture."""

Places: TypeAlias = NDArray[np.intp]
"""Some pixels: their indices (N,) in the flattened picture, in rising order."""


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


def raise_to(field: Field, places: Places, values: Field) -> None:
    """Makes some pixels of a field at least as large as values (N,)."""
    put(field, places, np.maximum(taken(field, places), values))


def gradient(field: Field, step: float) -> tuple[Field, Field]:
    """Derivatives (along x, along y) per unit of ``step``, by central differences."""
    dx, dy = np.zeros_like(field), np.zeros_like(field)
    half = np.float32(0.5 / step)
    dx[:, 1:-1] = (field[:, 2:] - field[:, :-2]) * half
    dy[1:-1] = (field[2:] - field[:-2]) * half
    return dx, dy
