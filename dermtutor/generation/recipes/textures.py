"""The fine structure of a lesion's surface: lines, furrows, papillae and follicles. One function each."""

from __future__ import annotations

from typing import Final

import numpy as np

from dermtutor.generation.fields import Field, Places, add_at, smoothstep
from dermtutor.generation.recipes.layer import Deposit, LesionLayer, Patient
from dermtutor.generation.recipes.noise import threshold
from dermtutor.generation.recipes.surfaces import Follicles, Furrows, Network, Papillae
from dermtutor.generation.recipes.tiling import bend, cells

# Linear light that matter sends back in a photograph exposed for skin, chosen by eye.
_WHITE_LINES: Final = (0.76, 0.67, 0.65)
_HORN: Final = (0.58, 0.49, 0.36)
_PLUG: Final = (0.30, 0.22, 0.13)


def _patches(patient: Patient, stream: tuple[str | int, ...], cover: float) -> Field:
    """Weight 0 to 1 (N,) of the ``cover`` of a lesion that bears a structure, in patches with soft ends."""
    spots = patient.spots
    if cover > 0.98:
        return spots.cover
    noise = patient.noise((*stream, "patches"), 0.25 * patient.canvas.field_mm, "medium", spots)
    return smoothstep(noise + np.float32(threshold(cover)), -0.5, 0.7) * spots.cover


def add_network(layer: LesionLayer, patient: Patient, network: Network, index: int) -> None:
    """White lines that cross, fading in and out."""
    canvas, severity = patient.canvas, patient.severity
    stream = (patient.lesion.name, "network", index)
    rng = canvas.rng(*stream)
    mesh, width = network.mesh_mm.draw(rng, severity), network.width_mm.draw(rng, severity)
    opacity, cover = network.opacity.draw(rng, severity), network.cover.draw(rng, severity)
    weight = _patches(patient, ("network", index), cover) * smoothstep(patient.spots.towards_centre, 0.0, 0.3)
    there = np.flatnonzero(weight > 0.02)
    places, weight = patient.spots.near.take(there), weight.take(there)
    shift = bend(canvas, stream, mesh, patient.outline.window, places)
    tiles = cells(canvas, stream, mesh, places, float(rng.uniform(1.0, 1.5)), shift)
    half = max(0.5 * width, 0.45 * canvas.mm_per_px) / mesh
    line = 1 - smoothstep(tiles.edge, half, 2.6 * half)
    faint = 0.15 + 0.85 * tiles.value * tiles.value
    alpha = np.float32(opacity) * line * weight * faint
    flat = np.zeros(len(alpha), np.float32)
    layer.deposits.append(Deposit(places, alpha, _WHITE_LINES, 1 + flat, flat, flat, below=0.35))


def add_furrows(layer: LesionLayer, patient: Patient, furrows: Furrows, index: int) -> None:
    """Skin lines cut deeper, in equal plates or in long parallel wrinkles."""
    canvas, severity = patient.canvas, patient.severity
    stream = (patient.lesion.name, "furrows", index)
    rng = canvas.rng(*stream)
    plate, depth = furrows.plate_mm.draw(rng, severity), furrows.depth_mm.draw(rng, severity)
    weight = _patches(patient, ("furrows", index), furrows.cover.draw(rng, severity))
    there = np.flatnonzero(weight > 0.02)
    places, weight = patient.spots.near.take(there), weight.take(there)
    long = furrows.kind == "wrinkles"
    shift = bend(canvas, stream, plate * (2 if long else 1), patient.outline.window, places)
    tiles = cells(
        canvas, stream, plate, places, float(rng.uniform(4, 6) if long else rng.uniform(1.2, 1.8)), shift
    )
    form = smoothstep(tiles.edge, 0.0, 0.5) - 0.25 * (tiles.value - 0.5)
    add_at(layer.height, places, np.float32(depth) * (form - 1) * weight)


def add_papillae(layer: LesionLayer, patient: Patient, papillae: Papillae, index: int) -> None:
    """Crowded horny papillae, some with a black point of clotted blood."""
    canvas, severity = patient.canvas, patient.severity
    stream = (patient.lesion.name, "papillae", index)
    rng = canvas.rng(*stream)
    size, height = papillae.size_mm.draw(rng, severity), papillae.height_mm.draw(rng, severity)
    points, horn = papillae.points.draw(rng, severity), papillae.horn.draw(rng, severity)
    drawn = patient.outline.at(patient.spots.near.take(np.flatnonzero(patient.spots.cover > 0.3)))
    places = drawn.near
    shift = bend(canvas, stream, 0.7 * size, drawn.window, places)
    tiles = cells(canvas, stream, size, places, float(rng.uniform(1.0, 1.3)), shift)
    dome = smoothstep(tiles.edge, 0.0, 0.75)
    inner = smoothstep(drawn.towards_centre, 0.0, 0.25)
    add_at(layer.height, places, np.float32(height) * (dome * (0.6 + 0.8 * tiles.value) - 0.4) * inner)
    layer.add("melanin", places, 0.16 * (1 - dome) * inner)
    flat = np.zeros(len(dome), np.float32)
    alpha = np.float32(horn) * dome * inner * (0.5 + tiles.value)
    layer.deposits.append(
        Deposit(
            places,
            alpha,
            _HORN,
            0.85 + 0.25 * tiles.value,
            0.2 * tiles.tilt_x,
            0.2 * tiles.tilt_y,
            below=0.5,
        )
    )
    black = (1 - smoothstep(tiles.distance, 0.10, 0.26)) * (tiles.tilt_x > 1 - 2 * points) * inner
    layer.deposits.append(Deposit(places, 0.85 * black, (0.05, 0.022, 0.018), 1 + flat, flat, flat))


def add_follicles(layer: LesionLayer, patient: Patient, follicles: Follicles, index: int) -> None:
    """Open pores, horny plugs or accentuated papules at the follicles."""
    canvas, severity = patient.canvas, patient.severity
    stream = (patient.lesion.name, "follicles", index)
    rng = canvas.rng(*stream)
    diameter, spacing = follicles.diameter_mm.draw(rng, severity), follicles.spacing_mm.draw(rng, severity)
    strength, affected = follicles.strength.draw(rng, severity), follicles.affected.draw(rng, severity)
    there = np.flatnonzero(patient.spots.cover > 0.05)
    places, cover = patient.spots.near.take(there), patient.spots.cover.take(there)
    tiles = cells(canvas, stream, spacing, places)
    radius: Field = np.float32(0.5 * diameter / spacing) * np.asarray(
        0.6 + 0.8 * np.abs(tiles.tilt_y), dtype=np.float32
    )
    soft = 0.9 * canvas.mm_per_px / spacing
    present = (tiles.value < affected) * cover * (0.5 + 0.5 * np.abs(tiles.tilt_x))
    plain: Field = np.asarray(np.float32(strength) * present, dtype=np.float32)
    if follicles.kind == "follicular-papules":
        _papules(layer, places, plain * smoothstep(tiles.distance / (1.6 * radius), 1, 0))
        return
    dot = plain * smoothstep(tiles.distance - radius, soft, -soft)
    add_at(layer.height, places, np.float32(-0.12) * dot)
    if follicles.kind == "pores":
        layer.add("melanin", places, 0.35 * dot)
        layer.add("haemoglobin", places, 0.15 * dot)
        return
    flat = np.zeros(len(dot), np.float32)
    layer.deposits.append(Deposit(places, 0.8 * dot, _PLUG, 0.8 + 0.4 * tiles.value, flat, flat, below=0.4))


def _papules(layer: LesionLayer, places: Places, form: Field) -> None:
    add_at(layer.height, places, 0.3 * np.sqrt(form))
    layer.add("haemoglobin", places, 0.22 * form)
