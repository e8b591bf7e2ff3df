"""Image quilting (Efros & Freeman 2001): a larger piece of skin from a small lesion-free one, at native sharpness."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatImage = NDArray[np.float32]


def quilt(
    source: FloatImage, side: int, rng: np.random.Generator, block: int = 44, overlap: int = 14
) -> FloatImage:
    """(side, side, C) of the texture of ``source`` (H, W, C), sewn from its blocks along least-error seams."""
    step = block - overlap
    count = -(-(side - overlap) // step)
    canvas = np.zeros((count * step + overlap, count * step + overlap, source.shape[2]), np.float32)
    for row in range(count):
        for column in range(count):
            y, x = row * step, column * step
            target = canvas[y : y + block, x : x + block]
            patch = _best_patch(source, target, row > 0, column > 0, block, overlap, rng)
            keep = _seam_mask(target, patch, row > 0, column > 0, overlap)
            target[:] = np.where(keep[..., None], target, patch)
    return canvas[:side, :side]


def _best_patch(
    source: FloatImage,
    target: FloatImage,
    above: bool,
    left: bool,
    block: int,
    overlap: int,
    rng: np.random.Generator,
    candidates: int = 40,
) -> FloatImage:
    """One of the best few of random patches, by the error in what is already laid."""
    ys = rng.integers(0, source.shape[0] - block + 1, candidates)
    xs = rng.integers(0, source.shape[1] - block + 1, candidates)
    error = np.zeros(candidates, np.float32)
    for i, (y, x) in enumerate(zip(ys, xs, strict=True)):
        if above:
            error[i] += ((source[y : y + overlap, x : x + block] - target[:overlap]) ** 2).mean()
        if left:
            error[i] += ((source[y : y + block, x : x + overlap] - target[:, :overlap]) ** 2).mean()
    best = np.argsort(error)[:3] if above or left else np.arange(candidates)
    y, x = ys[(pick := rng.choice(best))], xs[pick]
    return source[y : y + block, x : x + block]


def _seam_mask(
    target: FloatImage, patch: FloatImage, above: bool, left: bool, overlap: int
) -> NDArray[np.bool_]:
    """True where the laid texture stays: above and left of the least-error seams."""
    keep = np.zeros(target.shape[:2], bool)
    if above:
        error = ((target[:overlap] - patch[:overlap]) ** 2).sum(-1)
        keep[:overlap] |= np.arange(overlap)[:, None] < _least_path(error.T)[None, :]
    if left:
        error = ((target[:, :overlap] - patch[:, :overlap]) ** 2).sum(-1)
        keep[:, :overlap] |= np.arange(overlap)[None, :] < _least_path(error)[:, None]
    return keep


def _least_path(error: FloatImage) -> NDArray[np.intp]:
    """For every row of (length, width) errors, the column of the cheapest connected path from top to bottom."""
    length, width = error.shape
    cost = error.copy()
    for i in range(1, length):
        padded = np.pad(cost[i - 1], 1, constant_values=np.inf)
        cost[i] += np.minimum(np.minimum(padded[:-2], padded[1:-1]), padded[2:])
    path = np.empty(length, np.intp)
    path[-1] = int(cost[-1].argmin())
    for i in range(length - 2, -1, -1):
        low = max(path[i + 1] - 1, 0)
        path[i] = low + int(cost[i, low : min(path[i + 1] + 2, width)].argmin())
    return path
