"""Lays a lesion onto a photograph: ``photograph * exp(-density)`` in linear light, inside its mask only."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dermtutor.generation.fields import Field, bounds
from dermtutor.generation.transfer.effect import Effect, Frame
from dermtutor.generation.transfer.ground import Ground
from dermtutor.skin.colour import linear_to_bytes
from dermtutor.skin.plausible import keep_to_skin_colours
from dermtutor.skin.reflection import light_planes

_FAINTEST: Final = 1 / 256
"""A lesion acts on a pixel from this reach on."""

_SKIRT: Final = 40
"""What lies around a lesion and is changed by it, its halo or shadow, has at most this byte in the mask."""

_LIGHTEST: Final = np.float32(0.985)
"""Diffuse light that no paling goes beyond; a camera rolls off before it burns out."""

_BAND: Final = 300_000
"""Pixels that are worked on at once: bounds the memory that a large lesion on a large photograph takes."""

_THREADS: Final = 2


def lay_on(
    picture: NDArray[np.uint8],
    mask: NDArray[np.uint8],
    effect: Effect,
    frame: Frame,
    allowed: Field,
    skin_light: Field,
) -> None:
    """Changes a picture (H, W, 3) and its mask (H, W) in place.

    ``allowed`` (h, w) says where in the frame the lesion may act, 0 to 1; ``skin_light`` (3,) is the linear light of
    the photograph's healthy skin.
    """
    reach = frame.sample(effect.reach) * allowed
    acting = reach > _FAINTEST
    if not acting.any():
        return
    rows, columns = bounds(acting)
    frame, allowed, reach = frame.narrowed(rows, columns), allowed[rows, columns], reach[rows, columns]
    part, part_of_mask = picture[frame.rows, frame.columns], mask[frame.rows, frame.columns]
    ground = Ground.of(part, frame.side)

    def lay(band: slice) -> None:
        placed = effect.placed(frame.narrowed(band, slice(0, part.shape[1])))
        inside = reach[band] > _FAINTEST
        changed = _lit(part[band], placed, reach[band], ground, band, skin_light)
        part[band][inside] = changed[inside]
        told = np.maximum(placed.mask * allowed[band] * 255, np.minimum(reach[band], 1) * _SKIRT)
        level = np.where(inside, np.clip(np.rint(told), 1, 255), 0).astype(np.uint8)
        np.maximum(part_of_mask[band], level, out=part_of_mask[band])

    bands = list(_bands(part.shape[0], part.shape[1]))
    if len(bands) == 1:
        lay(bands[0])
        return
    with ThreadPoolExecutor(_THREADS, "transfer") as pool:
        list(pool.map(lay, bands))


def _bands(height: int, width: int) -> Iterator[slice]:
    step = max(16, _BAND // width)
    for top in range(0, height, step):
        yield slice(top, min(top + step, height))


def _lit(
    part: NDArray[np.uint8], effect: Effect, reach: Field, ground: Ground, rows: slice, skin_light: Field
) -> NDArray[np.uint8]:
    """The bytes (h, w, 3) of some rows of the ground with the effect at their pixels."""
    diffuse, specular = ground.split(light_planes(part), rows)
    smooth = ground.at(ground.smooth, rows)
    lines = -np.log(diffuse[1]) - smooth
    added = effect.density
    if effect.flat is not None:
        added = added - effect.flat * lines
    if effect.bleached is not None:
        added = added - effect.bleached * ground.at(ground.blotches, rows)
    diffuse = _absorbed(diffuse, added * reach)
    plausible = diffuse.copy()
    keep_to_skin_colours(plausible, skin_light)
    diffuse += (plausible - diffuse) * np.minimum(reach, 1)
    if effect.dull is not None:
        specular = specular * (1 - effect.dull * reach)
    shading = np.clip(np.exp(-smooth) / skin_light[1], 0.2, 1.8)
    if effect.alpha is not None and effect.matter is not None:
        # Hairs and deep lines show through matter as darker lines; it stands in the light that the skin stands in.
        lit = np.exp(-np.clip(lines, -0.05, 0.5)) * shading * reach
        bare = 1 - np.clip(effect.alpha, 0, 1) * reach
        diffuse = diffuse * bare + effect.matter * lit
        specular = specular * bare
    if effect.shine is not None:
        specular = specular + np.clip(effect.shine, 0, None) * np.sqrt(shading) * reach
    return np.ascontiguousarray(np.moveaxis(linear_to_bytes(diffuse + specular), 0, -1))


def _absorbed(light: Field, density: Field) -> Field:
    """Light after an added density. Added light, where the density is negative, rolls off below white."""
    result = light * np.exp(-density)
    if float(density.min()) < 0:
        room = np.maximum(_LIGHTEST - light, np.float32(1e-3))
        gained = np.maximum(result - light, 0)
        # Where light is taken away both terms are its own; where it is added, the gain bends towards the room there is.
        result += room * (1 - np.exp(-gained / room)) - gained
    return np.asarray(result, dtype=np.float32)
