"""Measures that are known in closed form, or by an independent library."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics.pairwise import euclidean_distances, polynomial_kernel
from sklearn.neighbors import NearestNeighbors

from dermtutor.training.metrics import (
    half_sampled_interval,
    kernel_distance,
    manifold,
    mean_manifold,
    nearest,
    spread,
)


def normal(count: int, seed: int, shift: float = 0.0) -> np.ndarray:
    return np.random.default_rng(seed).normal(shift, 1, (count, 12))


def test_kernel_distance_agrees_with_scikit_learn() -> None:
    a, b = normal(40, 1), normal(30, 2, 0.5)

    def mean_without_diagonal(x: np.ndarray) -> float:
        kernel = polynomial_kernel(x, degree=3, gamma=1 / x.shape[1], coef0=1)
        return float((kernel.sum() - np.trace(kernel)) / (len(x) * (len(x) - 1)))

    between = polynomial_kernel(a, b, degree=3, gamma=1 / 12, coef0=1).mean()
    expected = mean_without_diagonal(a) + mean_without_diagonal(b) - 2 * between
    assert kernel_distance(a, b) == pytest.approx(expected)


def test_kernel_distance_is_about_zero_for_one_distribution_and_grows_with_the_shift() -> None:
    same = np.mean([kernel_distance(normal(60, s), normal(60, 100 + s)) for s in range(40)])
    near, far = (
        kernel_distance(normal(60, 1), normal(60, 2, 0.5)),
        kernel_distance(normal(60, 1), normal(60, 2, 1.5)),
    )
    assert abs(same) < 0.05
    assert 0.05 < near < far


def test_manifold_agrees_with_scikit_learn() -> None:
    real, fake = normal(50, 1), normal(45, 2, 0.4)

    def reach(x: np.ndarray) -> np.ndarray:
        return NearestNeighbors(n_neighbors=6).fit(x).kneighbors(x)[0][:, 5]

    between = euclidean_distances(real, fake)
    found = manifold(real, fake)
    assert found.precision == pytest.approx((between <= reach(real)[:, None]).any(0).mean())
    assert found.recall == pytest.approx((between <= reach(fake)[None]).any(1).mean())
    assert found.coverage == pytest.approx((between.min(1) <= reach(real)).mean())
    assert found.density == pytest.approx((between <= reach(real)[:, None]).sum() / (5 * len(fake)))


def test_manifold_of_copies_and_of_something_else() -> None:
    real = normal(50, 1)
    copied, other = manifold(real, real), manifold(real, normal(50, 2, 40))
    assert (copied.precision, copied.recall, copied.coverage) == (1, 1, 1)
    assert (other.precision, other.recall, other.density, other.coverage) == (0, 0, 0, 0)


def test_spread_is_scipys_mean_pairwise_distance() -> None:
    from scipy.spatial.distance import pdist

    features = normal(30, 3)
    assert spread(features) == pytest.approx(pdist(features).mean())


@settings(max_examples=25)
@given(st.integers(0, 1000), st.integers(0, 19))
def test_a_copy_has_no_distance_to_its_training_picture(seed: int, which: int) -> None:
    training = normal(20, seed)
    assert nearest(training[which : which + 1], training)[0] == pytest.approx(0, abs=1e-6)


def test_interval_is_as_wide_as_the_sampling_of_patients_makes_it() -> None:
    rng = np.random.default_rng(3)
    patients = [f"p{n // 2}" for n in range(240)]
    values = np.repeat(rng.standard_normal(120), 2)  # two pictures of a patient say the same
    low, high = half_sampled_interval(
        lambda rows: float(values[rows].mean()), float(values.mean()), patients, 400
    )
    expected = 2 * 1.96 * values[::2].std(ddof=1) / math.sqrt(120)
    assert high - low == pytest.approx(expected, rel=0.15)


def test_interval_of_recall_lies_about_its_estimate() -> None:
    rng = np.random.default_rng(4)
    real, fake = rng.standard_normal((160, 8)), rng.standard_normal((600, 8)) * 0.7
    patients = [f"p{n}" for n in range(160)]
    whole = mean_manifold(real, fake).recall
    low, high = half_sampled_interval(
        lambda rows: mean_manifold(real[rows], fake, draws=1).recall, whole, patients, 50
    )
    assert low < whole < high
