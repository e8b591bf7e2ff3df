"""The direction of what a learner must see, per condition and tone."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from dermtutor.generation.recipes import DrawnLesion, Recipe, draw, draw_on_tones
from dermtutor.skin.colour import bytes_to_lab, bytes_to_linear, delta_e_2000
from dermtutor.skin.scales import MonkTone
from dermtutor.skin.tones import CANONICAL_SRGB

Image = NDArray[np.uint8]
SEEDS = range(6)


def lab_inside_and_outside(drawn: DrawnLesion) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    lab = bytes_to_lab(drawn.image_u8)
    return np.median(lab[drawn.mask_u8 > 230], axis=0), np.median(lab[drawn.mask_u8 < 3], axis=0)


def means_over_seeds(
    measure: Callable[[DrawnLesion], float], recipe: Recipe, skin: Image, *tones: int
) -> list[float]:
    """The measure on each of the tones, over some patients."""
    wanted = [MonkTone(tone) for tone in tones]
    twins = [draw_on_tones(recipe, skin, seed, 0.5, wanted) for seed in SEEDS]
    return [float(mean) for mean in np.mean([[measure(drawn) for drawn in each] for each in twins], axis=0)]


def redness(drawn: DrawnLesion) -> float:
    inside, outside = lab_inside_and_outside(drawn)
    return float(inside[1] - outside[1])


def contrast(drawn: DrawnLesion) -> float:
    return float(delta_e_2000(*lab_inside_and_outside(drawn)))


def lightening(drawn: DrawnLesion) -> float:
    inside, outside = lab_inside_and_outside(drawn)
    return float(inside[0] - outside[0])


@pytest.mark.parametrize("condition", ["plaque-psoriasis", "herpes-zoster", "tinea-corporis", "urticaria"])
def test_redness_is_harder_to_see_on_darker_skin(
    recipes: dict[str, Recipe], skin: Image, condition: str
) -> None:
    light, medium, dark = means_over_seeds(redness, recipes[condition], skin, 3, 6, 9)
    assert light > medium > dark
    assert light > 1.5


def test_vitiligo_is_lighter_than_skin_on_every_tone_and_stark_on_dark(
    recipes: dict[str, Recipe], skin: Image
) -> None:
    steps = means_over_seeds(lightening, recipes["vitiligo"], skin, *range(1, 11))
    assert min(steps) > 1
    assert steps[9] > steps[6] > steps[3] > steps[0]
    assert steps[9] > 40


def test_vitiligo_patches_have_one_colour_on_every_dark_tone(recipes: dict[str, Recipe], skin: Image) -> None:
    colours = [
        lab_inside_and_outside(draw(recipes["vitiligo"], skin, 3, 0.5, MonkTone(tone)))[0]
        for tone in (7, 8, 9, 10)
    ]
    assert np.ptp(np.array(colours), axis=0).max() < 6


def test_psoriasis_scale_is_nearly_neutral_and_bright_on_dark_skin(
    recipes: dict[str, Recipe], skin: Image
) -> None:
    drawn = draw(recipes["plaque-psoriasis"], skin, 10, 0.9, MonkTone(9))
    lab = bytes_to_lab(drawn.image_u8)
    lesion = lab[drawn.mask_u8 > 230]
    brightest = lesion[lesion[:, 0] > np.percentile(lesion[:, 0], 92)]
    healthy = np.median(lab[drawn.mask_u8 < 3], axis=0)
    assert brightest[:, 0].mean() > healthy[0] + 20
    assert np.hypot(brightest[:, 1], brightest[:, 2]).mean() < np.hypot(healthy[1], healthy[2])


def test_psoriasis_turns_violaceous_on_dark_skin(recipes: dict[str, Recipe], skin: Image) -> None:
    """The hue of the bare plaque moves from red towards violet: yellow falls faster than red."""

    def yellow(drawn: DrawnLesion) -> float:
        lab = bytes_to_lab(drawn.image_u8)
        plaque = lab[drawn.mask_u8 > 230]
        bare = plaque[plaque[:, 0] < np.percentile(plaque[:, 0], 50)]
        return float(np.median(bare[:, 2]) - np.median(lab[drawn.mask_u8 < 3][:, 2]))

    assert means_over_seeds(yellow, recipes["plaque-psoriasis"], skin, 9)[0] < -3


def test_tinea_is_redder_at_its_edge_than_in_its_centre(recipes: dict[str, Recipe], skin: Image) -> None:
    for seed in SEEDS:
        drawn = draw(recipes["tinea-corporis"], skin, seed, 0.5, MonkTone(4))
        inside = drawn.mask_u8 > 230
        depth, layer = np.zeros(inside.shape), inside.copy()
        for _ in range(40):
            depth += layer
            layer = (
                layer
                & np.roll(layer, 1, 0)
                & np.roll(layer, -1, 0)
                & np.roll(layer, 1, 1)
                & np.roll(layer, -1, 1)
            )
        red = bytes_to_lab(drawn.image_u8)[..., 1]
        edge, centre = inside & (depth > 3) & (depth < 14), depth > min(30, 0.8 * depth.max())
        # Scale is white and lies on the edge, so the redder half of each is compared.
        assert np.percentile(red[edge], 75) > np.percentile(red[centre], 75), seed


@pytest.mark.parametrize("condition", ["molluscum-contagiosum", "urticaria", "herpes-zoster"])
def test_raised_lesions_show_light_and_shade_on_dark_skin(
    recipes: dict[str, Recipe], skin: Image, condition: str
) -> None:
    for seed in SEEDS:
        drawn = draw(recipes[condition], skin, seed, 0.5, MonkTone(9))
        lightness = bytes_to_lab(drawn.image_u8)[..., 0]
        assert lightness[drawn.mask_u8 > 230].std() > 1.15 * lightness[drawn.mask_u8 < 3].std()


def test_every_lesion_can_be_told_from_its_skin_on_every_tone(
    recipes: dict[str, Recipe], skin: Image
) -> None:
    for name in ("plaque-psoriasis", "herpes-zoster", "tinea-corporis", "vitiligo"):
        assert min(means_over_seeds(contrast, recipes[name], skin, 1, 4, 7, 10)) > 1.5, name


def test_what_is_drawn_is_no_finer_than_what_a_photograph_shows(recipes: dict[str, Recipe]) -> None:
    even = np.full((256, 256, 3), CANONICAL_SRGB, np.uint8)
    drawn = draw(recipes["plaque-psoriasis"], even, 10, 0.9, MonkTone(5)).image_u8[..., 1].astype(float)
    power = (np.abs(np.fft.rfft(drawn - drawn.mean(axis=1, keepdims=True), axis=1)) ** 2).mean(axis=0)
    assert power[70:80].mean() > 100
    assert power[118:].mean() < 0.05 * power[70:80].mean()


def test_redness_follows_the_texture_of_its_skin(recipes: dict[str, Recipe], skin: Image) -> None:
    drawn = draw(recipes["erythema-migrans"], skin, 2, 0.5, MonkTone(5))
    inside = drawn.mask_u8 > 250
    bare = -np.log(bytes_to_linear(skin[..., 1]))[inside]
    added = -np.log(bytes_to_linear(drawn.image_u8[..., 1]))[inside] - bare
    # Fine noise does not pass the lens, so it is far from 1; without any tie it is 0 within a hundredth.
    assert np.corrcoef(added, bare)[0, 1] > 0.08
