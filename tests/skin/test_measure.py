from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import binary_dilation

from dermtutor.skin.colour import bytes_to_lab, ita_degrees
from dermtutor.skin.measure import dilate, healthy_skin, lesion_surroundings, measure_tone, median_ita
from dermtutor.skin.scales import MonkTone
from dermtutor.skin.tones import photographed_tone
from tests.skin.pictures import as_mask, canonical_skin, disc, highlights


@given(st.integers(0, 2**32 - 1), st.integers(0, 15))
def test_dilation_is_that_of_a_square(seed: int, radius: int) -> None:
    mask = np.random.default_rng(seed).random((33, 40)) > 0.99
    square = np.ones((2 * radius + 1, 2 * radius + 1))
    assert np.array_equal(dilate(mask, radius), binary_dilation(mask, square))


@pytest.mark.parametrize("tone", MonkTone.all(), ids=str)
def test_a_flat_patch_measures_as_its_colour(tone: MonkTone) -> None:
    photographed = photographed_tone(tone)
    image = np.full((32, 40, 3), photographed.srgb, dtype=np.uint8)
    measured = measure_tone(image, None)
    assert measured.ita == pytest.approx(photographed.ita, abs=0.05)
    assert measured.lab == pytest.approx(tuple(bytes_to_lab(image)[0, 0]), abs=0.05)
    assert measured.healthy_pixels == 32 * 40
    assert measured.is_reliable


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_medians_agree_with_the_slow_way(seed: int) -> None:
    image = canonical_skin(seed, 64)
    pixels = image[healthy_skin(image, None)]
    lab = bytes_to_lab(pixels)
    measured = measure_tone(image, None)
    assert measured.lab == pytest.approx(tuple(np.median(lab, axis=0)), abs=0.05)
    assert measured.ita == pytest.approx(float(np.median(ita_degrees(lab))), abs=0.05)
    assert median_ita(image.reshape(-1, 3)) == pytest.approx(measured.ita, abs=1e-6)


def test_the_lesion_and_its_margin_do_not_count() -> None:
    lesion = disc(96, 25)
    clear = canonical_skin(3)
    with_lesion = canonical_skin(3, lesion=disc(96, 28))
    measured = measure_tone(with_lesion, as_mask(lesion))
    assert measured.ita == pytest.approx(measure_tone(clear, as_mask(lesion)).ita, abs=0.05)
    assert measured.ita - measure_tone(with_lesion, None).ita > 1


def test_hair_and_highlights_do_not_count() -> None:
    clear = canonical_skin(5)
    hairy = clear.copy()
    hairy[:, ::12] = 35
    hairy[highlights(5, 96)] = 255
    healthy = healthy_skin(hairy, None)
    assert not healthy[:, ::12].any()
    assert not healthy[highlights(5, 96)].any()
    assert measure_tone(hairy, None).ita == pytest.approx(measure_tone(clear, None).ita, abs=0.3)


def test_a_lesion_that_fills_the_picture_leaves_an_unreliable_measurement() -> None:
    image = canonical_skin(1)
    everywhere = np.full((96, 96), 255, dtype=np.uint8)
    assert not lesion_surroundings((96, 96), everywhere).any()
    measured = measure_tone(image, everywhere)
    assert measured.healthy_pixels == 0
    assert not measured.is_reliable
    assert measured.ita == pytest.approx(measure_tone(image, None).ita, abs=0.5)


def test_a_large_lesion_gives_up_its_margin_before_all_skin_is_lost() -> None:
    lesion = np.full((96, 96), 255, dtype=np.uint8)
    lesion[:, :2] = 0
    assert np.array_equal(lesion_surroundings((96, 96), lesion), lesion == 0)


def test_a_neutral_colour_has_no_reliable_angle() -> None:
    grey = np.full((16, 16, 3), 60, dtype=np.uint8)
    measured = measure_tone(grey, None)
    assert not measured.is_reliable
    assert -90 <= measured.ita <= 90
