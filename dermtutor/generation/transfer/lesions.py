"""The effects of a plan's lesions: learned ones, drawn ones, and those that anatomy places on a face."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from dermtutor.domain.cases import Source
from dermtutor.domain.transfer import Placement
from dermtutor.errors import UserError
from dermtutor.generation.faces import FaceRegions
from dermtutor.generation.fields import Field, blur, resize
from dermtutor.generation.recipes import Recipe
from dermtutor.generation.recipes.drawing import lesion_layer
from dermtutor.generation.recipes.layer import LesionLayer
from dermtutor.generation.recipes.light import Light, light_of
from dermtutor.generation.recipes.model import ToneRule
from dermtutor.generation.transfer.album import Described, recently_used
from dermtutor.generation.transfer.authored import authored_effect
from dermtutor.generation.transfer.effect import Effect, Frame
from dermtutor.generation.transfer.learned import LearnedLesion, learned_lesion
from dermtutor.generation.transfer.on_face import FaceDiseases
from dermtutor.generation.transfer.skin_map import SkinMap, sharpness_of
from dermtutor.skin.colour import bytes_to_linear

# Sides in pixels that drawn lesions are made at: what is shown larger is enlarged.
_DRAWN_SIDES: Final = (96, 128, 192, 256, 384, 512, 768)
_DRAWN_AT_LEAST: Final = 0.75
"""Share of a patch's side on the photograph that it is drawn at."""
_KEPT: Final = 12
# Side in pixels of the part of the photograph that its sharpness is looked for in.
_SHARPNESS_SIDE: Final = 512


class LesionSource(Protocol):
    """Where lesions come from: the generator."""

    def weights_version(self) -> str: ...

    def recipe_version(self, condition: str) -> str: ...

    def lesion_recipe(self, condition: str) -> Recipe | None:
        """The recipe of a condition."""
        ...

    def canonical_lesion(
        self, condition: str, seed: int, severity: float
    ) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """A learned lesion in canonical tone, (n, n, 3) uint8, and its mask (n, n) uint8."""
        ...

    def weights_hash(self) -> str:
        """SHA-256 of the weights in use."""
        ...


class Lesions:
    """Makes effects, and remembers the layers drawn last: moving a lesion draws nothing anew."""

    def __init__(self, source: LesionSource, faces: FaceDiseases | None) -> None:
        self._source = source
        self._faces = faces
        self._layers: OrderedDict[tuple[object, ...], LesionLayer] = OrderedDict()
        self._learned: OrderedDict[tuple[object, ...], LearnedLesion] = OrderedDict()

    def on_skin(self, placement: Placement, photograph: Described, frame: Frame) -> Effect:
        """The effect of a lesion in its frame. Raises UserError when its weights or recipe are no longer there."""
        near = _part_around(photograph.pixels, frame)
        light = _on_patch(
            light_of(photograph.skin.luminance(placement.x, placement.y, placement.size)), frame
        )
        if placement.source is Source.LEARNED:
            return _softened(self._learned_one(placement).lit_by(light), near, frame.side)
        recipe = self._source.lesion_recipe(placement.condition)
        version = self._source.recipe_version(placement.condition)
        if recipe is None or version != placement.recipe_version:
            raise UserError(f"The recipe of {placement.condition} is another one by now; place it anew.")
        n = _drawn_side(frame.side)
        key = (placement.condition, placement.seed, placement.severity, n, version)
        if key not in self._layers:
            self._layers[key] = lesion_layer(recipe, (n, n), placement.seed, placement.severity, region=False)
        layer = recently_used(self._layers, key, _KEPT)
        return _drawn(layer, recipe.tone_rule, light, photograph.skin, near, frame.side)

    def on_face(self, placement: Placement, photograph: Described, face: FaceRegions, frame: Frame) -> Effect:
        """The effect of a disease on the face's square. Raises UserError when its recipe is no longer there."""
        if self._faces is None:
            raise UserError("Diseases of the face cannot be drawn here; choose another region.")
        rules = self._faces.recipe(placement).tone_rule
        n = _drawn_side(face.side)
        where = tuple(round(value / min(face.shape), 4) for value in (face.x, face.y, face.side))
        key = (placement.condition, placement.pattern, placement.seed, placement.severity, n, where)
        if key not in self._layers:
            self._layers[key] = self._faces.layer(placement, face, n)
        layer = recently_used(self._layers, key, _KEPT)
        height, width = face.shape
        skin = photograph.skin
        light = light_of(skin.luminance(face.x / width, face.y / height, face.side / min(height, width) / 2))
        return _drawn(layer, rules, light, skin, _part_around(photograph.pixels, frame), face.side)

    def _learned_one(self, placement: Placement) -> LearnedLesion:
        if self._source.weights_version() != placement.weights_version:
            raise UserError(
                f"The weights that drew {placement.condition} are no longer installed; place it anew."
            )
        key = (placement.condition, placement.seed, placement.severity)
        if key not in self._learned:
            picture = self._source.canonical_lesion(placement.condition, placement.seed, placement.severity)
            self._learned[key] = learned_lesion(*picture)
        return recently_used(self._learned, key, _KEPT)


def _drawn(
    layer: LesionLayer, rules: tuple[ToneRule, ...], light: Light, skin: SkinMap, near: Field, side: float
) -> Effect:
    """The effect of a drawn layer on skin, as blurred as the photograph near it."""
    n = layer.canvas.height
    density = -np.log(np.maximum(resize(near, (n, n)), np.float32(0.004)))
    lines = density - blur(density, 2.0 * n / 256)
    skin_light = np.exp(-skin.density_of_skin)
    effect = authored_effect(layer, rules, light, skin_light, skin.tone.nearest, lines, skin.exposure)
    return _softened(effect, near, side)


def _drawn_side(side: float) -> int:
    """Side in pixels that a drawn lesion is made at for a patch of ``side`` pixels on the photograph."""
    return next((each for each in _DRAWN_SIDES if each >= _DRAWN_AT_LEAST * side), _DRAWN_SIDES[-1])


def _softened(effect: Effect, near: Field, side: float) -> Effect:
    """The effect as blurred as the photograph around it, ``near``; enlarging it blurs it already."""
    n = effect.mask.shape[0]
    blurred = max(0.0, sharpness_of(near) ** 2 - (0.5 * max(side / n, 1)) ** 2) ** 0.5
    return effect.blurred(blurred * n / side)


def _part_around(pixels: NDArray[np.uint8], frame: Frame) -> Field:
    """Linear green light of the photograph in the middle of a patch, (h, w), at most 512 pixels a side."""
    reach = max(8, round(min(frame.side, _SHARPNESS_SIDE) / 2))
    height, width = pixels.shape[:2]
    row, column = (
        min(max(round(at), reach), max(size - reach, reach))
        for at, size in ((frame.y, height), (frame.x, width))
    )
    rows, columns = (
        slice(max(0, row - reach), row + reach),
        slice(max(0, column - reach), column + reach),
    )
    return bytes_to_linear(pixels[rows, columns, 1])


def _on_patch(light: Light, frame: Frame) -> Light:
    x, y = frame.turned(light.x, light.y)
    return replace(light, x=x, y=y)
