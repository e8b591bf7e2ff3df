"""What lies on a lesion: scale, crust, blister fluid, shine, plugs, islands of pigment. One function each."""

from __future__ import annotations

import numpy as np

from dermtutor.generation.fields import Field, Places, add_at, put, raise_to, smoothstep, taken
from dermtutor.generation.recipes.layer import Deposit, LesionLayer, Patient
from dermtutor.generation.recipes.noise import threshold
from dermtutor.generation.recipes.relief import umbilication
from dermtutor.generation.recipes.shapes import Outline
from dermtutor.generation.recipes.strokes import add_hairs, add_vessels
from dermtutor.generation.recipes.surfaces import (
    Core,
    Crust,
    Fluid,
    Follicles,
    Furrows,
    Gloss,
    Hairs,
    Islands,
    Network,
    Papillae,
    Scale,
    Surface,
    Vessels,
)
from dermtutor.generation.recipes.textures import add_follicles, add_furrows, add_network, add_papillae
from dermtutor.generation.recipes.tiling import Cells, bend, cells

# Linear light that matter sends back in a photograph exposed for skin, chosen by eye.
_COLOURS: dict[str, tuple[float, float, float]] = {
    "silver-scale": (0.74, 0.695, 0.645),
    "fine-scale": (0.68, 0.59, 0.50),
    "collarette": (0.70, 0.61, 0.52),
    "greasy-scale": (0.64, 0.50, 0.30),
    "honey-crust": (0.50, 0.235, 0.055),
    "blood-crust": (0.18, 0.062, 0.036),
    "eschar": (0.022, 0.017, 0.015),
    "horn": (0.50, 0.41, 0.28),
    "core": (0.74, 0.62, 0.50),
    "dark-plug": (0.020, 0.015, 0.012),
    "pus-point": (0.70, 0.58, 0.34),
    "pus": (0.72, 0.54, 0.33),
}

# Thin scale still clings to pigmented horn, and is seen as much through as on its skin.
_SEEN_THROUGH = {"fine-scale": 0.3, "greasy-scale": 0.4, "collarette": 0.25}
# Crust is lumpy at this size even on a large lesion.
_LARGEST_LUMP_MM = 1.9


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
            _add_core(layer, patient, surface, index)
        case Islands():
            _add_islands(layer, patient, surface)
        case _:
            _add_structure(layer, patient, surface, index)


def _add_structure(
    layer: LesionLayer,
    patient: Patient,
    surface: Vessels | Network | Furrows | Papillae | Follicles | Hairs,
    index: int,
) -> None:
    match surface:
        case Vessels():
            add_vessels(layer, patient, surface, index)
        case Network():
            add_network(layer, patient, surface, index)
        case Furrows():
            add_furrows(layer, patient, surface, index)
        case Papillae():
            add_papillae(layer, patient, surface, index)
        case Follicles():
            add_follicles(layer, patient, surface, index)
        case Hairs():
            add_hairs(layer, patient, surface, index)


def _add_scale(layer: LesionLayer, patient: Patient, scale: Scale, index: int) -> None:
    canvas, spots, severity = patient.canvas, patient.spots, patient.severity
    stream = (patient.lesion.name, "scale", index)
    rng = canvas.rng(*stream)
    cover, opacity = scale.cover.draw(rng, severity), np.float32(scale.opacity.draw(rng, severity))
    flake, inset = scale.flake_mm.draw(rng, severity), scale.inset_mm.draw(rng, severity)
    thickness = np.float32(scale.thickness_mm.draw(rng, severity))
    zone = spots.zone(scale.zone, scale.zone_mm.draw(rng, severity))
    zone = zone * smoothstep(spots.depth, inset - 0.3 * flake, inset + 0.8 * flake)
    patches = patient.noise(("scale", index, "patches"), scale.patch_mm.draw(rng, severity), "medium", spots)
    dense = smoothstep(patches + np.float32(threshold(cover)), -1.5, 1.4) * zone
    scaly = np.flatnonzero(dense > 0.01)
    places, density = spots.near.take(scaly), dense.take(scaly)
    shift = bend(canvas, stream, flake, spots.window, places)
    large = cells(canvas, (*stream, "large"), flake, places, float(rng.uniform(1.1, 1.7)), shift)
    small = cells(canvas, (*stream, "small"), 0.42 * flake, places, float(rng.uniform(1.0, 1.5)), shift)
    powder = canvas.noise_at((*stream, "powder"), 0.5 * flake, "rough", places, spots.window)
    body = _flakes(density, large, small) * (0.9 + 0.22 * powder)
    # Flakes that are hardly larger than a pixel blend with their neighbours instead of flickering.
    told_apart = np.float32(min(max(flake / canvas.mm_per_px / 7, 0.3), 1.0))
    body = told_apart * body + (1 - told_apart) * 0.45 * density
    np.clip(body, 0, 1, out=body)
    tilt_x, tilt_y = (0.22 * large.tilt_x + 0.16 * small.tilt_x, 0.22 * large.tilt_y + 0.16 * small.tilt_y)
    texture = 0.84 + 0.14 * large.value + 0.12 * small.value + 0.05 * powder
    colour = _COLOURS[scale.kind]
    alpha, below = opacity * body, _SEEN_THROUGH.get(scale.kind, 0.0)
    layer.deposits.append(Deposit(places, alpha, colour, texture, tilt_x, tilt_y, is_scale=True, below=below))
    add_at(layer.height, places, thickness * body)


def _flakes(density: Field, large: Cells, small: Cells) -> Field:
    """Thickness 0 to 1 of scale. A flake is there or not as a whole: angular margins, veils and heaps."""
    plate = smoothstep(density - 0.15 - 0.8 * large.value, 0.0, 0.45)
    plate *= 0.55 + 0.45 * smoothstep(large.edge, 0.0, 0.25)
    chips = smoothstep(density - 0.9 * small.value, 0.0, 0.4) * (0.6 + 0.4 * smoothstep(small.edge, 0.0, 0.3))
    return np.asarray(np.maximum(0.30 * density, 0.6 * chips + 0.5 * plate), dtype=np.float32)


def _affected(spots: Outline, share: float) -> Field:
    """1 on the share of lesions that bear a feature, (N,)."""
    return (spots.token > 1 - share).astype(np.float32)


def _add_crust(layer: LesionLayer, patient: Patient, crust: Crust, index: int) -> None:
    spots, severity = patient.spots, patient.severity
    rng = patient.canvas.rng(patient.lesion.name, "crust", index)
    cover, affected = crust.cover.draw(rng, severity), crust.affected.draw(rng, severity)
    thickness = crust.thickness_mm.draw(rng, severity)
    typical = max((instance.radius for instance in spots.instances), default=1.0)
    lumps = patient.noise(("crust", index, "lumps"), min(0.7 * typical, _LARGEST_LUMP_MM), "rough", spots)
    inner = smoothstep(spots.towards_centre, 0.0, 0.35)
    presence = (
        smoothstep(lumps + np.float32(threshold(cover)), -0.6, 0.8) * inner * _affected(spots, affected)
    )
    # Thin at its margins, dark where it is thick.
    thick = np.asarray(np.tanh(lumps), dtype=np.float32)
    alpha = presence * (0.56 + 0.22 * thick)
    layer.deposits.append(_film(spots.near, alpha, _COLOURS[crust.kind], 1.02 - 0.26 * thick, below=0.3))
    add_at(layer.height, spots.near, np.float32(thickness) * presence * (1 + 0.4 * lumps))
    put(layer.gloss, spots.near, taken(layer.gloss, spots.near) * (1 - 0.85 * presence))


def _film(
    near: Places, alpha: Field, colour: tuple[float, float, float], texture: Field, below: float
) -> Deposit:
    """A deposit without flakes, from fields (N,) at some pixels."""
    there = np.flatnonzero(alpha > 0.004)
    flat = np.zeros(len(there), np.float32)
    seen = np.clip(alpha.take(there), 0, 0.9)
    return Deposit(near.take(there), seen, colour, texture.take(there), flat, flat, below=below)


def _add_fluid(layer: LesionLayer, patient: Patient, fluid: Fluid) -> None:
    spots, severity = patient.spots, patient.severity
    near = spots.near
    rng = patient.canvas.rng(patient.lesion.name, "fluid")
    clarity, turbid = fluid.clarity.draw(rng, severity), fluid.turbid.draw(rng, severity)
    bloody = fluid.bloody.draw(rng, severity)
    roof = smoothstep(spots.towards_centre, 0.02, 0.45)
    token = spots.token
    is_turbid = (token < turbid).astype(np.float32)
    is_bloody = ((token >= turbid) & (token < turbid + bloody)).astype(np.float32)
    clear = 1 - is_turbid - is_bloody
    # Under clear fluid the papillae are pressed empty of blood: paler and a little yellow, redder at the foot.
    layer.add("haemoglobin", near, -np.float32(0.16 * clarity) * roof * clear)
    layer.add("bilirubin", near, np.float32(0.09) * roof * clear + np.float32(0.10) * roof * is_turbid)
    milk = patient.noise(("pus",), 1.2, "medium", spots)
    layer.add("livid", near, 0.6 * roof * roof * is_bloody * (1 + 0.3 * milk))
    alpha = (0.38 * is_turbid + 0.03 * clear) * roof * (1 + 0.08 * milk)
    layer.deposits.append(_film(near, alpha, _COLOURS["pus"], 1 + 0.05 * milk, below=0.5))
    raise_to(layer.lens, near, np.float32(clarity) * roof * clear)
    under = np.flatnonzero(roof > 0)
    for lens, inside in zip((layer.lens_x, layer.lens_y), spots.inside_owner(), strict=True):
        put(lens, near.take(under), inside.take(under))


def _add_gloss(layer: LesionLayer, patient: Patient, gloss: Gloss) -> None:
    rng, spots = patient.canvas.rng(patient.lesion.name, "gloss"), patient.spots
    strength = gloss.strength.draw(rng, patient.severity)
    sharpness = gloss.sharpness.draw(rng, patient.severity)
    for field, value in ((layer.gloss, strength), (layer.sharpness, sharpness)):
        raise_to(field, spots.near, np.float32(value) * spots.cover)


def _add_core(layer: LesionLayer, patient: Patient, core: Core, index: int) -> None:
    spots = patient.spots
    rng = patient.canvas.rng(patient.lesion.name, "core", index)
    width, whiteness = core.width.draw(rng, patient.severity), core.whiteness.draw(rng, patient.severity)
    affected = core.affected.draw(rng, patient.severity)
    lumps = patient.noise(("core", index), 0.8, "medium", spots)
    plug = np.sqrt(umbilication(spots, affected)) ** np.float32(0.3 / max(width, 0.05))
    if core.kind != "core":
        # A plug or a point of pus ends where the follicle's mouth does.
        plug = smoothstep(plug * (1 + 0.05 * lumps), 0.12, 0.95)
    alpha = np.float32(whiteness) * plug * (1 + 0.12 * lumps)
    below = 0.0 if core.kind == "dark-plug" else 0.7 if core.kind == "core" else 0.45
    layer.deposits.append(_film(spots.near, alpha, _COLOURS[core.kind], 1 + 0.1 * lumps, below=below))


def _add_islands(layer: LesionLayer, patient: Patient, islands: Islands) -> None:
    canvas, severity, spots = patient.canvas, patient.severity, patient.spots
    rng = canvas.rng(patient.lesion.name, "islands")
    diameter, spacing = islands.diameter_mm.draw(rng, severity), islands.spacing_mm.draw(rng, severity)
    coverage = islands.coverage.draw(rng, severity)
    regions = patient.noise(("regions",), 0.22 * canvas.field_mm, "medium", spots)
    repigmented = smoothstep(regions - np.float32(threshold(1 - coverage)), -0.2, 0.5)
    there = np.flatnonzero((repigmented > 0.02) & (taken(layer.depigmented, spots.near) > 0))
    places, repigmented = spots.near.take(there), repigmented.take(there)
    edges = canvas.noise_at((patient.lesion.name, "edges"), 0.8 * diameter, "medium", places, spots.window)
    follicles = cells(canvas, (patient.lesion.name, "islands"), spacing, places)
    radius = np.float32(diameter / 2 / spacing) * (0.3 + 1.0 * follicles.value)
    soft = max(1.3 * canvas.mm_per_px, 0.14 * diameter) / spacing
    dots = 1 - smoothstep(follicles.distance + 0.05 * edges - radius, -soft, 2 * soft)
    # Two follicles close together keep a seam between them, and dots fade out where the repigmented region ends.
    dots *= smoothstep(follicles.edge, 0.02, 0.2) * smoothstep(repigmented - follicles.value, 0.0, 0.3)
    # Some have only begun to make pigment again.
    dots *= np.float32(0.75) + np.float32(0.2) * follicles.tilt_x
    put(layer.depigmented, places, layer.depigmented.take(places) * (1 - dots))
