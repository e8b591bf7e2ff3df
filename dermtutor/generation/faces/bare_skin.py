"""Tells bare skin from hair, beard, glasses and cloth by comparing every pixel with the skin of the same cheeks."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from dermtutor.generation.fields import Field, blur, smoothstep
from dermtutor.skin.colour import bytes_to_density

# Structures smaller than a few hairs do not count: a single hair over skin is drawn over.
_FINEST_MM: Final = 0.9
# Over this distance the light on a face changes little; the skin there is what a pixel is compared with.
_NEAR_MM: Final = 14.0
_PASSES: Final = 3

# Optical density (green) above the skin around: shade of a face stays below, hair and beard are beyond.
_DARKER: Final = (0.35, 0.8)
# Below it: paper, cloth, teeth, glare.
_LIGHTER: Final = (0.7, 1.3)
# Difference in colour: how far (red - green, green - blue) of the density lie from the skin's own.
_HUE: Final = (0.25, 0.5)
# Skin lets more red than green through; this share of what the skin around lets through more is the least, and by this
# much in density a pixel is a highlight.
_RED: Final = (0.1, 0.35)
_LEAST_RED: Final = 0.05
_HIGHLIGHT: Final = (0.12, 0.35)
# How much less what may be a beard counts as skin around.
_BEARD_COUNTS: Final = np.float32(0.02)
# Where no hair grows there are deep shade and highlights all the same: differences count less, also a little around.
_LENIENT: Final = 1.1
_LENIENT_FADES_MM: Final = 6.0


def bare_skin(
    picture: NDArray[np.uint8], certain: Field, hairless: Field, bearded: Field, mm_per_px: float
) -> Field:
    """How surely each pixel of a face (n, n, 3) uint8 is bare skin, (n, n) in 0 to 1.

    ``certain`` (n, n) in 0 to 1 is where skin is looked for first; when it is empty nothing is taken for skin.
    ``hairless`` (n, n) in 0 to 1 is where no hair grows, ``bearded`` where a beard would: it is large enough to be
    taken for the skin around itself, so it is compared with the skin above it.
    """
    density = blur(bytes_to_density(picture), _FINEST_MM / mm_per_px)
    planes = np.stack((density[..., 1], density[..., 0] - density[..., 1], density[..., 1] - density[..., 2]))
    seen = certain > 0.5
    if not seen.any():
        return np.zeros(picture.shape[:2], np.float32)
    # The first guess: whatever is near the median of the cheeks, in darkness and hue.
    middle = np.median(planes[:, seen], axis=1)
    lenient = 1 + np.float32(_LENIENT) * np.minimum(2 * blur(hairless, _LENIENT_FADES_MM / mm_per_px), 1)
    skin = _likeness(planes, middle[:, None, None], lenient)
    weight = skin * np.maximum(certain, 0.1)
    for _ in range(_PASSES):
        near = blur(weight, _NEAR_MM / mm_per_px) + np.float32(1e-3)
        around = [
            (blur(weight * plane, _NEAR_MM / mm_per_px) + np.float32(1e-3 * level)) / near
            for plane, level in zip(planes, middle, strict=True)
        ]
        skin = _likeness(planes, np.stack(around), lenient)
        weight = skin * np.maximum(1 - bearded, _BEARD_COUNTS)
    return skin


def _likeness(planes: Field, around: Field, lenient: Field) -> Field:
    """1 where darkness and hue are those of the skin around, 0 where they are not; (n, n)."""
    darker = (planes[0] - around[0]) / lenient
    hue = (np.hypot(planes[1] - around[1], planes[2] - around[2]) / lenient).astype(np.float32)
    # Grey is no skin, whatever the light, unless it is a highlight.
    red = planes[1] / np.minimum(around[1], np.float32(-_LEAST_RED))
    coloured = np.maximum(smoothstep(red, *_RED), smoothstep(-darker, *_HIGHLIGHT))
    like = (
        coloured
        * (1 - smoothstep(darker, *_DARKER))
        * (1 - smoothstep(-darker, *_LIGHTER))
        * (1 - smoothstep(hue, *_HUE))
    )
    return np.asarray(like, dtype=np.float32)
