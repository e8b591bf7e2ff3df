"""Healthy skin for drawing on, made here: canonical colour with skin lines, unevenness and a fall of light."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from dermtutor.generation.recipes import Recipe, load_recipes
from dermtutor.paths import assets_dir
from dermtutor.skin.colour import linear_to_bytes
from dermtutor.skin.tones import CANONICAL_DENSITY

SkinMaker = Callable[..., NDArray[np.uint8]]


def make_skin(height: int = 256, width: int = 256, seed: int = 1) -> NDArray[np.uint8]:
    rng = np.random.default_rng(seed)
    lines = rng.normal(0, 0.02, (height, width))
    lines += np.roll(lines, 1, 0) + np.roll(lines, 1, 1)
    light = np.linspace(-0.04, 0.04, width)[None, :] + np.linspace(-0.04, 0.04, height)[:, None]
    density = CANONICAL_DENSITY[None, None, :] + (lines + light)[..., None]
    return linear_to_bytes(np.exp(-density).astype(np.float32))


@pytest.fixture(scope="session")
def skin() -> NDArray[np.uint8]:
    return make_skin()


@pytest.fixture(scope="session")
def skin_maker() -> SkinMaker:
    return make_skin


@pytest.fixture(scope="session")
def recipe_folder() -> Path:
    return assets_dir() / "recipes"


@pytest.fixture(scope="session")
def recipes(recipe_folder: Path) -> dict[str, Recipe]:
    return load_recipes(recipe_folder)
