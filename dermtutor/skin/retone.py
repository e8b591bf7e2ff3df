"""Shows a picture in canonical tone on another skin tone, lesion unchanged.

Diffuse light is multiplied, channel by channel, by what turns canonical skin into the photographed colour of the tone
(see `tones`); in optical density that is one shift for the whole picture, so a lesion keeps its own density: the same
melanin, blood and pigment above and below darker skin. Surface light is added back as it was (see `reflection`).

* On a tone lighter than the picture, light above the skin's own is rolled off, as a camera does, so that what was white
  is white and nothing lighter than skin is burnt out.
* Nothing turns green or blue, and nothing lighter than skin violet (see `plausible`).
* The ITA asked for is the photographed colour's. What separates a picture's median from it, uneven light and noise, is
  solved for by one number, a step along the curve of photographed skin colours: on a sample of the healthy skin first,
  then checked on the finished bytes and corrected once.

For recipes, in this order::

    parts = separate(healthy_picture, None)
    parts = Separation(parts.diffuse_od + amount[..., None] * HAEMOGLOBIN, parts.specular + shine)
    picture = Retoner.of_separation(parts, lesion_surroundings(mask.shape, mask)).render(tone)

A colour that does not depend on the tone, such as depigmented skin, is reached by a density relative to the tone's:
``parts.diffuse_od + amount[..., None] * (wanted_density - tone_density(tone))``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from dermtutor.skin.colour import (
    BoolArray,
    ByteArray,
    Float32Array,
    linear_to_bytes,
)
from dermtutor.skin.measure import lesion_surroundings, median_ita
from dermtutor.skin.plausible import keep_to_skin_colours
from dermtutor.skin.reflection import (
    IndexArray,
    Separation,
    at_pixels,
    light_planes,
    median_of,
    split_light,
    spread_sample,
)
from dermtutor.skin.scales import MonkTone
from dermtutor.skin.tones import CANONICAL_LIGHT, requested_ita, tone_density

# A median ITA this near the requested one, in degrees, is left as it is. Bytes make the median of smooth fair skin
# jump by about as much.
_NEAR_ENOUGH: Final = 0.2

# Pixels of healthy skin, evenly spread, that the solver works on, and that are checked in the finished picture.
_SAMPLED: Final = 4096
_CHECKED: Final = 24_000

# Steps of the solver.
_MOST_STEPS: Final = 2

# Lines of a picture that are worked on at once.
_STRIP: Final = 32

# The step along the skin colours stays within this many tones; more would be another tone, not a correction.
_LONGEST_STEP: Final = 1.5


def retone(canonical: ByteArray, lesion_mask: ByteArray | None, tone: MonkTone) -> ByteArray:
    """A picture ``(H, W, 3)`` uint8 in canonical tone, with its lesion mask ``(H, W)`` uint8, on a tone."""
    return Retoner.of_picture(canonical, lesion_mask).render(tone)


@dataclass(frozen=True, slots=True)
class _Skin:
    """What the healthy skin of a picture is like: medians, and pixels to solve on."""

    level: Float32Array  # (3,) median diffuse light
    shine: float  # median surface light
    diffuse: Float32Array  # (3, N)
    specular: Float32Array  # (N,)


class Retoner:
    """One picture, prepared once, to be shown on many tones."""

    __slots__ = ("_checked", "_diffuse", "_skin", "_specular")

    def __init__(self, diffuse: Float32Array, specular: Float32Array, healthy: IndexArray) -> None:
        """`diffuse` ``(3, H, W)`` and `specular` ``(H, W)`` linear light, `healthy` flat indices of pixels."""
        self._diffuse = diffuse
        self._specular = specular
        self._checked = spread_sample(healthy, _CHECKED)
        self._skin = _describe_skin(diffuse, specular, spread_sample(healthy, _SAMPLED))

    @classmethod
    def of_picture(cls, canonical: ByteArray, lesion_mask: ByteArray | None) -> Self:
        """From a picture ``(H, W, 3)`` uint8 in canonical tone and its lesion mask (None: healthy skin)."""
        healthy = np.flatnonzero(lesion_surroundings((canonical.shape[0], canonical.shape[1]), lesion_mask))
        diffuse, specular = split_light(
            light_planes(canonical), lesion_mask, spread_sample(healthy, _SAMPLED)
        )
        return cls(diffuse, specular, healthy)

    @classmethod
    def of_separation(cls, separation: Separation, healthy: BoolArray) -> Self:
        """From separated canonical skin and its healthy pixels ``(H, W)``."""
        planes = np.ascontiguousarray(np.moveaxis(separation.diffuse_od, -1, 0))
        return cls(np.exp(-planes), separation.specular, np.flatnonzero(healthy))

    def render(self, tone: MonkTone) -> ByteArray:
        """The picture ``(H, W, 3)`` uint8 on a tone."""
        skin = self._skin
        if skin is None:
            return self._painted(CANONICAL_LIGHT, _light_of(tone, 0.0))
        step, slope = _solve(skin, tone)
        picture = self._painted(skin.level, _skin_light(skin, tone, step))
        missed = self._missed(picture, tone)
        if abs(missed) <= _NEAR_ENOUGH:
            return picture
        corrected = self._painted(skin.level, _skin_light(skin, tone, _bounded(step - missed / slope)))
        return corrected if abs(self._missed(corrected, tone)) < abs(missed) else picture

    def _missed(self, picture: ByteArray, tone: MonkTone) -> float:
        """By how many degrees the median ITA of the healthy skin misses the requested one."""
        return median_ita(picture.reshape(-1, 3).take(self._checked, axis=0)) - requested_ita(tone)

    def _painted(self, level: Float32Array, target: Float32Array) -> ByteArray:
        height, width = self._specular.shape
        picture = np.empty((height, width, 3), dtype=np.uint8)
        # In strips, so that what is worked on stays in the cache.
        for top in range(0, height, _STRIP):
            rows = slice(top, top + _STRIP)
            light = _tinted(self._diffuse[:, rows], level, target)
            keep_to_skin_colours(light, target)
            light += self._specular[rows]
            for channel, plane in enumerate(linear_to_bytes(light)):
                picture[rows, :, channel] = plane
        return picture


def _describe_skin(diffuse: Float32Array, specular: Float32Array, sample: IndexArray) -> _Skin | None:
    if sample.size == 0:
        return None
    sampled = at_pixels(diffuse, sample)
    shine = at_pixels(specular[None], sample)
    return _Skin(median_of(sampled), float(median_of(shine)[0]), sampled, shine[0])


def _light_of(tone: MonkTone, step: float) -> Float32Array:
    """Linear light ``(3,)`` of the photographed skin `step` tones further along the curve of skin colours."""
    before, after = MonkTone(max(1, tone.value - 1)), MonkTone(min(10, tone.value + 1))
    tangent = (tone_density(after) - tone_density(before)) / (after.value - before.value)
    return np.asarray(np.exp(-(tone_density(tone) + np.float32(step) * tangent)))


def _skin_light(skin: _Skin, tone: MonkTone, step: float) -> Float32Array:
    """The diffuse light ``(3,)`` that healthy skin must have: the photographed colour less the surface light."""
    light = _light_of(tone, step)
    return np.asarray(np.maximum(light - np.float32(skin.shine), light * np.float32(0.5)))


def _ita_per_tone(tone: MonkTone) -> float:
    """Degrees of ITA that one tone along the curve of skin colours makes; negative."""
    before, after = MonkTone(max(1, tone.value - 1)), MonkTone(min(10, tone.value + 1))
    return (requested_ita(after) - requested_ita(before)) / (after.value - before.value)


def _tinted(diffuse: Float32Array, level: Float32Array, target: Float32Array) -> Float32Array:
    """Diffuse light ``(3, ...)`` multiplied so that `level` becomes `target`, rolled off above it on lighter skin.

    The roll-off ``1 + u / (1 + q u)`` of relative light ``1 + u`` leaves white (light 1) white.
    """
    result = np.empty_like(diffuse)
    for channel, (light, now, then) in enumerate(zip(diffuse, level, target, strict=True)):
        bend = then / max(1 - then, 1e-3) - now / max(1 - now, 1e-3)
        if bend <= 0:
            np.multiply(light, then / now, out=result[channel])
            continue
        above = light * (1 / now) - 1
        result[channel] = then + then * above / (1 + bend * np.maximum(above, 0))
    return result


def _solve(skin: _Skin, tone: MonkTone) -> tuple[float, float]:
    """The step along the skin colours that gives sampled skin the requested ITA, and degrees of ITA per step.

    By the secant method, on the bytes that the sampled pixels will have.
    """
    wanted, expected_slope = requested_ita(tone), _ita_per_tone(tone)

    def miss(step: float) -> float:
        light = _tinted(skin.diffuse, skin.level, _skin_light(skin, tone, step))
        return median_ita(linear_to_bytes(light + skin.specular).T) - wanted

    before, missed_before, slope = 0.0, miss(0.0), expected_slope
    step = _bounded(-missed_before / slope)
    for _ in range(_MOST_STEPS):
        if abs(missed_before) <= _NEAR_ENOUGH / 2 or step == before:
            return before, slope
        missed = miss(step)
        # Bytes move in jumps: where a small step changed too little, the slope of the table is the better guide.
        slope = min((missed - missed_before) / (step - before), expected_slope / 2)
        before, missed_before, step = step, missed, _bounded(step - missed / slope)
    return before, slope


def _bounded(step: float) -> float:
    return min(max(step, -_LONGEST_STEP), _LONGEST_STEP)
