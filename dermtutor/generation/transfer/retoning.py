"""Brings the person on a photograph to another skin tone with the optics that generated cases use."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from dermtutor.generation.faces import FaceRegions
from dermtutor.generation.faces.anatomy import LIPS, OVAL, RIGHT_BROW, RIGHT_EYE, Ring, mirrored
from dermtutor.generation.recipes.canvas import Field, blur, smoothstep
from dermtutor.generation.transfer.effect import connected
from dermtutor.generation.transfer.skin_map import SIDE, SkinMap, enlarged, likeness, slopes
from dermtutor.skin.colour import bytes_to_linear, linear_to_bytes
from dermtutor.skin.measure import dilate, healthy_skin
from dermtutor.skin.reflection import light_planes, split_light
from dermtutor.skin.retone import Retoner
from dermtutor.skin.scales import MonkTone

# Lines of a photograph that are worked on at once.
_STRIP: Final = 256

# Change of optical density from pixel to pixel of the small copy from which on something is hair or cloth.
_UNEVEN: Final = 0.13

# Ears lie this far beside the face, as a share of its width.
_EARS: Final = 0.16
_RIM: Final = 0.07
_GAPS: Final = 0.05

# From this share of skin on a photograph shows skin and nothing else.
_CLOSE_UP: Final = 0.6


def retoned(
    pixels: NDArray[np.uint8], skin: SkinMap, tone: MonkTone, face: FaceRegions | None = None
) -> NDArray[np.uint8]:
    """The photograph (H, W, 3) uint8 with its skin on a tone; what is not skin stays as it is.

    ``face`` is the face that can be seen, where eyes and hair are left alone.
    """
    height, width = pixels.shape[:2]
    of_skin = _skin_share(skin) if face is None else _share_with_face(skin, face)
    healthy = _pixels_of_skin(pixels, skin)
    diffuse, specular = split_light(light_planes(pixels), None, healthy)
    changed = Retoner(diffuse, specular, healthy).render(tone)
    result = np.empty_like(pixels)
    for top in range(0, height, _STRIP):
        rows = slice(top, min(top + _STRIP, height))
        share = enlarged(of_skin, (height, width), rows, slice(0, width))[..., None]
        mixed = bytes_to_linear(pixels[rows]) * (1 - share) + bytes_to_linear(changed[rows]) * share
        result[rows] = np.where(share > 0, linear_to_bytes(mixed), pixels[rows])
    return result


def _skin_share(skin: SkinMap) -> Field:
    """How far a pixel of the small copy is this person's skin, 0 to 1.

    Skin goes on, from what is surely skin, over freckles, redness, shadow and shine, until something else begins: hair
    and cloth are uneven, ink and walls have other colours. A photograph that is nearly all skin is taken to be skin but
    for what cannot be.
    """
    sure = likeness(skin.density, skin.density_of_skin) > 0.35
    possible = likeness(skin.density, skin.density_of_skin, wide=1.7) > 0.4
    uneven = blur(slopes(skin.density[..., 1]), 1.0) > _UNEVEN
    found = connected(sure, sure | (possible & ~uneven))
    wide = max(found.shape) / 160
    if found.mean() > _CLOSE_UP:
        found = likeness(skin.density, skin.density_of_skin, wide=2.2) > 0.25
    closed = smoothstep(blur(found.astype(np.float32), 0.8 * wide), 0.35, 0.65)
    return np.asarray(blur(closed, 0.3 * wide), dtype=np.float32)


def bare_face(face: FaceRegions, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Where on the small copy of a photograph of a shape (H, W) the bare skin of the face is, (h, w)."""
    scale = min(1.0, SIDE / max(shape))
    small = tuple(max(1, round(length * scale)) for length in shape)
    return _on_copy(face, small) > 0.6


def _share_with_face(skin: SkinMap, face: FaceRegions) -> Field:
    """How far a pixel of the small copy is this person's skin, 0 to 1: the face, and what goes on from it.

    By colour alone lips and shadows would be left out and fair hair taken in; on a face, anatomy knows better.
    """
    shape = skin.skin.shape
    points = face.landmarks[:, :2] * np.float32(shape[1] / face.shape[1])
    width = float(np.ptp(points[:, 0]))
    left, right, chin = points[:, 0].min(), points[:, 0].max(), points[:, 1].max()
    rows, columns = np.arange(shape[0])[:, None], np.arange(shape[1])[None, :]
    both_brows, both_eyes = RIGHT_BROW + mirrored(RIGHT_BROW), RIGHT_EYE + mirrored(RIGHT_EYE)
    eyes = _filled(shape, points, RIGHT_EYE, mirrored(RIGHT_EYE))
    lips = _filled(shape, points, LIPS)
    redness = skin.density[..., 1] - skin.density[..., 0]
    of_skin = skin.density_of_skin[1] - skin.density_of_skin[0]
    # Walls and grey hair are as light as skin, but not as red.
    possible = (likeness(skin.density, skin.density_of_skin, wide=2.4) > 0.25) & (redness > 0.6 * of_skin)
    inside = _filled(shape, points, OVAL)
    # Hair falls over the forehead from above; below the upper edge of the brows everything is face, but for teeth.
    lower = rows > np.percentile(points[list(both_brows), 1], 20)
    of_face = _on_copy(face, shape) > 0.5
    teeth = lips & (redness < 0.7 * of_skin)
    of_face |= inside & lower & ~teeth
    of_face |= dilate(_filled(shape, points, RIGHT_BROW, mirrored(RIGHT_BROW)), round(0.03 * width)) & inside
    sure = likeness(skin.density, skin.density_of_skin) > 0.35
    even = blur(slopes(skin.density[..., 1]), 1.0) < _UNEVEN
    beside = (columns > left - _EARS * width) & (columns < right + _EARS * width)
    below_eyes = rows > points[list(both_eyes), 1].mean()
    below = rows > chin - 0.1 * width
    neck = below & (rows < chin + 0.6 * width) & (columns > left) & (columns < right) & possible
    near = (below_eyes & ((beside & sure) | (below & possible)) & even) | neck
    # The outline of the face is a shadow itself, and lies a little inside of where the face ends.
    rim = below_eyes & possible & dilate(of_face, round(_RIM * width))
    found = connected(of_face, of_face | near | rim)
    reach = max(1, round(_GAPS * width))
    closed_up = ~dilate(~dilate(found, reach), reach)
    found = (found | (closed_up & below)) & ~eyes & ~teeth
    soft = max(0.6, 0.012 * width)
    closed = smoothstep(blur(found.astype(np.float32), soft), 0.35, 0.65)
    return np.asarray(blur(closed, 0.3 * soft), dtype=np.float32)


def _on_copy(face: FaceRegions, shape: tuple[int, ...]) -> Field:
    """The bare skin of a face on the small copy, (h, w) from 0 to 1."""
    scale = shape[1] / face.shape[1]
    copy = replace(
        face, shape=(shape[0], shape[1]), x=face.x * scale, y=face.y * scale, side=face.side * scale
    )
    return copy.on_photograph(1 - face.spared)


def _filled(shape: tuple[int, ...], points: Field, *rings: Ring) -> NDArray[np.bool_]:
    """Whether a pixel lies inside rings of landmarks (N, 2)."""
    picture = Image.new("L", (shape[1], shape[0]), 0)
    pen = ImageDraw.Draw(picture)
    for ring in rings:
        pen.polygon([(float(points[each, 0]), float(points[each, 1])) for each in ring], fill=255)
    return np.asarray(picture) > 127


def _pixels_of_skin(pixels: NDArray[np.uint8], skin: SkinMap) -> NDArray[np.intp]:
    """Flat indices of typical skin on the whole photograph."""
    height, width = pixels.shape[:2]
    rows = np.minimum(np.arange(height) * skin.skin.shape[0] // height, skin.skin.shape[0] - 1)
    columns = np.minimum(np.arange(width) * skin.skin.shape[1] // width, skin.skin.shape[1] - 1)
    mask = np.where(skin.skin, 0, 255).astype(np.uint8)
    typical = healthy_skin(skin.pixels, mask)
    chosen = typical if typical.any() else skin.skin
    return np.flatnonzero(chosen[rows[:, None], columns[None, :]])
