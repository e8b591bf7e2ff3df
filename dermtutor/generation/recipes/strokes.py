"""Fine lines drawn one by one: thin branching vessels and hairs."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from dermtutor.generation.fields import Field, Window, places_of, taken
from dermtutor.generation.recipes.canvas import Canvas
from dermtutor.generation.recipes.layer import Deposit, LesionLayer, Patient
from dermtutor.generation.recipes.noise import Rng
from dermtutor.generation.recipes.surfaces import Hairs, Vessels

Line = tuple[NDArray[np.float64], float]
"""Points (N, 2) in millimetres from the middle of the picture, and the line's width in millimetres."""

_STEPS: Final = 9
_HAIR: Final = (0.022, 0.016, 0.012)


def add_vessels(layer: LesionLayer, patient: Patient, vessels: Vessels, index: int) -> None:
    """Telangiectases: each starts somewhere in its zone, wanders and branches into thinner ones."""
    canvas, severity, drawn = patient.canvas, patient.severity, patient.outline
    rng = canvas.rng(patient.lesion.name, "vessels", index)
    amount, spacing = vessels.amount.draw(rng, severity), vessels.spacing_mm.draw(rng, severity)
    length, width = vessels.length_mm.draw(rng, severity), vessels.width_mm.draw(rng, severity)
    branches = vessels.branches.draw_count(rng, severity)
    spots = patient.spots
    zone = spots.zone(vessels.zone, vessels.zone_mm.draw(rng, severity))
    # Starting points come from the whole picture and are kept where the zone is: the same at every size.
    height_mm, width_mm = canvas.extent_mm
    number = int(min(patient.most_vessels, height_mm * width_mm / spacing**2))
    starts = rng.uniform(-0.5, 0.5, (number, 2)) * (width_mm, height_mm)
    lines: list[Line] = []
    inside = drawn.depths_at(starts[:, 0], starts[:, 1]) > 0
    for each, (x, y) in enumerate(starts.tolist()):
        if inside[each]:
            own = canvas.rng(patient.lesion.name, "vessel", index, each)
            lines += _vessel(own, (x, y), length, width, branches)
    cover = taken(line_cover(canvas, lines, drawn.window), spots.near)
    layer.add("haemoglobin", spots.near, np.float32(amount) * cover * zone)


def _vessel(rng: Rng, start: tuple[float, float], length: float, width: float, branches: int) -> list[Line]:
    trunk = _wander(rng, start, float(rng.uniform(0, 2 * math.pi)), length * float(rng.uniform(0.4, 1.3)))
    lines = [(trunk, width * float(rng.uniform(0.7, 1.2)))]
    for _ in range(branches):
        fork = int(rng.integers(1, _STEPS - 1))
        along = trunk[fork] - trunk[fork - 1]
        turn = math.atan2(along[1], along[0]) + float(rng.choice((-1, 1)) * rng.uniform(0.4, 1.0))
        twig = _wander(rng, (trunk[fork, 0], trunk[fork, 1]), turn, length * float(rng.uniform(0.2, 0.6)))
        lines.append((twig, 0.7 * width))
    return lines


def _wander(
    rng: Rng, start: tuple[float, float], turn: float, length: float, unrest: float = 0.35
) -> NDArray[np.float64]:
    """A line (N, 2) that bends as it goes, by about ``unrest`` radians a step, and a little to one side."""
    turns = turn + np.cumsum(rng.normal(rng.normal(0, 0.08), unrest, _STEPS))
    steps = np.stack((np.cos(turns), np.sin(turns)), axis=1) * (length / _STEPS)
    return np.concatenate((np.array([start]), np.array(start) + np.cumsum(steps, axis=0)))


def add_hairs(layer: LesionLayer, patient: Patient, hairs: Hairs, index: int) -> None:
    """A dark hair that leaves the middle of a lesion, curved, thinner at its tip."""
    canvas, severity, drawn = patient.canvas, patient.severity, patient.outline
    rng = canvas.rng(patient.lesion.name, "hairs", index)
    length, width = hairs.length_mm.draw(rng, severity), hairs.width_mm.draw(rng, severity)
    affected = hairs.affected.draw(rng, severity)
    # Hairs of one region lie in about one direction.
    lie = float(rng.uniform(0, 2 * math.pi))
    lines: list[Line] = []
    for each in drawn.instances:
        turn, own = lie + float(rng.normal(0, 0.5)), length * float(rng.uniform(0.6, 1.3))
        line = _wander(rng, (each.x, each.y), turn, own, unrest=0.05)
        if each.token > 1 - affected:
            lines += [(line[:6], width), (line[5:], 0.6 * width)]
    cover = line_cover(canvas, lines, _everywhere(canvas))
    places = places_of(cover > 0.02)
    flat = np.zeros(len(places), np.float32)
    layer.deposits.append(Deposit(places, 0.9 * cover.take(places), _HAIR, 1 + flat, flat, flat))


def _everywhere(canvas: Canvas) -> Window:
    return slice(0, canvas.height), slice(0, canvas.width)


def line_cover(canvas: Canvas, lines: list[Line], window: Window) -> Field:
    """How much of every pixel (H, W) the lines cover, 0 to 1; drawn finer than the pixels, 0 outside the window."""
    field = canvas.zeros()
    if not lines:
        return field
    step = canvas.mm_per_px
    finest = min(width for _, width in lines) / step
    finer = max(1, min(4, math.ceil(2.0 / finest)))
    rows, columns = window[0].stop - window[0].start, window[1].stop - window[1].start
    picture = Image.new("L", (columns * finer, rows * finer))
    pen = ImageDraw.Draw(picture)
    corner = np.array((window[1].start - canvas.width / 2, window[0].start - canvas.height / 2))
    for points, width in lines:
        exact = width / step * finer
        pixels = (points / step - corner) * finer
        # A line thinner than the pen is drawn fainter instead.
        ink = int(255 * min(1.0, exact / max(1, round(exact))))
        pen.line(
            [tuple(each) for each in pixels.tolist()], fill=ink, width=max(1, round(exact)), joint="curve"
        )
    field[window] = np.asarray(picture.reduce(finer) if finer > 1 else picture, dtype=np.float32) / 255
    return field
