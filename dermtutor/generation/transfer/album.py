"""The photographs that were looked at lately: their pixels on a tone, what is known of their skin, their face."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from dermtutor.domain.transfer import Placement
from dermtutor.errors import UserError
from dermtutor.generation.faces import FaceRegions
from dermtutor.generation.transfer.on_face import FaceDiseases
from dermtutor.generation.transfer.retoning import bare_face, retoned
from dermtutor.generation.transfer.skin_map import SkinMap
from dermtutor.services.photographs import PhotographFile, shrunk
from dermtutor.skin.scales import MonkTone

T = TypeVar("T")

_KEPT: Final = 4
_FACE_SIDE: Final = 1100
"""Longer side of the copy that a face is looked for on, so that a preview and the whole agree."""
_NO_FACES: Final = "Regions of the face cannot be found here; mark the place yourself."


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """A picture and its mask after some placements."""

    placements: tuple[Placement, ...]
    picture: NDArray[np.uint8]
    mask: NDArray[np.uint8]


@dataclass(slots=True, eq=False)
class Described:
    """A photograph on its own tone or another. ``laid``: all but the last of the placements of last time, so that
    moving that one lays on one lesion.
    """

    pixels: NDArray[np.uint8]
    skin: SkinMap
    laid: Laid | None = None

    def beginning(self, placements: tuple[Placement, ...]) -> Laid:
        """The picture to begin with: of last time's as far as its placements are the first of these."""
        if self.laid is not None and self.laid.placements == placements[: len(self.laid.placements)]:
            return self.laid
        return Laid((), self.pixels, np.zeros(self.pixels.shape[:2], np.uint8))


class Album:
    """Describes photographs, and remembers the last few."""

    def __init__(self, faces: FaceDiseases | None) -> None:
        self._faces = faces
        self._described: OrderedDict[tuple[object, ...], Described] = OrderedDict()
        self._found: OrderedDict[str, tuple[FaceRegions | None, str]] = OrderedDict()

    def describe(self, photograph: PhotographFile, tone: MonkTone | None = None) -> Described:
        """The photograph with the person on a tone (None: as photographed)."""
        key = (photograph.sha, photograph.pixels.shape, tone)
        if key not in self._described:
            self._described[key] = self._look(photograph, tone)
        return recently_used(self._described, key, _KEPT)

    def face(self, photograph: PhotographFile) -> FaceRegions:
        """The face on the photograph. Raises UserError when there is none, or none can be found here."""
        face, problem = self._search(photograph)
        if face is None:
            raise UserError(problem)
        return _scaled(face, photograph)

    def shows_face(self, photograph: PhotographFile) -> bool:
        """Whether a face can be seen, as far as faces can be found here."""
        return self._search(photograph)[0] is not None

    def _look(self, photograph: PhotographFile, tone: MonkTone | None) -> Described:
        if tone is not None:
            own = self.describe(photograph)
            face = self.face(photograph) if self.shows_face(photograph) else None
            pixels = retoned(own.pixels, own.skin, tone, face)
            return Described(pixels, SkinMap.of(pixels, own.skin.skin))
        pixels = photograph.pixels
        if self.shows_face(photograph):
            return Described(pixels, SkinMap.of(pixels, bare_face(self.face(photograph), pixels.shape[:2])))
        return Described(pixels, SkinMap.of(pixels))

    def _search(self, photograph: PhotographFile) -> tuple[FaceRegions | None, str]:
        if self._faces is None:
            return None, _NO_FACES
        if photograph.sha not in self._found:
            found: tuple[FaceRegions | None, str]
            try:
                found = self._faces.read(shrunk(photograph, _FACE_SIDE).pixels), ""
            except UserError as problem:
                found = None, str(problem)
            self._found[photograph.sha] = found
        return recently_used(self._found, photograph.sha, _KEPT)


def _scaled(face: FaceRegions, photograph: PhotographFile) -> FaceRegions:
    """A face that was found on a copy, at the photograph's size."""
    scale = photograph.width / face.shape[1]
    if scale == 1:
        return face
    return replace(
        face,
        shape=(photograph.height, photograph.width),
        landmarks=face.landmarks * np.float32(scale),
        x=face.x * scale,
        y=face.y * scale,
        side=face.side * scale,
        mm_per_px=face.mm_per_px / scale,
    )


K = TypeVar("K")


def recently_used(kept: OrderedDict[K, T], key: K, most: int) -> T:
    """An entry; those used longest ago are let go beyond ``most``."""
    kept.move_to_end(key)
    while len(kept) > most:
        kept.popitem(last=False)
    return kept[key]
