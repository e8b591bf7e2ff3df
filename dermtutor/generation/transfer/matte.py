"""How much of every pixel's light comes from skin, also where skin ends: at hair, cloth, glasses and walls.

At an edge a pixel is a mixture, ``light = a * skin + (1 - a) * behind``. The skin is that of nearby, in light or in
shade; what lies behind is that one of the colours seen nearby which explains the pixel best, after J. Wang and
M. F. Cohen, Optimized color sampling for robust matting, CVPR 2007. What is sure is decided on a small copy, the
mixture at every pixel of the photograph, so that an edge is as sharp as it was taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from dermtutor.generation.fields import Field, blur, resize
from dermtutor.skin.colour import bytes_to_linear
from dermtutor.skin.measure import dilate

# How far to both sides of where skin was taken to end a pixel may be a mixture, in parts of the matte's scale.
_INWARDS: Final = 3.0
_OUTWARDS: Final = 7.0
# Over this distance skin changes little, and what lies behind was seen.
_NEAR: Final = 8.0
_SEEN: Final = 9.0
_SOFT: Final = 2.2

# Skin as it is, in more light, in deeper and deeper shade, and with light coming through it, as at the rim of an ear:
# optical density added in red, green and blue, and how unlikely that is.
_SHADES: Final = (
    ((0.0, 0.0, 0.0), 0.0),
    ((-0.3, -0.35, -0.4), 0.2),
    ((-0.6, -0.75, -0.85), 0.5),
    ((0.35, 0.4, 0.45), 0.2),
    ((0.75, 0.9, 1.0), 0.8),
    ((1.2, 1.5, 1.6), 2.0),
    ((0.05, 0.4, 0.5), 0.4),
    ((0.2, 0.9, 1.1), 1.0),
    ((0.7, 1.7, 1.9), 2.0),
)
_COLOURS: Final = 9
_ROUNDS: Final = 8
_SAMPLED: Final = 3000
# A pixel that differs by this share of its colour's brightness may be noise.
_NOISE: Final = 0.07
# Weight of what was guessed on the small copy against what the colours say.
_GUESSED: Final = 10.0
_DARKEST: Final = np.float32(0.004)


@dataclass(frozen=True, slots=True, eq=False)
class Matte:
    """Fields (h, w) on a copy of a part of a photograph; those by colour (3, h, w), linear light.

    ``box`` is that part: left, top, right, bottom in pixels. ``guess`` is 1 on skin and 0 elsewhere, ``edge`` where a
    pixel may be a mixture of ``skin`` and what lies ``behind``; ``never`` (h, w) is 1 on what is to be left alone.
    """

    box: tuple[float, float, float, float]
    guess: Field
    edge: Field
    skin: Field
    behind: Field
    never: Field

    @classmethod
    def of(
        cls,
        picture: NDArray[np.uint8],
        taken: NDArray[np.bool_],
        never: Field,
        scale_px: float,
        box: tuple[float, float, float, float],
    ) -> Self:
        """From a small copy (h, w, 3) uint8 and where skin was taken to be on it, (h, w).

        ``scale_px`` is what a millimetre of a face has in pixels of the copy.
        """
        inside = ~dilate(~taken, max(1, round(_INWARDS * scale_px)))
        outside = ~dilate(taken, max(1, round(_OUTWARDS * scale_px)))
        guess = blur(taken.astype(np.float32), max(_SOFT * scale_px, 0.8))
        edge = blur((~inside & ~outside).astype(np.float32), max(1.2 * scale_px, 0.8))
        light = np.moveaxis(bytes_to_linear(picture), -1, 0)
        if not inside.any() or not outside.any():
            return cls(box, guess, np.zeros_like(guess), light, light, never)
        skin = _spread(light, inside & (never < 0.5), _NEAR * scale_px)
        skin, behind = _explained(light, skin, outside, edge > 0.01, guess, scale_px)
        return cls(box, guess, edge, skin, behind, never)

    def share(self, pixels: NDArray[np.uint8], top: int) -> Field:
        """The share of skin in the light of some lines (r, W, 3) uint8 of the photograph from line ``top`` on,
        (r, W), 0 to 1; 0 outside the box.
        """
        height, width = pixels.shape[:2]
        result = np.zeros((height, width), np.float32)
        left, right = max(0, round(self.box[0])), min(width, round(self.box[2]))
        first, last = max(0, round(self.box[1]) - top), min(height, round(self.box[3]) - top)
        if left >= right or first >= last:
            return result
        part = np.s_[first:last, left:right]

        def at(field: Field) -> Field:
            down = field.shape[0] / (self.box[3] - self.box[1])
            across = field.shape[1] / (self.box[2] - self.box[0])
            corners = (
                max((left - self.box[0]) * across, 0.0),
                max((first + top - self.box[1]) * down, 0.0),
                min((right - self.box[0]) * across, float(field.shape[1])),
                min((last + top - self.box[1]) * down, float(field.shape[0])),
            )
            return resize(field, (last - first, right - left), corners)

        guess, edge = np.clip(at(self.guess), 0, 1), np.clip(at(self.edge), 0, 1)
        mixed = np.flatnonzero(edge > 0.01)
        if mixed.size:
            light = np.maximum(bytes_to_linear(pixels[part].reshape(-1, 3)[mixed]), _DARKEST)
            skin, behind = (
                np.stack([at(plane).reshape(-1)[mixed] for plane in planes], axis=-1)
                for planes in (self.skin, self.behind)
            )
            of_skin = _mixture(light, skin, behind, guess.reshape(-1)[mixed])[0]
            bright = of_skin * skin.mean(axis=-1)
            lit = bright / (bright + (1 - of_skin) * behind.mean(axis=-1))
            flat = guess.reshape(-1)
            flat[mixed] += edge.reshape(-1)[mixed] * (lit - flat[mixed])
        result[part] = guess * (1 - np.clip(at(self.never), 0, 1))
        return result


def _mixture(light: Field, skin: Field, behind: Field, guess: Field) -> tuple[Field, Field]:
    """How much of light (N, 3) is skin, (N,), given both colours (N, 3), and how badly that explains it, (N,)."""
    noise = np.float32(_NOISE) * (light + skin + behind) / 3 + np.float32(0.01)
    apart, seen = (skin - behind) / noise, (light - behind) / noise
    clear = (apart * apart).sum(axis=-1)
    of_skin = ((apart * seen).sum(axis=-1) + _GUESSED * guess) / (clear + _GUESSED)
    of_skin = np.clip(of_skin, 0, 1)
    away = seen - of_skin[:, None] * apart
    cost = (away * away).sum(axis=-1) + _GUESSED * (of_skin - guess) ** 2
    return of_skin.astype(np.float32), cost.astype(np.float32)


def _explained(
    light: Field,
    skin: Field,
    outside: NDArray[np.bool_],
    edge: NDArray[np.bool_],
    guess: Field,
    scale_px: float,
) -> tuple[Field, Field]:
    """The skin and what lies behind it, (3, h, w), that explain the pixels of the edge best."""
    places = np.flatnonzero(edge)
    seen = np.maximum(light.reshape(3, -1)[:, places].T, _DARKEST)
    lit = skin.reshape(3, -1)[:, places].T
    colours, presence = _colours_behind(light, outside, places, scale_px)
    best = np.full(places.size, np.inf, np.float32)
    best_skin, best_behind = lit.copy(), np.repeat(colours[:1], places.size, axis=0)
    for shade, unlikely in _SHADES:
        shaded = lit * np.exp(-np.array(shade, np.float32))
        for colour, here in zip(colours, presence, strict=True):
            behind = np.broadcast_to(colour, shaded.shape)
            _, cost = _mixture(seen, shaded, behind, guess.reshape(-1)[places])
            cost = cost + np.float32(unlikely) + np.where(here, np.float32(0), np.float32(8))
            cost = _evened(cost, places, edge, max(0.35 * scale_px, 0.7))
            better = cost < best
            best[better] = cost[better]
            best_skin[better], best_behind[better] = shaded[better], colour
    return tuple(  # type: ignore[return-value]
        _spread(_planes(values, places, edge.shape), edge, max(0.4 * scale_px, 0.7))
        for values in (best_skin, best_behind)
    )


def _evened(cost: Field, places: NDArray[np.intp], edge: NDArray[np.bool_], sigma: float) -> Field:
    """Costs (N,) averaged with those of the places beside: one pixel says little."""
    plane = np.zeros(edge.size, np.float32)
    plane[places] = np.minimum(cost, 40)
    weight = blur(edge.astype(np.float32), sigma).reshape(-1)[places]
    return np.asarray(blur(plane.reshape(edge.shape), sigma).reshape(-1)[places] / np.maximum(weight, 0.05))


def _planes(values: Field, places: NDArray[np.intp], shape: tuple[int, ...]) -> Field:
    planes = np.zeros((3, shape[0] * shape[1]), np.float32)
    planes[:, places] = values.T
    return planes.reshape(3, *shape)


def _spread(planes: Field, where: NDArray[np.bool_], sigma: float) -> Field:
    """Planes (3, h, w) known somewhere, smoothed and carried on over everything."""
    weight = where.astype(np.float32)
    result = np.repeat(np.median(planes[:, where], axis=1)[:, None], planes[0].size, axis=1).reshape(
        planes.shape
    )
    for wider in (4, 2, 1):
        near = blur(weight, sigma * wider)
        known = np.minimum(near * 8, 1)
        for plane, target in zip(planes, result, strict=True):
            target += known * (blur(plane * weight, sigma * wider) / np.maximum(near, 1e-4) - target)
    return np.asarray(result, dtype=np.float32)


def _colours_behind(
    light: Field, outside: NDArray[np.bool_], places: NDArray[np.intp], scale_px: float
) -> tuple[Field, NDArray[np.bool_]]:
    """A few colours (k, 3) that stand for all that is no skin, and which were seen near each place, (k, N)."""
    ring = outside & dilate(~outside, max(2, round(2 * _SEEN * scale_px)))
    pixels = np.maximum(light[:, ring].T, _DARKEST)
    sample = np.sqrt(pixels[:: max(1, len(pixels) // _SAMPLED)])  # about as the eye tells them apart
    middles = sample[:1]
    for _ in range(_COLOURS - 1):  # each next one is the farthest from those there are
        middles = np.concatenate([middles, sample[[int(_nearest(sample, middles)[1].argmax())]]])
    for _ in range(_ROUNDS):
        owner = _nearest(sample, middles)[0]
        middles = np.stack(
            [sample[owner == k].mean(axis=0) if (owner == k).any() else middles[k] for k in range(_COLOURS)]
        )
    owner = _nearest(np.sqrt(pixels), middles)[0]
    presence = []
    for k in range(_COLOURS):
        here = np.zeros(outside.shape, np.float32)
        here[ring] = owner == k
        presence.append(blur(here, _SEEN * scale_px).reshape(-1)[places] > 0.012)
    return np.asarray(middles * middles, dtype=np.float32), np.stack(presence)


def _nearest(points: Field, middles: Field) -> tuple[NDArray[np.intp], Field]:
    """Which middle (k, 3) is nearest to each point (N, 3), and the squared distance."""
    squares = ((points[:, None, :] - middles[None]) ** 2).sum(axis=-1)
    return squares.argmin(axis=1), squares.min(axis=1)
