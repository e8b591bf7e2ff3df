"""Measures of a generator against photographs, on feature vectors (N, D) of float64."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Features = NDArray[np.float64]


def kernel_distance(a: Features, b: Features) -> float:
    """Unbiased squared maximum mean discrepancy, cubic kernel: KID (Binkowski et al. 2018). May be below zero."""
    if len(a) < 2 or len(b) < 2:
        raise ValueError("a kernel distance needs two vectors on each side")

    def kernel(x: Features, y: Features) -> Features:
        return np.asarray((x @ y.T / x.shape[1] + 1) ** 3)

    aa, bb, ab = kernel(a, a), kernel(b, b), kernel(a, b)
    n, m = len(a), len(b)
    within_a = (aa.sum() - np.trace(aa)) / (n * (n - 1))
    within_b = (bb.sum() - np.trace(bb)) / (m * (m - 1))
    return float(within_a + within_b - 2 * ab.mean())


@dataclass(frozen=True, slots=True)
class Manifold:
    """Precision, recall (Kynkaanniemi 2019), density and coverage (Naeem 2020), each 0 to 1 (density may exceed 1)."""

    precision: float
    recall: float
    density: float
    coverage: float


def manifold(real: Features, fake: Features, neighbours: int = 5) -> Manifold:
    """The four measures at ``neighbours`` nearest neighbours."""
    between = _distances(real, fake)
    real_reach = _reach(real, neighbours)
    fake_reach = _reach(fake, neighbours)
    inside_real = between <= real_reach[:, None]
    return Manifold(
        precision=float(inside_real.any(0).mean()),
        recall=float((between <= fake_reach[None, :]).any(1).mean()),
        density=float(inside_real.sum(0).mean() / neighbours),
        coverage=float((between.min(1) <= real_reach).mean()),
    )


def spread(features: Features) -> float:
    """Mean distance between two different vectors."""
    distances = _distances(features, features)
    return float(distances.sum() / (len(features) * (len(features) - 1)))


def nearest(features: Features, training: Features) -> NDArray[np.float64]:
    """Distance of each vector to the nearest training vector."""
    return np.asarray(_distances(features, training).min(1))


def _reach(features: Features, neighbours: int) -> NDArray[np.float64]:
    """Distance to the ``neighbours``-th nearest other vector."""
    return np.asarray(np.partition(_distances(features, features), neighbours, axis=1)[:, neighbours])


def _distances(a: Features, b: Features) -> Features:
    squares = (a**2).sum(1)[:, None] + (b**2).sum(1)[None, :] - 2 * a @ b.T
    return np.asarray(np.sqrt(np.clip(squares, 0, None)))
