"""All bare skin of the person whose face was found: face, ears and neck, for changes of skin tone.

Unlike the regions of a disease it includes lips, brows and the shade beside the nose, which become darker with the
rest, and leaves out eyes and teeth, which do not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dermtutor.generation.faces import anatomy
from dermtutor.generation.faces.drawing import SIDE, Drawing, square_of
from dermtutor.generation.faces.regions import FaceRegions
from dermtutor.generation.fields import Field, blur, connected, smoothstep
from dermtutor.skin.colour import bytes_to_density

# The square that neck and ears are looked for in, in sides of the face's own square.
_WIDER: Final = 1.9
_NEAR_MM: Final = 22.0
_FINEST_MM: Final = 1.2
_WRINKLE_MM: Final = 3.0
# Beside the face only what is nearly its colour belongs to it: hue, darker and lighter in optical density.
_HUE, _DARKER, _LIGHTER = 0.24, 1.6, 0.3
_DARKER_ABOVE: Final = 0.65
_TEMPLES_MM, _EARS_MM = 8.0, 22.0
_BROWS, _MOUTH_CORNERS = (105, 334), (61, 291)
_EYES_MM, _MOUTH_MM, _OVAL_MM = 0.0, -0.6, -1.0


@dataclass(frozen=True, slots=True, eq=False)
class PersonSkin:
    """The found person's skin on a square copy of the photograph, n pixels a side.

    ``picture`` (n, n, 3) uint8 is the copy, ``taken`` (n, n) where skin is, as far as it can be told on it, ``never``
    (n, n) is 1 on eyes and teeth; ``px_per_mm`` the copy's pixels in a millimetre of the face, and ``box`` what it
    shows: left, top, right, bottom in pixels of the photograph, which may reach beyond it.
    """

    picture: NDArray[np.uint8]
    taken: NDArray[np.bool_]
    never: Field
    px_per_mm: float
    box: tuple[float, float, float, float]


def skin_of_person(photograph: NDArray[np.uint8], face: FaceRegions) -> PersonSkin:
    """Where the skin of the found person is on a photograph (H, W, 3) uint8."""
    side = face.side * _WIDER
    draw = Drawing(face.landmarks, face.x, face.y, side, face.mm_per_px * side / SIDE)
    picture = square_of(photograph, face.x, face.y, side)
    whole_face = draw.grown(_OVAL_MM, anatomy.OVAL)
    both = anatomy.mirrored
    eyes = draw.grown(_EYES_MM, anatomy.RIGHT_EYE, both(anatomy.RIGHT_EYE))
    mouth = draw.grown(_MOUTH_MM, anatomy.MOUTH)
    certain, below = whole_face * (1 - np.maximum(eyes, mouth)), draw.below(*_BROWS)
    alike = _alike(picture, certain, np.where(below, _DARKER, _DARKER_ABOVE), draw.mm_per_px)
    # A heavy lid hangs into the eye's outline; it is as skin-coloured as the rest.
    never = np.maximum(eyes * (1 - alike), mouth)
    # Beside the face there are ears, and beyond them and above the brows hair, whatever its colour.
    beside = (draw.grown(_EARS_MM, anatomy.OVAL) > 0.5) & below
    open_to = beside | (draw.grown(_TEMPLES_MM, anatomy.OVAL) > 0.5) | draw.below(*_MOUTH_CORNERS)
    grown = connected(draw.hard("cheeks") > 0.5, (alike > 0.5) & open_to)
    # Wrinkles and shade of face and neck are skin; a fringe over the forehead is none.
    filled = blur(grown.astype(np.float32), _WRINKLE_MM / draw.mm_per_px) > 0.5
    taken = _without_holes(grown | filled | ((whole_face > 0.5) & below))
    left, top = face.x - side / 2, face.y - side / 2
    return PersonSkin(picture, taken, never, 1 / draw.mm_per_px, (left, top, left + side, top + side))


def _alike(
    picture: NDArray[np.uint8], face: Field, most_darker: NDArray[np.float64], mm_per_px: float
) -> Field:
    """1 where the colour is that of the face's skin nearby and at most so much darker, (n, n)."""
    density = blur(bytes_to_density(picture), _FINEST_MM / mm_per_px)
    planes = np.stack((density[..., 1], density[..., 0] - density[..., 1], density[..., 1] - density[..., 2]))
    inside = face > 0.5
    if not inside.any():
        return np.zeros(face.shape, np.float32)
    middle = np.median(planes[:, inside], axis=1)
    near = np.exp(-(((planes[0] - middle[0]) / np.float32(0.8)) ** 2)).astype(np.float32)
    weight = face * near
    for _ in range(2):
        total = blur(weight, _NEAR_MM / mm_per_px) + np.float32(1e-3)
        around = [
            (blur(weight * plane, _NEAR_MM / mm_per_px) + np.float32(1e-3 * level)) / total
            for plane, level in zip(planes, middle, strict=True)
        ]
        darker = planes[0] - around[0]
        hue = np.hypot(planes[1] - around[1], planes[2] - around[2]).astype(np.float32)
        # Shade makes skin redder as well as darker.
        hue /= 1 + np.clip(darker, 0, 1)
        alike = (
            (1 - smoothstep(hue, 0.7 * _HUE, 1.3 * _HUE))
            * (1 - smoothstep(darker / most_darker.astype(np.float32), 0.8, 1.2))
            * (1 - smoothstep(-darker, _LIGHTER, 2 * _LIGHTER))
        )
        weight = alike * face
    return np.asarray(alike, dtype=np.float32)


def _without_holes(inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """A mask with everything that it surrounds."""
    edge = np.ones_like(inside)
    edge[1:-1, 1:-1] = False
    return ~connected(edge, ~inside)
