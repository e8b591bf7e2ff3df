"""Pen lines and pen ink on photographs of skin."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

INK_LIMIT = 0.005
"""Photographs of which pen lines cover more than this share are left out of training."""


def ink_share(canonical: NDArray[np.uint8]) -> float:
    """Share of a canonical photograph (S, S, 3) that is pen line: bluer than green, and thin.

    A pen line stands out of the opening of (blue - green), a violet or blue-black lesion does not.
    """
    small = np.asarray(Image.fromarray(canonical).resize((128, 128), Image.Resampling.LANCZOS)).astype(
        np.int16
    )
    blueness = Image.fromarray(np.clip(small[..., 2] - small[..., 1] + 128, 0, 255).astype(np.uint8))
    opened = blueness.filter(ImageFilter.MinFilter(9)).filter(ImageFilter.MaxFilter(9))
    smooth = blueness.filter(ImageFilter.BoxBlur(1))
    thin = np.asarray(smooth).astype(np.int16) - np.asarray(opened) > 13
    return float((thin & (np.asarray(blueness) > 129) & (small.max(-1) < 235)).mean())


def ink(image: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Pixels of plain pen ink, whatever the light: blue exceeds red by 0.02 and the HSV saturation 0.12."""
    unit = image.astype(np.float32) / 255
    highest, lowest = unit.max(-1), unit.min(-1)
    found: NDArray[np.bool_] = (unit[..., 2] > unit[..., 0] + 0.02) & (
        (highest - lowest) / (highest + 1e-6) > 0.12
    )
    return found
