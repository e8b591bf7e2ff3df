"""The forms that one lesion may have before its border is bent: round, polygon or band, as depth fields."""

from __future__ import annotations

import math

import numpy as np

from dermtutor.generation.fields import Field
from dermtutor.generation.recipes.distribution import Instance
from dermtutor.generation.recipes.noise import stream
from dermtutor.generation.recipes.terms import Form

# How far the corners of a polygon are rounded: the share of the round in it.
_ROUNDED = 0.45


def inner_radius(part: Instance, form: Form) -> float:
    """The depth in millimetres that the middle of a lesion has."""
    return part.radius / part.elongation**0.5 if form == "band" else part.radius


def form_depth(part: Instance, form: Form, x: Field, y: Field) -> Field:
    """Millimetres inside the border (negative outside) at places in millimetres from the middle of the picture."""
    cos, sin = math.cos(part.angle), math.sin(part.angle)
    long, short = part.radius * part.elongation**0.5, part.radius / part.elongation**0.5
    dx, dy = x - np.float32(part.x), y - np.float32(part.y)
    if form == "round":
        away = away_from_round(dx, dy, *np.array(round_form(part), np.float32))
    else:
        u = dx * np.float32(cos / long) + dy * np.float32(sin / long)
        v = dy * np.float32(cos / short) - dx * np.float32(sin / short)
        if form == "band":
            # Nearly as wide along its length as in its middle, with tapered ends.
            away = _length(u * u, v)
        else:
            away = _length(u, v)
            away *= np.float32(_ROUNDED)
            away += np.float32(1 - _ROUNDED) * _farthest_side(part, u, v)
    radius = inner_radius(part, form)
    away *= np.float32(-radius)
    away += np.float32(radius)
    return away


def round_form(part: Instance) -> tuple[float, float, float]:
    """What `away_from_round` needs to know of an ellipse: how steeply it rises across, down, and across both."""
    cos, sin = math.cos(part.angle), math.sin(part.angle)
    long, short = part.radius * part.elongation**0.5, part.radius / part.elongation**0.5
    across, down = (cos / long) ** 2 + (sin / short) ** 2, (sin / long) ** 2 + (cos / short) ** 2
    return across, down, 2 * cos * sin * (1 / long**2 - 1 / short**2)


def away_from_round(dx: Field, dy: Field, across: Field, down: Field, skew: Field) -> Field:
    """How far places lie from the middle of an ellipse, 1 on its border; shaped as in `round_form`. Changes ``dy``."""
    away = dx * across
    away += dy * skew
    away *= dx
    dy *= dy
    dy *= down
    away += dy
    return np.asarray(np.sqrt(away, out=away))


def _length(u: Field, v: Field) -> Field:
    squared = u * u + v * v
    return np.asarray(np.sqrt(squared, out=squared))


def _farthest_side(part: Instance, u: Field, v: Field) -> Field:
    """Distance to the sides of a polygon of four to six sides, 1 on them, of this lesion's own making."""
    rng = stream(int(part.token * 2**40), "sides")
    sides = int(rng.integers(4, 7))
    turns = (np.arange(sides) + rng.uniform(-0.25, 0.25, sides)) * (2 * math.pi / sides)
    farthest = np.zeros(np.broadcast_shapes(u.shape, v.shape), np.float32)
    for turn, near in zip(turns, rng.uniform(0.72, 0.95, sides), strict=True):
        side = u * np.float32(math.cos(turn) / near) + v * np.float32(math.sin(turn) / near)
        np.maximum(farthest, side, out=farthest)
    return farthest
