"""The tone of a finished picture, measured on its healthy skin.

Healthy skin is what lies outside the lesion with a margin around it, without highlights and hair. The tone is the
median over its pixels: of L*, a*, b* each, and of each pixel's own ITA.
"""

from __future__ import annotations

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
    bytes_to_linear,
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

_CIE_EPSILON: Final = 216 / 24389
_RELATIVE_XYZ_FROM_RGB: Final = (XYZ_FROM_RGB / WHITE_D65[:, None]).astype(np.float32)


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
    steps = []
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


def without_outliers(image: ByteArray, region: BoolArray) -> BoolArray:
    """The region ``(H, W)`` without highlights and hair: pixels whose green is far from the region's median."""
    green = image[..., 1]
    counts = np.bincount(green[region], minlength=256)
    levels = np.arange(256)
    middle = _median_of_counts(counts)
    spread = _median_of_counts(np.bincount(np.abs(levels - middle), weights=counts, minlength=256))
    reach = max(4.0, _OUTLIER * 1.4826 * spread)
    low, high = max(0, int(middle - reach)), min(255, int(middle + reach))
    return region & (green >= low) & (green <= high)


def healthy_skin(image: ByteArray, lesion_mask: ByteArray | None) -> BoolArray:
    """The pixels ``(H, W)`` on which a tone is measured; empty when the lesion fills the picture."""
    region = lesion_surroundings(image.shape[:2], lesion_mask)
    return without_outliers(image, region) if region.any() else region


def median_ita(linear: Float32Array) -> float:
    """Median ITA in degrees, -90 to 90, of colours ``(N, 3)`` in linear light."""
    lightness, _, yellow = _lab_planes(linear)
    return _median_ita(lightness, yellow)


def measure_tone(image: ByteArray, lesion_mask: ByteArray | None) -> ToneMeasurement:
    """Measures the tone of a picture ``(H, W, 3)`` uint8 with its lesion mask ``(H, W)`` uint8 (None: no lesion)."""
    healthy = healthy_skin(image, lesion_mask)
    count = int(np.count_nonzero(healthy))
    pixels = image.reshape(-1, 3)
    if count:
        pixels = pixels.take(np.flatnonzero(healthy), axis=0)
    lightness, red, yellow = _lab_planes(bytes_to_linear(pixels))
    lab = (_median(lightness), _median(red), _median(yellow))
    return ToneMeasurement(_median_ita(lightness, yellow), lab, count)


def _median_ita(lightness: Float32Array, yellow: Float32Array) -> float:
    # The angle rises with its tangent, so the median is taken before the costly arctangent. A colour without
    # yellow counts as the end of the scale that its lightness belongs to.
    tangent = (lightness - 50) / np.maximum(yellow, np.float32(1e-3))
    return float(np.degrees(np.arctan(_median(tangent))))


def _lab_planes(linear: Float32Array) -> tuple[Float32Array, Float32Array, Float32Array]:
    """L*, a*, b* of colours ``(N, 3)`` as three arrays ``(N,)``; like `colour.linear_to_lab`, four times as fast."""
    xyz = _RELATIVE_XYZ_FROM_RGB @ linear.T
    root = np.exp(np.log(np.maximum(xyz, np.float32(1e-6))) * np.float32(1 / 3))
    f = np.where(xyz > _CIE_EPSILON, root, xyz * np.float32(841 / 108) + np.float32(4 / 29))
    x, y, z = f.astype(np.float32, copy=False)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _median(values: Float32Array) -> float:
    """The upper median; partition is eight times as fast as numpy's median."""
    middle = values.size // 2
    return float(np.partition(values, middle)[middle])


def _median_of_counts(counts: NDArray[np.number[Any]]) -> int:
    total = np.cumsum(counts)
    return int(np.searchsorted(total, total[-1] / 2))
