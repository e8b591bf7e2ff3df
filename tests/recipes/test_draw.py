"""One patient from one seed: the same on every tone, at every size, and only where the lesion is."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from dermtutor.generation.recipes import Recipe, draw, draw_on_tones
from dermtutor.generation.recipes.drawing import lesion_layer
from dermtutor.skin.colour import bytes_to_lab
from dermtutor.skin.measure import lesion_surroundings, measure_tone
from dermtutor.skin.retone import retone
from dermtutor.skin.scales import MonkTone
from dermtutor.skin.tones import requested_ita

from .conftest import SkinMaker

CONDITIONS = (
    "herpes-zoster",
    "molluscum-contagiosum",
    "plaque-psoriasis",
    "tinea-corporis",
    "urticaria",
    "vitiligo",
)
every_condition = pytest.mark.parametrize("condition", CONDITIONS)
Image = NDArray[np.uint8]


@every_condition
def test_the_same_seed_gives_the_same_picture(
    recipes: dict[str, Recipe], skin: Image, condition: str
) -> None:
    first = draw(recipes[condition], skin, 7, 0.5, MonkTone(6))
    again = draw(recipes[condition], skin, 7, 0.5, MonkTone(6))
    other = draw(recipes[condition], skin, 8, 0.5, MonkTone(6))
    assert np.array_equal(first.image_u8, again.image_u8)
    assert np.array_equal(first.mask_u8, again.mask_u8)
    assert not np.array_equal(first.mask_u8, other.mask_u8)


@every_condition
def test_the_mask_does_not_depend_on_tone_or_base(
    recipes: dict[str, Recipe], skin: Image, skin_maker: SkinMaker, condition: str
) -> None:
    masks = [drawn.mask_u8 for drawn in draw_on_tones(recipes[condition], skin, 3, 0.5, MonkTone.all())]
    elsewhere = draw(recipes[condition], skin_maker(seed=5), 3, 0.5, MonkTone(2)).mask_u8
    assert all(np.array_equal(masks[0], mask) for mask in [*masks[1:], elsewhere])


@every_condition
def test_drawing_on_many_tones_equals_drawing_on_each(
    recipes: dict[str, Recipe], skin: Image, condition: str
) -> None:
    tones = (MonkTone(1), MonkTone(10))
    for tone, drawn in zip(tones, draw_on_tones(recipes[condition], skin, 4, 0.3, tones), strict=True):
        assert np.array_equal(drawn.image_u8, draw(recipes[condition], skin, 4, 0.3, tone).image_u8)


@every_condition
def test_a_lesion_is_there_and_leaves_healthy_skin(
    recipes: dict[str, Recipe], skin: Image, condition: str
) -> None:
    for seed in range(8):
        drawn = draw(recipes[condition], skin, seed, (seed % 5) / 4, MonkTone(5))
        assert drawn.image_u8.shape == skin.shape
        assert drawn.image_u8.dtype == drawn.mask_u8.dtype == np.uint8
        assert drawn.mask_u8.shape == skin.shape[:2]
        share = (drawn.mask_u8 > 127).mean()
        assert 0.005 < share < 0.8, seed
        assert lesion_surroundings(drawn.mask_u8.shape, drawn.mask_u8).mean() > 0.1, seed
        assert drawn.mask_u8.max() == 255


@every_condition
def test_skin_far_from_the_lesion_is_the_retoned_base(
    recipes: dict[str, Recipe], skin: Image, condition: str
) -> None:
    for tone in (MonkTone(2), MonkTone(9)):
        drawn = draw(recipes[condition], skin, 11, 0.4, tone)
        plain = retone(skin, drawn.mask_u8, tone).astype(int)
        far = lesion_surroundings(drawn.mask_u8.shape, drawn.mask_u8)
        inside = drawn.mask_u8 > 200
        change = np.abs(drawn.image_u8.astype(int) - plain).max(axis=2)
        assert np.percentile(change[far], 99) <= 2
        assert np.median(change[far]) <= 1
        assert change[inside].mean() > 2


@every_condition
def test_healthy_skin_has_the_requested_tone(recipes: dict[str, Recipe], skin: Image, condition: str) -> None:
    for seed, tone in enumerate(MonkTone.all()):
        drawn = draw(recipes[condition], skin, seed, 0.5, tone)
        assert abs(measure_tone(drawn.image_u8, drawn.mask_u8).ita - requested_ita(tone)) < 1.0


@every_condition
def test_the_lesion_is_the_same_at_another_size(
    recipes: dict[str, Recipe], skin_maker: SkinMaker, condition: str
) -> None:
    small = draw(recipes[condition], skin_maker(128, 128), 2, 0.5, MonkTone(5)).mask_u8 > 127
    large = draw(recipes[condition], skin_maker(384, 384), 2, 0.5, MonkTone(5)).mask_u8 > 127
    reduced = large[1::3, 1::3]
    overlap = (small & reduced).sum() / (small | reduced).sum()
    assert overlap > 0.75


@every_condition
@pytest.mark.parametrize(("height", "width"), [(64, 64), (96, 250), (301, 200)])
def test_any_size_can_be_drawn(
    recipes: dict[str, Recipe], skin_maker: SkinMaker, condition: str, height: int, width: int
) -> None:
    drawn = draw(recipes[condition], skin_maker(height, width), 1, 1.0, MonkTone(7))
    assert drawn.image_u8.shape == (height, width, 3)
    assert drawn.mask_u8.any()


def test_creases_are_drawn_on_generated_skin_only(recipes: dict[str, Recipe]) -> None:
    with_creases, without = (
        lesion_layer(recipes["hidradenitis-suppurativa"], (96, 96), 3, 0.5, region)
        for region in (True, False)
    )
    assert np.array_equal(with_creases.mask, without.mask)
    healthy = without.mask == 0
    assert with_creases.height[healthy].min() < -0.1
    assert without.height[healthy].min() > -0.05


def test_severity_beyond_its_range_is_refused(recipes: dict[str, Recipe], skin: Image) -> None:
    with pytest.raises(ValueError, match="severity"):
        draw(recipes["urticaria"], skin, 1, 1.5, MonkTone(5))


def test_a_severe_case_covers_more(recipes: dict[str, Recipe], skin: Image) -> None:
    for condition in ("plaque-psoriasis", "vitiligo", "herpes-zoster", "molluscum-contagiosum"):
        mild, severe = (
            np.mean(
                [draw(recipes[condition], skin, seed, level, MonkTone(5)).mask_u8.mean() for seed in range(8)]
            )
            for level in (0.0, 1.0)
        )
        assert severe > mild, condition


def test_lesions_of_two_seeds_differ_in_place_and_size(recipes: dict[str, Recipe], skin: Image) -> None:
    for condition in CONDITIONS:
        masks = [draw(recipes[condition], skin, seed, 0.5, MonkTone(5)).mask_u8 > 127 for seed in range(10)]
        centres = np.array([[axis.mean() for axis in np.nonzero(mask)] for mask in masks])
        areas = np.array([mask.mean() for mask in masks])
        assert centres.std(axis=0).min() > 6, condition
        assert areas.std() / areas.mean() > 0.15, condition


@every_condition
def test_skin_lines_stay_visible_in_the_lesion(
    recipes: dict[str, Recipe], skin: Image, condition: str
) -> None:
    drawn = draw(recipes[condition], skin, 6, 0.2, MonkTone(5))
    inside, outside = drawn.mask_u8 > 250, drawn.mask_u8 < 3
    lightness = bytes_to_lab(drawn.image_u8)[..., 0]
    fine = np.abs(lightness[1:, 1:] - lightness[:-1, :-1])
    assert fine[inside[1:, 1:]].mean() > 0.5 * fine[outside[1:, 1:]].mean()
