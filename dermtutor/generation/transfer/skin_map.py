"""What a photograph says of its skin: where it is, its colour, its tone, its light, how sharp it is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dermtutor.generation.fields import Field, blur, connected, resize, smoothstep
from dermtutor.services.photographs import fitted
from dermtutor.services.transfer import MeasuredTone
from dermtutor.skin.colour import bytes_to_density, bytes_to_lab
from dermtutor.skin.measure import measure_tone
from dermtutor.skin.scales import MonkTone
from dermtutor.skin.tones import requested_ita

SIDE: Final = 512
"""Longer side of the copy that a photograph is described on."""

# Skin in general, in CIELAB: hue in degrees, chroma, lightness. Wide, because light and camera shift it.
_HUES: Final = (15.0, 85.0)
_CHROMA: Final = (11.0, 45.0)
_REDNESS: Final = 3.5
"""Least a*: what is less red is wall, hair or cloth."""
_LIGHTNESS: Final = (8.0, 97.0)

# The same person's skin: differences of optical density green - red, blue - green, and in green itself, that halve the
# likelihood. Shadow moves the last far, the first two little.
_SPREADS: Final = (0.16, 0.22, 0.85)

# Linear light of white things in a well-exposed photograph, and how dim one is taken to be at most: where nothing is
# white, as on a patch of dark skin, the brightest says little.
_WHITE: Final = 0.55
_DIMMEST: Final = 0.5

# Width of a step in differences of density when the commonest colour is looked for.
_BIN: Final = 0.08

# Blocks of skin whose tones are compared, across the longer side.
_BLOCKS: Final = 8
_FEWEST: Final = 200


@dataclass(frozen=True, slots=True, eq=False)
class SkinMap:
    """A photograph's skin, described on a copy of at most 512 pixels.

    ``pixels`` (h, w, 3) uint8 is the copy, ``density`` (h, w, 3) its optical density, ``skin`` (h, w) where this
    person's skin is. ``density_of_skin`` (3,) is its median; ``tone`` what was measured; ``exposure`` (0 to 1) how
    bright white things are: below 1 in a dim photograph.
    """

    pixels: NDArray[np.uint8]
    density: Field
    skin: NDArray[np.bool_]
    density_of_skin: Field
    tone: MeasuredTone
    exposure: float

    @classmethod
    def of(cls, pixels: NDArray[np.uint8], known: NDArray[np.bool_] | None = None) -> SkinMap:
        """Describes a photograph (H, W, 3) uint8. ``known`` (h, w) says where on the copy skin is, if that is known."""
        small = shrunk(pixels, SIDE)
        density = bytes_to_density(small)
        if known is not None and np.count_nonzero(known) >= _FEWEST:
            likely, of_skin = known, np.median(density[known], axis=0).astype(np.float32)
        else:
            likely, of_skin = _found(small, density)
        return cls(small, density, likely, of_skin, _measured(small, likely), _exposure(density))

    def around(self, x: float, y: float, radius: float) -> Field:
        """The median density (3,) of the skin in a disc; of the pixels there when there is none.

        ``x`` and ``y`` as shares of width and height, ``radius`` as a share of the shorter side.
        """
        near = self._disc(x, y, radius)
        chosen = near & self.skin
        if np.count_nonzero(chosen) < 0.25 * np.count_nonzero(near):
            chosen = near
        return np.asarray(np.median(self.density[chosen], axis=0), dtype=np.float32)

    def gate(self, x: float, y: float, radius: float) -> Field:
        """How far a pixel is skin like that around a place, 0 to 1, (h, w).

        Hairs, moles and highlights on skin belong to it; what is not skin ends it with a soft edge.
        """
        here = self.around(x, y, 0.35 * radius)
        likely = likeness(self.density, here) > 0.25
        # What skin goes around and could be skin, such as a mole or a flush, belongs to it.
        outside = ~connected(~likely & _border_of(likely.shape), ~likely)
        likely |= outside & (likeness(self.density, here, wide=2.2) > 0.25)
        # Closed and a little opened: fine dark or bright things on skin are skin.
        filled = blur(likely.astype(np.float32), 1.2 * max(likely.shape) / 160)
        return smoothstep(filled, 0.35, 0.85)

    def luminance(self, x: float, y: float, radius: float) -> Field:
        """Linear light in green around a place, (k, k), where skin is not: the median of the skin there."""
        height, width = self.skin.shape
        reach = max(6, round(radius * min(height, width)))
        row, column = round(y * height), round(x * width)
        rows = slice(max(0, row - reach), min(height, row + reach))
        columns = slice(max(0, column - reach), min(width, column + reach))
        light = np.exp(-self.density[rows, columns, 1])
        skin = self.skin[rows, columns]
        if not skin.any():
            return light
        return np.where(skin, light, np.median(light[skin])).astype(np.float32)

    def best_place(self) -> tuple[float, float, float]:
        """The middle (x, y) of the largest even patch of skin, and its side as a share of the shorter side."""
        inside = self.skin & (self.gate(*self._middle_of_skin(), 0.5) > 0.5)
        if not inside.any():
            return 0.5, 0.5, 0.5
        steps = 0
        while True:
            smaller = _eroded(inside)
            if not smaller.any():
                break
            inside, steps = smaller, steps + 1
        rows, columns = np.nonzero(inside)
        height, width = self.skin.shape
        # The pixel nearest to the middle of what was left last.
        chosen = int(np.argmin((rows - rows.mean()) ** 2 + (columns - columns.mean()) ** 2))
        side = min(1.0, max(0.1, 2.6 * steps / min(height, width)))
        return float(columns[chosen] + 0.5) / width, float(rows[chosen] + 0.5) / height, side

    def _middle_of_skin(self) -> tuple[float, float]:
        rows, columns = np.nonzero(self.skin)
        height, width = self.skin.shape
        return float(np.median(columns)) / width, float(np.median(rows)) / height

    def _disc(self, x: float, y: float, radius: float) -> NDArray[np.bool_]:
        height, width = self.skin.shape
        rows = np.arange(height, dtype=np.float32)[:, None] - np.float32(y * height)
        columns = np.arange(width, dtype=np.float32)[None, :] - np.float32(x * width)
        reach = max(2.5, radius * min(height, width))
        return np.asarray(rows * rows + columns * columns <= reach * reach)


def _found(small: NDArray[np.uint8], density: Field) -> tuple[NDArray[np.bool_], Field]:
    """Where this person's skin is, (h, w), and its density (3,)."""
    likely = _looks_like_skin(small)
    if np.count_nonzero(likely) < _FEWEST:
        likely = np.ones(small.shape[:2], np.bool_)
    of_skin = _most_common(density, likely)
    alike = likeness(density, of_skin) > 0.35
    if np.count_nonzero(alike) < _FEWEST:
        return likely, of_skin
    return alike, np.median(density[alike], axis=0).astype(np.float32)


def _exposure(density: Field) -> float:
    """How bright white things are, judged by the brightest there is."""
    brightest = math.exp(-float(np.percentile(density.min(axis=-1), 0.5)))
    return min(max(brightest / _WHITE, _DIMMEST), 1.0)


def shrunk(pixels: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """A picture (H, W, 3) uint8 whose longer side is at most ``side`` pixels; itself when it is."""
    height, width = pixels.shape[:2]
    size = fitted(width, height, side)
    if size == (width, height):
        return pixels
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BOX, reducing_gap=2.0))


def sharpness_of(luminance: Field) -> float:
    """By how many pixels (standard deviation) a photograph's edges are blurred, from its luminance (H, W).

    Zhuo and Sim, Defocus map estimation from a single image, Pattern Recognition 44 (2011) 1852-1858: an edge blurred
    by sigma is blurred once more by a known sigma_0; the gradient's ratio R gives sigma = sigma_0 / sqrt(R**2 - 1).
    """
    again = 1.0
    density = -np.log(np.maximum(luminance, np.float32(0.004)))
    density = blur(density, 0.5)  # noise of single pixels is no edge
    first, second = slopes(density), slopes(blur(density, again))
    edges = first > np.percentile(first, 92)
    if not edges.any():
        return 0.0
    ratio = float(np.median(first[edges] / np.maximum(second[edges], 1e-6)))
    if ratio <= 1.02:
        return 5.0
    return max(0.0, math.sqrt(max(again**2 / (ratio**2 - 1) - 0.25, 0.0)))


def slopes(field: Field) -> Field:
    """How much a field (h, w) changes over two pixels; 0 on its border."""
    slope = np.zeros_like(field)
    across = field[1:-1, 2:] - field[1:-1, :-2]
    down = field[2:, 1:-1] - field[:-2, 1:-1]
    slope[1:-1, 1:-1] = np.sqrt(across * across + down * down)
    return slope


def _looks_like_skin(pixels: NDArray[np.uint8]) -> NDArray[np.bool_]:
    lab = bytes_to_lab(pixels)
    hue = np.degrees(np.arctan2(lab[..., 2], lab[..., 1]))
    chroma = np.hypot(lab[..., 1], lab[..., 2])
    inside = (hue >= _HUES[0]) & (hue <= _HUES[1])
    inside &= (chroma >= _CHROMA[0]) & (chroma <= _CHROMA[1])
    inside &= lab[..., 1] >= _REDNESS
    return np.asarray(inside & (lab[..., 0] >= _LIGHTNESS[0]) & (lab[..., 0] <= _LIGHTNESS[1]))


def _most_common(density: Field, likely: NDArray[np.bool_]) -> Field:
    """The density (3,) of the commonest colour among likely skin, whatever its shading; edges, hair and cloth with a
    texture count less than even skin.
    """
    weight = np.exp(-((slopes(density[..., 1]) / np.float32(0.08)) ** 2))[likely]
    red = (density[..., 1] - density[..., 0])[likely]
    blue = (density[..., 2] - density[..., 1])[likely]
    edges = np.arange(-0.2, 2.2, _BIN)
    counts, _, _ = np.histogram2d(red, blue, bins=(edges, edges), weights=weight)
    wide = blur(counts.astype(np.float32), 1.0)
    at_red, at_blue = np.unravel_index(int(np.argmax(wide)), wide.shape)
    near = (np.abs(red - edges[at_red] - _BIN / 2) < 2 * _BIN) & (
        np.abs(blue - edges[at_blue] - _BIN / 2) < 2 * _BIN
    )
    chosen = density[likely][near]
    return np.asarray(np.median(chosen if len(chosen) else density[likely], axis=0), dtype=np.float32)


def likeness(density: Field, skin: Field, wide: float = 1.0) -> Field:
    """1 for skin of that density (3,), less the more a pixel differs from it; (h, w). ``wide`` widens what is alike."""
    away = density - skin
    red = (away[..., 1] - away[..., 0]) / np.float32(_SPREADS[0] * wide)
    blue = (away[..., 2] - away[..., 1]) / np.float32(_SPREADS[1] * wide)
    level = away[..., 1] / np.float32(_SPREADS[2] * wide)
    # Shadow makes skin redder as well as darker, so a darker pixel may differ more in colour.
    allowed = 1 + np.clip(away[..., 1], 0, 1)
    square = (red * red + blue * blue) / (allowed * allowed) + level * level
    return np.asarray(np.exp2(-square), dtype=np.float32)


def _measured(pixels: NDArray[np.uint8], skin: NDArray[np.bool_]) -> MeasuredTone:
    """The tone over all skin, and how it differs between parts of the photograph."""
    mask = np.where(skin, 0, 255).astype(np.uint8)
    whole = _tone_of(pixels, mask)
    block = max(8, max(skin.shape) // _BLOCKS)
    found = [whole]
    for top in range(0, skin.shape[0], block):
        for left in range(0, skin.shape[1], block):
            part = np.s_[top : top + block, left : left + block]
            if np.count_nonzero(skin[part]) >= 0.3 * block * block:
                found.append(_tone_of(pixels[part], mask[part]))
    low, high = (float(each) for each in np.percentile(found, (10, 90)))
    return MeasuredTone(
        ita=whole,
        ita_low=min(low, whole),
        ita_high=max(high, whole),
        nearest=nearest_tone(whole),
        darkest=nearest_tone(min(low, whole)),
        lightest=nearest_tone(max(high, whole)),
        skin_share=float(skin.mean()),
    )


def _tone_of(pixels: NDArray[np.uint8], mask: NDArray[np.uint8]) -> float:
    chosen = pixels[mask == 0]
    return measure_tone(chosen[None], None).ita


def nearest_tone(ita: float) -> MonkTone:
    """The tone whose photographed colour has the nearest ITA. A guess: light and camera move the ITA of any skin."""
    return min(MonkTone.all(), key=lambda tone: abs(requested_ita(tone) - ita))


def _border_of(shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """The outermost pixels of a picture (h, w)."""
    border = np.ones(shape, np.bool_)
    border[1:-1, 1:-1] = False
    return border


def _eroded(inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """A mask without its outermost pixels; beyond the picture counts as outside."""
    padded = np.pad(inside, 1)
    return np.asarray(
        padded[1:-1, 1:-1] & padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
    )


def enlarged(field: Field, shape: tuple[int, int], rows: slice, columns: slice) -> Field:
    """The part of a low-resolution map (h, w) that lies on rows and columns of a photograph of a shape (H, W)."""
    down, across = field.shape[0] / shape[0], field.shape[1] / shape[1]
    box = (columns.start * across, rows.start * down, columns.stop * across, rows.stop * down)
    size = (rows.stop - rows.start, columns.stop - columns.start)
    return np.clip(resize(field, size, box=box), 0, 1)
