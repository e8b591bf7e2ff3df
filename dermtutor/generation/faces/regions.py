"""The anatomical regions of a found face as soft masks, with eyes, lips, brows, nostrils, hair and beard left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dermtutor.generation.faces import anatomy
from dermtutor.generation.faces.anatomy import REGIONS, RegionName
from dermtutor.generation.faces.bare_skin import bare_skin
from dermtutor.generation.faces.drawing import SIDE, Drawing, square_of
from dermtutor.generation.faces.finder import FaceFinder, Points
from dermtutor.generation.fields import Field, resize

# Between the outer corners of the eyes of adults: about 88 mm in women, 91 mm in men (Farkas, Anthropometry of the
# Head and Face, 1994).
_OUTER_CORNERS_MM: Final = 89.0
_RIGHT_CORNER, _LEFT_CORNER = 33, 263

# The square is this much larger than the face: what a disease draws must end inside it.
_ROOM: Final = 1.3
# How far what is spared reaches beyond its outline.
_LIPS_MM, _EYES_MM, _BROWS_MM, _NOSTRILS_MM = 1.6, 3.2, 1.4, 1.2
_BEARD: Final[tuple[RegionName, ...]] = ("chin", "jaw", "upper-lip", "perioral")
# The outline of the mesh runs along the hairline and the ears: this much inside it lies skin of the face.
_OVAL_MM: Final = 3.5


@dataclass(frozen=True, slots=True)
class FaceRegions:
    """A face of a photograph and its regions.

    ``shape`` is the photograph's (height, width); ``landmarks`` (468, 3) in its pixels; ``confidence`` 0.5 to 1.
    The regions lie on a square of the photograph with the middle ``x``, ``y`` and ``side`` in its pixels, which may
    reach beyond its edges: ``regions`` holds a soft mask (n, n) of 0 to 1 for each name, ``drawn`` the same before
    what is spared was taken out, ``spared`` (n, n) is 1 on eyes, lips, brows, nostrils, hair, beard and everything
    that is not the face. ``mm_per_px`` is the millimetres of skin per pixel of the photograph, from the usual distance
    of the eyes' corners.
    """

    shape: tuple[int, int]
    landmarks: Points
    confidence: float
    x: float
    y: float
    side: float
    mm_per_px: float
    regions: Mapping[RegionName, Field]
    drawn: Mapping[RegionName, Field]
    spared: Field

    @property
    def side_mm(self) -> float:
        """The square's side in millimetres of skin."""
        return self.side * self.mm_per_px

    def mask(self, names: Sequence[RegionName] = REGIONS) -> NDArray[np.float32]:
        """The regions of these names together, (H, W) in 0 to 1 at the photograph's size; 0 outside the square."""
        joined = np.maximum.reduce([self.regions[name] for name in names])
        return self.on_photograph(joined)

    def maps(self, longest: int = 512) -> dict[str, NDArray[np.float32]]:
        """All regions over the whole photograph, reduced to ``longest`` pixels on its longer side, by name."""
        scale = min(1.0, longest / max(self.shape))
        height, width = (max(1, round(side * scale)) for side in self.shape)
        small = replace(
            self, shape=(height, width), x=self.x * scale, y=self.y * scale, side=self.side * scale
        )
        return {name: small.on_photograph(field) for name, field in self.regions.items()}

    def on_photograph(self, field: Field, wider: float = 1.0) -> NDArray[np.float32]:
        """A field (m, m) of the square, or of one so much wider, at the photograph's pixels, (H, W); 0 outside it."""
        height, width = self.shape
        side = max(1, round(self.side * wider))
        left, top = round(self.x - self.side * wider / 2), round(self.y - self.side * wider / 2)
        rows, columns = (
            slice(max(top, 0), min(top + side, height)),
            slice(max(left, 0), min(left + side, width)),
        )
        whole = np.zeros(self.shape, np.float32)
        scale = field.shape[0] / side
        box = tuple(
            scale * edge
            for edge in (columns.start - left, rows.start - top, columns.stop - left, rows.stop - top)
        )
        size = (rows.stop - rows.start, columns.stop - columns.start)
        whole[rows, columns] = np.clip(resize(field, size, box), 0, 1)
        return whole


def face_regions(photograph: NDArray[np.uint8], finder: FaceFinder) -> FaceRegions:
    """The regions of the largest face of a photograph (H, W, 3) uint8, whatever its size.

    Raises UserError when it shows no face that is sure enough, EnvironmentProblem when the finder's weights are
    missing or damaged.
    """
    face = finder.find(photograph)
    points = face.landmarks
    low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    x, y = (float(each) for each in (low + high) / 2)
    side = float((high - low).max()) * _ROOM
    apart = float(np.linalg.norm(points[_LEFT_CORNER] - points[_RIGHT_CORNER]))
    mm_per_px = _OUTER_CORNERS_MM / apart
    picture = square_of(photograph, x, y, side)
    draw = Drawing(points, x, y, side, mm_per_px * side / SIDE)
    covered = _spared(draw)
    certain = np.maximum(draw.hard("malar"), draw.hard("nose"))
    hairless = np.maximum(certain, 0.5 * draw.folds())
    bearded = np.maximum.reduce([draw.hard(name) for name in _BEARD])
    bare = bare_skin(picture, certain * (1 - covered), hairless, bearded, draw.mm_per_px)
    hidden = np.maximum(covered, 1 - bare)
    free = 1 - hidden
    drawn = {name: draw.soft(name) for name in REGIONS}
    regions = {name: (mask * free).astype(np.float32) for name, mask in drawn.items()}
    shape = photograph.shape[0], photograph.shape[1]
    return FaceRegions(shape, points, face.confidence, x, y, side, mm_per_px, regions, drawn, hidden)


def _spared(draw: Drawing) -> Field:
    """1 on eyes, lips, brows, nostrils and outside the face, (n, n)."""
    both = anatomy.mirrored
    parts = (
        draw.grown(_EYES_MM, anatomy.RIGHT_EYE, both(anatomy.RIGHT_EYE)),
        draw.grown(_LIPS_MM, anatomy.LIPS),
        draw.grown(_BROWS_MM, anatomy.RIGHT_BROW, both(anatomy.RIGHT_BROW)),
        draw.grown(_NOSTRILS_MM, anatomy.RIGHT_NOSTRIL, both(anatomy.RIGHT_NOSTRIL)),
        1 - draw.grown(-_OVAL_MM, anatomy.OVAL),
    )
    return np.asarray(np.maximum.reduce(parts), dtype=np.float32)
