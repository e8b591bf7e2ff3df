from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dermtutor.skin.chromophores import HAEMOGLOBIN
from dermtutor.skin.colour import bytes_to_density, bytes_to_linear, linear_to_bytes
from dermtutor.skin.measure import dilate
from dermtutor.skin.reflection import separate
from tests.skin.pictures import as_mask, canonical_skin, disc, highlights


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(40, 75), st.booleans())
def test_both_parts_sum_to_the_picture(seed: int, side: int, with_lesion: bool) -> None:
    lesion = disc(side, side / 5) if with_lesion else None
    image = canonical_skin(seed, side, lesion, shine=0.2)
    parts = separate(image, None if lesion is None else as_mask(lesion))
    light = np.exp(-parts.diffuse_od) + parts.specular[..., None]
    assert light == pytest.approx(bytes_to_linear(image), abs=1e-5)
    assert parts.diffuse_od.dtype == parts.specular.dtype == np.float32
    assert np.all(parts.specular >= 0)


def test_highlights_are_surface_light_and_texture_is_not() -> None:
    spots = highlights(7, 96)
    parts = separate(canonical_skin(7, shine=0.25), None)
    assert np.median(parts.specular[spots]) > 0.09
    assert np.median(parts.specular[~dilate(spots, 2)]) < 0.002


@pytest.mark.parametrize("error", [-4, 0, 4])
def test_the_border_of_a_dark_lesion_gets_no_halo(error: int) -> None:
    lesion = disc(128, 30)
    image = canonical_skin(11, 128, lesion, melanin=1.8)
    specular = separate(image, as_mask(disc(128, 30 + error))).specular
    ring = dilate(lesion, 5) & ~lesion
    far = ~dilate(lesion, 16)
    assert specular[ring].mean() <= specular[far].mean() + 0.001


def test_white_scale_in_a_lesion_is_surface_light_even_when_large() -> None:
    lesion, scale = disc(96, 28), disc(96, 16)
    light = bytes_to_linear(canonical_skin(13, lesion=lesion, melanin=0.3))
    light[scale] = 0.2 * light[scale] + 0.6
    parts = separate(linear_to_bytes(light), as_mask(lesion))
    assert np.median(parts.specular[scale]) > 0.4


def test_redness_is_not_surface_light() -> None:
    lesion = disc(96, 20)
    density = bytes_to_density(canonical_skin(17)) + np.where(lesion, 0.6, -0.0)[..., None] * HAEMOGLOBIN
    parts = separate(linear_to_bytes(np.exp(-density).astype(np.float32)), as_mask(lesion))
    assert parts.specular[lesion].mean() < 0.003


def test_the_diffuse_part_always_keeps_a_colour() -> None:
    image = np.full((40, 40, 3), 200, dtype=np.uint8)
    image[18:22, 18:22] = 255
    image[30:, 30:] = 0
    parts = separate(image, None)
    assert np.all(np.isfinite(parts.diffuse_od))
    assert np.all(np.exp(-parts.diffuse_od) > 0.0005)
