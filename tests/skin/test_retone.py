from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dermtutor.skin.chromophores import HAEMOGLOBIN
from dermtutor.skin.colour import (
    ByteArray,
    bytes_to_density,
    bytes_to_lab,
    bytes_to_linear,
    delta_e_2000,
    linear_to_bytes,
)
from dermtutor.skin.measure import lesion_surroundings, measure_tone
from dermtutor.skin.reflection import Separation, separate
from dermtutor.skin.retone import Retoner, retone
from dermtutor.skin.scales import MonkTone
from dermtutor.skin.tones import photographed_tone, requested_ita, tone_density
from tests.skin.pictures import as_mask, canonical_skin, disc, highlights

TONES = MonkTone.all()
SIDE = 96
LESION = disc(SIDE, 20)
MASK = as_mask(LESION)


def lesion_density(image: ByteArray) -> np.ndarray:
    """Median optical density of the middle of the lesion above that of the skin, ``(3,)``."""
    density = bytes_to_density(image)
    skin = density[lesion_surroundings((SIDE, SIDE), MASK)]
    return np.asarray(np.median(density[disc(SIDE, 14)], axis=0) - np.median(skin, axis=0))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(TONES), st.sampled_from([0.0, 0.2]), st.booleans())
def test_healthy_skin_has_the_requested_angle(seed: int, tone: MonkTone, shine: float, lesion: bool) -> None:
    image = canonical_skin(seed, SIDE, LESION if lesion else None, shine=shine)
    mask = MASK if lesion else None
    measured = measure_tone(retone(image, mask, tone), mask)
    assert measured.ita == pytest.approx(requested_ita(tone), abs=0.5)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(TONES))
def test_healthy_skin_has_the_photographed_colour(seed: int, tone: MonkTone) -> None:
    measured = measure_tone(retone(canonical_skin(seed), None, tone), None)
    target = bytes_to_lab(np.array(photographed_tone(tone).srgb, dtype=np.uint8))
    assert float(delta_e_2000(measured.lab, target)) < 1.5


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_canonical_skin_on_its_own_tone_is_the_same_picture(seed: int) -> None:
    image = canonical_skin(seed, SIDE, LESION, shine=0.1)
    difference = retone(image, MASK, MonkTone(5)).astype(int) - image
    assert np.abs(difference).max() <= 4


def test_off_canonical_skin_is_brought_to_the_tone_as_well() -> None:
    density = bytes_to_density(canonical_skin(2)) + np.array([0.1, 0.2, 0.15])
    image = linear_to_bytes(np.exp(-density).astype(np.float32))
    for tone in TONES:
        measured = measure_tone(retone(image, None, tone), None)
        assert measured.ita == pytest.approx(requested_ita(tone), abs=0.5)


def test_skin_gets_darker_from_tone_to_tone_everywhere() -> None:
    retoner = Retoner.of_picture(canonical_skin(4, SIDE, LESION, shine=0.1), MASK)
    pictures = np.stack([retoner.render(tone) for tone in TONES]).astype(int)
    assert np.all(np.diff(pictures.mean(axis=(1, 2)), axis=0) < 0)
    assert np.diff(pictures, axis=0).max() <= 1, "no pixel gets lighter, but for rounding"


@pytest.mark.parametrize("tone", TONES, ids=str)
def test_a_pigmented_lesion_keeps_its_density(tone: MonkTone) -> None:
    image = canonical_skin(6, SIDE, LESION, melanin=0.7)
    # In the blue of the darkest skin, where there is hardly any light left, a little surface light and the steps of
    # the bytes themselves count.
    assert lesion_density(retone(image, MASK, tone)) == pytest.approx(lesion_density(image), abs=0.08)


def test_a_pigmented_lesion_is_visibly_darker_on_the_darkest_skin() -> None:
    picture = retone(canonical_skin(6, SIDE, LESION, melanin=1.5), MASK, MonkTone(10))
    lab = bytes_to_lab(picture)
    assert np.median(lab[..., 0][LESION]) < measure_tone(picture, MASK).lab[0] - 7


def test_the_same_redness_is_harder_to_see_on_darker_skin() -> None:
    density = bytes_to_density(canonical_skin(8)) + np.where(LESION, 0.5, 0.0)[..., None] * HAEMOGLOBIN
    image = linear_to_bytes(np.exp(-density).astype(np.float32))
    contrast = []
    for tone in (MonkTone(4), MonkTone(7), MonkTone(10)):
        picture = retone(image, MASK, tone)
        red = np.median(bytes_to_lab(picture)[LESION], axis=0)
        contrast.append(float(delta_e_2000(red, measure_tone(picture, MASK).lab)))
    assert contrast[0] > contrast[1] > contrast[2] > 2


def test_highlights_stay_as_bright_on_the_darkest_skin() -> None:
    spots = highlights(9, SIDE)
    image, plain = canonical_skin(9, shine=0.3), canonical_skin(9)
    darkest = MonkTone(10)
    added = bytes_to_linear(image)[spots] - bytes_to_linear(plain)[spots]
    kept = (
        bytes_to_linear(retone(image, None, darkest))[spots]
        - bytes_to_linear(retone(plain, None, darkest))[spots]
    )
    assert np.median(kept) > 0.4 * np.median(added)


def test_fair_skin_is_not_burnt_out() -> None:
    rows = np.linspace(-0.3, 0.3, SIDE)[:, None, None]
    density = bytes_to_density(canonical_skin(10)) + rows
    picture = retone(linear_to_bytes(np.exp(-density).astype(np.float32)), None, MonkTone(1))
    assert np.mean(picture[..., 1] == 255) < 0.01


def test_white_stays_white_on_every_tone_lighter_than_canonical() -> None:
    image = canonical_skin(12)
    image[40:60, 40:60] = 255
    for value in (1, 2, 3, 4):
        assert retone(image, None, MonkTone(value))[50, 50].min() >= 250


@pytest.mark.parametrize("tone", [MonkTone(1), MonkTone(5), MonkTone(9)], ids=str)
def test_the_way_of_a_recipe_gives_the_same_picture(tone: MonkTone) -> None:
    image = canonical_skin(14, SIDE, LESION, shine=0.1)
    direct = retone(image, MASK, tone).astype(int)
    by_parts = Retoner.of_separation(separate(image, MASK), lesion_surroundings((SIDE, SIDE), MASK)).render(
        tone
    )
    assert np.abs(direct - by_parts).max() <= 1


def test_a_recipes_depigmented_skin_has_one_colour_on_every_dark_tone() -> None:
    parts = separate(canonical_skin(15), None)
    wanted = bytes_to_density(np.array((238, 214, 199), dtype=np.uint8))
    healthy = lesion_surroundings((SIDE, SIDE), MASK)
    for value in (6, 8, 10):
        tone = MonkTone(value)
        layer = np.where(LESION, 1.0, 0.0)[..., None] * (wanted - tone_density(tone))
        bleached = Separation((parts.diffuse_od + layer).astype(np.float32), parts.specular)
        picture = Retoner.of_separation(bleached, healthy).render(tone)
        middle = np.median(picture[LESION], axis=0)
        assert middle == pytest.approx((238, 214, 199), abs=6)
        assert measure_tone(picture, MASK).ita == pytest.approx(requested_ita(tone), abs=0.5)


def test_without_healthy_skin_the_picture_is_taken_as_canonical() -> None:
    image = np.full((40, 40, 3), (214, 172, 141), dtype=np.uint8)
    everywhere = np.full((40, 40), 255, dtype=np.uint8)
    for tone in TONES:
        middle = retone(image, everywhere, tone)[20, 20]
        assert middle.tolist() == pytest.approx(photographed_tone(tone).srgb, abs=1)


@settings(max_examples=15, deadline=None)
@given(st.integers(9, 70), st.integers(9, 70), st.sampled_from(TONES))
def test_any_shape_of_picture_is_retoned(height: int, width: int, tone: MonkTone) -> None:
    image = np.ascontiguousarray(canonical_skin(16, 70)[:height, :width])
    picture = retone(image, np.zeros((height, width), dtype=np.uint8), tone)
    assert picture.shape == image.shape
    assert picture.dtype == np.uint8


def test_the_same_request_gives_the_same_bytes_and_leaves_its_input_alone() -> None:
    image = canonical_skin(18, SIDE, LESION)
    kept_image, kept_mask = image.copy(), MASK.copy()
    assert np.array_equal(retone(image, MASK, MonkTone(8)), retone(image, MASK, MonkTone(8)))
    assert np.array_equal(image, kept_image)
    assert np.array_equal(MASK, kept_mask)


@settings(max_examples=60, deadline=None)
@given(st.tuples(*[st.integers(0, 255)] * 3), st.sampled_from(TONES))
def test_no_lesion_turns_green(colour: tuple[int, int, int], tone: MonkTone) -> None:
    image = canonical_skin(1, SIDE)
    image[LESION] = colour
    shown = retone(image, MASK, tone).astype(int)
    assert (shown[..., 1] - shown[..., 0]).max() <= 1
