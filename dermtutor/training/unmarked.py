"""Pen marks taken out of photographs, so that lesions that were marked can be learned from without the pen.

Marks in boxes that were drawn by hand are covered with skin copied from elsewhere in the picture. Pen lines are found
by their colour and thinness, and what lies below them is guessed: the light around them, with texture from elsewhere.
Where that looks like a photograph is told by eye (``curation``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from dermtutor.skin.colour import bytes_to_density, density_to_bytes
from dermtutor.training.cloning import Density, Region, membrane, without_region
from dermtutor.training.curation import Mark

_SIDE = 166
"""Lines are looked for at this side: a pen's stroke is two to eight pixels wide."""
_AROUND = 41
"""Pixels of the square whose median is what a line stands out of."""
_WIDEST = 13
"""Strokes are thinner than this many pixels; what is not, is a lesion, crust or shadow."""
# How much denser than its surroundings ink is, (green minus blue, red): surely, and perhaps where it touches sure ink.
_SURE, _PERHAPS = (0.10, 0.08), (0.045, 0.03)
# A line has so many pixels that are surely ink, and so many in all.
_SURE_PIXELS, _PIXELS = 3, 12

_CELLS = 14
"""Texture is taken in squares, so many along the side."""
_TRIES = 300
"""Places that are looked at for a square of texture."""
_LIGHT = 1 / 70
"""Share of the side over which density is averaged to light; what differs from that is texture."""
_NEARNESS = 0.3
"""Density that a place one side away must fit better to be preferred."""


def pen_lines(canonical: NDArray[np.uint8]) -> Region:
    """(S, S) where strokes of a pen lie on a canonical photograph (S, S, 3), with a margin.

    Ink takes away red light, which blood hardly does, and more of green than of blue, which pigment does not. Black
    hairs and specks take away all alike, which on skin looks the same: some of them are found, too.
    """
    small = Image.fromarray(canonical).resize((_SIDE, _SIDE), Image.Resampling.LANCZOS)
    density = ndimage.gaussian_filter(bytes_to_density(np.asarray(small)), (0.6, 0.6, 0))
    features = density[..., 1] - density[..., 2], density[..., 0]
    violet, dark = (feature - ndimage.median_filter(feature, _AROUND) for feature in features)
    sure = (violet > _SURE[0]) & (dark > _SURE[1])
    perhaps = (violet > _PERHAPS[0]) & (dark > _PERHAPS[1])
    thick = ndimage.binary_opening(perhaps, np.ones((_WIDEST, _WIDEST)))
    thin = ~ndimage.binary_dilation(thick, np.ones((3, 3)))
    parts, count = ndimage.label(perhaps & thin, np.ones((3, 3)))
    numbers = np.arange(1, count + 1)
    sizes = ndimage.sum_labels(perhaps & thin, parts, numbers)
    hits = ndimage.sum_labels(sure & thin, parts, numbers)
    lines = np.isin(parts, numbers[(hits >= _SURE_PIXELS) & (sizes >= _PIXELS)])
    widened = ndimage.binary_dilation(lines, iterations=2).astype(np.uint8) * 255
    return (
        np.asarray(Image.fromarray(widened).resize(canonical.shape[1::-1], Image.Resampling.BILINEAR)) > 100
    )


def without_marks(
    image: NDArray[np.uint8], marks: Iterable[Mark], blocked: Region, rng: np.random.Generator
) -> NDArray[np.uint8]:
    """``image`` (S, S, 3) with skin from elsewhere in it where ``marks`` are, seamlessly; a mark stays where none fits.

    ``blocked`` (S, S) are pixels that must not be copied. Pixels outside the marks are what they were.
    """
    side = image.shape[0]
    density = bytes_to_density(image)
    regions = [_inside(mark, side) for mark in marks]
    inside = np.any([np.zeros((side, side), bool), *regions], axis=0)
    for region in regions:
        filled = without_region(density, region, blocked | inside, rng)
        density = density if filled is None else filled
    return _changed(image, density, inside)


def without_lines(
    image: NDArray[np.uint8], lines: Region, blocked: Region, rng: np.random.Generator
) -> NDArray[np.uint8]:
    """``image`` (S, S, 3) with ``lines`` (S, S) replaced by the light around them and texture of the nearest place of
    the same light that is neither line nor ``blocked`` (S, S); without such a place, by light alone."""
    density = bytes_to_density(image)
    side = image.shape[0]
    light = _light(density, ~lines)
    texture = density - light
    taken = ndimage.binary_dilation(lines | blocked, iterations=2)
    filled = density.copy()
    filled[lines] = membrane(light, lines)
    for square in _squares(side, side // _CELLS):
        needed = lines[square]
        if needed.any():
            place = _like(light, taken, square, needed, rng)
            if place is not None:
                filled[square][needed] += texture[place][needed]
    return _changed(image, filled, lines)


def _inside(mark: Mark, side: int) -> Region:
    region = np.zeros((side, side), bool)
    left, top, right, bottom = (round(side * at / 100) for at in mark)
    region[top:bottom, left:right] = True
    return region


def _light(density: Density, known: Region) -> Density:
    """Density (S, S, 3) averaged over what is ``known``."""
    reach = density.shape[0] * _LIGHT
    weight = ndimage.gaussian_filter(known.astype(np.float32), reach) + 1e-6
    summed = ndimage.gaussian_filter(density * known[..., None], (reach, reach, 0))
    light: Density = (summed / weight[..., None]).astype(np.float32)
    return light


def _squares(side: int, edge: int) -> Iterator[tuple[slice, slice]]:
    for y in range(0, side, edge):
        for x in range(0, side, edge):
            yield slice(y, min(y + edge, side)), slice(x, min(x + edge, side))


def _like(
    light: Density, taken: Region, square: tuple[slice, slice], needed: Region, rng: np.random.Generator
) -> tuple[slice, slice] | None:
    """A square of the same size, free where it is ``needed`` (rows, columns), near by and of the same light; None:
    there is none."""
    side = light.shape[0]
    height, width = needed.shape
    wanted = light[square].mean((0, 1))
    best: tuple[float, tuple[slice, slice]] | None = None
    for _ in range(_TRIES):
        y, x = int(rng.integers(side - height + 1)), int(rng.integers(side - width + 1))
        place = slice(y, y + height), slice(x, x + width)
        if taken[place][needed].any():
            continue
        away = float(np.hypot(y - square[0].start, x - square[1].start)) / side
        cost = float(np.abs(light[place].mean((0, 1)) - wanted).sum()) + _NEARNESS * away
        if best is None or cost < best[0]:
            best = cost, place
    return None if best is None else best[1]


def _changed(image: NDArray[np.uint8], density: Density, region: Region) -> NDArray[np.uint8]:
    """``image`` with ``density`` in ``region``."""
    changed: NDArray[np.uint8] = np.where(region[..., None], density_to_bytes(density), image)
    return changed
