"""The photographed colour of every Monk tone, and with it the ITA that a request for a tone asks for.

The Monk swatches are reference patches, not photographs: 1 to 3 are lighter than skin in any photograph, 9 and 10 are
nearly neutral, while a camera that exposes for very dark skin shows a warm brown. So the table below says what each
tone looks like in a well-exposed clinical photograph, and "Monk 9" anywhere in the program asks for that colour.

Provenance: the ten colours were chosen for this program, by eye and by these rules; they are not measurements.

1. Lightness falls from tone to tone, in the order of the swatches (Monk Skin Tone scale, Ellis Monk). Tones 5 to 7 stay
   close to their swatch; the light end is exposed so that texture is not burnt out, the dark end so that it is seen.
2. The hue is that of photographed skin, 45 to 65 degrees in CIELAB, yellower in the middle and redder at the dark end;
   b* is never below 10, because the ITA of a nearly neutral colour means nothing.
3. ITA falls from tone to tone by more than 3 degrees, so that no two tones can be confused within a tolerance of 1.

Monk 5 is the canonical skin itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from dermtutor.skin.colour import Float32Array, bytes_to_density, bytes_to_linear, ita_degrees, srgb_to_lab
from dermtutor.skin.scales import MonkTone

# The skin that every training photograph is brought to, and that every generated picture starts from.
CANONICAL_SRGB: Final[tuple[int, int, int]] = (214, 172, 141)

_TABLE: Final[tuple[tuple[tuple[int, int, int], str], ...]] = (
    ((245, 220, 205), "porcelain; exposed below white so that pores and fine scale are seen"),
    ((239, 211, 193), "very fair, pink"),
    ((233, 201, 179), "fair"),
    ((225, 189, 163), "fair, beige"),
    (CANONICAL_SRGB, "light tan; the canonical skin"),
    ((181, 135, 101), "tan"),
    ((155, 107, 77), "medium brown"),
    ((130, 86, 60), "brown, exposed for the skin, lighter than the swatch"),
    ((106, 70, 49), "dark brown, exposed for the skin, warm where the swatch is nearly neutral"),
    ((88, 59, 42), "very dark brown, exposed for the skin, warm where the swatch is nearly neutral"),
)


@dataclass(frozen=True, slots=True)
class PhotographedTone:
    """What healthy skin of a tone looks like in a well-exposed photograph.

    `srgb` is the median colour in bytes, `ita` its individual typology angle in degrees, `note` says why this colour.
    """

    tone: MonkTone
    srgb: tuple[int, int, int]
    ita: float
    note: str


def ita_of_bytes(srgb: tuple[int, int, int]) -> float:
    """ITA in degrees of one colour given in bytes."""
    return float(ita_degrees(srgb_to_lab(np.array(srgb) / 255)))


_TONES: Final[tuple[PhotographedTone, ...]] = tuple(
    PhotographedTone(tone, srgb, ita_of_bytes(srgb), note)
    for tone, (srgb, note) in zip(MonkTone.all(), _TABLE, strict=True)
)


_DENSITIES: Final[Float32Array] = bytes_to_density(np.array([tone.srgb for tone in _TONES], dtype=np.uint8))
_DENSITIES.setflags(write=False)

# Linear light and optical density (3,) of canonical skin.
CANONICAL_LIGHT: Final[Float32Array] = bytes_to_linear(np.array(CANONICAL_SRGB, dtype=np.uint8))
CANONICAL_DENSITY: Final[Float32Array] = bytes_to_density(np.array(CANONICAL_SRGB, dtype=np.uint8))


def photographed_tone(tone: MonkTone) -> PhotographedTone:
    """The photographed colour of a tone."""
    return _TONES[tone.value - 1]


def requested_ita(tone: MonkTone) -> float:
    """The ITA in degrees that healthy skin of a picture on this tone is asked to have."""
    return photographed_tone(tone).ita


def tone_density(tone: MonkTone) -> Float32Array:
    """Optical density ``(3,)`` of the photographed colour of a tone."""
    return np.asarray(_DENSITIES[tone.value - 1])
