"""The lesion layer: everything a disease adds to skin, before any tone is chosen.

Nothing in this module or in what it calls knows the tone: a layer is drawn once and rendered on any of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from dermtutor.generation.recipes.canvas import Canvas, Field, Places, add_at, put, smoothstep, taken
from dermtutor.generation.recipes.distribution import place
from dermtutor.generation.recipes.model import Colour, Lesion, Recipe, Relief
from dermtutor.generation.recipes.noise import Grain, stream
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

    def add(self, chromophore: str, places: Places, amount: Field) -> None:
        """Adds optical density (N,) of a chromophore at some pixels."""
        present = self.chromophores.get(chromophore)
        if present is None:
            present = self.chromophores[chromophore] = self.canvas.zeros()
        add_at(present, places, amount)


# What fills a lesion unevenly, and by how much (a share per standard deviation).
_FILLED = ("haemoglobin", "livid", "melanin", "eumelanin", "dermal-melanin", "haemosiderin")
_UNEVEN = np.float32(0.14)


@dataclass(frozen=True, slots=True)
class Patient:
    """One lesion kind while it is drawn: where it lies, and the numbers that this patient got.

    ``spots`` is the outline at the pixels near a lesion, ``filling`` (N,) how much of a pigment fills it there, about
    1: no lesion is of one colour all over. ``most_vessels``: how many places are tried for a vessel.
    """

    canvas: Canvas
    lesion: Lesion
    outline: Outline
    severity: float
    most_vessels: int = 160
    spots: Outline = field(init=False)
    filling: Field = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "spots", self.outline.at(self.outline.near))
        typical = max((each.radius for each in self.outline.instances), default=1.0)
        uneven = self.noise(("filling",), 1.1 * typical, "medium", self.spots)
        object.__setattr__(self, "filling", 1 + _UNEVEN * np.clip(uneven, -2.5, 2.5))

    def noise(self, name: tuple[str | int, ...], scale_mm: float, grain: Grain, spots: Outline) -> Field:
        """Noise (N,) at some pixels of the lesions, in a stream of this kind's own; see `Canvas.noise`."""
        return self.canvas.noise_at((self.lesion.name, *name), scale_mm, grain, spots.near, spots.window)


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
        _raise_to(layer.mask, patient.spots.near, patient.spots.cover)


def _raise_to(field: Field, places: Places, values: Field) -> None:
    """Makes some pixels of a field at least as large as values (N,)."""
    put(field, places, np.maximum(taken(field, places), values))


def reach_of(colours: Iterable[Colour]) -> float:
    """How far outside a border anything is drawn, in millimetres."""
    return max((1.6 * colour.zone_mm.high for colour in colours if colour.zone == "halo"), default=0.0) + 1.0


def _add_colours(layer: LesionLayer, patient: Patient) -> None:
    near = patient.spots.near
    for index, colour in enumerate(patient.lesion.colour):
        weight = _colour_weight(patient, colour, index)
        if colour.zone == "halo":
            _raise_to(layer.mask, near, smoothstep(weight, 0.1, 0.7))
        rng = patient.canvas.rng(patient.lesion.name, "colour", index)
        amount = np.float32(colour.amount.draw(rng, patient.severity))
        if colour.chromophore == "depigmentation":
            _raise_to(layer.depigmented, near, np.clip(amount * weight, 0, 1))
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


def threshold(share: float) -> float:
    """The value that a standard normal field stays below on ``share`` of the area (logistic approximation)."""
    share = min(max(share, 0.004), 0.996)
    return float(np.log(share / (1 - share)) / 1.702)


def _add_relief(layer: LesionLayer, patient: Patient, relief: Relief) -> None:
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
    token = spots.token
    across, down = spots.inside_owner()
    # Dells are never quite central, nor of one width.
    across -= np.float32(0.22) * ((token * np.float32(7.3)) % 1 - np.float32(0.5))
    down -= np.float32(0.22) * ((token * np.float32(13.7)) % 1 - np.float32(0.5))
    width = np.float32(0.30) * (1 + np.float32(0.35) * (token - np.float32(0.5)))
    width *= width
    depth = np.exp(-(across * across + down * down) / width)
    depth *= (spots.depth > 0) & (spots.rank > 1 - share)
    return np.asarray(depth, dtype=np.float32)


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
