"""The effect of a lesion drawn from a recipe, lit by the photograph's light, on skin of the photograph's tone."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from dermtutor.generation.fields import Field, put
from dermtutor.generation.recipes.layer import Deposit, LesionLayer
from dermtutor.generation.recipes.light import Light, Relit, shade
from dermtutor.generation.recipes.model import ToneRule
from dermtutor.generation.recipes.render import Skin, bleached_density, pigment_density, surface_light
from dermtutor.generation.recipes.tone_rules import ToneEffect, tone_effect
from dermtutor.generation.transfer.effect import Effect, border_window, reach_of, without_cut_lesions
from dermtutor.skin.scales import MonkTone
from dermtutor.skin.tones import CANONICAL_LIGHT

# Shading, halos and shadows reach this far beyond a lesion, in millimetres of skin.
_REACH_MM: Final = 3.0


def authored_effect(
    layer: LesionLayer,
    rules: tuple[ToneRule, ...],
    light: Light,
    skin_light: Field,
    tone: MonkTone,
    texture: Field,
    exposure: float,
) -> Effect:
    """The effect of a drawn layer (n, n).

    ``light`` is the photograph's, turned into the patch; ``skin_light`` (3,) the linear light of its healthy skin;
    ``rules`` are the recipe's, ``tone`` the tone for which they hold; ``texture`` (n, n) is the density of its skin's
    lines; ``exposure`` (0 to 1) how bright white things are on it.
    """
    effect = tone_effect(rules, tone)
    relit = shade(layer.height, layer.canvas, light)
    skin_density = -np.log(np.clip(skin_light, 0.004, 1)).astype(np.float32)
    # Without melanin skin has a colour of its own, as bright as the photograph is exposed.
    density = relit.density + pigment_density(layer, effect)
    if layer.depigmented.any():
        density += bleached_density(layer, effect, skin_density + np.float32(math.log(exposure)))
    none = layer.canvas.zeros()
    skin = Skin(diffuse=none, specular=none, detail=texture, smooth=none, grain=none, light=light)
    n = layer.canvas.height
    whole = without_cut_lesions(layer.mask) * border_window(n)
    mask = layer.mask * whole
    reach = reach_of(layer.mask, _REACH_MM / layer.canvas.field_mm) * whole
    alpha, matter = _deposits(layer, relit, light, effect, skin_light, exposure)
    tension = np.clip(layer.tension, 0, 1)
    return Effect(
        density,
        mask,
        reach,
        shine=_unless_empty(surface_light(layer, skin, relit, effect)),
        dull=_unless_empty(np.float32(0.6) * tension),
        alpha=alpha,
        matter=matter,
        flat=_unless_empty(np.float32(0.6) * layer.tension),
        bleached=_unless_empty(np.float32(0.7) * layer.depigmented),
    )


def _unless_empty(field: Field) -> Field | None:
    """The field, or None when it does nothing: then it need not be laid on."""
    return field if float(np.abs(field).max()) > 2e-3 else None


def _deposits(
    layer: LesionLayer,
    relit: Relit,
    light: Light,
    effect: ToneEffect,
    skin_light: Field,
    exposure: float,
) -> tuple[Field | None, Field | None]:
    """All opaque matter as one: how far it hides the skin (n, n), and its light times that (3, n, n)."""
    if not layer.deposits:
        return None, None
    alpha, matter = layer.canvas.zeros(), np.zeros((3, *layer.canvas.shape), np.float32)
    for deposit in layer.deposits:
        places = deposit.places
        lit = deposit.texture * (
            1 - deposit.tilt_x * np.float32(light.x) - deposit.tilt_y * np.float32(light.y)
        )
        lit = lit * np.exp(-relit.density[1].take(places)) * deposit.alpha
        bare = 1 - deposit.alpha
        for plane, colour in zip(matter, _colour(deposit, effect, skin_light, exposure), strict=True):
            put(plane, places, plane.take(places) * bare + lit * colour)
        put(alpha, places, 1 - (1 - alpha.take(places)) * bare)
    return alpha, matter


def _colour(deposit: Deposit, effect: ToneEffect, skin_light: Field, exposure: float) -> Field:
    """The light (3,) that matter sends back. What lies on the skin keeps its own on dark skin; what lies below the
    epidermis is darkened like the skin. In a photograph of fair skin it is a little brighter.
    """
    colour = np.array(deposit.colour, np.float32)
    if deposit.is_scale:
        colour *= 1 - np.float32(0.5 * effect.scale_grey)
    fairer = np.maximum(skin_light[1] / CANONICAL_LIGHT[1], 1) ** np.float32(0.5)
    through = (skin_light / CANONICAL_LIGHT) ** np.float32(deposit.below)
    own = (fairer * np.float32(exposure)) ** np.float32(1 - deposit.below)
    return np.asarray(colour * through * own, dtype=np.float32)
