"""The effect of a learned lesion: its optical density and surface light against its own healthy skin.

The light that falls across its picture goes with that skin. What is left of its own light is the shade of its relief:
one side of a raised lesion is darker, in all colours alike. That shade is turned to the photograph's light.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dermtutor.generation.fields import Field, blur, smoothstep
from dermtutor.generation.recipes.light import Light, light_of
from dermtutor.generation.transfer.effect import Effect, border_window, reach_of, without_cut_lesions
from dermtutor.skin.colour import bytes_to_linear
from dermtutor.skin.measure import lesion_surroundings
from dermtutor.skin.reflection import separate

# Shares of the patch's side: how far a lesion's colour is followed beyond its mask, and over what width the healthy
# skin below a lesion is filled in from around it.
_REACH: Final = 0.07
_FILL: Final = 0.16


# Most of the optical density that a lesion may take away, and over what share of the side glare on skin is even.
_PALEST: Final = np.float32(0.12)
_GLARE: Final = 0.03
# Fine detail is judged over this share of the side, against this percentile of the power of detail beside the lesion.
_DETAIL: Final = 0.025
_SKIN_POWER: Final = 70
# Most of the fall of density over a lesion's radius that is taken for shade: the rest is pigment that lies unevenly.
_MOST_SHADE: Final = 0.15
# How much shine goes from the side that was lit to the side that is, and its bounds.
_SHINE_TURNS: Final = 0.5
_SHINE_KEEPS: Final = (0.35, 1.65)
_LONGEST: Final = 1.4


@dataclass(frozen=True, slots=True, eq=False)
class LearnedLesion:
    """``effect`` is lit as its picture was: from ``light``, with ``shade`` in optical density over a radius.

    ``across`` and ``down`` (n, n) say where a pixel lies on the lesion, in its radii from its middle.
    """

    effect: Effect
    light: Light
    shade: float
    across: Field
    down: Field

    def lit_by(self, light: Light) -> Effect:
        """The effect with its relief lit from another direction, in the patch's own coordinates."""
        (was_x, was_y), (now_x, now_y) = _direction(self.light), _direction(light)
        turned = self.across * np.float32(was_x - now_x) + self.down * np.float32(was_y - now_y)
        density = self.effect.density + np.float32(self.shade) * turned * self.effect.mask
        shine = self.effect.shine
        if shine is not None:
            shine = shine * np.clip(1 - np.float32(_SHINE_TURNS) * turned, *_SHINE_KEEPS)
        return replace(self.effect, density=density, shine=shine)


def learned_lesion(image: NDArray[np.uint8], mask: NDArray[np.uint8]) -> LearnedLesion:
    """A lesion with the light of its picture (n, n, 3) uint8 in canonical tone; its mask is (n, n) uint8."""
    effect = _effect(image, mask)
    across, down = _places(effect.mask)
    green = bytes_to_linear(image[..., 1])
    healthy = lesion_surroundings(green.shape, mask)
    if healthy.any():
        green = np.where(healthy, green, np.median(green[healthy]))
    light = light_of(green.astype(np.float32))
    return LearnedLesion(effect, light, _shade(effect, across, down, light), across, down)


def _direction(light: Light) -> tuple[float, float]:
    """Where the light comes from on the picture, as a unit vector; none for light from straight above."""
    length = math.hypot(light.x, light.y)
    return (light.x / length, light.y / length) if length > 1e-6 else (0.0, 0.0)


def _places(lesion: Field) -> tuple[Field, Field]:
    """Where a pixel lies on a lesion (n, n) of 0 to 1: across and down from its middle, in its radii."""
    n = lesion.shape[0]
    at = np.arange(n, dtype=np.float32)
    area = max(float(lesion.sum()), 1.0)
    radius = math.sqrt(area / math.pi)
    x, y = float(lesion.sum(axis=0) @ at) / area, float(lesion.sum(axis=1) @ at) / area
    across, down = (np.clip((at - middle) / radius, -_LONGEST, _LONGEST) for middle in (x, y))
    return (
        np.broadcast_to(across[None, :], lesion.shape).astype(np.float32),
        np.broadcast_to(down[:, None], lesion.shape).astype(np.float32),
    )


def _shade(effect: Effect, across: Field, down: Field, light: Light) -> float:
    """By how much a lesion is darker away from the light, over a radius, in the colour where it is least."""
    weight = effect.mask
    x, y = _direction(light)
    away = -(across * np.float32(x) + down * np.float32(y))
    away = away - (weight * away).sum() / max(float(weight.sum()), 1.0)
    spread = float((weight * away * away).sum())
    if spread < 1.0:
        return 0.0
    falls = [float((weight * away * plane).sum()) / spread for plane in effect.density]
    return min(max(min(falls), 0.0), _MOST_SHADE)


def _effect(image: NDArray[np.uint8], mask: NDArray[np.uint8]) -> Effect:
    """The effect of a picture (n, n, 3) uint8 in canonical tone with its lesion's mask (n, n) uint8."""
    parts = separate(image, mask)
    density = np.ascontiguousarray(np.moveaxis(parts.diffuse_od, -1, 0))
    lesion = mask.astype(np.float32) / np.float32(255)
    n = lesion.shape[0]
    healthy = lesion_surroundings((n, n), mask)
    added = np.stack([plane - _healthy_below(plane, healthy, n) for plane in density])
    whole = without_cut_lesions(lesion)
    reach = reach_of(lesion, _REACH) * whole
    # Beside the lesion only the change of colour counts: the texture there is that of another skin.
    inner = smoothstep(blur(lesion, 0.012 * n), 0.25, 0.8)
    soft = np.stack([blur(plane, 0.02 * n) for plane in added])
    fine = added - soft
    own = _own_detail(fine.mean(axis=0), healthy, n)
    added = soft + inner * own * fine
    # Paler than the skin around is glare of that picture, as far as it is more than a little; scale is shine.
    added = np.where(added < 0, -_PALEST * np.tanh(-added / _PALEST), added)
    # The light that skin of canonical tone sends back at its surface anyway is the photograph's business.
    usual = blur(_healthy_below(parts.specular, healthy, n), _GLARE * n)
    shine = np.clip(parts.specular - usual, 0, 1)
    shine = shine * inner * _own_detail(shine, healthy, n)
    return Effect(added.astype(np.float32), lesion * whole * border_window(n), reach, shine=shine)


def _own_detail(detail: Field, healthy: NDArray[np.bool_], n: int) -> Field:
    """The share of fine detail (n, n) that is the lesion's and not that of the skin it was made on, 0 to 1.

    Hairs, lines and pores run through a lesion as strongly as beside it; those of the photograph stand there already.
    A Wiener filter: what has the power of the skin around is skin.
    """
    if not healthy.any():
        return np.ones_like(detail)
    power = blur(detail * detail, _DETAIL * n)
    of_skin = float(np.percentile(power[healthy], _SKIN_POWER))
    return np.asarray(np.clip(1 - np.float32(of_skin) / np.maximum(power, np.float32(1e-8)), 0, 1))


def _healthy_below(plane: Field, healthy: NDArray[np.bool_], n: int) -> Field:
    """The density of healthy skin, smooth, also below the lesion: from wider and wider around it."""
    weight = healthy.astype(np.float32)
    if not weight.any():
        return np.full_like(plane, np.median(plane))
    # Pixels of hair and of other lesions are no skin: what differs much from the median counts less.
    middle = float(np.median(plane[healthy]))
    weight *= np.exp(-(((plane - np.float32(middle)) / np.float32(0.25)) ** 2))
    result = np.full_like(plane, middle)
    known = np.zeros_like(plane)
    for share in (_FILL, _FILL / 2, _FILL / 4):
        sigma = share * n
        near = blur(weight, sigma)
        mean = blur(weight * plane, sigma) / np.maximum(near, np.float32(1e-4))
        known = smoothstep(near, 0.05, 0.5)
        result += known * (mean - result)
    return result
