"""Light on relief: where the photograph's light comes from, and the shade and shine it gives a height map."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from dermtutor.generation.fields import Field, blur, bounds, gradient, places_of, put
from dermtutor.generation.recipes.canvas import Canvas

# A lamp or window stands above and to the left in most clinical photographs; used as far as the base says nothing.
_USUAL = (-0.55, -0.60)
_ELEVATION = math.radians(42)
_FILL = 0.45
# How far from what casts it a shadow is looked for, in millimetres of skin.
_SHADOWS_MM = (0.35, 0.8, 1.5)
# Share of the shading that scatters in the skin, and its strength, in red, green and blue: red light travels furthest,
# so red shadows are the softest.
_SHADE_OF_CHANNEL = ((0.75, 0.82), (0.4, 1.0), (0.25, 1.06))


@dataclass(frozen=True, slots=True)
class Light:
    """Unit direction towards the light: ``x`` to the right, ``y`` down, ``z`` towards the camera."""

    x: float
    y: float
    z: float


def light_of(luminance: Field) -> Light:
    """The light's direction from the fall of brightness over a patch of healthy skin, (H, W) linear light.

    A patch too small or too even to tell keeps the usual direction.
    """
    height, width = luminance.shape
    rows, columns = np.linspace(-1, 1, height, dtype=np.float32), np.linspace(-1, 1, width, dtype=np.float32)
    of_rows = luminance.mean(axis=1)
    level = max(float(of_rows.mean()), 1e-4)
    slope_x = float((luminance @ columns).mean()) / width / level * 3
    slope_y = float((of_rows * rows).mean()) / level * 3
    # A fall of 10 % from one side to the other weighs as much as the usual direction. Light from below is never
    # assumed: brightness alone cannot tell it from a curved surface, and a viewer would see the relief inverted.
    x = _USUAL[0] * 0.08 + slope_x
    y = min(_USUAL[1] * 0.08 + slope_y, -0.6 * abs(x) - 0.01)
    length = math.hypot(x, y) or 1.0
    flat = math.cos(_ELEVATION)
    return Light(flat * x / length, flat * y / length, math.sin(_ELEVATION))


@dataclass(frozen=True, slots=True)
class Relit:
    """``density`` (3, H, W) to add for the shading of a relief, and its slopes (H, W)."""

    density: Field
    slope_x: Field
    slope_y: Field


def shade(height_mm: Field, canvas: Canvas, light: Light) -> Relit:
    """Shading of a height map relative to flat skin: slopes, cast shadow and the darkness at the foot of a rise."""
    # Light and shade reach a little beyond the relief; the rest of the picture is left alone.
    window = bounds(height_mm != 0, margin=int(3.5 / canvas.mm_per_px))
    relief = height_mm[window]
    smooth = blur(relief, 0.55 * min(canvas.shape) / 256)
    slope_x, slope_y = gradient(smooth, canvas.mm_per_px)
    facing = light.z - slope_x * np.float32(light.x) - slope_y * np.float32(light.y)
    facing /= np.sqrt(1 + slope_x * slope_x + slope_y * slope_y)
    facing *= np.float32(1 / light.z)
    lit = np.clip(facing, 0.0, 1.75, out=facing)
    lit *= 1 - 0.75 * _cast_shadow(smooth, canvas, light)
    lit *= np.float32(1 - _FILL)
    lit += np.float32(_FILL)
    lit -= 0.35 * np.clip(blur(smooth, 1.1 / canvas.mm_per_px) - smooth, 0, 0.6)
    density = -np.log(np.clip(lit, 0.3, 1.6, out=lit))
    soft = blur(density, 0.45 / canvas.mm_per_px)
    relit = Relit(np.zeros((3, *canvas.shape), np.float32), canvas.zeros(), canvas.zeros())
    for channel, (scatter, strength) in enumerate(_SHADE_OF_CHANNEL):
        relit.density[channel][window] = strength * (scatter * soft + (1 - scatter) * density)
    relit.slope_x[window], relit.slope_y[window] = slope_x, slope_y
    return relit


def _cast_shadow(height_mm: Field, canvas: Canvas, light: Light) -> Field:
    """0 to 1 where something nearer to the light stands in its way."""
    flat = math.hypot(light.x, light.y)
    rise = light.z / flat
    shadow = np.zeros_like(height_mm)
    margin = max(1, round(_SHADOWS_MM[-1] / canvas.mm_per_px))
    around = np.pad(height_mm, margin, mode="edge")
    height, width = height_mm.shape
    for reach_mm in _SHADOWS_MM:
        dx = round(light.x / flat * reach_mm / canvas.mm_per_px)
        dy = round(light.y / flat * reach_mm / canvas.mm_per_px)
        if dx == 0 and dy == 0:
            continue
        blocker = around[margin + dy : margin + dy + height, margin + dx : margin + dx + width] - height_mm
        blocker -= np.float32(reach_mm * rise * 0.8)
        blocker *= np.float32(4 / reach_mm)
        np.maximum(shadow, blocker, out=shadow)
    return blur(np.minimum(shadow, 1, out=shadow), 0.18 / canvas.mm_per_px)


def shine(relit: Relit, micro: Field, gloss: Field, sharpness: Field, light: Light) -> Field:
    """Specular light (H, W), linear, of a surface whose fine roughness is ``micro`` (H, W), in slopes.

    Blinn-Phong with the camera straight above.
    """
    full = np.zeros_like(gloss)
    places = places_of(gloss > 0.002)
    micro_x, micro_y = gradient(micro, 1.0)
    x, y = -(relit.slope_x + micro_x).take(places), -(relit.slope_y + micro_y).take(places)
    half = np.array((light.x, light.y, light.z + 1), np.float32)
    half /= np.sqrt((half * half).sum())
    facing = (x * half[0] + y * half[1] + half[2]) / np.sqrt(1 + x * x + y * y)
    sharp = sharpness.take(places)
    power = np.float32(12.8) * np.float32(12) ** sharp
    bright = np.exp(power * (np.clip(facing, 0, 1) - 1))
    put(full, places, gloss.take(places) * (0.25 + 0.75 * sharp) * bright)
    return full
