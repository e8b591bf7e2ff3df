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

from dermtutor.skin.colour import ita_degrees, srgb_to_lab
from dermtutor.skin.scales import MonkTone

# The skin that every training photograph is brought to, and that every generated picture starts from.
CANONICAL_SRGB: Final[tuple[int, int, int]] = (214, 172, 141)

_TABLE: Final[tuple[tuple[tuple[int, int, int], str], ...]] = (
    ((245, 220, 205), "porcelain; exposed below white so that pores and fine scale are seen"),
    ((239, 211, 193), "very fair, pink"),
    ((233, 201, 179), "fair"),
    ((225, 189, 163), "fair, beige"),
    (CANONICAL_SRGB, "light tan; the canonical skin"),
    ((178, 132, 100), "tan"),
    ((149, 104, 77), "medium brown"),
    ((122, 81, 61), "brown, exposed a little above the swatch"),
    ((98, 65, 50), "dark brown, exposed for the skin, warm where the swatch is nearly neutral"),
    ((80, 54, 44), "very dark brown, exposed for the skin, warm where the swatch is nearly neutral"),
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


def photographed_tone(tone: MonkTone) -> PhotographedTone:
    """The photographed colour of a tone."""
    return _TONES[tone.value - 1]


def requested_ita(tone: MonkTone) -> float:
    """The ITA in degrees that healthy skin of a picture on this tone is asked to have."""
    return photographed_tone(tone).ita
