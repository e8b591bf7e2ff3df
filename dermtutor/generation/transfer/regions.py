"""Where on a photograph a lesion may lie: the regions of a plan as maps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from dermtutor.domain.transfer import Region, RegionKind
from dermtutor.errors import UserError
from dermtutor.generation.fields import Field, blur

_FEATHER: Final = 0.012
"""Width of a drawn region's soft edge, as a share of the photograph's shorter side."""
_SIDE: Final = 768
"""Regions are drawn on maps of at most so many pixels a side, and enlarged."""


def region_map(
    region: Region,
    shape: tuple[int, int],
    masks: Mapping[str, NDArray[np.uint8]],
    face: Mapping[str, Field],
) -> Field | None:
    """The region as a map (h, w) from 0 to 1 in the photograph's proportions; None: all of it.

    ``shape`` is the photograph's (H, W). Raises UserError for a region outside the photograph, a mask that does not
    fit, or an unknown part of the face.
    """
    match region.kind:
        case RegionKind.RECTANGLE:
            found = _rectangle(region, shape)
        case RegionKind.STROKES:
            found = _strokes(region, shape)
        case RegionKind.MASK:
            found = _mask(region, shape, masks)
        case RegionKind.FACE:
            found = _face(region, face)
        case _:
            return None
    if float(found.max(initial=0)) < 0.5:
        raise UserError("The region does not lie on the photograph; mark a part of it.")
    return found


def _size(shape: tuple[int, int]) -> tuple[int, int]:
    scale = min(1.0, _SIDE / max(shape))
    return max(1, round(shape[0] * scale)), max(1, round(shape[1] * scale))


def _softened(field: Field) -> Field:
    """Soft inwards: nothing lies beyond the drawn edge."""
    sigma = max(_FEATHER * min(field.shape), 0.6)
    return np.asarray(np.clip((blur(field, sigma) - 0.5) * 2, 0, 1) * field, dtype=np.float32)


def _rectangle(region: Region, shape: tuple[int, int]) -> Field:
    if region.box is None:
        raise UserError("A rectangle needs left, top, width and height.")
    left, top, width, height = region.box
    rows, columns = _size(shape)
    field = np.zeros((rows, columns), np.float32)
    down = slice(max(0, round(top * rows)), max(0, round((top + height) * rows)))
    across = slice(max(0, round(left * columns)), max(0, round((left + width) * columns)))
    field[down, across] = 1
    # The photograph's own border is no edge of the region.
    return _softened(field)


def _strokes(region: Region, shape: tuple[int, int]) -> Field:
    rows, columns = _size(shape)
    picture = Image.new("L", (columns, rows), 0)
    pen = ImageDraw.Draw(picture)
    for stroke in region.strokes:
        radius = max(1.0, stroke.radius * min(rows, columns))
        points = [(x * columns, y * rows) for x, y in stroke.points]
        if len(points) > 1:
            pen.line(points, fill=255, width=round(2 * radius), joint="curve")
        for x, y in points:
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return _softened(np.asarray(picture, dtype=np.float32) / np.float32(255))


def _mask(region: Region, shape: tuple[int, int], masks: Mapping[str, NDArray[np.uint8]]) -> Field:
    mask = masks.get(region.mask_sha)
    if mask is None:
        raise UserError("The mask that this plan names is missing; give its file as well.")
    if mask.shape != shape:
        raise UserError(
            f"The mask has {mask.shape[1]} × {mask.shape[0]} pixels and the photograph {shape[1]} × {shape[0]}; "
            "make a mask of the photograph's size."
        )
    rows, columns = _size(shape)
    small = Image.fromarray(mask).resize((columns, rows), Image.Resampling.BOX)
    return np.asarray(small, dtype=np.float32) / np.float32(255)


def _face(region: Region, face: Mapping[str, Field]) -> Field:
    unknown = sorted(set(region.parts) - set(face))
    if unknown:
        raise UserError(f"No region of a face is called {unknown[0]}; choose from {', '.join(sorted(face))}.")
    parts = [face[name] for name in region.parts or sorted(face)]
    return np.asarray(np.maximum.reduce(parts), dtype=np.float32)
