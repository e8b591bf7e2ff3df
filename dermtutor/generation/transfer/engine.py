"""Makes the image of a plan: describes the photograph, makes each lesion's effect, lays them on in their order."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dermtutor.domain.transfer import Placement, Region, RegionKind, TransferPlan
from dermtutor.generation.faces import REGIONS
from dermtutor.generation.fields import Field, bounds, resize
from dermtutor.generation.transfer.album import Album, Described, Laid
from dermtutor.generation.transfer.compose import lay_on
from dermtutor.generation.transfer.effect import Frame
from dermtutor.generation.transfer.lesions import Lesions, LesionSource
from dermtutor.generation.transfer.on_face import FaceDiseases
from dermtutor.generation.transfer.regions import region_map
from dermtutor.generation.transfer.skin_map import enlarged
from dermtutor.services.photographs import PhotographFile
from dermtutor.services.ports import Cancelled, CancelToken, Progress
from dermtutor.services.transfer import Masks, MeasuredTone, Transferred

_KEPT_PIXELS: Final = 3_000_000
"""The steps of a picture up to this size are kept for the next time."""


class TransferStudio:
    """A ``TransferEngine``. One thread at a time."""

    def __init__(self, source: LesionSource, faces: FaceDiseases | None = None) -> None:
        """``faces`` reads faces; without it, plans that name regions of a face are refused."""
        self._source = source
        self._faces = faces
        self._album = Album(faces)
        self._lesions = Lesions(source, faces)

    def weights_version(self) -> str:
        """Name and version of the weights."""
        return self._source.weights_version()

    def recipe_version(self, condition: str) -> str:
        """Version of the recipe of a condition, empty when there is none."""
        return self._source.recipe_version(condition)

    def face_patterns(self, condition: str) -> tuple[tuple[str, str], ...]:
        """Name and title of the ways in which a condition takes the face; empty when no recipe says."""
        return () if self._faces is None else self._faces.patterns(condition)

    def face_version(self, condition: str) -> str:
        """Version of the recipe of a condition on the face, empty when there is none."""
        return "" if self._faces is None else self._faces.version(condition)

    def measure(self, photograph: PhotographFile) -> MeasuredTone:
        """The tone of the photograph's skin."""
        return self._album.describe(photograph).skin.tone

    def best_place(self, photograph: PhotographFile) -> tuple[float, float, float]:
        """The largest even patch of skin: its middle, and its side as a share of the shorter side."""
        return self._album.describe(photograph).skin.best_place()

    def regions(self, photograph: PhotographFile) -> tuple[str, ...]:
        """Names of the regions of the face. Raises UserError where there is no face."""
        self._album.face(photograph)
        return REGIONS

    def shows_face(self, photograph: PhotographFile) -> bool:
        """Whether a face can be seen, as far as faces can be found here."""
        return self._album.shows_face(photograph)

    def extent(
        self, photograph: PhotographFile, region: Region, masks: Masks
    ) -> tuple[float, float, float, float]:
        """The box around a region: left, top, width, height as shares. Raises UserError for one beside it all."""
        drawn = self._map(photograph, region, masks)
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
        described = self._album.describe(photograph, plan.tone)
        laid = described.beginning(plan.placements)
        keep = described.pixels.shape[0] * described.pixels.shape[1] <= _KEPT_PIXELS
        for number, placement in enumerate(plan.placements[len(laid.placements) :], len(laid.placements)):
            if cancel is not None and cancel.is_set():
                raise Cancelled
            picture, mask = laid.picture.copy(), laid.mask.copy()
            lay = self._lay_on_face if placement.pattern else self._lay_on_skin
            lay(photograph, described, placement, masks, picture, mask)
            if keep:
                described.laid = laid
            laid = Laid((*laid.placements, placement), picture, mask)
            if progress is not None:
                progress((number + 1) / len(plan.placements))
        weights = self._source.weights_hash()
        seconds = time.perf_counter() - started
        source, tone = described.pixels, described.skin.tone
        return Transferred(plan, laid.picture, laid.mask, source, tone, weights, seconds)

    def _lay_on_skin(
        self,
        photograph: PhotographFile,
        described: Described,
        placement: Placement,
        masks: Masks,
        picture: NDArray[np.uint8],
        mask: NDArray[np.uint8],
    ) -> None:
        """Lays one lesion on a picture and its mask, in place."""
        skin, region = described.skin, placement.region
        height, width = shape = picture.shape[0], picture.shape[1]
        x, y, side = placement.x, placement.y, placement.size * min(shape)
        frame = Frame.of(shape, x * width, y * height, side, placement.rotation, placement.mirrored)
        allowed = np.ones(frame.shape, np.float32)
        if region.kind in (RegionKind.SKIN, RegionKind.RECTANGLE):
            allowed *= enlarged(skin.gate(x, y, placement.size / 2), shape, frame.rows, frame.columns)
        drawn = self._map(photograph, region, masks)
        if drawn is not None:
            allowed *= enlarged(drawn, shape, frame.rows, frame.columns)
        effect = self._lesions.on_skin(placement, described, frame)
        lay_on(picture, mask, effect, frame, allowed, np.exp(-skin.density_of_skin))

    def _lay_on_face(
        self,
        photograph: PhotographFile,
        described: Described,
        placement: Placement,
        masks: Masks,
        picture: NDArray[np.uint8],
        mask: NDArray[np.uint8],
    ) -> None:
        """Lays a disease of the face where anatomy puts it, in place."""
        face = self._album.face(photograph)
        frame = Frame.of(face.shape, face.x, face.y, face.side, 0.0, mirrored=False)
        effect = self._lesions.on_face(placement, described, face, frame)
        # Eyes, lips, brows and hair are spared by the layer; what it lights or shades must not reach them either.
        n = effect.mask.shape[0]
        allowed = frame.sample(np.clip(1 - resize(face.spared, (n, n)), 0, 1))
        lay_on(picture, mask, effect, frame, allowed, np.exp(-described.skin.density_of_skin))

    def _map(self, photograph: PhotographFile, region: Region, masks: Masks) -> Field | None:
        """A region as a map over the photograph; None: all of it."""
        face: Mapping[str, Field] = {}
        if region.kind is RegionKind.FACE:
            face = self._album.face(photograph).maps()
        return region_map(region, (photograph.height, photograph.width), masks, face)
