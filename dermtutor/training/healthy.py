"""Healthy skin from photographs of lesions: the lesion is taken out and skin of the same picture put in its place.

What surrounds the lesion stays as it was photographed: its lines, pores, hairs, light and curvature.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from dermtutor.skin.colour import bytes_to_density, density_to_bytes
from dermtutor.training.canonical import CANONICAL_OD
from dermtutor.training.cloning import Density, Region, blended, without_region
from dermtutor.training.quilting import quilt

LESION_MARGIN = 1 / 25
"""Share of the side by which a lesion's mask is widened: masks are often a little small."""

_LARGEST = 0.35
"""A lesion that covers more than this share leaves too little skin."""
_SQUARE = 0.3
"""Side of the lesion-free square that is sewn to a fill where no place is large enough to be copied, as a share."""

# Skin whose light, its extremes, or its redness vary more than this from place to place (standard deviation and highest
# of optical density, green; standard deviation of green over red) is diseased, folded, or no skin.
_MOST_UNEVEN, _FARTHEST, _REDDEST = 0.09, 0.45, 0.035


def healed(
    image: NDArray[np.uint8], mask: NDArray[np.uint8], blocked: Region, rng: np.random.Generator
) -> NDArray[np.uint8] | None:
    """``image`` (S, S, 3), canonical, without the lesion of ``mask`` (S, S); None where that cannot be done well.

    ``blocked`` (S, S) are pixels that must not be copied.
    """
    side = image.shape[0]
    lesion = _widened(mask > 60, round(side * LESION_MARGIN))
    if not lesion.any() or lesion.mean() > _LARGEST:
        return None
    density = bytes_to_density(image)
    filled = without_region(density, lesion, blocked, rng)
    if filled is None:
        square = _lesion_free_square(density, lesion | blocked)
        if square is None:
            return None
        filled = blended(density, quilt(_flattened(square), side, rng), lesion)
    if not _even(filled):
        return None
    filled += CANONICAL_OD - np.median(filled, axis=(0, 1))
    return density_to_bytes(filled)


def _even(density: Density) -> bool:
    """Whether the skin has no blotches, folds or edges of the body."""
    flat = _flattened(density)
    reach = density.shape[0] / 25
    red, green = (ndimage.gaussian_filter(flat[..., c], reach) for c in (0, 1))
    return bool(
        green.std() < _MOST_UNEVEN and np.abs(green).max() < _FARTHEST and (green - red).std() < _REDDEST
    )


def _widened(region: Region, reach: int) -> Region:
    return np.asarray(ndimage.maximum_filter(region, 2 * reach + 1))


def _lesion_free_square(density: Density, blocked: Region) -> Density | None:
    """The square of ``_SQUARE`` of the side with the fewest blocked pixels, or None when more than 3 % are."""
    edge = int(_SQUARE * density.shape[0])
    total = np.pad(blocked.astype(np.int64).cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    sums = total[edge:, edge:] - total[:-edge, edge:] - total[edge:, :-edge] + total[:-edge, :-edge]
    y, x = np.unravel_index(int(sums.argmin()), sums.shape)
    if sums[y, x] > 0.03 * edge * edge:
        return None
    return density[y : y + edge, x : x + edge]


def _flattened(density: Density) -> Density:
    """Density without its shading: minus a quadratic surface fitted to each channel, about zero."""
    axes = [np.linspace(-1, 1, length, dtype=np.float32) for length in density.shape[:2]]
    y, x = np.meshgrid(*axes, indexing="ij")
    terms = np.stack([np.ones_like(x), x, y, x * y, x * x, y * y], -1).reshape(-1, 6)
    surface = terms @ np.linalg.lstsq(terms, density.reshape(-1, 3), rcond=None)[0]
    flat: Density = (density.reshape(-1, 3) - surface).reshape(density.shape).astype(np.float32)
    return flat


def on_skin(
    cut_outs: Iterable[NDArray[np.uint8]], skins: list[NDArray[np.uint8]]
) -> Iterator[tuple[NDArray[np.uint8], NDArray[np.uint8]] | None]:
    """(picture, mask) of each lesion cut-out, (S, S, 3) on black, centred on a healthy skin (S, S, 3) of ``skins`` in
    turn; None for one that is cut by the picture's edge."""
    for number, cut_out in enumerate(cut_outs):
        lesion = _largest_part(cut_out)
        if lesion is None:
            yield None
            continue
        rows, columns = np.where(lesion)
        side = lesion.shape[0]
        shift = tuple(side // 2 - (int(at.min()) + int(at.max())) // 2 for at in (rows, columns))
        moved = np.roll(lesion, shift, (0, 1))
        picture = np.roll(np.maximum(cut_out, _DARKEST), shift, (0, 1))
        skin = bytes_to_density(skins[number % len(skins)])
        joined = blended(skin, bytes_to_density(picture), moved)
        yield density_to_bytes(joined), moved.astype(np.uint8) * 255


_DARKEST = 6
"""Bytes below this in a cut-out are noise on its black, not lesion."""
_BACKGROUND = 14
"""A cut-out's pixels with no channel above this byte are its black background."""
_RIM = 1 / 64
"""Share of the side that is taken off a cut-out's rim, where compression mixed it with black."""


def _largest_part(cut_out: NDArray[np.uint8]) -> Region | None:
    """The largest connected part of the lesion without its rim, or None when it touches the picture's edge."""
    present = ndimage.binary_opening(ndimage.binary_fill_holes(cut_out.max(-1) > _BACKGROUND), iterations=2)
    parts, count = ndimage.label(present)
    if not count:
        return None
    sizes = ndimage.sum_labels(present, parts, np.arange(1, count + 1))
    part = parts == 1 + int(np.argmax(sizes))
    part = ndimage.binary_erosion(part, iterations=max(1, round(cut_out.shape[0] * _RIM)))
    edge = part[0].any() or part[-1].any() or part[:, 0].any() or part[:, -1].any()
    return None if edge or not part.any() else np.asarray(part)
