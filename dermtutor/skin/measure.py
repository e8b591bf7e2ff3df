"""The tone of a finished picture, measured on its healthy skin.

Healthy skin is what lies outside the lesion with a margin around it, without highlights and hair. The tone is the
median over its pixels: of L*, a*, b* each, and of each pixel's own ITA.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from dermtutor.skin.colour import (
    WHITE_D65,
    XYZ_FROM_RGB,
    BoolArray,
    ByteArray,
    Float32Array,
    FloatArray,
    bytes_to_linear,
    linear_to_lab,
)

# A mask pixel from this byte on belongs to the lesion (0.3 of full, so soft borders count as lesion).
LESION_FROM: Final = 77

# The margin around a lesion, as a part of the shorter side: erythema and mask errors reach beyond the border.
_MARGIN: Final = 1 / 24

# Pixels further from the median than this many robust standard deviations are highlight or hair.
_OUTLIER: Final = 3.0

# Below this many pixels there is no healthy skin to speak of.
_FEWEST: Final = 64

# At a median b* below this the skin is so nearly neutral that its ITA means nothing.
_NEUTRAL_B: Final = 3.0

_RELATIVE_XYZ_FROM_RGB: Final = (XYZ_FROM_RGB / WHITE_D65[:, None]).astype(np.float32)

# Pixels that are worked on at once.
_PART: Final = 8192

# CIELAB's cube root (linear near black) of relative X, Y or Z in so many steps; off by 0.02 in L* at most.
_ROOT_STEPS: Final = 65535
_GREYS: Final = np.repeat(np.arange(_ROOT_STEPS + 1)[:, None] / _ROOT_STEPS, 3, axis=1)
_ROOT_OF_STEP: Final[Float32Array] = ((linear_to_lab(_GREYS)[:, 0] + 16) / 116).astype(np.float32)


@dataclass(frozen=True, slots=True)
class ToneMeasurement:
    """Median tone of healthy skin.

    `ita` in degrees, -90 to 90; `lab` CIELAB (D65); `healthy_pixels` is how many pixels it was measured on. It is 0
    when the lesion leaves no healthy skin: then the whole picture was measured.
    """

    ita: float
    lab: tuple[float, float, float]
    healthy_pixels: int

    @property
    def is_reliable(self) -> bool:
        """Whether there was healthy skin and its colour is far enough from neutral for an ITA."""
        return self.healthy_pixels > 0 and self.lab[2] >= _NEUTRAL_B


def dilate(mask: BoolArray, radius: int) -> BoolArray:
    """A mask ``(H, W)`` grown by `radius` pixels in every direction, by a square."""
    grown = mask.copy()
    # Doubling: a mask grown by n, shifted by up to n + 1 both ways, is grown by up to 2n + 1 without gaps.
    steps: list[int] = []
    while sum(steps) < radius:
        steps.append(min(sum(steps) + 1, radius - sum(steps)))
    for step in steps:
        source = grown.copy()
        grown[step:] |= source[:-step]
        grown[:-step] |= source[step:]
        source = grown.copy()
        grown[:, step:] |= source[:, :-step]
        grown[:, :-step] |= source[:, step:]
    return grown


def lesion_surroundings(shape: tuple[int, int], lesion_mask: ByteArray | None) -> BoolArray:
    """Where skin is healthy by the mask alone, ``(H, W)``: outside the lesion and a margin around it.

    Without a mask that is the whole picture. A lesion which leaves no room for the margin loses it; one that fills the
    picture gives an empty answer.
    """
    if lesion_mask is None:
        return np.ones(shape, dtype=np.bool_)
    lesion = lesion_mask >= LESION_FROM
    outside = ~dilate(lesion, max(2, round(min(shape) * _MARGIN)))
    if np.count_nonzero(outside) < _FEWEST:
        outside = ~lesion
    return outside if np.count_nonzero(outside) >= _FEWEST else np.zeros(shape, dtype=np.bool_)


def healthy_skin(image: ByteArray, lesion_mask: ByteArray | None) -> BoolArray:
    """The pixels ``(H, W)`` on which a tone is measured; empty when the lesion fills the picture."""
    region = lesion_surroundings((image.shape[0], image.shape[1]), lesion_mask)
    if region.any():
        region[region] = _typical(image[..., 1][region])
    return region


def median_ita(pixels: ByteArray) -> float:
    """Median ITA in degrees, -90 to 90, of skin pixels ``(N, 3)`` uint8 without highlights and hair; N above 0."""
    tangents = np.empty(len(pixels), dtype=np.float32)
    # In parts, so that what is worked on stays in the cache.
    for start in range(0, len(pixels), _PART):
        part = slice(start, start + _PART)
        y, z = _roots(bytes_to_linear(pixels[part]), _RELATIVE_XYZ_FROM_RGB[1:])
        tangents[part] = _tangent(y, z)
    return _angle(tangents[_typical(np.ascontiguousarray(pixels[:, 1]))])


def measure_tone(image: ByteArray, lesion_mask: ByteArray | None) -> ToneMeasurement:
    """Measures the tone of a picture ``(H, W, 3)`` uint8 with its lesion mask ``(H, W)`` uint8 (None: no lesion)."""
    healthy = np.flatnonzero(healthy_skin(image, lesion_mask))
    pixels = image.reshape(-1, 3)
    if healthy.size:
        pixels = pixels.take(healthy, axis=0)
    tangents, lab = np.empty(len(pixels), dtype=np.float32), np.empty((3, len(pixels)), dtype=np.float32)
    for start in range(0, len(pixels), _PART):
        part = slice(start, start + _PART)
        x, y, z = _roots(bytes_to_linear(pixels[part]), _RELATIVE_XYZ_FROM_RGB)
        lab[:, part] = 116 * y - 16, 500 * (x - y), 200 * (y - z)
        tangents[part] = _tangent(y, z)
    lightness, red, yellow = (_median(plane) for plane in lab)
    return ToneMeasurement(_angle(tangents), (lightness, red, yellow), healthy.size)


def _typical(green: ByteArray) -> BoolArray:
    """Which pixels of skin ``(N,)`` are neither highlight nor hair: their green is near the median."""
    counts = np.bincount(green, minlength=256)
    middle = _median_of_counts(counts)
    distances = np.abs(np.arange(256) - middle)
    spread = _median_of_counts(np.bincount(distances, weights=counts, minlength=256))
    reach = max(4.0, _OUTLIER * 1.4826 * spread)
    return (distances <= reach).take(green)


def _tangent(y: Float32Array, z: Float32Array) -> Float32Array:
    """The tangent of the ITA, of the cube roots of Y and Z; without yellow, the scale's end by lightness."""
    return np.asarray((116 * y - 66) / np.maximum(200 * (y - z), np.float32(1e-3)))


def _angle(tangents: Float32Array) -> float:
    # The angle rises with its tangent, so the median is taken before the costly arctangent.
    return math.degrees(math.atan(_median(tangents)))


def _roots(linear: Float32Array, relative: Float32Array) -> Float32Array:
    """The cube roots ``(K, N)`` of relative X, Y, Z that CIELAB is made of, by table.

    `linear` is linear light ``(N, 3)``, `relative` ``(K, 3)`` the lines of `_RELATIVE_XYZ_FROM_RGB` that are wanted.
    """
    steps = (relative * np.float32(_ROOT_STEPS)) @ linear.T
    steps += np.float32(0.5)
    return _ROOT_OF_STEP.take(steps.astype(np.intp), mode="clip")


def _median(values: FloatArray) -> float:
    """The upper median; partition is eight times as fast as numpy's median."""
    middle = values.size // 2
    return float(np.partition(values, middle)[middle])


def _median_of_counts(counts: NDArray[np.number[Any]]) -> int:
    total = np.cumsum(counts)
    return int(np.searchsorted(total, total[-1] / 2))
