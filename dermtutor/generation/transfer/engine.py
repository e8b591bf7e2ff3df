"""Makes the image of a plan: describes the photograph, makes each lesion's effect, lays them on in their order."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from dermtutor.domain.cases import Source
from dermtutor.domain.conditions import HEALTHY_SKIN
from dermtutor.domain.transfer import Placement, Region, RegionKind, TransferPlan
from dermtutor.errors import UserError
from dermtutor.generation.faces import REGIONS, FaceRegions
from dermtutor.generation.recipes import Recipe
from dermtutor.generation.recipes.canvas import Field, blur, bounds, resize
from dermtutor.generation.recipes.layer import LesionLayer, lesion_layer
from dermtutor.generation.recipes.light import Light, light_of
from dermtutor.generation.transfer.authored import authored_effect
from dermtutor.generation.transfer.compose import lay_on
from dermtutor.generation.transfer.effect import Effect, Frame
from dermtutor.generation.transfer.learned import learned_effect
from dermtutor.generation.transfer.on_face import FaceDiseases
from dermtutor.generation.transfer.regions import region_map
from dermtutor.generation.transfer.retoning import retoned
from dermtutor.generation.transfer.skin_map import SkinMap, enlarged, sharpness_of
from dermtutor.services.photographs import PhotographFile
from dermtutor.services.ports import Cancelled, CancelToken, Progress
from dermtutor.services.transfer import Masks, MeasuredTone, Transferred
from dermtutor.skin.colour import bytes_to_linear
from dermtutor.skin.scales import MonkTone

# Sides in pixels that drawn lesions are made at: what is shown larger is enlarged.
_DRAWN_SIDES: Final = (96, 128, 192, 256, 384, 512, 768)
_DRAWN_AT_LEAST: Final = 0.75
"""Share of a patch's side on the photograph that it is drawn at."""
_KEPT_LAYERS: Final = 12
_KEPT_PIXELS: Final = 3_000_000
"""The steps of a picture up to this size are kept for the next time."""
_KEPT_PHOTOGRAPHS: Final = 4
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

    def weights_of(self, condition: str) -> str:
        """SHA-256 of the weights that draw a condition."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class _Laid:
    """A picture and its mask after some placements."""

    placements: tuple[Placement, ...]
    picture: NDArray[np.uint8]
    mask: NDArray[np.uint8]


@dataclass(slots=True, eq=False)
class _Described:
    """What was found out about a photograph once, on its own tone or another."""

    pixels: NDArray[np.uint8]
    skin: SkinMap
    face: FaceRegions | None = None
    laid: _Laid | None = None
    """All but the last of the placements of last time, so that moving that one lays on one lesion."""


class TransferStudio:
    """A ``TransferEngine``. One thread at a time."""

    def __init__(self, lesions: LesionSource, faces: FaceDiseases | None = None) -> None:
        """``faces`` reads faces; without it, plans that name regions of a face are refused."""
        self._lesions = lesions
        self._faces = faces
        self._layers: OrderedDict[tuple[object, ...], LesionLayer] = OrderedDict()
        self._learned: OrderedDict[tuple[object, ...], Effect] = OrderedDict()
        self._described: OrderedDict[tuple[object, ...], _Described] = OrderedDict()

    def weights_version(self) -> str:
        """Name and version of the weights."""
        return self._lesions.weights_version()

    def recipe_version(self, condition: str) -> str:
        """Version of the recipe of a condition, empty when there is none."""
        return self._lesions.recipe_version(condition)

    def measure(self, photograph: PhotographFile) -> MeasuredTone:
        """The tone of the photograph's skin."""
        return self._describe(photograph, None).skin.tone

    def best_place(self, photograph: PhotographFile) -> tuple[float, float, float]:
        """The largest even patch of skin: its middle, and its side as a share of the shorter side."""
        return self._describe(photograph, None).skin.best_place()

    def regions(self, photograph: PhotographFile) -> tuple[str, ...]:
        """Names of the regions of the face. Raises UserError where there is no face."""
        self._face(photograph)
        return REGIONS

    def face_patterns(self, condition: str) -> tuple[tuple[str, str], ...]:
        """Name and title of the ways in which a condition takes the face; empty when no recipe says."""
        return () if self._faces is None else self._faces.patterns(condition)

    def face_version(self, condition: str) -> str:
        """Version of the recipe of a condition on the face, empty when there is none."""
        return "" if self._faces is None else self._faces.version(condition)

    def shows_face(self, photograph: PhotographFile) -> bool:
        """Whether a face can be seen, as far as faces can be found here."""
        try:
            return bool(self.regions(photograph))
        except UserError:
            return False

    def extent(
        self, photograph: PhotographFile, region: Region, masks: Masks
    ) -> tuple[float, float, float, float]:
        """The box around a region: left, top, width, height as shares. Raises UserError for one beside it all."""
        shape = (photograph.height, photograph.width)
        drawn = region_map(region, shape, masks, self._face_maps(photograph, region))
        if drawn is None:
            return 0.0, 0.0, 1.0, 1.0
        rows, columns = bounds(drawn > 0.3)
        height, width = drawn.shape
        return (
            columns.start / width,
            rows.start / height,
            (columns.stop - columns.start) / width,
            (rows.stop - rows.start) / height,
        )

    def render(
        self,
        photograph: PhotographFile,
        plan: TransferPlan,
        masks: Masks,
        cancel: CancelToken | None = None,
        progress: Progress | None = None,
    ) -> Transferred:
        """The photograph with the plan's lesions. Raises UserError when the plan does not fit, Cancelled on request."""
        started = time.perf_counter()
        described = self._describe(photograph, plan.tone)
        laid = _beginning(described, plan.placements)
        keep = described.pixels.shape[0] * described.pixels.shape[1] <= _KEPT_PIXELS
        for number, placement in enumerate(plan.placements[len(laid.placements) :], len(laid.placements)):
            if cancel is not None and cancel.is_set():
                raise Cancelled
            picture, mask = laid.picture.copy(), laid.mask.copy()
            self._lay(photograph, described, placement, masks, picture, mask)
            if keep:
                described.laid = laid
            laid = _Laid((*laid.placements, placement), picture, mask)
            if progress is not None:
                progress((number + 1) / len(plan.placements))
        condition = plan.placements[0].condition if plan.placements else HEALTHY_SKIN
        weights = self._lesions.weights_of(condition)
        seconds = time.perf_counter() - started
        source, tone = described.pixels, described.skin.tone
        return Transferred(plan, laid.picture, laid.mask, source, tone, weights, seconds)

    def _describe(self, photograph: PhotographFile, tone: MonkTone | None) -> _Described:
        key = (photograph.sha, photograph.pixels.shape, tone)
        found = self._described.get(key)
        if found is None:
            if tone is None:
                pixels = photograph.pixels
            else:
                own = self._describe(photograph, None)
                pixels = retoned(own.pixels, own.skin, tone)
            found = self._described[key] = _Described(pixels, SkinMap.of(pixels))
        _use(self._described, key, _KEPT_PHOTOGRAPHS)
        return found

    def _face(self, photograph: PhotographFile) -> FaceRegions:
        """The face of the photograph, looked for once, on its own tone."""
        if self._faces is None:
            raise UserError("Regions of the face cannot be found here; mark the place yourself.")
        described = self._describe(photograph, None)
        if described.face is None:
            described.face = self._faces.read(photograph.pixels)
        return described.face

    def _face_maps(self, photograph: PhotographFile, region: Region) -> Mapping[str, Field]:
        return self._face(photograph).maps() if region.kind is RegionKind.FACE else {}

    def _lay(
        self,
        photograph: PhotographFile,
        described: _Described,
        placement: Placement,
        masks: Masks,
        picture: NDArray[np.uint8],
        mask: NDArray[np.uint8],
    ) -> None:
        """Lays one lesion on a picture and its mask, in place."""
        if placement.pattern:
            self._lay_on_face(photograph, described, placement, picture, mask)
            return
        skin, region = described.skin, placement.region
        height, width = picture.shape[:2]
        side = placement.size * min(height, width)
        x, y = placement.x, placement.y
        frame = Frame.of((height, width), x * width, y * height, side, placement.rotation, placement.mirrored)
        drawn = region_map(region, (height, width), masks, self._face_maps(photograph, region))
        allowed = np.ones(frame.shape, np.float32)
        if region.kind in (RegionKind.SKIN, RegionKind.RECTANGLE):
            gate = skin.gate(x, y, placement.size / 2)
            allowed *= enlarged(gate, (height, width), frame.rows, frame.columns)
        if drawn is not None:
            allowed *= enlarged(drawn, (height, width), frame.rows, frame.columns)
        near = _part_around(described.pixels, frame, side)
        light = _light_on_patch(light_of(skin.luminance(x, y, placement.size)), frame)
        effect = self._effect(placement, side, light, skin, near)
        skin_light = np.exp(-skin.density_of_skin)
        lay_on(picture, mask, _softened(effect, near, side), frame, allowed, skin_light)

    def _lay_on_face(
        self,
        photograph: PhotographFile,
        described: _Described,
        placement: Placement,
        picture: NDArray[np.uint8],
        mask: NDArray[np.uint8],
    ) -> None:
        """Lays a disease of the face where anatomy puts it, in place."""
        face, skin = self._face(photograph), described.skin
        if self._faces is None:
            raise AssertionError("a face was found")
        height, width = picture.shape[:2]
        n = _drawn_side(face.side)
        key = (placement.condition, placement.pattern, placement.seed, placement.severity, n, photograph.sha)
        if key not in self._layers:
            self._layers[key] = self._faces.layer(placement, face, n)
        _use(self._layers, key, _KEPT_LAYERS)
        frame = Frame.of((height, width), face.x, face.y, face.side, 0.0, mirrored=False)
        near = _part_around(described.pixels, frame, face.side)
        light = light_of(skin.luminance(face.x / width, face.y / height, face.side / min(height, width) / 2))
        skin_light = np.exp(-skin.density_of_skin)
        rules = self._faces.recipe(placement).tone_rule
        texture = _lines(resize(near, (n, n)), n)
        effect = authored_effect(
            self._layers[key], rules, light, skin_light, skin.tone.nearest, texture, skin.exposure
        )
        # Eyes, lips, brows and hair are spared by the layer; what it lights or shades must not reach them either.
        free = np.clip(1 - resize(face.spared, (n, n)), 0, 1)
        allowed = frame.sample(free)
        lay_on(picture, mask, _softened(effect, near, face.side), frame, allowed, skin_light)

    def _effect(
        self,
        placement: Placement,
        side: float,
        light: Light,
        skin: SkinMap,
        near: Field,
    ) -> Effect:
        wanted = (placement.condition, placement.seed, placement.severity)
        if placement.source is Source.LEARNED:
            if self._lesions.weights_version() != placement.weights_version:
                raise UserError(f"The weights that drew {placement.condition} are no longer installed.")
            if wanted not in self._learned:
                self._learned[wanted] = learned_effect(*self._lesions.canonical_lesion(*wanted))
            _use(self._learned, wanted, _KEPT_LAYERS)
            return self._learned[wanted]
        recipe = self._lesions.lesion_recipe(placement.condition)
        if recipe is None or self._lesions.recipe_version(placement.condition) != placement.recipe_version:
            raise UserError(f"The recipe of {placement.condition} is another one by now; place it anew.")
        n = _drawn_side(side)
        key = (*wanted, n, placement.recipe_version)
        if key not in self._layers:
            self._layers[key] = lesion_layer(recipe, (n, n), placement.seed, placement.severity)
        _use(self._layers, key, _KEPT_LAYERS)
        texture = _lines(resize(near, (n, n)), n)
        skin_light = np.exp(-skin.density_of_skin)
        return authored_effect(
            self._layers[key], recipe.tone_rule, light, skin_light, skin.tone.nearest, texture, skin.exposure
        )


def _use(kept: OrderedDict[tuple[object, ...], Any], key: tuple[object, ...], most: int) -> None:
    """Notes that an entry was used, and lets go of those used longest ago."""
    kept.move_to_end(key)
    while len(kept) > most:
        kept.popitem(last=False)


def _drawn_side(side: float) -> int:
    """Side in pixels that a drawn lesion is made at for a patch of ``side`` pixels on the photograph."""
    return next((each for each in _DRAWN_SIDES if each >= _DRAWN_AT_LEAST * side), _DRAWN_SIDES[-1])


def _softened(effect: Effect, near: Field, side: float) -> Effect:
    """The effect as blurred as the photograph around it, ``near``; enlarging it blurs it already."""
    n = effect.mask.shape[0]
    blurred = max(0.0, sharpness_of(near) ** 2 - (0.5 * max(side / n, 1)) ** 2) ** 0.5
    return effect.blurred(blurred * n / side)


def _beginning(described: _Described, placements: tuple[Placement, ...]) -> _Laid:
    """The picture to begin with: of last time's as far as its placements are the first of these."""
    laid = described.laid
    if laid is not None and laid.placements == placements[: len(laid.placements)]:
        return laid
    return _Laid((), described.pixels, np.zeros(described.pixels.shape[:2], np.uint8))


def _part_around(pixels: NDArray[np.uint8], frame: Frame, side: float) -> Field:
    """Linear green light of the photograph in the middle of a patch, (h, w), at most 512 pixels a side."""
    reach = max(8, round(min(side, _SHARPNESS_SIDE) / 2))
    height, width = pixels.shape[:2]
    row, column = (
        min(max(round(at), reach), size - reach) for at, size in ((frame.y, height), (frame.x, width))
    )
    rows, columns = slice(max(0, row - reach), row + reach), slice(max(0, column - reach), column + reach)
    return bytes_to_linear(pixels[rows, columns, 1])


def _lines(light: Field, n: int) -> Field:
    """The lines of the skin in optical density, (n, n), from its light."""
    density = -np.log(np.maximum(light, np.float32(0.004)))
    return density - blur(density, 2.0 * n / 256)


def _light_on_patch(light: Light, frame: Frame) -> Light:
    x, y = frame.turned(light.x, light.y)
    return replace(light, x=x, y=y)
