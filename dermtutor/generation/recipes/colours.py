"""The colours of a lesion: what its parts add to the skin's chromophores, or take from them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from dermtutor.generation.fields import Field, raise_to, smoothstep
from dermtutor.generation.recipes.layer import LesionLayer, Patient
from dermtutor.generation.recipes.model import Colour
from dermtutor.generation.recipes.noise import threshold

_FILLED: Final = ("haemoglobin", "livid", "melanin", "eumelanin", "dermal-melanin", "haemosiderin")
"""What fills a lesion unevenly."""


def reach_of(colours: Iterable[Colour]) -> float:
    """How far outside a border anything is drawn, in millimetres."""
    return max((1.6 * colour.zone_mm.high for colour in colours if colour.zone == "halo"), default=0.0) + 1.0


def add_colours(layer: LesionLayer, patient: Patient) -> None:
    """Adds the colours of one kind of lesion, each in its zone."""
    near = patient.spots.near
    for index, colour in enumerate(patient.lesion.colour):
        weight = _colour_weight(patient, colour, index)
        if colour.zone == "halo":
            raise_to(layer.mask, near, smoothstep(weight, 0.1, 0.7))
        rng = patient.canvas.rng(patient.lesion.name, "colour", index)
        amount = np.float32(colour.amount.draw(rng, patient.severity))
        if colour.chromophore == "depigmentation":
            raise_to(layer.depigmented, near, np.clip(amount * weight, 0, 1))
        elif colour.chromophore == "pallor":
            # Oedema squeezes the blood out and scatters light of every colour back.
            layer.add("haemoglobin", near, -0.6 * amount * weight)
            layer.add("melanin", near, -0.22 * amount * weight)
        else:
            layer.add(colour.chromophore, near, amount * weight)


def _colour_weight(patient: Patient, colour: Colour, index: int) -> Field:
    """Zone, mottling, gaps and the difference between lesions, as one factor (N,) per pixel near them."""
    canvas, spots, name = patient.canvas, patient.spots, patient.lesion.name
    rng = canvas.rng(name, "zone", index)
    zone_mm = colour.zone_mm.draw(rng, patient.severity)
    if colour.zone == "ring":
        at = colour.at.draw(canvas.rng(name, "ring", index), patient.severity)
        weight = spots.ring(at, zone_mm)
    else:
        weight = spots.zone(colour.zone, zone_mm)
    mottling = colour.mottling.draw(rng, patient.severity)
    mottle_mm, breaks = (
        colour.mottle_mm.draw(rng, patient.severity),
        colour.breaks.draw(rng, patient.severity),
    )
    tendency = colour.tendency.draw(rng, patient.severity)
    if mottling > 0.01:
        mottle = patient.noise(("mottle", index), mottle_mm, "medium", spots)
        weight = weight * np.clip(1 + np.float32(1.1 * mottling) * mottle, 0.1, 2.0)
    if breaks > 0.01:
        gaps = patient.noise(("breaks", index), 0.28 * canvas.field_mm, "smooth", spots)
        weight = weight * smoothstep(gaps - np.float32(threshold(breaks)), -0.5, 0.7)
    if tendency > 0.01:
        weight = weight * (1 + np.float32(2 * tendency) * (spots.token - np.float32(0.5)))
    return np.asarray(weight * patient.filling if colour.chromophore in _FILLED else weight, dtype=np.float32)
