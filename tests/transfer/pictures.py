"""Photographs of healthy skin made for the tests: files as a person would choose them."""

from __future__ import annotations

import hashlib
import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dermtutor.services.photographs import PhotographFile


def skin_photograph(
    height: int = 240, width: int = 320, srgb: tuple[int, int, int] = (190, 145, 115), wall: bool = True
) -> NDArray[np.uint8]:
    """Skin in even light from the upper left, with fine lines, some shine, and a grey wall at the right."""
    rng = np.random.default_rng(3)
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    light = 1.08 - 0.12 * columns / width - 0.1 * rows / height
    lines = 1 + 0.03 * np.sin(0.9 * rows + 0.3 * columns) + 0.02 * rng.standard_normal((height, width))
    skin = np.array(srgb, np.float32) * (light * lines)[..., None]
    skin[20:24, 30:60] = 245
    if wall:
        skin[:, int(0.8 * width) :] = (128, 130, 133)
    return np.clip(skin, 0, 255).astype(np.uint8)


def png_of(pixels: NDArray[np.uint8]) -> bytes:
    """The PNG file of pixels."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def photograph(pixels: NDArray[np.uint8]) -> PhotographFile:
    """As if read from a PNG file."""
    return PhotographFile(hashlib.sha256(png_of(pixels)).hexdigest(), pixels)
