"""A classifier that tells drawn from learned lesions, on conditions that it has not seen."""

from __future__ import annotations

import numpy as np
import pytest

from dermtutor.training.origin import judge
from dermtutor.training.photographs import CLASSES

DRAWN = tuple(f"drawn-{n}" for n in range(12))


def features(of_source: float, of_condition: float) -> tuple[np.ndarray, np.ndarray]:
    """Features and conditions of eight cases each: what the source and what the condition adds, and noise."""
    rng = np.random.default_rng(3)
    found, owner = [], []
    for condition in DRAWN + CLASSES:
        own = rng.normal(0, of_condition, 20)
        own[0] += of_source if condition in DRAWN else -of_source
        found.append(own + rng.normal(0, 1, (8, 20)))
        owner += [condition] * 8
    return np.concatenate(found), np.array(owner)


def test_sources_that_differ_are_told_apart() -> None:
    told = judge(*features(of_source=4, of_condition=0.2), DRAWN)
    assert told["balanced_accuracy"] > 0.95
    assert set(told["drawn"]) == set(DRAWN)
    assert min(told["drawn"].values()) > 0.8
    assert set(told["learned"]) == set(CLASSES)
    assert max(told["learned"].values()) < 0.5


def test_the_disease_itself_does_not_give_the_source_away() -> None:
    told = judge(*features(of_source=0, of_condition=3), DRAWN)
    assert told["balanced_accuracy"] == pytest.approx(0.5, abs=0.2)
