"""The skin below a lesion on a photograph: what changes slowly over it, described on a coarse grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dermtutor.generation.fields import Field, blur
from dermtutor.skin.reflection import MOST_SHINE, SHINE_KNEE, diffuse_surroundings, light_planes

_GRID: Final = 256
"""Steps of the grid on the side of a lesion's patch."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A part of a photograph (H, W). The fields are on the grid.

    ``around`` (3, h, w): diffuse light around every place, linear; ``smooth`` (h, w): optical density in green without
    lines and pores; ``blotches`` (h, w): how far it differs from its wider surroundings.
    """

    shape: tuple[int, int]
    around: Field
    smooth: Field
    blotches: Field

    @classmethod
    def of(cls, part: NDArray[np.uint8], side: float) -> Ground:
        """Describes a part (H, W, 3) uint8 below a patch of ``side`` pixels."""
        height, width = part.shape[:2]
        scale = min(1.0, _GRID / side)
        size = (max(4, round(width * scale)), max(4, round(height * scale)))
        small = part if scale == 1 else np.asarray(Image.fromarray(part).resize(size, Image.Resampling.BOX))
        light, grid = light_planes(small), side * scale
        smooth = blur(-np.log(light[1]), max(grid / 128, 0.8))
        return cls(
            (height, width), diffuse_surroundings(light, grid), smooth, smooth - blur(smooth, grid / 11)
        )

    def at(self, field: Field, rows: slice) -> Field:
        """A field of the grid on some rows of the part, at its full resolution."""
        if field.ndim == 3:
            return np.stack([self.at(plane, rows) for plane in field])
        height, width = self.shape
        down = field.shape[0] / height
        box = (0.0, rows.start * down, float(field.shape[1]), rows.stop * down)
        picture = Image.fromarray(np.ascontiguousarray(field))
        size = (width, rows.stop - rows.start)
        return np.asarray(picture.resize(size, Image.Resampling.BILINEAR, box=box), dtype=np.float32)

    def split(self, light: Field, rows: slice) -> tuple[Field, Field]:
        """Diffuse light (3, r, W) and surface light (r, W) of the light on some rows (see ``skin.reflection``)."""
        excess = np.maximum((light - self.at(self.around, rows)).min(axis=0), 0)
        shine = np.minimum(excess * excess / (excess + SHINE_KNEE), MOST_SHINE * light.min(axis=0))
        return light - shine, shine
