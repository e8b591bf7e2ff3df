"""Bringing a photograph to the canonical skin tone: its own healthy skin's optical density is moved there."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dermtutor.skin.colour import bytes_to_density, from_optical_density, linear_to_bytes, srgb_to_linear
from dermtutor.skin.tones import CANONICAL_SRGB

CANONICAL_OD = -np.log(srgb_to_linear(np.array(CANONICAL_SRGB, np.float32) / 255))
"""Optical density of the canonical skin in R, G and B."""


def canonical_by_skin(image: NDArray[np.uint8], skin: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """``image`` (H, W, 3) with the median optical density of its ``skin`` (H, W; not empty) moved to the canonical."""
    density = bytes_to_density(image)
    shift = CANONICAL_OD - np.median(density[skin], axis=0)
    return linear_to_bytes(from_optical_density(density + shift.astype(np.float32)).astype(np.float32))
