from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from dermtutor.skin.colour import bytes_to_lab, from_optical_density, ita_degrees, linear_to_bytes
from dermtutor.skin.scales import MonkTone
from dermtutor.skin.tones import (
    CANONICAL_DENSITY,
    CANONICAL_LIGHT,
    CANONICAL_SRGB,
    photographed_tone,
    requested_ita,
    tone_density,
)

TONES = MonkTone.all()
LAB = bytes_to_lab(np.array([photographed_tone(tone).srgb for tone in TONES], dtype=np.uint8))


def test_each_tone_is_plainly_darker_than_the_one_before() -> None:
    assert np.all(np.diff(LAB[:, 0]) < -2)


def test_requested_angles_fall_far_enough_apart_to_tell_tones() -> None:
    angles = [requested_ita(tone) for tone in TONES]
    assert all(light - dark > 3 for light, dark in pairwise(angles))


def test_every_tone_has_the_hue_of_photographed_skin() -> None:
    hue = np.degrees(np.arctan2(LAB[:, 2], LAB[:, 1]))
    assert np.all((hue > 45) & (hue < 66))
    assert np.all(LAB[:, 2] >= 10), "the ITA of a nearly neutral colour means nothing"


def test_requested_angle_is_that_of_the_tables_colour() -> None:
    assert [requested_ita(tone) for tone in TONES] == pytest.approx(ita_degrees(LAB), abs=1e-3)


def test_order_of_the_tones_is_that_of_the_swatches() -> None:
    swatches = np.array([[int(t.swatch[i : i + 2], 16) for i in (1, 3, 5)] for t in TONES], dtype=np.uint8)
    swatch_angles = ita_degrees(bytes_to_lab(swatches))
    assert np.all(np.diff(swatch_angles) < 0)
    assert photographed_tone(MonkTone(9)).srgb[0] > swatches[8, 0], "dark tones are exposed for the skin"


def test_monk_5_is_canonical_skin() -> None:
    assert photographed_tone(MonkTone(5)).srgb == CANONICAL_SRGB
    assert tone_density(MonkTone(5)) == pytest.approx(CANONICAL_DENSITY)


def test_densities_are_those_of_the_colours() -> None:
    assert from_optical_density(CANONICAL_DENSITY) == pytest.approx(CANONICAL_LIGHT)
    for tone in TONES:
        light = from_optical_density(tone_density(tone)).astype(np.float32)
        assert tuple(linear_to_bytes(light)) == photographed_tone(tone).srgb


def test_every_tone_says_why_it_has_its_colour() -> None:
    assert all(photographed_tone(tone).note for tone in TONES)
