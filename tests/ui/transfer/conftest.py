"""The window over a generator that draws recipes only, and a photograph made for the test."""

from __future__ import annotations

from pathlib import Path

import pytest

from dermtutor.generation.recipes import Recipe, load_recipes
from dermtutor.paths import assets_dir
from dermtutor.ui.window import MainWindow
from tests.transfer.pictures import png_of, skin_photograph
from tests.ui.conftest import OpenWindow
from tests.ui.transfer.driving import DrawingGenerator


@pytest.fixture(scope="module")
def recipes() -> dict[str, Recipe]:
    return load_recipes(assets_dir() / "recipes")


@pytest.fixture
def generator(recipes: dict[str, Recipe]) -> DrawingGenerator:
    return DrawingGenerator(recipes)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    file = tmp_path / "arm.png"
    file.write_bytes(png_of(skin_photograph()))
    return file


@pytest.fixture
def window(open_window: OpenWindow) -> MainWindow:
    return open_window()
