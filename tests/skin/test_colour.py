from __future__ import annotations

import colour
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dermtutor.skin.colour import (
    DENSITY_FLOOR,
    FloatArray,
    bytes_to_density,
    bytes_to_lab,
    bytes_to_linear,
    delta_e_2000,
    density_to_bytes,
    from_optical_density,
    ita_degrees,
    linear_to_bytes,
    linear_to_srgb,
    optical_density,
    srgb_to_lab,
    srgb_to_linear,
    to_bytes,
)
from dermtutor.skin.scales import MONK_SWATCHES

D65 = colour.CCS_ILLUMINANTS["CIE 1931 2 Degree Standard Observer"]["D65"]
ALL_BYTES = np.arange(256, dtype=np.uint8)

unit_colours = arrays(np.float64, (7, 3), elements=st.floats(0, 1))


def swatch_bytes(swatch: str) -> list[int]:
    return [int(swatch[i : i + 2], 16) for i in (1, 3, 5)]


@given(unit_colours)
def test_linear_light_agrees_with_colour_science(unit: FloatArray) -> None:
    assert srgb_to_linear(unit) == pytest.approx(colour.cctf_decoding(unit, "sRGB"), abs=1e-8)
    assert linear_to_srgb(unit) == pytest.approx(colour.cctf_encoding(unit, "sRGB"), abs=1e-6)


@given(unit_colours)
def test_lab_agrees_with_colour_science(unit: FloatArray) -> None:
    expected = colour.XYZ_to_Lab(colour.sRGB_to_XYZ(unit), D65)
    # The white point is the matrix's own sum here, a published rounding of it there.
    assert srgb_to_lab(unit) == pytest.approx(expected, abs=0.02)


@given(st.integers(0, 2**32 - 1))
def test_colour_difference_agrees_with_colour_science(seed: int) -> None:
    # Drawn, not searched for: the formula itself jumps where two hues are exactly opposite.
    first, second = np.random.default_rng(seed).uniform((0, -100, -100), (100, 100, 100), (2, 50, 3))
    assert delta_e_2000(first, second) == pytest.approx(
        colour.delta_E(first, second, method="CIE 2000"), abs=1e-6
    )


# Sharma, Wu and Dalal (2005), table 1: pairs that catch the usual mistakes in the mean hue.
@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, -1.0, 2.0), (50.0, 0.0, 0.0), 2.3669),
        ((50.0, 2.49, -0.001), (50.0, -2.49, 0.0009), 7.1792),
        ((50.0, 2.5, 0.0), (50.0, 0.0, -2.5), 4.3065),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_colour_difference_of_published_pairs(
    first: tuple[float, ...], second: tuple[float, ...], expected: float
) -> None:
    assert float(delta_e_2000(first, second)) == pytest.approx(expected, abs=1e-4)
    assert float(delta_e_2000(second, first)) == pytest.approx(expected, abs=1e-4)


@given(unit_colours)
def test_srgb_survives_the_way_to_linear_light_and_back(unit: FloatArray) -> None:
    assert linear_to_srgb(srgb_to_linear(unit)) == pytest.approx(unit, abs=1e-6)


@given(arrays(np.float64, (5, 3), elements=st.floats(DENSITY_FLOOR, 1)))
def test_density_survives_the_way_back(linear: FloatArray) -> None:
    assert from_optical_density(optical_density(linear)) == pytest.approx(linear, rel=1e-9)


def test_every_byte_survives_the_tables() -> None:
    assert np.array_equal(linear_to_bytes(bytes_to_linear(ALL_BYTES)), ALL_BYTES)
    dense = bytes_to_density(ALL_BYTES) == bytes_to_density(ALL_BYTES).max()  # below the floor all are alike
    assert np.array_equal(density_to_bytes(bytes_to_density(ALL_BYTES))[~dense], ALL_BYTES[~dense])
    assert np.array_equal(to_bytes(ALL_BYTES / 255), ALL_BYTES)


def test_tables_agree_with_the_formulas() -> None:
    linear = srgb_to_linear(ALL_BYTES / 255)
    assert bytes_to_linear(ALL_BYTES) == pytest.approx(linear, abs=1e-7)
    assert bytes_to_density(ALL_BYTES) == pytest.approx(optical_density(linear), abs=1e-6)
    many = np.linspace(0, 1, 100_001, dtype=np.float32)
    difference = linear_to_bytes(many).astype(int) - to_bytes(linear_to_srgb(many.astype(np.float64)))
    assert np.abs(difference).max() <= 1
    assert np.mean(difference != 0) < 0.005


def test_light_outside_the_range_is_clipped() -> None:
    light = np.array([-0.5, -1e-9, 1.0001, 7.0], dtype=np.float32)
    assert linear_to_bytes(light).tolist() == [0, 0, 255, 255]
    assert to_bytes(light).tolist() == [0, 0, 255, 255]
    assert linear_to_srgb(light) == pytest.approx([0, 0, 1, 1], abs=1e-6)
    assert float(optical_density(0.0)) == pytest.approx(-np.log(DENSITY_FLOOR))


def test_float32_stays_float32() -> None:
    light = np.full((2, 3), 0.4, dtype=np.float32)
    for function in (srgb_to_linear, linear_to_srgb, optical_density, from_optical_density, srgb_to_lab):
        assert function(light).dtype == np.float32
        assert function(light.astype(np.float64)).dtype == np.float64


# Reference values of the published Monk swatches: L*, b* and ITA under D65.
@pytest.mark.parametrize(
    ("swatch", "lightness", "yellow", "ita"),
    [
        (MONK_SWATCHES[0], 94.2, 5.4, 83.0),
        (MONK_SWATCHES[1], 92.3, 7.3, 80.2),
        (MONK_SWATCHES[2], 93.1, 14.2, 71.7),
        (MONK_SWATCHES[3], 87.6, 17.8, 64.7),
        (MONK_SWATCHES[4], 77.9, 23.1, 50.3),
        (MONK_SWATCHES[5], 55.1, 26.7, 10.9),
        (MONK_SWATCHES[6], 42.5, 20.5, -20.1),
        (MONK_SWATCHES[7], 30.7, 13.3, -55.4),
        (MONK_SWATCHES[8], 21.1, 6.0, -78.3),
        (MONK_SWATCHES[9], 14.6, 3.5, -84.3),
    ],
)
def test_monk_swatches_have_their_known_angles(
    swatch: str, lightness: float, yellow: float, ita: float
) -> None:
    lab = bytes_to_lab(np.array(swatch_bytes(swatch), dtype=np.uint8))
    assert lab[[0, 2]] == pytest.approx([lightness, yellow], abs=0.06)
    assert float(ita_degrees(lab)) == pytest.approx(ita, abs=0.06)


def test_angle_of_a_colour_without_yellow_does_not_jump_to_the_other_end() -> None:
    assert float(ita_degrees((80.0, 5.0, -0.1))) > 90
    assert float(ita_degrees((20.0, 5.0, -0.1))) < -90
