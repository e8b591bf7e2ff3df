"""Colour spaces: sRGB, linear light, optical density, CIELAB (D65), ITA and CIEDE2000.

Every picture is an array ``(..., 3)`` in the order red, green, blue.

======================  ==========================================================================
value                   range
======================  ==========================================================================
bytes                   uint8, sRGB-encoded, as stored in a file
sRGB unit               float, 0..1, sRGB-encoded
linear light            float, 0..1, proportional to light (IEC 61966-2-1)
optical density (OD)    float, ``-ln(linear light)``, 0 (white) upwards; chromophores add in it
CIELAB                  float, L* 0..100, a* and b* about -128..128, white point D65 (2 degrees)
ITA                     degrees, ``atan((L* - 50) / b*)``; high is light skin
======================  ==========================================================================

float32 stays float32, everything else is computed in float64. The functions that start or end with bytes use
tables and are the fast path for whole pictures.
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray: TypeAlias = NDArray[np.floating[Any]]
Float32Array: TypeAlias = NDArray[np.float32]
ByteArray: TypeAlias = NDArray[np.uint8]
BoolArray: TypeAlias = NDArray[np.bool_]

# IEC 61966-2-1: linear sRGB to CIE XYZ, and the D65 white point that this matrix maps (1, 1, 1) to.
XYZ_FROM_RGB: Final[NDArray[np.float64]] = np.array(
    [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
)
WHITE_D65: Final[NDArray[np.float64]] = XYZ_FROM_RGB.sum(axis=1)

# Linear light below this counts as this much: a pixel of value 13 and less carries noise, not absorption.
DENSITY_FLOOR: Final = 0.004

_CIE_EPSILON: Final = 216 / 24389
_CIE_KAPPA: Final = 24389 / 27
_ENCODE_STEPS: Final = 65535


def as_float(values: ArrayLike) -> FloatArray:
    """The values as a float array: float32 is kept, anything else becomes float64."""
    array = np.asarray(values)
    return array if array.dtype == np.float32 else array.astype(np.float64, copy=False)


# --- bytes, sRGB unit and linear light -------------------------------------------------------------


def to_bytes(unit: ArrayLike) -> ByteArray:
    """sRGB-encoded floats to bytes, rounded to nearest; values outside 0..1 are clipped."""
    return (np.clip(as_float(unit), 0, 1) * 255 + 0.5).astype(np.uint8)


def srgb_to_linear(unit: ArrayLike) -> FloatArray:
    """sRGB-encoded 0..1 to linear light 0..1 (IEC 61966-2-1)."""
    s = as_float(unit)
    linear = np.where(s <= 0.04045, s / 12.92, ((np.maximum(s, 0) + 0.055) / 1.055) ** 2.4)
    return linear.astype(s.dtype, copy=False)


def linear_to_srgb(linear: ArrayLike) -> FloatArray:
    """Linear light to sRGB-encoded 0..1; light outside 0..1 is clipped first."""
    light = np.clip(as_float(linear), 0, 1)
    encoded = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return encoded.astype(light.dtype, copy=False)


_LINEAR_OF_BYTE: Final[Float32Array] = srgb_to_linear(np.arange(256) / 255).astype(np.float32)
_BYTE_OF_STEP: Final[ByteArray] = to_bytes(linear_to_srgb(np.arange(_ENCODE_STEPS + 1) / _ENCODE_STEPS))


def bytes_to_linear(image: ByteArray) -> Float32Array:
    """uint8 bytes to float32 linear light, by table."""
    return _LINEAR_OF_BYTE.take(image)


def linear_to_bytes(linear: Float32Array) -> ByteArray:
    """Linear light to bytes by a table of 65536 steps; clipped to 0..1, at most one byte from exact."""
    steps = linear * np.float32(_ENCODE_STEPS)
    steps += np.float32(0.5)
    return _BYTE_OF_STEP.take(steps.astype(np.intp), mode="clip")


# --- optical density -------------------------------------------------------------------------------


def optical_density(linear: ArrayLike, floor: float = DENSITY_FLOOR) -> FloatArray:
    """``-ln(linear light)``; light below `floor` counts as `floor`, light above 1 as 1."""
    return np.negative(np.log(np.clip(as_float(linear), floor, 1)))


def from_optical_density(density: ArrayLike) -> FloatArray:
    """Linear light ``exp(-OD)``; not clipped, a negative density gives more than 1."""
    return np.exp(-as_float(density))


_DENSITY_OF_BYTE: Final[Float32Array] = optical_density(_LINEAR_OF_BYTE).astype(np.float32)


def bytes_to_density(image: ByteArray) -> Float32Array:
    """uint8 bytes to float32 optical density (floor `DENSITY_FLOOR`), by table."""
    return _DENSITY_OF_BYTE.take(image)


def density_to_bytes(density: Float32Array) -> ByteArray:
    """Float32 optical density to bytes; a negative density is white, at most one byte from exact."""
    return linear_to_bytes(np.exp(-density).astype(np.float32))


# --- CIELAB, ITA, CIEDE2000 ------------------------------------------------------------------------


def linear_to_lab(linear: ArrayLike) -> FloatArray:
    """Linear light ``(..., 3)`` to CIELAB with white point D65."""
    light = as_float(linear)
    xyz = light @ (XYZ_FROM_RGB / WHITE_D65[:, None]).T.astype(light.dtype)
    f = np.where(xyz > _CIE_EPSILON, np.cbrt(xyz), (_CIE_KAPPA * xyz + 16) / 116)
    x, y, z = np.moveaxis(f.astype(light.dtype, copy=False), -1, 0)
    return np.stack((116 * y - 16, 500 * (x - y), 200 * (y - z)), axis=-1)


def srgb_to_lab(unit: ArrayLike) -> FloatArray:
    """sRGB-encoded 0..1 ``(..., 3)`` to CIELAB with white point D65."""
    return linear_to_lab(srgb_to_linear(unit))


def bytes_to_lab(image: ByteArray) -> FloatArray:
    """uint8 bytes ``(..., 3)`` to float32 CIELAB with white point D65."""
    return linear_to_lab(bytes_to_linear(image))


def ita_degrees(lab: ArrayLike) -> FloatArray:
    """Individual typology angle of CIELAB colours ``(..., 3)`` in degrees, ``(...)``.

    For every skin colour (b* above 0) this is ``atan((L* - 50) / b*)``, between -90 and 90. A colour that is no
    skin colour (b* of 0 or below) gives an angle beyond that range instead of jumping to the scale's other end.
    """
    colour = as_float(lab)
    return np.degrees(np.arctan2(colour[..., 0] - 50, colour[..., 2]))


def delta_e_2000(lab1: ArrayLike, lab2: ArrayLike) -> FloatArray:
    """CIEDE2000 colour difference of CIELAB colours ``(..., 3)``, parametric factors 1.

    Formula and its special cases: Sharma, Wu and Dalal, Color Research & Application 30 (2005) 21-30.
    """
    lightness1, a1, b1 = np.moveaxis(as_float(lab1), -1, 0)
    lightness2, a2, b2 = np.moveaxis(as_float(lab2), -1, 0)
    grey = 0.5 * (1 - _chroma_weight((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2))
    a1, a2 = a1 * (1 + grey), a2 * (1 + grey)
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.degrees(np.arctan2(b1, a1)) % 360, np.degrees(np.arctan2(b2, a2)) % 360

    coloured = c1 * c2 > 0
    turn = np.where(coloured, (h2 - h1 + 180) % 360 - 180, 0)
    # The mean hue lies on the shorter arc; for a colour without hue it is the other one's hue.
    hue = np.where(coloured, np.where(np.abs(h1 - h2) <= 180, h1 + h2, h1 + h2 + 360) / 2, h1 + h2) % 360
    lightness, chroma = (lightness1 + lightness2) / 2, (c1 + c2) / 2

    off_grey = (lightness - 50) ** 2
    d_lightness = (lightness2 - lightness1) / (1 + 0.015 * off_grey / np.sqrt(20 + off_grey))
    d_chroma = (c2 - c1) / (1 + 0.045 * chroma)
    d_hue = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2)) / (1 + 0.015 * chroma * _hue_weight(hue))
    blue_turn = np.radians(60 * np.exp(-(((hue - 275) / 25) ** 2)))
    rotation = -2 * _chroma_weight(chroma) * np.sin(blue_turn)
    square = d_lightness**2 + d_chroma**2 + d_hue**2 + rotation * d_chroma * d_hue
    return np.asarray(np.sqrt(np.maximum(square, 0)))


def _chroma_weight(chroma: FloatArray) -> FloatArray:
    seventh = chroma**7
    return np.asarray(np.sqrt(seventh / (seventh + 25.0**7)))


def _hue_weight(hue: FloatArray) -> FloatArray:
    def cosine(factor: float, offset: float) -> FloatArray:
        return np.asarray(np.cos(np.radians(factor * hue + offset)))

    weight = 1 - 0.17 * cosine(1, -30) + 0.24 * cosine(2, 0) + 0.32 * cosine(3, 6) - 0.20 * cosine(4, -63)
    return np.asarray(weight)
