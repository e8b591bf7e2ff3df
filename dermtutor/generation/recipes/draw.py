"""Draws a recipe on healthy skin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dermtutor.generation.recipes.drawing import lesion_layer
from dermtutor.generation.recipes.light import shade
from dermtutor.generation.recipes.model import Recipe
from dermtutor.generation.recipes.render import prepare_skin, render
from dermtutor.generation.recipes.variants import variant_of
from dermtutor.skin.scales import MonkTone


@dataclass(frozen=True, slots=True)
class DrawnLesion:
    """A picture (H, W, 3) uint8 sRGB on its tone, and the lesion's mask (H, W) uint8: 0 outside, 255 inside.

    ``variant`` is the name of the recipe's variant that the seed drew; empty when the recipe has none.
    """

    image_u8: NDArray[np.uint8]
    mask_u8: NDArray[np.uint8]
    variant: str = ""


def draw(
    recipe: Recipe, base_canonical_u8: NDArray[np.uint8], seed: int, severity: float, tone: MonkTone
) -> DrawnLesion:
    """One patient of a recipe on healthy skin in canonical tone, (H, W, 3) uint8.

    ``seed`` (0 or more) decides the patient, ``severity`` (0 to 1) how bad it is. The mask and everything
    that has a place are the same on every tone.
    """
    return next(draw_on_tones(recipe, base_canonical_u8, seed, severity, (tone,)))


def draw_on_tones(
    recipe: Recipe,
    base_canonical_u8: NDArray[np.uint8],
    seed: int,
    severity: float,
    tones: Sequence[MonkTone],
) -> Iterator[DrawnLesion]:
    """The same patient's lesion on each of the tones; the layer is drawn and lit once."""
    if not 0 <= severity <= 1:
        raise ValueError(f"severity is a number from 0 to 1, not {severity!r}")
    height, width = base_canonical_u8.shape[:2]
    layer = lesion_layer(recipe, (height, width), seed, severity)
    skin = prepare_skin(base_canonical_u8)
    relit = shade(layer.height, layer.canvas, skin.light)
    mask = (layer.mask * 255 + 0.5).astype(np.uint8)
    name = variant_of(recipe, seed).name
    for tone in tones:
        yield DrawnLesion(render(layer, skin, relit, recipe.tone_rule, tone), mask, name)
