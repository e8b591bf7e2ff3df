"""From a lesion layer and healthy skin to the picture on a tone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dermtutor.generation.fields import Field, blur, filtered, put, resize
from dermtutor.generation.recipes.layer import Deposit, LesionLayer
from dermtutor.generation.recipes.light import Light, Relit, light_of, shine
from dermtutor.generation.recipes.model import ToneRule
from dermtutor.generation.recipes.tone_rules import ToneEffect, on_tone, tone_effect
from dermtutor.skin import chromophores as pigment
from dermtutor.skin.colour import DENSITY_FLOOR
from dermtutor.skin.measure import lesion_surroundings
from dermtutor.skin.reflection import light_planes, split_light
from dermtutor.skin.retone import Retoner
from dermtutor.skin.scales import MonkTone
from dermtutor.skin.tones import CANONICAL_DENSITY, tone_density

_DIRECTIONS: Final = {
    "haemoglobin": pigment.HAEMOGLOBIN,
    "livid": pigment.LIVID_HAEMOGLOBIN,
    "melanin": pigment.MELANIN,
    "eumelanin": pigment.EUMELANIN,
    "dermal-melanin": pigment.DERMAL_MELANIN,
    "haemosiderin": pigment.HAEMOSIDERIN,
    "bilirubin": pigment.BILIRUBIN,
}

# Skin without any melanin in a photograph exposed for skin: milky, with the pink of the blood below. Chosen by eye;
# optical density of sRGB (226, 201, 186), well below white so that skin lines are not burnt out.
_DEPIGMENTED: Final = np.array((0.275, 0.560, 0.720), np.float32)
# Even on the fairest skin a depigmented patch is paler than its surroundings by this much.
_LEAST_PALLOR: Final = np.array((0.12, 0.22, 0.28), np.float32)

# How a photograph and a network pass on structures of a few pixels: all of 8, half of 3.2, nothing of 2. By the fall of
# the power spectrum of generated lesions. Taps of a symmetric filter from the middle outwards.
_LENS: Final = (10 / 16, 4 / 16, -1 / 16)
# Larger pictures keep more of what is drawn than their skin has, so that fine scale and crust can be looked at: blur in
# pixels of a picture of 256, where the side is at least half as large again.
_LENS_PX: Final = 0.5

# How far pigment follows the skin's own texture and blotches, in shares per standard deviation of them.
_FOLLOWS_DETAIL: Final = np.float32(0.11)
_FOLLOWS_BLOTCHES: Final = np.float32(0.10)
# The skin lines of depigmented skin are seen by their shadows, which light skin shows plainly.
_LINES_OF_PALE_SKIN: Final = np.float32(0.5)


@dataclass(frozen=True, slots=True)
class Skin:
    """Healthy skin prepared for drawing.

    ``diffuse`` (3, H, W) and ``specular`` (H, W) in linear light; ``detail`` (H, W): skin lines, pores and hair in
    optical density; ``smooth`` (H, W): the density without them; ``grain`` (H, W): how much more than elsewhere of a
    pigment shows at a place, about 1; ``light``: where the light comes from.
    """

    diffuse: Field
    specular: Field
    detail: Field
    smooth: Field
    grain: Field
    light: Light


def prepare_skin(base: NDArray[np.uint8]) -> Skin:
    """Prepares healthy skin in canonical tone, (H, W, 3) uint8."""
    planes = light_planes(base)
    diffuse, specular = split_light(planes, None, np.arange(planes[0].size))
    density = -np.log(diffuse[1])
    smooth = blur(density, 2.0 * min(density.shape) / 256)
    detail = density - smooth
    grain = 1 + _FOLLOWS_DETAIL * _in_deviations(detail)
    # Blotches are coarse: a picture of a sixteenth of the pixels holds them.
    small = smooth[1::4, 1::4]
    blotches = _in_deviations(small - blur(small, 3.0 * min(density.shape) / 256))
    grain += _FOLLOWS_BLOTCHES * resize(blotches, density.shape)
    return Skin(diffuse, specular, detail, smooth, grain, light_of(diffuse[1]))


def _in_deviations(field: Field) -> Field:
    """A field of mean 0 in standard deviations, at most two and a half of them: hairs and spots are no texture."""
    deviation = max(float(np.sqrt(np.vdot(field, field) / field.size)), 1e-4)
    return np.asarray(np.clip(field * np.float32(1 / deviation), -2.5, 2.5), dtype=np.float32)


def render(
    layer: LesionLayer, skin: Skin, relit: Relit, rules: tuple[ToneRule, ...], tone: MonkTone
) -> NDArray[np.uint8]:
    """The picture (H, W, 3) uint8 of the layer, its relief lit as in ``relit``, on the skin, on a tone."""
    effect = tone_effect(rules, tone)
    diffuse = skin.diffuse * np.exp(-_added_density(layer, skin, relit, effect, tone))
    specular = skin.specular * (1 - np.float32(0.6) * np.clip(layer.tension, 0, 1))
    specular += surface_light(layer, skin, relit, effect)
    for deposit in layer.deposits:
        _cover(deposit, diffuse, specular, skin, relit, effect, tone)
    _photograph(diffuse, specular, skin)
    mask = (layer.mask * 255 + 0.5).astype(np.uint8)
    healthy = lesion_surroundings((mask.shape[0], mask.shape[1]), mask)
    return Retoner(diffuse, specular, np.flatnonzero(healthy)).render(tone)


def _photograph(diffuse: Field, specular: Field, skin: Skin) -> None:
    """Makes what was drawn as sharp as the skin below it, which a lens and a network have seen."""
    scale = min(specular.shape) / 256
    for plane, bare in zip((*diffuse, specular), (*skin.diffuse, skin.specular), strict=True):
        drawn = plane - bare
        if scale >= 1.5:
            drawn = blur(drawn, _LENS_PX * scale**0.5)
        np.add(bare, filtered(drawn, _LENS), out=plane)
    np.maximum(specular, 0, out=specular)
    np.maximum(diffuse, np.float32(DENSITY_FLOOR), out=diffuse)


def _added_density(layer: LesionLayer, skin: Skin, relit: Relit, effect: ToneEffect, tone: MonkTone) -> Field:
    """Optical density (3, H, W) that chromophores, lost melanin, stretched skin and shading add."""
    added = pigment_density(layer, effect)
    added *= skin.grain
    added += relit.density
    added -= 0.6 * layer.tension * skin.detail
    if layer.depigmented.any():
        # Its colour is that of the dermis: it does not follow the pigment's blotches.
        added += bleached_density(layer, effect, tone_density(tone))
        added += _LINES_OF_PALE_SKIN * layer.depigmented * skin.detail
        # What makes healthy skin blotchy is mostly melanin, and that is gone.
        blotches = skin.smooth - blur(skin.smooth, 24.0 * min(skin.smooth.shape) / 256)
        added -= 0.7 * layer.depigmented * blotches
    return np.asarray(added, dtype=np.float32)


def pigment_density(layer: LesionLayer, effect: ToneEffect) -> Field:
    """Optical density (3, H, W) that chromophores add."""
    added = np.zeros((3, *layer.canvas.shape), np.float32)
    amounts = on_tone(layer.chromophores, effect)
    if amounts:
        directions = np.stack([_DIRECTIONS[name] for name in amounts], axis=1)
        fields = np.stack([amount.reshape(-1) for amount in amounts.values()])
        added += (directions @ fields).reshape(added.shape)
    return added


def bleached_density(layer: LesionLayer, effect: ToneEffect, skin_density: Field) -> Field:
    """Optical density (3, H, W) that lost melanin adds to skin of a density (3,)."""
    change = np.minimum(_DEPIGMENTED - skin_density, -_LEAST_PALLOR)
    added = change[:, None, None] * layer.depigmented
    if effect.rim_melanin:
        wide = blur(layer.depigmented, 1.6 / layer.canvas.mm_per_px)
        rim = np.clip(wide - layer.depigmented, 0, 1)
        added += pigment.MELANIN[:, None, None] * np.float32(2 * effect.rim_melanin) * rim
    return np.asarray(added, dtype=np.float32)


def surface_light(layer: LesionLayer, skin: Skin, relit: Relit, effect: ToneEffect) -> Field:
    """Surface light of the lesion: the shine of its surface and the light a blister gathers opposite the lamp."""
    gloss = layer.gloss + np.float32(effect.sheen) * np.clip(layer.tension, 0, 1)
    light = skin.light
    surface = shine(relit, -0.8 * skin.detail * (1 - 0.8 * layer.tension), gloss, layer.sharpness, light)
    if layer.lens.any():
        away = -(layer.lens_x * np.float32(light.x) + layer.lens_y * np.float32(light.y))
        surface += layer.lens * np.clip(away, 0, 1) ** 2 * np.float32(0.10)
    red = layer.chromophores.get("haemoglobin")
    if effect.haze and red is not None:
        surface += np.float32(effect.haze) * np.clip(red, 0, 1.2)
    return surface


def _cover(
    deposit: Deposit,
    diffuse: Field,
    specular: Field,
    skin: Skin,
    relit: Relit,
    effect: ToneEffect,
    tone: MonkTone,
) -> None:
    """Lays opaque matter over the picture. Its colour is its own, so on dark skin it is not darkened with the skin."""
    lit = deposit.texture * (
        1 - deposit.tilt_x * np.float32(skin.light.x) - deposit.tilt_y * np.float32(skin.light.y)
    )
    # Hairs and deep skin lines show through as darker lines.
    places = deposit.places
    lit *= np.exp(-np.clip(skin.detail.take(places), -0.12, 0.5) - relit.density[1].take(places))
    colour = np.array(deposit.colour, np.float32)
    if deposit.is_scale:
        colour *= 1 - np.float32(0.5 * effect.scale_grey)
    colour = colour ** np.float32(deposit.below) * _before_tinting(colour, tone) ** np.float32(
        1 - deposit.below
    )
    bare = 1 - deposit.alpha
    matter = deposit.alpha * lit
    for plane, own in zip(diffuse, colour, strict=True):
        put(plane, places, plane.take(places) * bare + matter * own)
    put(specular, places, specular.take(places) * bare)


def _before_tinting(colour: Field, tone: MonkTone) -> Field:
    """The light (3,) on canonical skin that a change to a tone turns into the colour wanted, (3,) linear light.

    On darker tones light is divided by what the tone takes away; on lighter ones the camera's roll-off above the
    skin's own light (see `dermtutor.skin.retone`) is undone. In a photograph of fair skin scale is a little brighter.
    """
    now, then = np.exp(-CANONICAL_DENSITY), np.exp(-tone_density(tone))
    wanted = colour * np.maximum(then[1] / now[1], 1) ** np.float32(0.5)
    above = wanted / then - 1
    bend = np.maximum(then / (1 - then) - now / (1 - now), 0)
    undone = np.where(above > 0, above / np.maximum(1 - bend * above, 0.15), above)
    return np.asarray(now * (1 + undone), dtype=np.float32)
