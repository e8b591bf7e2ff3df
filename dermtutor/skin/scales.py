"""Skin-tone scales as separate types. Standard library only.

No function here turns one scale into another: they say different things (a label, a reaction to sun; a measured colour
is an ITA in degrees), so every record keeps the scale it was made with.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final, Self

# Monk Skin Tone scale, published sRGB swatches (Ellis Monk, skintone.google), tones 1 to 10.
MONK_SWATCHES: Final[tuple[str, ...]] = (
    "#f6ede4", "#f3e7db", "#f7ead0", "#eadaba", "#d7bd96",
    "#a07e56", "#825c43", "#604134", "#3a312a", "#292420",
)  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class MonkTone:
    """A tone on the Monk scale, 1 (lightest) to 10 (darkest). Raises ValueError outside that range."""

    value: int

    def __post_init__(self) -> None:
        if type(self.value) is not int or not 1 <= self.value <= 10:
            raise ValueError(f"a Monk tone is a whole number from 1 to 10, not {self.value!r}")

    @property
    def swatch(self) -> str:
        """The published reference patch as ``#rrggbb``. It is a patch, not a photographed skin."""
        return MONK_SWATCHES[self.value - 1]

    @classmethod
    def all(cls) -> tuple[Self, ...]:
        """The ten tones, lightest first."""
        return tuple(cls(value) for value in range(1, 11))

    def __str__(self) -> str:
        return f"Monk {self.value}"


class FitzpatrickType(Enum):
    """Reaction to sun, I (always burns) to VI (never burns). Not a colour, and never derived from one."""

    I = 1  # noqa: E741
    II = 2
    III = 3
    IV = 4
    V = 5
    VI = 6
