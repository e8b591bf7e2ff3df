"""What lies on a lesion: scale, crust, blister fluid, shine, plugs, islands of pigment. One function each."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dermtutor.generation.recipes.canvas import Canvas, Field, Places, Window, places_of, smoothstep
from dermtutor.generation.recipes.layer import Deposit, LesionLayer, Patient, threshold, umbilication
from dermtutor.generation.recipes.model import Core, Crust, Fluid, Gloss, Islands, Scale, Surface

# Linear light that matter sends back in a photograph exposed for skin, chosen by eye.
_COLOURS: dict[str, tuple[float, float, float]] = {
    "silver-scale": (0.74, 0.71, 0.68),
    "fine-scale": (0.70, 0.64, 0.58),
    "collarette": (0.72, 0.66, 0.60),
    "greasy-scale": (0.66, 0.53, 0.28),
    "honey-crust": (0.50, 0.27, 0.07),
    "blood-crust": (0.18, 0.062, 0.036),
    "core": (0.74, 0.62, 0.50),
    "pus": (0.68, 0.50, 0.28),
}


@dataclass(frozen=True, slots=True)
class Cells:
    """A tiling of the skin into flakes, at N places; every field is (N,).

    ``value`` is each flake's own chance, ``edge`` 0 on its border and about 1 in its middle, ``distance``
    from its centre in cell widths, ``tilt_x`` and ``tilt_y`` its slope (-1 to 1).
    """

    value: Field
    edge: Field
    distance: Field
    tilt_x: Field
    tilt_y: Field


_PERIOD = 128


def cells(
    canvas: Canvas,
    stream: tuple[str | int, ...],
    size_mm: float,
    places: Places,
    stretch: float = 1.0,
    bend: tuple[Field, Field] | None = None,
) -> Cells:
    """Voronoi cells of jittered points about ``size_mm`` apart, ``stretch`` times longer in a direction of their own.

    ``bend`` (two fields (N,), in millimetres) distorts the tiling.
    """
    rng = canvas.rng("cells", *stream)
    angle = float(rng.uniform(0, math.pi))
    size = max(size_mm, 2.2 * canvas.mm_per_px)
    across, down = canvas.axes()
    x, y = across[0, places[1]], down[places[0], 0]
    if bend is not None:
        x, y = x + bend[0], y + bend[1]
    cos, sin = np.float32(math.cos(angle)), np.float32(math.sin(angle))
    u = (x * cos + y * sin) * np.float32(1 / (size * stretch))
    v = (y * cos - x * sin) * np.float32(1 / size)
    table = rng.random((5, _PERIOD * _PERIOD), dtype=np.float32)
    owner, nearest, second = _nearest_points(u, v, table)
    return Cells(table[2][owner], second - nearest, nearest, 2 * table[3][owner] - 1, 2 * table[4][owner] - 1)


def _nearest_points(u: Field, v: Field, table: Field) -> tuple[NDArray[np.int32], Field, Field]:
    """For places (N,) in cell widths: the nearest jittered point, its distance, and that of the second nearest."""
    column, row = np.floor(u).astype(np.int32), np.floor(v).astype(np.int32)
    part_u, part_v = u - column, v - row
    nearest, second = np.full(u.shape, 9.0, np.float32), np.full(u.shape, 9.0, np.float32)
    owner = np.zeros(u.shape, np.int32)
    for down in (-1, 0, 1):
        line = ((row + down) % _PERIOD) * _PERIOD
        for across in (-1, 0, 1):
            index = line + (column + across) % _PERIOD
            dx = table[0][index] + (np.float32(across) - part_u)
            dy = table[1][index] + (np.float32(down) - part_v)
            distance = dx * dx + dy * dy
            np.minimum(second, np.maximum(distance, nearest), out=second)
            np.copyto(owner, index, where=distance < nearest)
            np.minimum(nearest, distance, out=nearest)
    return owner, np.sqrt(nearest), np.sqrt(second)


def _bend(
    canvas: Canvas, stream: tuple[str | int, ...], size_mm: float, window: Window, places: Places
) -> tuple[Field, Field]:
    """Displacements in millimetres that keep cells of a size from looking like a tiling."""
    u, v = (canvas.noise((*stream, axis), 2 * size_mm, 2, 0.55, window)[places] for axis in ("u", "v"))
    return np.float32(0.35 * size_mm) * u, np.float32(0.35 * size_mm) * v


def add_surface(layer: LesionLayer, patient: Patient, surface: Surface, index: int) -> None:
    """Adds one surface feature of the recipe to the layer."""
    match surface:
        case Scale():
            _add_scale(layer, patient, surface, index)
        case Crust():
            _add_crust(layer, patient, surface, index)
        case Fluid():
            _add_fluid(layer, patient, surface)
        case Gloss():
            _add_gloss(layer, patient, surface)
        case Core():
            _add_core(layer, patient, surface)
        case Islands():
            _add_islands(layer, patient, surface)


def _add_scale(layer: LesionLayer, patient: Patient, scale: Scale, index: int) -> None:
    canvas, drawn, severity = patient.canvas, patient.outline, patient.severity
    stream = (patient.lesion.name, "scale", index)
    rng = canvas.rng(*stream)
    cover, opacity = scale.cover.draw(rng, severity), np.float32(scale.opacity.draw(rng, severity))
    flake, inset = scale.flake_mm.draw(rng, severity), scale.inset_mm.draw(rng, severity)
    thickness = np.float32(scale.thickness_mm.draw(rng, severity))
    zone = drawn.zone(scale.zone, scale.zone_mm.draw(rng, severity))
    zone = zone * smoothstep(drawn.depth, inset - 0.3 * flake, inset + 0.8 * flake)
    patches = canvas.noise((*stream, "patches"), scale.patch_mm.draw(rng, severity), 4, 0.6, drawn.window)
    dense = smoothstep(patches + np.float32(threshold(cover)), -1.5, 1.4) * zone
    places = places_of(dense > 0.01)
    density = dense[places]
    bend = _bend(canvas, stream, flake, drawn.window, places)
    large = cells(canvas, (*stream, "large"), flake, places, float(rng.uniform(1.1, 1.7)), bend)
    small = cells(canvas, (*stream, "small"), 0.42 * flake, places, float(rng.uniform(1.0, 1.5)), bend)
    powder = canvas.noise((*stream, "powder"), 0.5 * flake, 2, 0.8, drawn.window)[places]
    body = _flakes(density, large, small) * (0.9 + 0.22 * powder)
    np.clip(body, 0, 1, out=body)
    tilt_x, tilt_y = (0.22 * large.tilt_x + 0.16 * small.tilt_x, 0.22 * large.tilt_y + 0.16 * small.tilt_y)
    texture = 0.84 + 0.14 * large.value + 0.12 * small.value + 0.05 * powder
    colour = _COLOURS[scale.kind]
    layer.deposits.append(Deposit(places, opacity * body, colour, texture, tilt_x, tilt_y, is_scale=True))
    layer.height[places] += thickness * body


def _flakes(density: Field, large: Cells, small: Cells) -> Field:
    """Thickness 0 to 1 of scale. A flake is there or not as a whole: angular margins, veils and heaps."""
    plate = smoothstep(density - 0.15 - 0.8 * large.value, 0.0, 0.45)
    plate *= 0.55 + 0.45 * smoothstep(large.edge, 0.0, 0.25)
    chips = smoothstep(density - 0.9 * small.value, 0.0, 0.4) * (0.6 + 0.4 * smoothstep(small.edge, 0.0, 0.3))
    return np.asarray(np.maximum(0.30 * density, 0.6 * chips + 0.5 * plate), dtype=np.float32)


def _affected(patient: Patient, share: float) -> Field:
    """1 on the share of lesions that bear a feature."""
    return (patient.outline.token > 1 - share).astype(np.float32)


def _add_crust(layer: LesionLayer, patient: Patient, crust: Crust, index: int) -> None:
    canvas, severity = patient.canvas, patient.severity
    stream = (patient.lesion.name, "crust", index)
    rng = canvas.rng(*stream)
    cover, affected = crust.cover.draw(rng, severity), crust.affected.draw(rng, severity)
    thickness = crust.thickness_mm.draw(rng, severity)
    typical = max((instance.radius for instance in patient.outline.instances), default=1.0)
    lumps = canvas.noise((*stream, "lumps"), 0.7 * typical, 3, 0.7, patient.outline.window)
    inner = smoothstep(patient.outline.towards_centre, 0.0, 0.35)
    presence = (
        smoothstep(lumps + np.float32(threshold(cover)), -0.3, 0.4) * inner * _affected(patient, affected)
    )
    layer.deposits.append(_film(0.8 * presence, _COLOURS[crust.kind], 1 + 0.25 * lumps, below=0.5))
    layer.height += np.float32(thickness) * presence * (1 + 0.4 * lumps)
    layer.gloss *= 1 - 0.85 * presence


def _film(alpha: Field, colour: tuple[float, float, float], texture: Field, below: float) -> Deposit:
    """A deposit without flakes, from whole fields (H, W)."""
    places = places_of(alpha > 0.004)
    flat = np.zeros(len(places[0]), np.float32)
    return Deposit(places, np.clip(alpha[places], 0, 0.9), colour, texture[places], flat, flat, below=below)


def _add_fluid(layer: LesionLayer, patient: Patient, fluid: Fluid) -> None:
    canvas, drawn, severity = patient.canvas, patient.outline, patient.severity
    rng = canvas.rng(patient.lesion.name, "fluid")
    clarity, turbid = fluid.clarity.draw(rng, severity), fluid.turbid.draw(rng, severity)
    bloody = fluid.bloody.draw(rng, severity)
    roof = smoothstep(drawn.towards_centre, 0.02, 0.45)
    token = drawn.token
    is_turbid = (token < turbid).astype(np.float32)
    is_bloody = ((token >= turbid) & (token < turbid + bloody)).astype(np.float32)
    clear = 1 - is_turbid - is_bloody
    # Under clear fluid the papillae are pressed empty of blood: paler and a little yellow, redder at the foot.
    layer.add("haemoglobin", -np.float32(0.30 * clarity) * roof * clear)
    layer.add("bilirubin", np.float32(0.05) * roof * clear + np.float32(0.10) * roof * is_turbid)
    milk = canvas.noise((patient.lesion.name, "pus"), 1.2, 2, 0.7, drawn.window)
    layer.add("livid", 0.6 * roof * roof * is_bloody * (1 + 0.3 * milk))
    alpha = (0.36 * is_turbid + 0.05 * clear) * roof * (1 + 0.12 * milk)
    layer.deposits.append(_film(alpha, _COLOURS["pus"], 1 + 0.08 * milk, below=0.55))
    np.maximum(layer.lens, np.float32(clarity) * roof * clear, out=layer.lens)
    places = places_of(roof > 0)
    layer.lens_x[places], layer.lens_y[places] = drawn.inside_owner(places)


def _add_gloss(layer: LesionLayer, patient: Patient, gloss: Gloss) -> None:
    rng = patient.canvas.rng(patient.lesion.name, "gloss")
    strength = gloss.strength.draw(rng, patient.severity)
    sharpness = np.float32(gloss.sharpness.draw(rng, patient.severity))
    cover = patient.outline.cover
    np.maximum(layer.gloss, np.float32(strength) * cover, out=layer.gloss)
    np.maximum(layer.sharpness, sharpness * cover, out=layer.sharpness)


def _add_core(layer: LesionLayer, patient: Patient, core: Core) -> None:
    canvas, drawn = patient.canvas, patient.outline
    rng = canvas.rng(patient.lesion.name, "core")
    width, whiteness = core.width.draw(rng, patient.severity), core.whiteness.draw(rng, patient.severity)
    affected = core.affected.draw(rng, patient.severity)
    lumps = canvas.noise((patient.lesion.name, "core"), 0.8, 2, 0.7, drawn.window)
    places, dell = umbilication(drawn, affected)
    plug = np.sqrt(dell) ** np.float32(0.3 / max(width, 0.05))
    alpha = canvas.zeros()
    alpha[places] = np.float32(whiteness) * plug * (1 + 0.3 * lumps[places])
    layer.deposits.append(_film(alpha, _COLOURS["core"], 1 + 0.1 * lumps, below=0.7))


def _add_islands(layer: LesionLayer, patient: Patient, islands: Islands) -> None:
    canvas, severity, window = patient.canvas, patient.severity, patient.outline.window
    rng = canvas.rng(patient.lesion.name, "islands")
    diameter, spacing = islands.diameter_mm.draw(rng, severity), islands.spacing_mm.draw(rng, severity)
    coverage = islands.coverage.draw(rng, severity)
    regions = canvas.noise((patient.lesion.name, "regions"), 0.22 * canvas.field_mm, 3, 0.55, window)
    repigmented = smoothstep(regions - np.float32(threshold(1 - coverage)), -0.2, 0.5)
    places = places_of((repigmented > 0.02) & (layer.depigmented > 0))
    edges = canvas.noise((patient.lesion.name, "edges"), 0.8 * diameter, 2, 0.6, window)[places]
    follicles = cells(canvas, (patient.lesion.name, "islands"), spacing, places)
    radius = np.float32(diameter / 2 / spacing) * (0.3 + 1.0 * follicles.value)
    soft = 1.3 * canvas.mm_per_px / spacing
    dots = 1 - smoothstep(follicles.distance + 0.05 * edges - radius, -soft, 2 * soft)
    # Two follicles close together keep a seam between them, and dots fade out where the repigmented region ends.
    dots *= smoothstep(follicles.edge, 0.02, 0.2) * smoothstep(
        repigmented[places] - follicles.value, 0.0, 0.3
    )
    layer.depigmented[places] *= 1 - np.float32(0.85) * dots
