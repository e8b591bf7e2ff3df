"""Draws one patient's lesions, one kind after another, into a layer."""

from __future__ import annotations

from dermtutor.generation.fields import raise_to
from dermtutor.generation.recipes.canvas import Canvas
from dermtutor.generation.recipes.colours import add_colours, reach_of
from dermtutor.generation.recipes.distribution import place
from dermtutor.generation.recipes.layer import LesionLayer, Patient
from dermtutor.generation.recipes.model import Recipe
from dermtutor.generation.recipes.noise import stream
from dermtutor.generation.recipes.regions import add_region
from dermtutor.generation.recipes.relief import add_relief
from dermtutor.generation.recipes.shapes import Outline, outline
from dermtutor.generation.recipes.surface import add_surface
from dermtutor.generation.recipes.variants import variant_of


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
    lesion = patient.lesion
    add_colours(layer, patient)
    if lesion.relief is not None:
        add_relief(layer, patient, lesion.relief)
    for index, surface in enumerate(lesion.surface):
        add_surface(layer, patient, surface, index)
    # A lesion that draws nothing only says where others lie.
    if lesion.colour or lesion.relief or lesion.surface:
        raise_to(layer.mask, patient.spots.near, patient.spots.cover)
