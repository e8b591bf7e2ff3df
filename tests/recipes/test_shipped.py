"""Every shipped recipe, in every variant: it draws on every tone, passes its checks and shows what it should."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from dermtutor.generation.recipes import DrawnLesion, Recipe, draw_on_tones
from dermtutor.generation.recipes.variants import variant_of
from dermtutor.paths import assets_dir
from dermtutor.skin.colour import bytes_to_lab
from dermtutor.skin.measure import measure_tone
from dermtutor.skin.scales import MonkTone
from dermtutor.skin.tones import requested_ita

from .conftest import make_skin

IDS = sorted(path.stem for path in (assets_dir() / "recipes").glob("*.toml"))
INFLAMED = (
    "acne", "allergic-contact-dermatitis", "atopic-eczema", "bullous-pemphigoid", "cellulitis", "discoid-lupus",
    "erythema-migrans", "erythema-multiforme", "folliculitis", "granuloma-annulare", "guttate-psoriasis",
    "herpes-simplex", "herpes-zoster", "hidradenitis-suppurativa", "hypertrophic-scar", "impetigo", "lichen-planus",
    "mpox", "mycosis-fungoides", "nummular-eczema", "pityriasis-rosea", "plaque-psoriasis", "purpura-vasculitis",
    "rosacea", "sarcoidosis", "scabies", "seborrhoeic-dermatitis", "secondary-syphilis", "tinea-corporis", "urticaria",
    "varicella",
)  # fmt: skip
PIGMENTED = ("freckles", "lentigo", "melasma", "post-inflammatory-hyperpigmentation")
SCALY = ("guttate-psoriasis", "pityriasis-rosea", "plaque-psoriasis", "tinea-corporis")
LIGHT, DARK = MonkTone(3), MonkTone(9)

small_skin = make_skin(128, 128)


def seeds_of_variants(recipe: Recipe) -> list[int]:
    """The first seed of every variant."""
    first: dict[str, int] = {}
    for seed in range(200):
        first.setdefault(variant_of(recipe, seed).name, seed)
    return sorted(first.values())


def lab(drawn: DrawnLesion) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """CIELAB colours (N, 3) of the lesion and of the healthy skin."""
    colours = bytes_to_lab(drawn.image_u8)
    inside = drawn.mask_u8 > min(200, int(drawn.mask_u8.max()) - 1)
    return colours[inside], colours[drawn.mask_u8 < 3]


def mean_steps(recipe: Recipe, tones: Sequence[MonkTone], axis: int, share: float = 50) -> list[float]:
    """How far a percentile of the lesion lies above the skin's median on one axis of CIELAB, over some patients."""
    steps = []
    for seed in range(5):
        pairs = [lab(drawn) for drawn in draw_on_tones(recipe, small_skin, seed, 0.6, tones)]
        steps.append(
            [np.percentile(inside[:, axis], share) - np.median(out[:, axis]) for inside, out in pairs]
        )
    return [float(step) for step in np.mean(steps, axis=0)]


@pytest.mark.parametrize("condition", IDS)
def test_every_variant_draws_on_every_tone_and_passes_its_checks(
    recipes: dict[str, Recipe], condition: str
) -> None:
    recipe = recipes[condition]
    for number, seed in enumerate(seeds_of_variants(recipe)):
        tones = (MonkTone(1 + (seed + number) % 5), MonkTone(6 + (seed + number) % 5))
        twins = list(draw_on_tones(recipe, small_skin, seed, number % 3 / 2, tones))
        assert np.array_equal(twins[0].mask_u8, twins[1].mask_u8)
        for tone, drawn in zip(tones, twins, strict=True):
            measured = measure_tone(drawn.image_u8, drawn.mask_u8)
            assert measured.is_reliable, (drawn.variant, tone)
            assert abs(measured.ita - requested_ita(tone)) < 1, (drawn.variant, tone)
            assert 0.002 < drawn.mask_u8.mean() / 255 < 0.9, (drawn.variant, tone)


@pytest.mark.parametrize("condition", INFLAMED)
def test_redness_falls_from_light_to_dark_skin(recipes: dict[str, Recipe], condition: str) -> None:
    light, dark = mean_steps(recipes[condition], (LIGHT, DARK), axis=1)
    assert light > 2.5
    assert dark < light - 1


@pytest.mark.parametrize("condition", INFLAMED)
def test_rules_of_dark_skin_make_inflammation_violet_or_darker(
    recipes: dict[str, Recipe], condition: str
) -> None:
    recipe, tones = recipes[condition], (MonkTone(1), DARK)
    bare = replace(recipe, tone_rule=())
    change = np.array(
        [np.subtract(mean_steps(recipe, tones, axis), mean_steps(bare, tones, axis)) for axis in (0, 2)]
    )
    assert change[:, 1].min() < -0.1
    # Fair skin is as it was.
    assert not change[:, 0].any()


@pytest.mark.parametrize("condition", SCALY)
def test_the_contrast_of_scale_does_not_fall_on_dark_skin(recipes: dict[str, Recipe], condition: str) -> None:
    light, dark = mean_steps(recipes[condition], (LIGHT, DARK), axis=0, share=97)
    assert dark > light
    assert dark > 2.5


@pytest.mark.parametrize("condition", PIGMENTED)
def test_pigment_darkens_every_tone(recipes: dict[str, Recipe], condition: str) -> None:
    steps = mean_steps(recipes[condition], (LIGHT, MonkTone(6), DARK), axis=0, share=25)
    assert max(steps) < -1.5


def test_what_is_merely_pale_shows_more_on_dark_skin_than_on_light(recipes: dict[str, Recipe]) -> None:
    pale = replace(recipes["tuberculoid-leprosy"], variants=())
    light, dark = mean_steps(pale, (LIGHT, DARK), axis=0)
    assert dark > max(light, 0) + 5


def test_every_recipe_says_what_dark_skin_changes_and_why(recipes: dict[str, Recipe]) -> None:
    for recipe in recipes.values():
        assert recipe.tone_rule, recipe.id
        assert all(len(rule.because) > 20 for rule in recipe.tone_rule), recipe.id


def test_no_recipe_is_unused_in_its_folder(recipe_folder: Path, recipes: dict[str, Recipe]) -> None:
    assert set(recipes) == {path.stem for path in recipe_folder.glob("*.toml")} == set(IDS)
