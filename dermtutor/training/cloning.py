"""Seamless cloning (Perez et al. 2003): lesions taken out of a photograph, and lesions put on another's skin.

A region is filled with texture from elsewhere plus the harmonic function that makes its border fit: the fill keeps the
fine structure of where it comes from and the light of where it goes.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.sparse import coo_matrix
from scipy.sparse.linalg import splu

Density = NDArray[np.float32]
Region = NDArray[np.bool_]
Number = TypeVar("Number", bound=np.generic)

_TRIES = 600
"""Places that are looked at for a fill."""
_RING = 3
"""Pixels around the region on which a place is compared with its goal."""


def blended(target: Density, source: Density, region: Region) -> Density:
    """``target`` (H, W, 3) with ``source`` (H, W, 3) in ``region`` (H, W), corrected so that no border is seen.

    Both are optical densities. Regions that touch the picture's edge are not corrected there.
    """
    difference = target - source
    filled = target.copy()
    filled[region] = source[region] + membrane(difference, region)
    return filled


def without_region(
    density: Density, region: Region, blocked: Region, rng: np.random.Generator
) -> Density | None:
    """``density`` (H, W, 3) with ``region`` filled from a place of the same picture outside it and ``blocked``.

    Of many places, also mirrored and turned ones, the one whose surroundings fit best is taken; None: none fits.
    """
    rows, columns = np.where(ndimage.binary_dilation(region, iterations=_RING))
    top, bottom, left, right = rows.min(), rows.max() + 1, columns.min(), columns.max() + 1
    patch = region[top:bottom, left:right]
    ring = ndimage.binary_dilation(patch, iterations=_RING) & ~patch
    wanted = density[top:bottom, left:right]
    height, width = patch.shape
    best: tuple[float, Density] | None = None
    for _ in range(_TRIES):
        turn, mirror = int(rng.integers(4)), bool(rng.integers(2))
        picture, taken = _turned(density, turn, mirror), _turned(region | blocked, turn, mirror)
        if picture.shape[0] < height or picture.shape[1] < width:
            continue
        y = int(rng.integers(picture.shape[0] - height + 1))
        x = int(rng.integers(picture.shape[1] - width + 1))
        if taken[y : y + height, x : x + width][patch | ring].any():
            continue
        found = picture[y : y + height, x : x + width]
        gap = (found - wanted)[ring]
        cost = float(np.square(gap - gap.mean(0)).mean() + 0.2 * np.square(gap.mean(0)).mean())
        if best is None or cost < best[0]:
            best = cost, found
    if best is None:
        return None
    source = density.copy()
    source[top:bottom, left:right] = best[1]
    return blended(density, source, region)


def _turned(maps: NDArray[Number], turn: int, mirror: bool) -> NDArray[Number]:
    turned: NDArray[Number] = np.rot90(maps, turn)
    return turned[:, ::-1] if mirror else turned


def membrane(border: Density, region: Region) -> Density:
    """(K, 3) harmonic in ``region`` (K pixels), equal to ``border`` around it, free at the picture's edge."""
    number = np.full(region.shape, -1)
    number[region] = np.arange(region.sum())
    rows, columns = np.where(region)
    count = len(rows)
    diagonal, known = np.zeros(count), np.zeros((count, 3))
    links: list[tuple[NDArray[np.intp], NDArray[np.intp]]] = []
    for dy, dx in ((0, 1), (1, 0), (0, -1), (-1, 0)):
        y, x = rows + dy, columns + dx
        inside = (y >= 0) & (y < region.shape[0]) & (x >= 0) & (x < region.shape[1])
        diagonal += inside
        at = np.where(inside)[0]
        neighbour = number[y[at], x[at]]
        free = neighbour >= 0
        links.append((at[free], neighbour[free]))
        known[at[~free]] += border[y[at[~free]], x[at[~free]]]
    i = np.concatenate([np.arange(count), *(a for a, _ in links)])
    j = np.concatenate([np.arange(count), *(b for _, b in links)])
    values = np.concatenate([diagonal, -np.ones(len(i) - count)])
    solved = splu(coo_matrix((values, (i, j)), (count, count)).tocsc()).solve(known)
    return np.asarray(solved, np.float32)
