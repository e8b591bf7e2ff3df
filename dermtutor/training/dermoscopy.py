"""ISIC UDA-1 dermoscopic photographs in the canonical skin tone: naevi and melanomas as classes of their own.

They come without masks, patients or skin types. A dermatoscope's dark rim is cropped away or the photograph left out.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dermtutor.errors import UserError
from dermtutor.skin.colour import bytes_to_density
from dermtutor.training.canonical import canonical_by_skin

CLASS_OF_DIAGNOSIS = {"nevus": "melanocytic-naevus-dermoscopy", "melanoma": "melanoma-dermoscopy"}

# Shares of the centred square that are tried, until the corners show skin and not the rim of the dermatoscope.
_CROPS = (1.0, 0.85, 0.72)
# A corner darker than this share of the median is rim; beyond this byte a channel of the skin is burnt out.
_RIM = 0.45
_BURNT = 252


def dermoscopic_photographs(data: Path, side: int) -> Iterator[tuple[str, str, NDArray[np.uint8]]]:
    """(name, class, picture (side, side, 3) in canonical tone) of each usable photograph with a known diagnosis.

    Raises UserError when ``data`` holds no ``images.csv``.
    """
    table = data / "images.csv"
    if not table.is_file():
        raise UserError(
            f"There is no images.csv in {data}; name the folder that holds the ISIC UDA-1 photographs."
        )
    with table.open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["diagnosis"] in CLASS_OF_DIAGNOSIS]
    for row in rows:
        picture = _without_rim(data / row["image"], side)
        if picture is None:
            continue
        skin = _skin(picture)
        if (np.median(picture[skin], axis=0) < _BURNT).all():
            yield row["image"], CLASS_OF_DIAGNOSIS[row["diagnosis"]], canonical_by_skin(picture, skin)


def _without_rim(path: Path, side: int) -> NDArray[np.uint8] | None:
    """The largest of the centred squares whose corners are bright, ``side`` px; None when there is none."""
    with Image.open(path) as opened:
        whole = opened.convert("RGB")
    for share in _CROPS:
        edge = round(min(whole.size) * share)
        left, top = (whole.width - edge) // 2, (whole.height - edge) // 2
        picture = whole.crop((left, top, left + edge, top + edge)).resize(
            (side, side), Image.Resampling.LANCZOS
        )
        image = np.asarray(picture)
        green, reach = image[..., 1], max(2, side // 14)
        corners = [
            green[y, x]
            for y in (slice(reach), slice(-reach, None))
            for x in (slice(reach), slice(-reach, None))
        ]
        if min(float(np.median(corner)) for corner in corners) > _RIM * float(np.median(green)):
            return image
    return None


def _skin(image: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """The lighter half of what lies outside a centred disc: lesion and hair are darker than skin."""
    side = image.shape[0]
    axis = np.arange(side) - side / 2
    outside = np.asarray((axis[:, None] ** 2 + axis[None, :] ** 2) >= (0.42 * side) ** 2)
    density = bytes_to_density(image)[..., 1]
    return np.asarray(outside & (density <= np.median(density[outside])))
