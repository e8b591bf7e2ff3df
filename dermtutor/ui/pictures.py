"""From stored PNG files to what the window paints: decoded images and the lesion's outline.

Everything here is safe on a worker thread (``QImage``, numpy); nothing touches a widget.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from dermtutor.errors import UserError

Segments = NDArray[np.float32]
"""(n, 4): x1, y1, x2, y2 of each piece of an outline, in image pixels."""

_INSIDE = 127.5


def decode(png: bytes) -> QImage:
    """The image of a PNG file as 32-bit RGB. Raises UserError when it can't be read."""
    image = QImage.fromData(png)
    if image.isNull():
        raise UserError(
            "A stored case image cannot be read; run “dermtutor records check” to find what is damaged."
        )
    return image.convertToFormat(QImage.Format.Format_RGB32)


def image_of(pixels: NDArray[np.uint8]) -> QImage:
    """An image of its own from (H, W, 3) uint8 sRGB."""
    height, width = pixels.shape[:2]
    rows = np.ascontiguousarray(pixels)
    return QImage(rows.data, width, height, 3 * width, QImage.Format.Format_RGB888).convertToFormat(
        QImage.Format.Format_RGB32
    )


def decode_mask(png: bytes) -> NDArray[np.uint8]:
    """The mask of a PNG file, (H, W) uint8. Raises UserError when it can't be read."""
    image = decode(png).convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width()].copy()


def outline(mask: NDArray[np.uint8]) -> Segments:
    """Marching squares at half coverage: the outline of the lesion as unconnected pieces.

    The crossing on each side of a cell is interpolated, so the mask's soft edge gives a smooth line.
    """
    padded = np.pad(mask.astype(np.float32), 1)
    a, b, d, c = padded[:-1, :-1], padded[:-1, 1:], padded[1:, :-1], padded[1:, 1:]
    rows, columns = np.nonzero(_mixed(a, b, c, d))
    corners = [corner[rows, columns] for corner in (a, b, c, d)]
    x0, y0 = columns.astype(np.float32) - 0.5, rows.astype(np.float32) - 0.5
    top = np.stack([x0 + _crossing(corners[0], corners[1]), y0], axis=1)
    right = np.stack([x0 + 1, y0 + _crossing(corners[1], corners[2])], axis=1)
    bottom = np.stack([x0 + _crossing(corners[3], corners[2]), y0 + 1], axis=1)
    left = np.stack([x0, y0 + _crossing(corners[0], corners[3])], axis=1)
    return _pieces(corners, (top, right, bottom, left))


def _mixed(*corners: NDArray[np.float32]) -> NDArray[np.bool_]:
    inside = sum((corner > _INSIDE).astype(np.int8) for corner in corners)
    return np.asarray((inside > 0) & (inside < 4))


def _crossing(first: NDArray[np.float32], second: NDArray[np.float32]) -> NDArray[np.float32]:
    span = second - first
    share = np.where(np.abs(span) < 1e-6, 0.5, (_INSIDE - first) / np.where(span == 0, 1, span))
    return np.clip(share, 0, 1).astype(np.float32)


# Sides joined for each pattern of inside corners (1 top left, 2 top right, 4 bottom right, 8 bottom left).
_JOINS: dict[int, tuple[tuple[int, int], ...]] = {
    1: ((3, 0),), 2: ((0, 1),), 3: ((3, 1),), 4: ((1, 2),), 5: ((3, 0), (1, 2)), 6: ((0, 2),), 7: ((3, 2),),
    8: ((2, 3),), 9: ((0, 2),), 10: ((0, 1), (2, 3)), 11: ((1, 2),), 12: ((1, 3),), 13: ((0, 1),), 14: ((0, 3),),
}  # fmt: skip


def _pieces(corners: list[NDArray[np.float32]], sides: tuple[NDArray[np.float32], ...]) -> Segments:
    pattern = np.zeros(len(corners[0]), np.int8)
    for bit, corner in enumerate(corners):
        pattern += (corner > _INSIDE).astype(np.int8) << bit
    found = [
        np.concatenate([sides[start][chosen], sides[end][chosen]], axis=1)
        for code, joins in _JOINS.items()
        if (chosen := np.nonzero(pattern == code)[0]).size
        for start, end in joins
    ]
    return np.concatenate(found).astype(np.float32) if found else np.zeros((0, 4), np.float32)
