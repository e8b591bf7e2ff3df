"""The lesion layer: everything a disease adds to skin, before any tone is chosen.

Nothing in this module or in what it calls knows the tone: a layer is drawn once and rendered on any of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from dermtutor.generation.recipes.canvas import Canvas, Field, Places, places_of, put, smoothstep, stream
from dermtutor.generation.recipes.distribution import place
from dermtutor.generation.recipes.model import Colour, Lesion, Recipe, Relief
from dermtutor.generation.recipes.regions import add_region
from dermtutor.generation.recipes.shapes import Outline, outline
from dermtutor.generation.recipes.variants import variant_of


@dataclass(frozen=True, slots=True)
class Deposit:
    """Opaque matter on the skin.

    ``places`` (N,): the pixels it lies on; the fields are (N,). ``alpha``: how far it
    hides the skin; ``colour``: its own, in linear light; ``texture``: its brightness; ``tilt_x``, ``tilt_y``:
    its slope. ``below`` (0 to 1): how far it lies under the epidermis and is seen through its melanin.
    """

    places: Places
    alpha: Field
    colour: tuple[float, float, float]
    texture: Field
    tilt_x: Field
    tilt_y: Field
    is_scale: bool = False
    below: float = 0.0


@dataclass(slots=True)
class LesionLayer:
    """The sum of all lesions. Fields are (H, W).

    ``chromophores``: optical density added, by name. ``depigmented``: share of the skin's melanin gone. ``height``:
    millimetres. ``tension``: share of the skin lines stretched flat (negative: coarsened). ``gloss`` and
    ``sharpness`` of the shine. ``lens``: how far a blister gathers light, with ``lens_x``, ``lens_y`` the place
    inside it. ``mask``: 0 to 1. ``deposits``: lowest first.
    """

    canvas: Canvas
    chromophores: dict[str, Field] = field(default_factory=dict)
    depigmented: Field = field(init=False)
    height: Field = field(init=False)
    tension: Field = field(init=False)
    gloss: Field = field(init=False)
    sharpness: Field = field(init=False)
    lens: Field = field(init=False)
    lens_x: Field = field(init=False)
    lens_y: Field = field(init=False)
    mask: Field = field(init=False)
    deposits: list[Deposit] = field(default_factory=list)

    def __post_init__(self) -> None:
        for name in (
            "depigmented",
            "height",
            "tension",
            "gloss",
            "sharpness",
            "lens",
            "lens_x",
            "lens_y",
            "mask",
        ):
            setattr(self, name, self.canvas.zeros())

    def add(self, chromophore: str, amount: Field) -> None:
        """Adds optical density of a chromophore."""
        present = self.chromophores.get(chromophore)
        self.chromophores[chromophore] = amount if present is None else present + amount


@dataclass(frozen=True, slots=True)
class Patient:
    """One lesion kind while it is drawn: where it lies, and the numbers that this patient got.

    ``most_vessels`` is how many places of the picture are tried for one.
    """

    canvas: Canvas
    lesion: Lesion
    outline: Outline
    severity: float
    most_vessels: int = 160


def lesion_layer(
    recipe: Recipe, shape: tuple[int, int], seed: int, severity: float, region: bool = True
) -> LesionLayer:
    """Draws one patient on a patch of ``shape`` pixels. The same for every tone and every base.

    ``region`` says whether to draw the creases of a flexure and the tan of exposed skin; a photograph has its own.
    """
    variant = variant_of(recipe, seed)
    canvas = Canvas.of(shape, variant.field_mm.draw(stream(seed, "field"), severity), seed)
    layer = LesionLayer(canvas)
    outlines: dict[str, Outline] = {}
    for pattern in dict.fromkeys(lesion.distribution.pattern for lesion in variant.lesion):
        if region:
            add_region(layer, pattern)
    for lesion in variant.lesion:
        parent = outlines.get(lesion.distribution.within)
        instances = place(canvas, lesion, severity, parent)
        drawn = outline(canvas, lesion, instances, severity, reach_of(lesion.colour))
        outlines[lesion.name] = drawn
        add_lesion(layer, Patient(canvas, lesion, drawn, severity))
    return layer


def add_lesion(layer: LesionLayer, patient: Patient) -> None:
    """Adds one kind of lesion, drawn where its outline says."""
    from dermtutor.generation.recipes.surface import add_surface  # surface builds on this module

    lesion = patient.lesion
    _add_colours(layer, patient)
    if lesion.relief is not None:
        _add_relief(layer, patient, lesion.relief)
    for index, surface in enumerate(lesion.surface):
        add_surface(layer, patient, surface, index)
    # A lesion that draws nothing only says where others lie.
    if lesion.colour or lesion.relief or lesion.surface:
        np.maximum(layer.mask, patient.outline.cover, out=layer.mask)


def reach_of(colours: Iterable[Colour]) -> float:
    """How far outside a border anything is drawn, in millimetres."""
    return max((1.6 * colour.zone_mm.high for colour in colours if colour.zone == "halo"), default=0.0) + 1.0


def _add_colours(layer: LesionLayer, patient: Patient) -> None:
    for index, colour in enumerate(patient.lesion.colour):
        weight = _colour_weight(patient, colour, index)
        if colour.zone == "halo":
            np.maximum(layer.mask, smoothstep(weight, 0.1, 0.7), out=layer.mask)
        rng = patient.canvas.rng(patient.lesion.name, "colour", index)
        amount = np.float32(colour.amount.draw(rng, patient.severity))
        if colour.chromophore == "depigmentation":
            np.maximum(layer.depigmented, np.clip(amount * weight, 0, 1), out=layer.depigmented)
        elif colour.chromophore == "pallor":
            # Oedema squeezes the blood out and scatters light of every colour back.
            layer.add("haemoglobin", -0.6 * amount * weight)
            layer.add("melanin", -0.22 * amount * weight)
        else:
            layer.add(colour.chromophore, amount * weight)


def _colour_weight(patient: Patient, colour: Colour, index: int) -> Field:
    """Zone, mottling, gaps and the difference between lesions, as one factor per pixel."""
    canvas, drawn, name = patient.canvas, patient.outline, patient.lesion.name
    rng = canvas.rng(name, "zone", index)
    zone_mm = colour.zone_mm.draw(rng, patient.severity)
    if colour.zone == "ring":
        at = colour.at.draw(canvas.rng(name, "ring", index), patient.severity)
        weight = drawn.ring(at, zone_mm)
    else:
        weight = drawn.zone(colour.zone, zone_mm)
    mottling = colour.mottling.draw(rng, patient.severity)
    mottle_mm, breaks = (
        colour.mottle_mm.draw(rng, patient.severity),
        colour.breaks.draw(rng, patient.severity),
    )
    tendency = colour.tendency.draw(rng, patient.severity)
    if mottling > 0.01:
        mottle = canvas.noise((name, "mottle", index), mottle_mm, "rough", drawn.window)
        weight = weight * np.clip(1 + np.float32(1.3 * mottling) * mottle, 0.1, 2.2)
    if breaks > 0.01:
        gaps = canvas.noise((name, "breaks", index), 0.28 * canvas.field_mm, "smooth", drawn.window)
        weight = weight * smoothstep(gaps - np.float32(threshold(breaks)), -0.5, 0.7)
    if tendency > 0.01:
        weight = weight * (1 + np.float32(2 * tendency) * (drawn.token - np.float32(0.5)))
    return np.asarray(weight, dtype=np.float32)


def threshold(share: float) -> float:
    """The value that a standard normal field stays below on ``share`` of the area (logistic approximation)."""
    share = min(max(share, 0.004), 0.996)
    return float(np.log(share / (1 - share)) / 1.702)


def _add_relief(layer: LesionLayer, patient: Patient, relief: Relief) -> None:
    canvas, drawn = patient.canvas, patient.outline
    rng = canvas.rng(patient.lesion.name, "relief")
    height = relief.height_mm.draw(rng, patient.severity)
    shoulder = relief.shoulder_mm.draw(rng, patient.severity)
    unevenness = relief.unevenness.draw(rng, patient.severity)
    dell = relief.umbilication.draw(rng, patient.severity)
    dented = relief.umbilicated.draw(rng, patient.severity)
    tension = relief.tension.draw(rng, patient.severity)
    form = _profile(relief.profile, drawn, shoulder)
    if unevenness > 0.005:
        bumps = canvas.noise((patient.lesion.name, "bumps"), 3.2 * shoulder, "medium", drawn.window)
        form = form * (1 + np.float32(unevenness) * bumps)
    if dell > 0.01:
        places, depth = umbilication(drawn, dented)
        put(form, places, form.take(places) * (1 - np.float32(dell) * depth))
    layer.height += np.float32(height) * form
    layer.tension += drawn.cover * (np.float32(tension) - layer.tension)


def umbilication(drawn: Outline, share: float) -> tuple[Places, Field]:
    """Where the ``share`` of lesions that have a central dell lie, the largest first, and its depth 0 to 1 there."""
    places = places_of((drawn.depth > 0) & (drawn.rank > 1 - share))
    token = drawn.token_at(places)
    across, down = drawn.inside_owner(places)
    # Dells are never quite central, nor of one width.
    x = across - np.float32(0.22) * ((token * np.float32(7.3)) % 1 - np.float32(0.5))
    y = down - np.float32(0.22) * ((token * np.float32(13.7)) % 1 - np.float32(0.5))
    width = np.float32(0.30) * (1 + np.float32(0.35) * (token - np.float32(0.5)))
    return places, np.asarray(np.exp(-(x * x + y * y) / (width * width)), dtype=np.float32)


def _profile(profile: str, drawn: Outline, shoulder_mm: float) -> Field:
    """Height 0 to 1 (domes: in proportion to each lesion's size)."""
    if profile == "dome":
        inward = drawn.towards_centre
        typical = max((instance.radius for instance in drawn.instances), default=1.0)
        lower = (drawn.radius / np.float32(typical)) ** np.float32(0.85)
        return np.asarray(np.sqrt(inward * (2 - inward)) * lower, dtype=np.float32)
    if profile == "rim":
        ridge = (drawn.depth - np.float32(0.9 * shoulder_mm)) * np.float32(1 / shoulder_mm)
        return np.exp(-(ridge * ridge)).astype(np.float32) + np.float32(0.12) * drawn.cover
    return smoothstep(drawn.depth, -0.35 * shoulder_mm, shoulder_mm)
