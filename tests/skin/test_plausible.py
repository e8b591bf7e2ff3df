"""What skin cannot reflect is changed to what it can; what melanin and blood make of skin stays as it is."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dermtutor.skin.chromophores import EUMELANIN, HAEMOGLOBIN, LIVID_HAEMOGLOBIN
from dermtutor.skin.plausible import keep_to_skin_colours
from dermtutor.skin.scales import MonkTone
from dermtutor.skin.tones import tone_density

LIGHT = st.floats(0.001, 1)


def changed(colour: np.ndarray, tone: MonkTone) -> np.ndarray:
    light = colour.astype(np.float32).reshape(3, 1)
    keep_to_skin_colours(light, np.exp(-tone_density(tone)))
    return light[:, 0]


@given(st.tuples(LIGHT, LIGHT, LIGHT), st.sampled_from(MonkTone.all()))
def test_any_light_becomes_a_colour_of_skin(colour: tuple[float, float, float], tone: MonkTone) -> None:
    skin = np.exp(-tone_density(tone))
    red, green, blue = changed(np.array(colour), tone)
    assert green <= red * 1.0001
    assert blue <= 1.2501 * red
    assert green <= skin[1] or blue <= green * 1.0001


@given(LIGHT, LIGHT, st.sampled_from(MonkTone.all()))
def test_green_becomes_yellow_or_grey_of_the_same_luminance(red: float, green: float, tone: MonkTone) -> None:
    before = np.array([red, green, 0.0])
    after = changed(before, tone)
    weights = np.array([0.2126, 0.7152, 0])
    assert abs(weights @ after - weights @ before) < 1e-4


@given(st.sampled_from(MonkTone.all()), st.floats(0, 3), st.floats(0, 2), st.floats(0, 1))
def test_melanin_and_blood_stay(tone: MonkTone, melanin: float, blood: float, livid: float) -> None:
    added = melanin * EUMELANIN + blood * HAEMOGLOBIN + livid * LIVID_HAEMOGLOBIN
    colour = np.exp(-(tone_density(tone) + added))
    assert np.allclose(changed(colour, tone), colour, rtol=1e-4)
