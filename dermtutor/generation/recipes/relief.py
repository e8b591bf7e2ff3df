"""The relief of a lesion: how it rises over the skin, and stretches the lines on it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from dermtutor.generation.fields import Field, add_at, put, smoothstep, taken
from dermtutor.generation.recipes.layer import LesionLayer, Patient
from dermtutor.generation.recipes.model import Relief
from dermtutor.generation.recipes.shapes import Outline


def add_relief(layer: LesionLayer, patient: Patient, relief: Relief) -> None:
    """Adds the height of one kind of lesion, and how it stretches the skin."""
    spots = patient.spots
    rng = patient.canvas.rng(patient.lesion.name, "relief")
    height = relief.height_mm.draw(rng, patient.severity)
    shoulder = relief.shoulder_mm.draw(rng, patient.severity)
    unevenness = relief.unevenness.draw(rng, patient.severity)
    dell = relief.umbilication.draw(rng, patient.severity)
    dented = relief.umbilicated.draw(rng, patient.severity)
    tension = relief.tension.draw(rng, patient.severity)
    form = _profile(relief.profile, spots, shoulder)
    if unevenness > 0.005:
        form *= 1 + np.float32(unevenness) * patient.noise(("bumps",), 3.2 * shoulder, "medium", spots)
    if dell > 0.01:
        form *= 1 - np.float32(dell) * umbilication(spots, dented)
    add_at(layer.height, spots.near, np.float32(height) * form)
    present = taken(layer.tension, spots.near)
    put(layer.tension, spots.near, present + spots.cover * (np.float32(tension) - present))


def umbilication(spots: Outline, share: float) -> Field:
    """Depth 0 to 1 (N,) of the central dell of the ``share`` of lesions that have one, the largest first."""
    there = np.flatnonzero((spots.depth > 0) & (spots.rank > 1 - share))
    inner = replace(spots.at(there), near=spots.near.take(there))
    token = inner.token
    across, down = inner.inside_owner()
    # Dells are never quite central, nor of one width.
    across -= np.float32(0.22) * ((token * np.float32(7.3)) % 1 - np.float32(0.5))
    down -= np.float32(0.22) * ((token * np.float32(13.7)) % 1 - np.float32(0.5))
    width = np.float32(0.30) * (1 + np.float32(0.35) * (token - np.float32(0.5)))
    depth = np.zeros(len(spots.near), np.float32)
    depth[there] = np.exp(-(across * across + down * down) / (width * width))
    return depth


def _profile(profile: str, spots: Outline, shoulder_mm: float) -> Field:
    """Height 0 to 1 (N,) (domes: in proportion to each lesion's size)."""
    if profile == "dome":
        inward = spots.towards_centre
        typical = max((instance.radius for instance in spots.instances), default=1.0)
        lower = (spots.radius / np.float32(typical)) ** np.float32(0.85)
        return np.asarray(np.sqrt(inward * (2 - inward)) * lower, dtype=np.float32)
    if profile == "rim":
        ridge = (spots.depth - np.float32(0.9 * shoulder_mm)) * np.float32(1 / shoulder_mm)
        return np.exp(-(ridge * ridge)).astype(np.float32) + np.float32(0.12) * spots.cover
    return smoothstep(spots.depth, -0.35 * shoulder_mm, shoulder_mm)
