"""Every word of the vocabulary draws something: forty conditions are to be written with them."""

from __future__ import annotations

from pathlib import Path
from typing import get_args, get_type_hints

import numpy as np
import pytest
from numpy.typing import NDArray

from dermtutor.generation.recipes import DrawnLesion, Recipe, draw, load_recipe, surfaces, terms
from dermtutor.skin.scales import MonkTone

HEAD = """
id = "trial"
version = "1"
review = "unreviewed"
summary = "A trial."
field_mm = 50
[[sources]]
key = "book"
title = "A book"
[[lesion]]
name = "{name}"
primary = "plaque"
[lesion.distribution]
pattern = "{pattern}"
count = {count}
{within}
[lesion.shape]
diameter_mm = {diameter}
{shape}
[[lesion.colour]]
chromophore = "{chromophore}"
amount = {amount}
zone = "{zone}"
[lesion.relief]
profile = "{profile}"
height_mm = {height}
"""
USUAL: dict[str, object] = {
    "name": "plaque",
    "pattern": "solitary",
    "count": 1,
    "within": "",
    "diameter": 24,
    "shape": "",
    "chromophore": "melanin",
    "amount": 0.01,
    "zone": "whole",
    "profile": "plateau",
    "height": 0.02,
}
SURFACES = tuple(
    term
    for kind in get_args(surfaces.Surface)
    for term in get_args(get_type_hints(kind)["kind"])
    if term != "follicular-islands"  # which need a depigmented patch
)
# What each surface states, by the end of its name, longest first where one ends like another.
KEYS = {
    "scale": "cover = 0.7\nopacity = 0.8\nflake_mm = 1.2",
    "llarette": "cover = 0.7\nopacity = 0.8\nflake_mm = 1.2\nzone = 'edge'",
    "crust": "cover = 0.7",
    "eschar": "cover = 0.7",
    "horn": "cover = 0.7",
    "fluid": "clarity = 0.9\nturbid = 1",
    "gloss": "strength = 0.9",
    "core": "width = 0.4\nwhiteness = 0.9",
    "dark-plug": "width = 0.4\nwhiteness = 0.9",
    "point": "width = 0.4\nwhiteness = 0.9",
    "ectases": "amount = 1.5\nspacing_mm = 2\nlength_mm = 8\nwidth_mm = 0.4",
    "network": "mesh_mm = 3\nwidth_mm = 0.5\nopacity = 0.9\ncover = 1",
    "fication": "plate_mm = 2\ndepth_mm = 0.4",
    "wrinkles": "plate_mm = 2\ndepth_mm = 0.4",
    "verrucous": "size_mm = 2\nheight_mm = 0.5",
    "pores": "diameter_mm = 1\nspacing_mm = 2\nstrength = 1\naffected = 1",
    "plugs": "diameter_mm = 1\nspacing_mm = 2\nstrength = 1\naffected = 1",
    "papules": "diameter_mm = 1\nspacing_mm = 2\nstrength = 1\naffected = 1",
    "hair": "length_mm = 30\nwidth_mm = 1.5",
}


def recipe_of(folder: Path, more: str = "", **words: object) -> Recipe:
    path = folder / "trial.toml"
    path.write_text(HEAD.format(**(USUAL | words)) + more)
    return load_recipe(path)


def change(drawn: DrawnLesion, plain: DrawnLesion) -> float:
    """Mean absolute difference in bytes inside the lesion."""
    inside = drawn.mask_u8 > 200
    difference = np.abs(drawn.image_u8.astype(int) - plain.image_u8.astype(int))
    return float(difference[inside].mean())


@pytest.fixture
def plain(tmp_path: Path, skin: NDArray[np.uint8]) -> DrawnLesion:
    return draw(recipe_of(tmp_path), skin, 1, 0.5, MonkTone(6))


@pytest.mark.parametrize("chromophore", get_args(terms.Chromophore))
def test_every_chromophore_colours(
    tmp_path: Path, skin: NDArray[np.uint8], plain: DrawnLesion, chromophore: str
) -> None:
    drawn = draw(recipe_of(tmp_path, chromophore=chromophore, amount=0.8), skin, 1, 0.5, MonkTone(6))
    assert change(drawn, plain) > 4


@pytest.mark.parametrize("zone", get_args(terms.Zone))
def test_every_zone_lies_somewhere(
    tmp_path: Path, skin: NDArray[np.uint8], plain: DrawnLesion, zone: str
) -> None:
    drawn = draw(recipe_of(tmp_path, zone=zone, amount=0.8), skin, 1, 0.5, MonkTone(6))
    assert change(drawn, plain) > 1.5


@pytest.mark.parametrize("profile", get_args(terms.ReliefProfile))
def test_every_profile_shades(
    tmp_path: Path, skin: NDArray[np.uint8], plain: DrawnLesion, profile: str
) -> None:
    drawn = draw(recipe_of(tmp_path, profile=profile, height=2), skin, 1, 0.5, MonkTone(6))
    assert change(drawn, plain) > 0.8


@pytest.mark.parametrize("form", get_args(terms.Form))
def test_every_form_has_its_outline(tmp_path: Path, skin: NDArray[np.uint8], form: str) -> None:
    more = f"form = '{form}'\nelongation = {6 if form == 'band' else 1}\n"
    mask = draw(recipe_of(tmp_path, shape=more, amount=0.6), skin, 1, 0.5, MonkTone(6)).mask_u8 > 127
    filled = mask.sum() / (np.ptp(np.nonzero(mask)[0]) + 1) / (np.ptp(np.nonzero(mask)[1]) + 1)
    assert 0.005 < mask.mean() < 0.3
    assert (filled < 0.5) == (form == "band")


@pytest.mark.parametrize("kind", SURFACES)
def test_every_surface_shows(tmp_path: Path, skin: NDArray[np.uint8], plain: DrawnLesion, kind: str) -> None:
    keys = next(text for end, text in KEYS.items() if kind.endswith(end))
    surface = f'\n[[lesion.surface]]\nkind = "{kind}"\n{keys}\n'
    drawn = draw(recipe_of(tmp_path, surface), skin, 1, 0.5, MonkTone(6))
    assert change(drawn, plain) > 1


def test_islands_keep_pigment_in_a_white_patch(tmp_path: Path, skin: NDArray[np.uint8]) -> None:
    islands = (
        "\n[[lesion.surface]]\nkind = 'follicular-islands'\ndiameter_mm = 2\nspacing_mm = 3\ncoverage = 0.9\n"
    )
    white, dotted = (
        draw(recipe_of(tmp_path, more, chromophore="depigmentation", amount=1), skin, 1, 0.5, MonkTone(8))
        for more in ("", islands)
    )
    inside = white.mask_u8 > 250
    darkest = [np.percentile(drawn.image_u8[inside][:, 0], 2) for drawn in (dotted, white)]
    assert darkest[0] < darkest[1] - 40


@pytest.mark.parametrize("pattern", [term for term in get_args(terms.Pattern) if term != "along-border"])
def test_every_pattern_draws(tmp_path: Path, skin: NDArray[np.uint8], pattern: str) -> None:
    recipe = recipe_of(tmp_path, pattern=pattern, count=6, diameter=5, amount=0.6)
    drawn = draw(recipe, skin, 1, 0.5, MonkTone(6))
    assert 0.002 < (drawn.mask_u8 > 127).mean() < 0.4


def test_no_lesion_at_all_is_healthy_skin(tmp_path: Path, skin: NDArray[np.uint8]) -> None:
    assert not draw(recipe_of(tmp_path, count=0), skin, 1, 0.5, MonkTone(6)).mask_u8.any()
