"""A learned lesion leaves its own skin and its own light behind."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from dermtutor.generation.recipes.light import Light
from dermtutor.generation.transfer.learned import LearnedLesion, learned_lesion
from dermtutor.skin.colour import linear_to_bytes
from dermtutor.skin.tones import CANONICAL_LIGHT

N = 128
Y, X = np.mgrid[0:N, 0:N].astype(np.float32)
ACROSS, DOWN = (X - N / 2) / 30, (Y - N / 2) / 30
INSIDE = (ACROSS**2 + DOWN**2 < 1).astype(np.float32)
RED = np.array((0.15, 0.45, 0.4), np.float32)


def lesion(
    density: NDArray[np.float32] | float = 0.0, shade: float = 0.0, fall: float = 0.0
) -> LearnedLesion:
    """A red disc whose lower right is darker by ``shade`` over a radius, on skin that ``density`` covers and over
    which the light falls off to the lower right by ``fall``.
    """
    away = (ACROSS + DOWN) / np.float32(np.sqrt(2))
    depth = INSIDE * np.float32(shade) * away + np.float32(fall) * away * np.float32(0.2) + density
    light = CANONICAL_LIGHT * np.exp(-depth[..., None] - INSIDE[..., None] * RED)
    return learned_lesion(linear_to_bytes(light), (255 * INSIDE).astype(np.uint8))


def tilt(found: LearnedLesion, light: Light) -> tuple[float, float]:
    """How the density of the lesion grows to the right and downwards, over a radius."""
    density = found.lit_by(light).density.mean(axis=0)
    core = ACROSS**2 + DOWN**2 < 0.6
    terms = np.stack([ACROSS[core], DOWN[core], np.ones(int(core.sum()), np.float32)], axis=1)
    slope = np.linalg.lstsq(terms, density[core], rcond=None)[0]
    return float(slope[0]), float(slope[1])


def test_the_shade_of_its_relief_turns_to_the_light_of_the_photograph() -> None:
    found = lesion(shade=0.1, fall=0.5)
    assert found.light.x < 0
    assert found.light.y < 0
    assert found.shade == pytest.approx(0.1, abs=0.03)
    kept = tilt(found, found.light)
    assert kept[0] > 0.04
    turned = tilt(found, Light(-found.light.x, -found.light.y, found.light.z))
    assert turned[0] < -0.02
    assert turned[1] < -0.02


def test_light_over_its_own_skin_does_not_come_along() -> None:
    found = lesion(fall=0.5)
    assert found.shade < 0.02
    assert tilt(found, found.light) == pytest.approx((0, 0), abs=0.03)


def test_pigment_that_lies_unevenly_is_no_shade() -> None:
    """Half of a pigmented lesion may be darker; turned to the light it would be another lesion."""
    found = lesion(density=INSIDE * np.clip(ACROSS + DOWN, 0, None) * 0.9)
    assert found.shade <= 0.15


def test_lines_of_its_own_skin_do_not_come_along_and_those_of_the_lesion_do() -> None:
    lines = (0.25 * (np.sin(X * 1.9) > 0.6)).astype(np.float32)
    plain, on_all, on_lesion = (
        lesion(density=each).effect.density.mean(axis=0) for each in (0.0, lines, lines * INSIDE)
    )
    core = ACROSS**2 + DOWN**2 < 0.5
    drawn = float(lines[core].std())
    assert float((on_all - plain)[core].std()) < 0.35 * drawn
    assert float((on_lesion - plain)[core].std()) > 0.6 * drawn


def test_glare_beside_it_makes_no_pale_halo() -> None:
    rim = (ACROSS**2 + DOWN**2 < 1.0) & (ACROSS**2 + DOWN**2 > 0.6)
    found = lesion(density=-0.7 * rim.astype(np.float32) - RED.mean() * rim)
    assert float(found.effect.density.min()) > -0.13
