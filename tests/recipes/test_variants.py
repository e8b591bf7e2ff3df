"""Variants: stages, sites and subtypes of a recipe, drawn by the seed and checked as strictly as the recipe."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from dermtutor.errors import UserError
from dermtutor.generation.recipes import Recipe, draw_on_tones, load_recipe
from dermtutor.generation.recipes.terms import Span
from dermtutor.generation.recipes.variants import variant_of
from dermtutor.skin.scales import MonkTone

PLAIN = """\
id = "trial"
version = "1.0"
review = "unreviewed"
summary = "A trial."
field_mm = [50, 60]

[[sources]]
key = "book"
title = "A book"

[[lesion]]
name = "plaque"
primary = "plaque"

[lesion.distribution]
pattern = "solitary"

[lesion.shape]
diameter_mm = [20, 24]

[[lesion.colour]]
chromophore = "haemoglobin"
amount = 0.8

[lesion.relief]
profile = "plateau"
height_mm = 0.5

[[lesion]]
name = "spots"
primary = "macule"

[lesion.distribution]
pattern = "scattered"
count = 5

[lesion.shape]
diameter_mm = 4

[[lesion.colour]]
chromophore = "melanin"
amount = 0.4

[[variant]]
name = "usual"
summary = "The usual look."
share = 3

[[variant]]
name = "flat"
summary = "Flat, brown, no spots."
field_mm = 40
leaves_out = ["spots"]

[variant.lesion.plaque]
primary = "patch"

[variant.lesion.plaque.shape]
diameter_mm = 12

[[variant.lesion.plaque.colour]]
chromophore = "eumelanin"
amount = 0.7
"""


def read(folder: Path, text: str = PLAIN) -> Recipe:
    path = folder / "trial.toml"
    path.write_text(text)
    return load_recipe(path)


def refusal(folder: Path, old: str, new: str) -> str:
    assert PLAIN.count(old) == 1
    with pytest.raises(UserError) as caught:
        read(folder, PLAIN.replace(old, new))
    return str(caught.value)


def line_of(part: str, text: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), start=1) if line.startswith(part))


def test_a_variant_states_only_what_differs(tmp_path: Path) -> None:
    recipe = read(tmp_path)
    usual, flat = recipe.variants
    assert usual.lesion == recipe.lesion
    assert usual.field_mm == recipe.field_mm
    assert [lesion.name for lesion in flat.lesion] == ["plaque"]
    plaque = flat.lesion[0]
    assert (plaque.primary, plaque.relief) == ("patch", None)
    assert plaque.shape.diameter_mm == Span(12, 12)
    assert plaque.distribution == recipe.lesion[0].distribution
    assert [colour.chromophore for colour in plaque.colour] == ["eumelanin"]
    assert flat.field_mm == Span(40, 40)


def test_shares_weigh_how_often_a_variant_is_drawn(tmp_path: Path) -> None:
    recipe = read(tmp_path)
    drawn = Counter(variant_of(recipe, seed).name for seed in range(2000))
    assert drawn["usual"] / 2000 == pytest.approx(0.75, abs=0.04)


def test_a_recipe_without_variants_draws_its_own_lesions(tmp_path: Path) -> None:
    recipe = read(tmp_path, PLAIN[: PLAIN.index("[[variant]]")])
    assert recipe.variants == ()
    assert variant_of(recipe, 5).lesion == recipe.lesion
    assert variant_of(recipe, 5).name == ""


def test_every_shipped_recipe_has_variants_that_seeds_reach(recipes: dict[str, Recipe]) -> None:
    for name, recipe in recipes.items():
        names = [variant.name for variant in recipe.variants]
        assert len(names) >= 2, name
        assert all(variant.summary for variant in recipe.variants)
        assert {variant_of(recipe, seed).name for seed in range(80)} == set(names), name


def test_twins_are_of_one_variant_and_look_alike(tmp_path: Path, skin: NDArray[np.uint8]) -> None:
    recipe = read(tmp_path)
    for seed in range(6):
        twins = list(draw_on_tones(recipe, skin, seed, 0.5, (MonkTone(2), MonkTone(9))))
        assert {twin.variant for twin in twins} == {variant_of(recipe, seed).name}
        assert np.array_equal(twins[0].mask_u8, twins[1].mask_u8)


@pytest.mark.parametrize(
    ("old", "new", "place", "reason"),
    [
        ('leaves_out = ["spots"]', 'leaves_out = ["spot"]', "leaves_out", "no lesion"),
        (
            'leaves_out = ["spots"]',
            'leaves_out = ["spots", "plaque"]',
            "[variant.lesion.plaque]",
            "no lesion of",
        ),
        (
            "[variant.lesion.plaque.shape]",
            "[variant.lesion.plack.shape]",
            "[variant.lesion.plack",
            "no lesion of",
        ),
        ("diameter_mm = 12", "diameter_mm = 1200", "diameter_mm = 1200", "between"),
        ("diameter_mm = 12", "diametre_mm = 12", "diametre_mm", "did you mean"),
        ('chromophore = "eumelanin"', 'chromophore = "brown"', 'chromophore = "brown"', "known terms"),
        (
            'primary = "patch"',
            'primary = "papule"',
            "diameter_mm = 12",
            "call a papule of that size a plaque",
        ),
        ("share = 3", "share = -1", "share = -1", "between"),
        ("field_mm = 40", "field_mm = [40, 30]", "field_mm = [40, 30]", "impossible range"),
        ('name = "flat"', 'name = "usual"', None, "used twice"),
        ('summary = "Flat, brown, no spots."', "", None, "lacks the key “summary”"),
        ("share = 3", "chance = 3", "chance", "not a key of a variant"),
    ],
)
def test_a_bad_variant_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, place: str | None, reason: str
) -> None:
    message = refusal(tmp_path, old, new)
    assert reason in message
    if place is not None:
        assert f"line {line_of(place, PLAIN.replace(old, new))}:" in message


def test_variants_must_be_a_list_of_tables(tmp_path: Path) -> None:
    text = PLAIN[: PLAIN.index("[[variant]]")]
    for variants in ("variant = 3\n", "variant = [3]\n", "variant = ['a']\n"):
        with pytest.raises(UserError, match="table"):
            read(tmp_path, variants + text)
    with pytest.raises(UserError, match="at most"):
        read(tmp_path, text + '[[variant]]\nname = "a"\nsummary = "b"\n' * 13)
