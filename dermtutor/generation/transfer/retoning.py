"""Brings the person on a photograph to another skin tone with the optics that generated cases use."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dermtutor.generation.faces import FaceRegions, skin_of_person
from dermtutor.generation.fields import Field, blur, connected
from dermtutor.generation.transfer.matte import Matte
from dermtutor.generation.transfer.skin_map import SIDE, SkinMap, likeness, slopes
from dermtutor.skin.colour import bytes_to_linear, linear_to_bytes
from dermtutor.skin.measure import healthy_skin
from dermtutor.skin.reflection import light_planes, split_light
from dermtutor.skin.retone import Retoner
from dermtutor.skin.scales import MonkTone

# Lines of a photograph that are worked on at once.
_STRIP: Final = 256

# Change of optical density from pixel to pixel of the small copy from which on something is hair or cloth.
_UNEVEN: Final = 0.13

# From this share of skin on a photograph shows skin and nothing else.
_CLOSE_UP: Final = 0.6

# What is a millimetre on a face, for a photograph without one, as a share of its longer side.
_EDGE: Final = 0.0035


def retoned(
    pixels: NDArray[np.uint8], skin: SkinMap, tone: MonkTone, face: FaceRegions | None = None
) -> NDArray[np.uint8]:
    """The photograph (H, W, 3) uint8 with its skin on a tone; what is not skin stays as it is.

    ``face`` is the face that can be seen, where eyes and hair are left alone.
    """
    height = pixels.shape[0]
    matte = _matte(pixels, skin, face)
    healthy = _pixels_of_skin(pixels, skin)
    diffuse, specular = split_light(light_planes(pixels), None, healthy)
    changed = Retoner(diffuse, specular, healthy).render(tone)
    result = np.empty_like(pixels)
    for top in range(0, height, _STRIP):
        rows = slice(top, min(top + _STRIP, height))
        share = matte.share(pixels[rows], top)[..., None]
        mixed = bytes_to_linear(pixels[rows]) * (1 - share) + bytes_to_linear(changed[rows]) * share
        result[rows] = np.where(share > 0, linear_to_bytes(mixed), pixels[rows])
    return result


def _matte(pixels: NDArray[np.uint8], skin: SkinMap, face: FaceRegions | None) -> Matte:
    """The skin of a photograph, from the face that can be seen if there is one.

    By colour alone lips and shadows would be left out and fair hair taken in; on a face, anatomy knows better.
    """
    if face is not None:
        of = skin_of_person(pixels, face)
        return Matte.of(of.picture, of.taken, of.never, of.px_per_mm, of.box)
    box = (0.0, 0.0, float(pixels.shape[1]), float(pixels.shape[0]))
    never = np.zeros(skin.skin.shape, np.float32)
    return Matte.of(skin.pixels, _taken(skin), never, _EDGE * max(never.shape), box)


def _taken(skin: SkinMap) -> NDArray[np.bool_]:
    """Where on the small copy this person's skin is, (h, w).

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
    return blur(found.astype(np.float32), 0.8 * wide) > 0.5


def bare_face(face: FaceRegions, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Where on the small copy of a photograph of a shape (H, W) the bare skin of the face is, (h, w)."""
    scale = min(1.0, SIDE / max(shape))
    small = tuple(max(1, round(length * scale)) for length in shape)
    return _on_copy(face, small) > 0.6


def _on_copy(face: FaceRegions, shape: tuple[int, ...]) -> Field:
    """The bare skin of a face on the small copy, (h, w) from 0 to 1."""
    scale = shape[1] / face.shape[1]
    copy = replace(
        face, shape=(shape[0], shape[1]), x=face.x * scale, y=face.y * scale, side=face.side * scale
    )
    return copy.on_photograph(1 - face.spared)


def _pixels_of_skin(pixels: NDArray[np.uint8], skin: SkinMap) -> NDArray[np.intp]:
    """Flat indices of typical skin on the whole photograph."""
    height, width = pixels.shape[:2]
    rows = np.minimum(np.arange(height) * skin.skin.shape[0] // height, skin.skin.shape[0] - 1)
    columns = np.minimum(np.arange(width) * skin.skin.shape[1] // width, skin.skin.shape[1] - 1)
    mask = np.where(skin.skin, 0, 255).astype(np.uint8)
    typical = healthy_skin(skin.pixels, mask)
    chosen = typical if typical.any() else skin.skin
    return np.flatnonzero(chosen[rows[:, None], columns[None, :]])
