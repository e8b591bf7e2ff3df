"""The real generator draws a person's own recipe, and never under a version that it is not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dermtutor.domain.cases import CaseSpec, Source
from dermtutor.domain.recipe_text import set_value
from dermtutor.domain.recipes import DrawRequest
from dermtutor.errors import UserError
from dermtutor.generation.generator import Generator
from dermtutor.generation.recipes.own import RecipeFolder
from dermtutor.paths import assets_dir, weights_dir
from dermtutor.skin.scales import MonkTone

TEXT = (assets_dir() / "templates" / "recipe.toml").read_text(encoding="utf-8")
SPEC = CaseSpec("new-recipe", MonkTone(5), 3, Source.RECIPE)


@pytest.fixture
def folder(tmp_path: Path) -> RecipeFolder:
    return RecipeFolder(assets_dir() / "recipes", tmp_path / "own", ("melanoma",))


@pytest.fixture
def generator(folder: RecipeFolder) -> Generator:
    return Generator(weights_dir(), assets_dir() / "recipes", device="cpu", own=folder.recipes)


def test_it_is_drawn_as_soon_as_it_is_kept_and_not_before(generator: Generator, folder: RecipeFolder) -> None:
    with pytest.raises(UserError, match="cannot be generated"):
        generator.generate(SPEC)
    folder.put(TEXT, "f.toml")
    case = generator.generate(SPEC)
    assert case.mask.any()
    assert case.checks.passed
    preview = list(generator.preview(DrawRequest(TEXT, SPEC.seed, SPEC.severity, (MonkTone(2), MonkTone(5)))))
    assert np.array_equal(preview[1].image, case.image)
    assert [each.spec.tone.value for each in preview] == [2, 5]


def test_a_case_of_an_earlier_version_is_not_drawn_from_a_later_one(
    generator: Generator, folder: RecipeFolder
) -> None:
    folder.put(TEXT, "f.toml")
    version = generator.recipe_version("new-recipe")
    spec = CaseSpec("new-recipe", MonkTone(5), 3, Source.RECIPE, recipe_version=version)
    generator.generate(spec)
    folder.put(set_value(TEXT, ("lesion", 0, "shape", "variation"), 0.4), "f.toml")
    assert generator.recipe_version("new-recipe") != version
    with pytest.raises(UserError, match="another one by now"):
        generator.generate(spec)
