"""The vocabulary of recipes: ranges with their limits, and dermatology's words as closed lists.

A recipe never states a constant where patients differ: it states a range, and a seed draws one patient from
it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final, Literal, TypeAlias

from dermtutor.generation.recipes.noise import Rng


@dataclass(frozen=True, slots=True)
class Span:
    """A range of values, ``low`` to ``high``.

    ``severity`` (0 to 1) says how far the position inside the range follows the severity of the disease
    instead of chance: 0 is all chance, 1 puts a mild case at ``low`` and a severe one at ``high``.
    """

    low: float
    high: float
    severity: float = 0.0

    def draw(self, rng: Rng, severity: float) -> float:
        """One patient's value. Takes exactly one number from ``rng``, so later draws do not depend on severity."""
        chance = float(rng.random())
        return self.low + (self.high - self.low) * ((1 - self.severity) * chance + self.severity * severity)

    def draw_count(self, rng: Rng, severity: float) -> int:
        """One patient's count: the drawn value, rounded."""
        return round(self.draw(rng, severity))


@dataclass(frozen=True, slots=True)
class Limits:
    """What a range may hold: the lowest and highest value that makes sense, in the unit given."""

    low: float
    high: float
    unit: str = ""
    whole: bool = False


ZERO = Span(0.0, 0.0)
ONE = Span(1.0, 1.0)

Millimetres: TypeAlias = Annotated[Span, Limits(0.0, 300.0, "mm")]
PositiveMillimetres: TypeAlias = Annotated[Span, Limits(0.05, 300.0, "mm")]
HeightMillimetres: TypeAlias = Annotated[Span, Limits(-3.0, 12.0, "mm")]
Share: TypeAlias = Annotated[Span, Limits(0.0, 1.0)]
Density: TypeAlias = Annotated[Span, Limits(-2.0, 2.0, "optical density")]
Count: TypeAlias = Annotated[Span, Limits(0, 400, whole=True)]
Ratio: TypeAlias = Annotated[Span, Limits(1.0, 60.0)]
Degrees: TypeAlias = Annotated[Span, Limits(-180.0, 180.0, "degrees")]

Pattern: TypeAlias = Literal[
    "solitary",
    "scattered",
    "grouped",
    "linear",
    "dermatomal",
    "annular",
    "arcuate",
    "reticulate",
    "follicular",
    "flexural",
    "photo-exposed",
    "centrofacial",
    "along-border",
]
PrimaryLesion: TypeAlias = Literal[
    "macule",
    "patch",
    "papule",
    "plaque",
    "nodule",
    "wheal",
    "vesicle",
    "bulla",
    "pustule",
    "comedo",
    "cyst",
    "purpura",
    "telangiectasia",
    "burrow",
    "scar",
    "erosion",
    "ulcer",
]
FLAT: Final = ("macule", "patch")
"""Primary lesions without relief."""
Form: TypeAlias = Literal["round", "polygon", "band"]
Chromophore: TypeAlias = Literal[
    "haemoglobin",
    "livid",
    "melanin",
    "eumelanin",
    "dermal-melanin",
    "haemosiderin",
    "bilirubin",
    "depigmentation",
    "pallor",
]
Zone: TypeAlias = Literal["whole", "edge", "inside-edge", "centre", "apex", "ring", "halo"]
ReliefProfile: TypeAlias = Literal["plateau", "dome", "rim"]
Review: TypeAlias = Literal["unreviewed", "reviewed"]
