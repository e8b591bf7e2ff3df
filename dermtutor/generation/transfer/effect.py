"""What a lesion does to skin, free of any skin: fields on a square patch that are laid onto a photograph."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dermtutor.generation.fields import Field, blur, connected, resize, smoothstep
from dermtutor.skin.measure import dilate

BORDER: Final = 0.05
"""The outermost part of a patch, as a share of its side, over which everything fades to nothing."""

_FADES: Final = 0.24
"""The same for a lesion that reaches beyond its patch: a straight end would be seen."""

# A lesion that only touches the border of its patch is left out, when the rest is at least this much of all lesions.
_REST: Final = 0.35
_COARSE: Final = 96
_INSIDE: Final = 0.3


@dataclass(frozen=True, slots=True)
class Effect:
    """A lesion on a square patch of n pixels. Fields are (n, n), those by colour (3, n, n).

    ``density`` is optical density to add to diffuse light. ``alpha`` and ``matter``: how far opaque matter hides the
    skin, and its light times that. ``shine``: surface light to add, ``dull``: share of the skin's own taken away.
    ``flat``: share of the skin's lines stretched away, ``bleached``: of its blotches. ``mask``: the lesion, 0 to 1;
    ``reach``: how far anything may act, 1 on the lesion and 0 some way outside it.
    """

    density: Field
    mask: Field
    reach: Field
    shine: Field | None = None
    dull: Field | None = None
    alpha: Field | None = None
    matter: Field | None = None
    flat: Field | None = None
    bleached: Field | None = None

    def blurred(self, sigma_px: float) -> Self:
        """As a lens would that blurs by so many pixels of the patch."""
        if sigma_px < 0.3:
            return self
        return replace(self, **{name: _blurred(each, sigma_px) for name, each in _present(self)})

    def placed(self, frame: Frame) -> Self:
        """The fields at the pixels of a frame."""
        return replace(self, **{name: frame.sample(each) for name, each in _present(self)})


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a patch lies on a photograph.

    The middle ``(x, y)`` and the ``side`` in pixels of the photograph, clockwise ``rotation`` in degrees, and the part
    of the photograph that is looked at: ``rows``, ``columns``.
    """

    x: float
    y: float
    side: float
    rotation: float
    mirrored: bool
    rows: slice
    columns: slice

    @classmethod
    def of(
        cls, shape: tuple[int, int], x: float, y: float, side: float, rotation: float, mirrored: bool
    ) -> Self:
        """A frame that looks at the whole patch, as far as it lies on a photograph of that shape (H, W)."""
        angle = math.radians(rotation)
        reach = side / 2 * (abs(math.cos(angle)) + abs(math.sin(angle))) + 1
        rows = slice(max(0, int(y - reach)), min(shape[0], math.ceil(y + reach)))
        columns = slice(max(0, int(x - reach)), min(shape[1], math.ceil(x + reach)))
        return cls(x, y, side, rotation, mirrored, rows, columns)

    @property
    def shape(self) -> tuple[int, int]:
        """(height, width) of what is looked at."""
        return self.rows.stop - self.rows.start, self.columns.stop - self.columns.start

    def narrowed(self, rows: slice, columns: slice) -> Self:
        """The same patch, looked at in a part of this frame's own rows and columns."""
        top, left = self.rows.start, self.columns.start
        return replace(
            self,
            rows=slice(top + rows.start, top + rows.stop),
            columns=slice(left + columns.start, left + columns.stop),
        )

    def turned(self, x: float, y: float) -> tuple[float, float]:
        """A direction on the photograph as a direction on the patch."""
        angle = math.radians(self.rotation)
        across = math.cos(angle) * x + math.sin(angle) * y
        down = -math.sin(angle) * x + math.cos(angle) * y
        return (-across if self.mirrored else across), down

    def sample(self, field: Field) -> Field:
        """A field (n, n), or (3, n, n), at the frame's pixels; 0 outside the patch."""
        if field.ndim == 3:
            return np.stack([self.sample(plane) for plane in field])
        n = field.shape[0]
        if self.side < 0.8 * n:  # fewer pixels: averaged, not picked
            n = max(2, round(self.side))
            field = resize_down(field, n)
        scale = n / self.side
        right, up = self.turned(scale, 0.0), self.turned(0.0, scale)
        from_x, from_y = self.columns.start - self.x, self.rows.start - self.y
        matrix = (
            right[0], up[0], n / 2 + right[0] * from_x + up[0] * from_y,
            right[1], up[1], n / 2 + right[1] * from_x + up[1] * from_y,
        )  # fmt: skip
        picture = Image.fromarray(np.ascontiguousarray(field, dtype=np.float32))
        height, width = self.shape
        moved = picture.transform((width, height), Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR)
        return np.asarray(moved, dtype=np.float32)


def resize_down(field: Field, n: int) -> Field:
    """A field with fewer pixels, (n, n)."""
    picture = Image.fromarray(np.ascontiguousarray(field, dtype=np.float32))
    return np.asarray(picture.resize((n, n), Image.Resampling.BOX), dtype=np.float32)


def border_window(n: int, width: float = BORDER) -> Field:
    """1 inside a patch, falling smoothly to 0 over a width (a share of its side) at its border, (n, n)."""
    at = (np.arange(n, dtype=np.float32) + np.float32(0.5)) / np.float32(n)
    edge = smoothstep(np.minimum(at, 1 - at), 0.006, width)
    return np.asarray(edge[:, None] * edge[None, :], dtype=np.float32)


def reach_of(mask: Field, distance: float) -> Field:
    """1 on the lesion, falling to 0 at ``distance`` (a share of the patch's side) around it, and at the border."""
    n = mask.shape[0]
    near = _grown(mask > 0.02, 0.5 * distance)
    fading = blur(near, max(0.25 * distance * n, 0.6))
    # What the blur leaves at its far end is cut off, so that the reach ends.
    reach = smoothstep(fading, 0.03, 0.75)
    return np.asarray(np.maximum(reach, mask * near) * border_window(n), dtype=np.float32)


def without_cut_lesions(mask: Field) -> Field:
    """1 where lesions lie whole on the patch, 0 on those that its border cuts, soft between; (n, n).

    When the lesions that are cut are most of what there is, they fade towards the border from far inside.
    """
    n = mask.shape[0]
    coarse = resize_down(mask, min(_COARSE, n)) > _INSIDE
    margin = max(1, round(BORDER / 2 * coarse.shape[0]))
    cut = _reached_from_border(coarse, margin)
    if not cut.any() or np.count_nonzero(coarse & ~cut) < _REST * np.count_nonzero(coarse):
        return border_window(n, _FADES) if cut.any() else np.ones_like(mask)
    kept = _grown(coarse & ~cut, 0.0)
    away = blur(_grown(cut, 2.5 / coarse.shape[0]), 0.8)
    keep = np.clip(1 - away + kept, 0, 1)
    return np.clip(resize(keep.astype(np.float32), mask.shape), 0, 1)


def _reached_from_border(inside: NDArray[np.bool_], margin: int) -> NDArray[np.bool_]:
    """The parts of a mask that are connected to its border."""
    border = np.zeros_like(inside)
    for edge in (np.s_[:margin], np.s_[-margin:], np.s_[:, :margin], np.s_[:, -margin:]):
        border[edge] = True
    return connected(border, inside)


def _grown(inside: NDArray[np.bool_], distance: float) -> Field:
    """A mask grown by a share of its side, as a field."""
    return dilate(inside, round(distance * inside.shape[0])).astype(np.float32)


def _present(effect: Effect) -> list[tuple[str, Field]]:
    pairs = ((each.name, getattr(effect, each.name)) for each in fields(effect))
    return [(name, value) for name, value in pairs if value is not None]


def _blurred(field: Field, sigma_px: float) -> Field:
    if field.ndim == 3:
        return np.stack([blur(plane, sigma_px) for plane in field])
    return blur(field, sigma_px)
