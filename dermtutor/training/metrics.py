"""Measures of a generator against photographs, on feature vectors (N, D) of float64."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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


def mean_manifold(
    real: Features, fake: Features, neighbours: int = 5, draws: int = 10, seed: int = 0
) -> Manifold:
    """The four measures with equally many vectors on both sides, the mean of ``draws`` random choices of them."""
    rng = np.random.default_rng(seed)
    count = min(len(real), len(fake))
    found = [
        manifold(
            real[rng.permutation(len(real))[:count]], fake[rng.permutation(len(fake))[:count]], neighbours
        )
        for _ in range(draws)
    ]
    fields = ("precision", "recall", "density", "coverage")
    return Manifold(*(float(np.mean([getattr(each, field) for each in found])) for field in fields))


def half_sampled_interval(
    measure: Callable[[NDArray[np.intp]], float],
    whole: float,
    patients: Sequence[str],
    draws: int = 100,
    seed: int = 0,
) -> tuple[float, float]:
    """A 95 % interval about ``whole`` by ``measure(rows)`` of random halves of the patients, drawn without replacement.

    A statistic of half the clusters varies about the whole's as much as the whole's varies about the truth (McCarthy
    1969, half-sample replication), so the spread is used as it is, about what all patients give: a measure that
    depends on how many vectors there are is another one for a half. Drawing with replacement would repeat pictures,
    which kernel and nearest-neighbour measures take for perfect agreement.
    """
    rng = np.random.default_rng(seed)
    names = np.array(patients)
    distinct = np.unique(names)
    found = []
    for _ in range(draws):
        half = rng.permutation(distinct)[: max(2, len(distinct) // 2)]
        found.append(measure(np.flatnonzero(np.isin(names, half))))
    low, high = np.quantile(np.array(found) - np.mean(found), (0.025, 0.975))
    return float(whole + low), float(whole + high)


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
