"""Separates the light that a skin reflects at its surface from the light that comes back out of it.

Melanin and blood absorb only the light that enters the skin (diffuse light). What the surface throws back at once, the
shine on skin lines, wet erosions, silver scale and pale hair, stays as bright on very dark skin as on fair skin. So::

    picture = diffuse light + surface light          (linear light, each pixel, the same surface light in R, G and B)

and a change of skin tone is applied to the diffuse part alone.

A pixel has surface light as far as *all three* channels are brighter than the diffuse skin around it, and by the
least of the three amounts: a change of colour without white, such as paler or redder skin, has none. "The diffuse skin
around it" is the brightest of nine local means, at and around the pixel. Beside a dark lesion one of them lies wholly
on the bright side, so the border of a lesion gets no halo, with a right or a wrong mask. Small amounts are texture and
noise, not shine, and are played down smoothly.

Crust and scale are larger than a highlight and no brighter than fair skin in the red. Inside a lesion, what is lighter
than healthy skin is therefore taken for a mixture of skin and white: as much white as makes it paler than skin.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from dermtutor.skin.colour import (
    DENSITY_FLOOR,
    ByteArray,
    Float32Array,
    bytes_to_linear,
)
from dermtutor.skin.measure import lesion_surroundings

# Local means are taken over a square of 2r + 1 pixels at half resolution, on a picture whose shorter side is 128 there,
# and compared at this distance: together about the size of the largest highlight that is found.
_MEAN_RADIUS: Final = 4 / 128
_MEAN_DISTANCE: Final = 5 / 128

# Amounts of surface light below this (linear) are mostly texture.
SHINE_KNEE: Final = np.float32(0.03)

# In a lesion, white is looked for from this much more green light than healthy skin has, and counts fully from that.
_DEPOSIT_FROM: Final = 1.05
_DEPOSIT_FULL: Final = 1.8

# Keratin is not quite opaque: some of it takes the colour of the skin below.
_DEPOSIT_AT_MOST: Final = 0.8

# Healthy skin whose red and blue differ by less is no skin; this only guards the division.
_LEAST_CHROMA: Final = 0.05

# Lines of a picture that are worked on at once; even.
_STRIP: Final = 32

# Part of a pixel's darkest channel that may be surface light: the diffuse rest keeps a colour.
MOST_SHINE: Final = np.float32(0.85)

IndexArray: TypeAlias = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Separation:
    """A picture of skin as diffuse and surface light.

    `diffuse_od`: optical density of the diffuse light, ``(H, W, 3)`` float32; add chromophores here.
    `specular`: surface light, linear 0..1, the same in every channel, ``(H, W)`` float32; add shine and scale here.
    The picture in linear light is ``exp(-diffuse_od) + specular``.
    """

    diffuse_od: Float32Array
    specular: Float32Array


def separate(canonical: ByteArray, lesion_mask: ByteArray | None) -> Separation:
    """Separates a picture ``(H, W, 3)`` uint8 in canonical tone.

    `lesion_mask` is ``(H, W)`` uint8, None on healthy skin. Pixels darker than the density floor are lifted to it.
    """
    healthy = np.flatnonzero(lesion_surroundings((canonical.shape[0], canonical.shape[1]), lesion_mask))
    diffuse, specular = split_light(light_planes(canonical), lesion_mask, spread_sample(healthy))
    return Separation(np.ascontiguousarray(np.moveaxis(-np.log(diffuse), 0, -1)), specular)


def light_planes(image: ByteArray) -> Float32Array:
    """Linear light of a picture ``(H, W, 3)`` as planes ``(3, H, W)``, at least `DENSITY_FLOOR`."""
    height, width, channels = image.shape
    planes = np.empty((channels, height, width), dtype=np.float32)
    for top in range(0, height, _STRIP):
        rows = slice(top, top + _STRIP)
        light = bytes_to_linear(np.moveaxis(image[rows], -1, 0))
        np.maximum(light, np.float32(DENSITY_FLOOR), out=planes[:, rows])
    return planes


def split_light(
    light: Float32Array, lesion_mask: ByteArray | None, healthy: IndexArray
) -> tuple[Float32Array, Float32Array]:
    """Diffuse light ``(3, H, W)`` and surface light ``(H, W)`` of linear light ``(3, H, W)``; they sum to it.

    `lesion_mask` ``(H, W)`` uint8 is None on healthy skin; `healthy` are flat indices of skin outside the lesion.
    """
    _, height, width = light.shape
    around = diffuse_surroundings(light, min(height, width))
    inside = None
    if lesion_mask is not None and lesion_mask.any() and healthy.size:
        inside = _box_mean(_halved(lesion_mask.astype(np.float32)[None] / np.float32(255)), 1)
    skin = median_of(at_pixels(light, healthy)) if inside is not None else None
    diffuse, specular = np.empty_like(light), np.empty((height, width), dtype=np.float32)
    # In strips, so that what is worked on stays in the cache.
    for top in range(0, height, _STRIP):
        rows, half_rows = slice(top, min(top + _STRIP, height)), slice(top // 2, (top + _STRIP) // 2)
        strip = light[:, rows]
        excess = np.maximum(_least(strip - _doubled(around[:, half_rows], strip.shape[1:])), 0)
        if inside is not None and skin is not None and inside[:, half_rows].any():
            lesion = _doubled(inside[:, half_rows], strip.shape[1:])[0]
            np.maximum(excess, _deposit(strip, skin) * lesion, out=excess)
        np.divide(excess * excess, excess + SHINE_KNEE, out=specular[rows])
    _soften(specular)
    for top in range(0, height, _STRIP):
        rows = slice(top, min(top + _STRIP, height))
        np.minimum(specular[rows], MOST_SHINE * _least(light[:, rows]), out=specular[rows])
        np.subtract(light[:, rows], specular[rows], out=diffuse[:, rows])
    return diffuse, specular


def _least(planes: Float32Array) -> Float32Array:
    return np.asarray(np.minimum(np.minimum(planes[0], planes[1]), planes[2]))


def diffuse_surroundings(light: Float32Array, side: float) -> Float32Array:
    """The diffuse light around every pixel of light ``(3, H, W)``, at half resolution ``(3, H / 2, W / 2)``.

    It is the brightest of nine local means at and around the pixel, per channel. `side` in pixels sets their scale: a
    picture of skin with this shorter side, or the patch of skin on a larger picture that is looked at.
    """
    half, scale = _halved(light), math.ceil(side / 2)
    mean = _box_mean(half, max(1, round(_MEAN_RADIUS * scale)))
    distance = max(1, round(_MEAN_DISTANCE * scale))
    return _largest_at_distance(_largest_at_distance(mean, distance, 1), distance, 2)


def _soften(plane: Float32Array) -> None:
    """Blurs a plane ``(H, W)`` in place by a quarter, a half, a quarter both ways: the knee has made edges hard."""
    half, quarter = np.float32(0.5), np.float32(0.25)
    for lines in (plane, plane.T):
        middle = (lines[:-2] + lines[2:]) * quarter
        lines[1:-1] *= half
        lines[1:-1] += middle


def _deposit(light: Float32Array, skin: Float32Array) -> Float32Array:
    """White ``(H, W)`` mixed into light ``(3, H, W)`` of a lesion on skin of light ``(3,)``."""
    red, green, blue = light
    # The white whose removal leaves red and blue in the proportion that they have in healthy skin.
    white = (blue * skin[0] - red * skin[2]) / max(skin[0] - skin[2], _LEAST_CHROMA)
    lighter = (green / skin[1] - _DEPOSIT_FROM) / (_DEPOSIT_FULL - _DEPOSIT_FROM)
    return np.asarray(white * np.clip(lighter, 0, _DEPOSIT_AT_MOST), dtype=np.float32)


def spread_sample(indices: IndexArray, most: int = 4096) -> IndexArray:
    """At most `most` of some indices, evenly spread."""
    return indices[:: -(-indices.size // most)] if indices.size > most else indices


def at_pixels(planes: Float32Array, indices: IndexArray) -> Float32Array:
    """The values ``(C, N)`` of planes ``(C, H, W)`` at flat indices ``(N,)``."""
    return planes.reshape(len(planes), -1).take(indices, axis=1)


def median_of(values: Float32Array) -> Float32Array:
    """The upper median of each line of ``(C, N)``, ``(C,)``."""
    middle = values.shape[1] // 2
    return np.asarray(np.partition(values, middle, axis=1)[:, middle])


def _halved(planes: Float32Array) -> Float32Array:
    """Planes at half resolution; an odd last line or column stands for itself."""
    height, width = planes.shape[1:]
    if height % 2 or width % 2:
        planes = np.pad(planes, ((0, 0), (0, height % 2), (0, width % 2)), mode="edge")
    rows = planes[:, ::2] + planes[:, 1::2]
    return np.asarray((rows[:, :, ::2] + rows[:, :, 1::2]) * np.float32(0.25))


def _doubled(planes: Float32Array, shape: tuple[int, ...]) -> Float32Array:
    """Planes at twice the resolution, cut to ``(H, W)``."""
    return planes.repeat(2, axis=2).repeat(2, axis=1)[:, : shape[0], : shape[1]]


def _box_mean(planes: Float32Array, radius: int) -> Float32Array:
    """Mean over a square of ``2 * radius + 1``, edges repeated."""
    side = 2 * radius + 1
    padded = np.pad(planes, ((0, 0), (radius, radius), (radius, radius)), mode="edge")
    down = _running_sum(padded, side)
    across = _running_sum(down.swapaxes(1, 2), side).swapaxes(1, 2)
    return np.asarray(across * np.float32(1 / side**2))


def _running_sum(planes: Float32Array, side: int) -> Float32Array:
    """Sums of `side` successive values along axis 1, by doubling; the axis gets shorter by ``side - 1``."""
    length = planes.shape[1] - side + 1
    total: Float32Array | None = None
    power, width, start = planes, 1, 0
    while True:
        if side & width:
            part = power[:, start : start + length]
            total = part if total is None else total + part
            start += width
        if 2 * width > side:
            break
        power, width = power[:, :-width] + power[:, width:], 2 * width
    assert total is not None
    return total


def _largest_at_distance(planes: Float32Array, distance: int, axis: int) -> Float32Array:
    """The largest of a value and its two neighbours at a distance along an axis."""
    result = planes.copy()
    target, source = np.moveaxis(result, axis, 0), np.moveaxis(planes, axis, 0)
    np.maximum(target[distance:], source[:-distance], out=target[distance:])
    np.maximum(target[:-distance], source[distance:], out=target[:-distance])
    return result
