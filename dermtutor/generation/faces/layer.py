"""Draws a face recipe on a face: the recipe engine's lesion layer, with anatomy for its outlines and its places."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dermtutor.generation.faces.recipe import Area, FaceLesion, FacePattern
from dermtutor.generation.faces.regions import FaceRegions
from dermtutor.generation.fields import Field, bounds, resize, smoothstep
from dermtutor.generation.recipes.canvas import Canvas
from dermtutor.generation.recipes.colours import reach_of
from dermtutor.generation.recipes.distribution import Instance, place
from dermtutor.generation.recipes.drawing import add_lesion
from dermtutor.generation.recipes.layer import LesionLayer, Patient
from dermtutor.generation.recipes.model import Distribution, Lesion, Shape
from dermtutor.generation.recipes.shapes import Outline, near_places, outline
from dermtutor.generation.recipes.terms import Span

# Distances are found on a picture of this many pixels a side and enlarged: about a millimetre each.
_DISTANCE_SIDE: Final = 192
_REACH: Final = 40
# Middles of lesions keep this far from what is spared.
_CLEAR_MM: Final = 0.8
# A face has room for more vessels than a patch of skin; they are looked for on the whole square.
_MOST_VESSELS: Final = 2400


def face_layer(
    pattern: FacePattern, face: FaceRegions, seed: int, severity: float, size: int = 1024
) -> LesionLayer:
    """One patient's layer on the face's square, drawn with ``size`` pixels a side.

    ``seed`` (0 or more) decides the patient, ``severity`` (0 to 1) how bad it is: a quarter for each grade; at 0 the
    face is clear and the layer empty. Nothing is drawn on what the face spares. The same for every tone.
    """
    if not 0 <= severity <= 1:
        raise ValueError(f"severity is a number from 0 to 1, not {severity!r}")
    canvas = Canvas.of((size, size), face.side_mm, seed)
    layer = LesionLayer(canvas)
    if severity == 0:
        return layer
    free = np.clip(1 - resize(face.spared, canvas.shape), 0, 1)
    clear = _distance_inside(1 - face.spared, canvas) - np.float32(_CLEAR_MM)
    for lesion in pattern.lesion:
        area = _area(canvas, lesion, face, severity)
        drawn, as_lesion = area, _whole_area(lesion)
        if lesion.shape is not None and lesion.distribution is not None:
            as_lesion = _scattered(lesion, lesion.shape, lesion.distribution)
            open_to = replace(area, depth=np.minimum(area.depth, clear))
            instances = place(canvas, as_lesion, severity, open_to)
            drawn = outline(canvas, as_lesion, instances, severity, reach_of(lesion.colour))
        add_lesion(layer, Patient(canvas, as_lesion, drawn, severity, _MOST_VESSELS))
    _keep_to(layer, free)
    return layer


def _whole_area(lesion: FaceLesion) -> Lesion:
    shape = Shape(diameter_mm=Span(1.0, 1.0))
    return Lesion(
        lesion.name,
        lesion.primary,
        Distribution("scattered"),
        shape,
        lesion.colour,
        lesion.relief,
        lesion.surface,
    )


def _scattered(lesion: FaceLesion, shape: Shape, distribution: Distribution) -> Lesion:
    return Lesion(
        lesion.name, lesion.primary, distribution, shape, lesion.colour, lesion.relief, lesion.surface
    )


def _area(canvas: Canvas, lesion: FaceLesion, face: FaceRegions, severity: float) -> Outline:
    """The outline of a lesion's area: its regions without what it spares, its border bent by noise."""
    area: Area = lesion.area
    rng = canvas.rng(lesion.name, "area")
    grow = area.grow_mm.draw(rng, severity)
    half = area.border_mm.draw(rng, severity) / 2
    wander, wave = area.irregularity_mm.draw(rng, severity), area.wave_mm.draw(rng, severity)
    # Added, so that no seam is left where two regions meet.
    joined = np.minimum(np.sum([face.drawn[name] for name in area.regions], axis=0), 1)
    depth = _distance_inside(joined, canvas) + np.float32(grow)
    if wander > 0:
        depth += np.float32(wander) * canvas.noise((lesion.name, "area"), wave)
    for name in area.spares:
        depth = np.minimum(depth, -_distance_inside(face.drawn[name], canvas))
    cover = smoothstep(depth / np.float32(max(half, canvas.mm_per_px)), -1, 1)
    largest = max(float(depth.max()), 1.0)
    inward = np.clip(depth / np.float32(largest), 0, 1)
    radius = np.full(canvas.shape, largest, np.float32)
    whole = Instance(0.0, 0.0, largest, 1.0, 0.0, float(rng.random()))
    near = depth > -half - 1
    owner = np.zeros(canvas.shape, np.intp)
    return Outline(canvas, depth, cover, inward, radius, owner, bounds(near), near_places(near), (whole,))


def _distance_inside(region: Field, canvas: Canvas) -> Field:
    """Millimetres (H, W) inside the border of a soft mask (n, n) of the same square, negative outside."""
    small = resize(region, (_DISTANCE_SIDE, _DISTANCE_SIDE)) > 0.5
    step = canvas.field_mm / _DISTANCE_SIDE
    away = (_distance_to(~small) - _distance_to(small)) * np.float32(step)
    return resize(away.astype(np.float32), canvas.shape)


def _distance_to(mask: NDArray[np.bool_]) -> Field:
    """Pixels from the middle of each pixel (n, n) to the nearest of a mask, less half of one; 0 inside it.

    Exact as far as _REACH pixels: first along columns, then the least of the squares along rows.
    """
    n = mask.shape[0]
    column = np.where(mask, np.float32(0), np.float32(2 * _REACH))
    for row in range(1, n):
        np.minimum(column[row], column[row - 1] + 1, out=column[row])
    for row in range(n - 2, -1, -1):
        np.minimum(column[row], column[row + 1] + 1, out=column[row])
    squares = np.pad(column * column, ((0, 0), (_REACH, _REACH)), mode="edge")
    nearest = squares[:, _REACH : _REACH + n].copy()
    for shift in range(1, _REACH + 1):
        for start in (_REACH - shift, _REACH + shift):
            np.minimum(nearest, squares[:, start : start + n] + np.float32(shift * shift), out=nearest)
    return np.asarray(np.maximum(np.sqrt(nearest) - np.float32(0.5), 0), dtype=np.float32)


def _keep_to(layer: LesionLayer, free: Field) -> None:
    """Takes the layer away where the face is spared, (H, W) in 0 to 1."""
    layer.chromophores = {name: amount * free for name, amount in layer.chromophores.items()}
    for name in ("depigmented", "height", "tension", "gloss", "lens", "mask"):
        setattr(layer, name, getattr(layer, name) * free)
    layer.deposits = [replace(each, alpha=each.alpha * free.take(each.places)) for each in layer.deposits]
