"""Decoded images and the outline of a lesion."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from dermtutor.errors import UserError
from dermtutor.ui.pictures import decode, decode_mask, outline


def png(pixels: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def disc(side: int, radius: float, centre: tuple[float, float]) -> np.ndarray:
    y, x = np.mgrid[0:side, 0:side] + 0.5
    distance = np.hypot(x - centre[0], y - centre[1])
    return (np.clip(radius - distance + 0.5, 0, 1) * 255).astype(np.uint8)


def test_outline_of_a_disc_lies_on_its_edge() -> None:
    pieces = outline(disc(100, 30, (48, 55)))
    ends = pieces.reshape(-1, 2)
    radii = np.hypot(ends[:, 0] - 48, ends[:, 1] - 55)
    assert np.abs(radii - 30).max() < 0.15
    length = np.hypot(pieces[:, 2] - pieces[:, 0], pieces[:, 3] - pieces[:, 1]).sum()
    assert length == pytest.approx(2 * np.pi * 30, rel=0.01)


def test_outline_is_closed_also_at_the_border_of_the_image() -> None:
    pieces = outline(disc(40, 30, (10, 10)))
    ends = np.round(pieces.reshape(-1, 2), 3)
    _, counts = np.unique(ends, axis=0, return_counts=True)
    assert (counts % 2 == 0).all()


def test_no_lesion_has_no_outline() -> None:
    assert outline(np.zeros((16, 16), np.uint8)).shape == (0, 4)


def test_masks_of_any_width_keep_their_rows() -> None:
    mask = np.random.default_rng(0).integers(0, 255, (13, 17), np.uint8)
    assert np.array_equal(decode_mask(png(mask)), mask)


def test_an_image_keeps_its_colours() -> None:
    image = decode(png(np.full((4, 5, 3), (200, 120, 80), np.uint8)))
    assert (image.width(), image.height()) == (5, 4)
    assert image.pixelColor(2, 2).getRgb()[:3] == (200, 120, 80)


def test_a_damaged_image_is_told_in_words() -> None:
    with pytest.raises(UserError, match="records check"):
        decode(b"no image")
