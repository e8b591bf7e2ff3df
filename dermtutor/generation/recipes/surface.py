"""What lies on a lesion: scale, crust, blister fluid, shine, plugs, islands of pigment. One function each."""

from __future__ import annotations

import numpy as np

from dermtutor.generation.recipes.canvas import Field, places_of, put, smoothstep
from dermtutor.generation.recipes.layer import Deposit, LesionLayer, Patient, threshold, umbilication
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
    "honey-crust": (0.42, 0.225, 0.08),
    "blood-crust": (0.18, 0.062, 0.036),
    "eschar": (0.022, 0.017, 0.015),
    "horn": (0.50, 0.41, 0.28),
    "core": (0.74, 0.62, 0.50),
    "dark-plug": (0.020, 0.015, 0.012),
    "pus-point": (0.70, 0.57, 0.34),
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
    canvas, drawn, severity = patient.canvas, patient.outline, patient.severity
    stream = (patient.lesion.name, "scale", index)
    rng = canvas.rng(*stream)
    cover, opacity = scale.cover.draw(rng, severity), np.float32(scale.opacity.draw(rng, severity))
    flake, inset = scale.flake_mm.draw(rng, severity), scale.inset_mm.draw(rng, severity)
    thickness = np.float32(scale.thickness_mm.draw(rng, severity))
    zone = drawn.zone(scale.zone, scale.zone_mm.draw(rng, severity))
    zone = zone * smoothstep(drawn.depth, inset - 0.3 * flake, inset + 0.8 * flake)
    patches = canvas.noise((*stream, "patches"), scale.patch_mm.draw(rng, severity), "medium", drawn.window)
    dense = smoothstep(patches + np.float32(threshold(cover)), -1.5, 1.4) * zone
    places = places_of(dense > 0.01)
    density = dense.take(places)
    shift = bend(canvas, stream, flake, drawn.window, places)
    large = cells(canvas, (*stream, "large"), flake, places, float(rng.uniform(1.1, 1.7)), shift)
    small = cells(canvas, (*stream, "small"), 0.42 * flake, places, float(rng.uniform(1.0, 1.5)), shift)
    powder = canvas.noise((*stream, "powder"), 0.5 * flake, "rough", drawn.window).take(places)
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
    put(layer.height, places, layer.height.take(places) + thickness * body)


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
    lumps = canvas.noise(
        (*stream, "lumps"), min(0.7 * typical, _LARGEST_LUMP_MM), "rough", patient.outline.window
    )
    inner = smoothstep(patient.outline.towards_centre, 0.0, 0.35)
    presence = (
        smoothstep(lumps + np.float32(threshold(cover)), -0.6, 0.8) * inner * _affected(patient, affected)
    )
    # Thin at its margins, dark where it is thick.
    thick = np.asarray(np.tanh(lumps), dtype=np.float32)
    alpha = presence * (0.56 + 0.22 * thick)
    layer.deposits.append(_film(alpha, _COLOURS[crust.kind], 1.02 - 0.26 * thick, below=0.3))
    layer.height += np.float32(thickness) * presence * (1 + 0.4 * lumps)
    layer.gloss *= 1 - 0.85 * presence


def _film(alpha: Field, colour: tuple[float, float, float], texture: Field, below: float) -> Deposit:
    """A deposit without flakes, from whole fields (H, W)."""
    places = places_of(alpha > 0.004)
    flat = np.zeros(len(places), np.float32)
    seen = np.clip(alpha.take(places), 0, 0.9)
    return Deposit(places, seen, colour, texture.take(places), flat, flat, below=below)


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
    milk = canvas.noise((patient.lesion.name, "pus"), 1.2, "rough", drawn.window)
    layer.add("livid", 0.6 * roof * roof * is_bloody * (1 + 0.3 * milk))
    alpha = (0.46 * is_turbid + 0.05 * clear) * roof * (1 + 0.12 * milk)
    layer.deposits.append(_film(alpha, _COLOURS["pus"], 1 + 0.08 * milk, below=0.4))
    np.maximum(layer.lens, np.float32(clarity) * roof * clear, out=layer.lens)
    places = places_of(roof > 0)
    for lens, inside in zip((layer.lens_x, layer.lens_y), drawn.inside_owner(places), strict=True):
        put(lens, places, inside)


def _add_gloss(layer: LesionLayer, patient: Patient, gloss: Gloss) -> None:
    rng = patient.canvas.rng(patient.lesion.name, "gloss")
    strength = gloss.strength.draw(rng, patient.severity)
    sharpness = np.float32(gloss.sharpness.draw(rng, patient.severity))
    cover = patient.outline.cover
    np.maximum(layer.gloss, np.float32(strength) * cover, out=layer.gloss)
    np.maximum(layer.sharpness, sharpness * cover, out=layer.sharpness)


def _add_core(layer: LesionLayer, patient: Patient, core: Core, index: int) -> None:
    canvas, drawn = patient.canvas, patient.outline
    stream = (patient.lesion.name, "core", index)
    rng = canvas.rng(*stream)
    width, whiteness = core.width.draw(rng, patient.severity), core.whiteness.draw(rng, patient.severity)
    affected = core.affected.draw(rng, patient.severity)
    lumps = canvas.noise(stream, 0.8, "rough", drawn.window)
    places, dell = umbilication(drawn, affected)
    plug = np.sqrt(dell) ** np.float32(0.3 / max(width, 0.05))
    if core.kind != "core":
        # A plug or a point of pus ends where the follicle's mouth does.
        plug = smoothstep(plug * (1 + 0.1 * lumps.take(places)), 0.2, 0.9)
    alpha = canvas.zeros()
    put(alpha, places, np.float32(whiteness) * plug * (1 + 0.3 * lumps.take(places)))
    below = 0.0 if core.kind == "dark-plug" else 0.7 if core.kind == "core" else 0.45
    layer.deposits.append(_film(alpha, _COLOURS[core.kind], 1 + 0.1 * lumps, below=below))


def _add_islands(layer: LesionLayer, patient: Patient, islands: Islands) -> None:
    canvas, severity, window = patient.canvas, patient.severity, patient.outline.window
    rng = canvas.rng(patient.lesion.name, "islands")
    diameter, spacing = islands.diameter_mm.draw(rng, severity), islands.spacing_mm.draw(rng, severity)
    coverage = islands.coverage.draw(rng, severity)
    regions = canvas.noise((patient.lesion.name, "regions"), 0.22 * canvas.field_mm, "medium", window)
    repigmented = smoothstep(regions - np.float32(threshold(1 - coverage)), -0.2, 0.5)
    places = places_of((repigmented > 0.02) & (layer.depigmented > 0))
    edges = canvas.noise((patient.lesion.name, "edges"), 0.8 * diameter, "medium", window).take(places)
    follicles = cells(canvas, (patient.lesion.name, "islands"), spacing, places)
    radius = np.float32(diameter / 2 / spacing) * (0.3 + 1.0 * follicles.value)
    soft = 1.3 * canvas.mm_per_px / spacing
    dots = 1 - smoothstep(follicles.distance + 0.05 * edges - radius, -soft, 2 * soft)
    # Two follicles close together keep a seam between them, and dots fade out where the repigmented region ends.
    dots *= smoothstep(follicles.edge, 0.02, 0.2) * smoothstep(
        repigmented.take(places) - follicles.value, 0.0, 0.3
    )
    put(layer.depigmented, places, layer.depigmented.take(places) * (1 - np.float32(0.85) * dots))
