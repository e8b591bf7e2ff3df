"""The window's recurring words, and what may be said before an answer without giving it away."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from dermtutor.domain.cases import Source
from dermtutor.domain.conditions import Catalogue, Condition, ConditionGroup
from dermtutor.domain.statistics import Proportion

NOT_FOR_DIAGNOSIS: Final = "For teaching. Not for diagnosis."
NOT_REVIEWED: Final = "Not reviewed by a dermatologist"
TOO_FEW: Final = "too few answers"

SOURCE_LABELS: Final = {
    Source.LEARNED: "Synthetic image – learned from photographs",
    Source.RECIPE: "Synthetic image – drawn from a recipe, not learned",
}
SOURCE_WITHHELD: Final = "Synthetic image – how it was made is said after the answer"

MADE: Final = {
    "learned": "learned from photographs",
    "recipe": "drawn from a recipe",
    "both": "learned, and drawn from a recipe",
}
OWN: Final = " of your own"

GROUP_TITLES: Final[dict[ConditionGroup, str]] = {
    "inflammatory": "Inflammation",
    "infectious": "Infection",
    "pigmentary": "Pigment",
    "vascular": "Vessels",
    "tumour": "Tumours",
    "other": "Scars, inherited and other",
    "normal": "Normal skin",
}


def source_label(
    source: Source, choices: Iterable[str], catalogue: Catalogue, *, answered: bool, recipe_version: str = ""
) -> str:
    """The label on an image. Before the answer it names the source only where all options share it.

    After the answer it names the version of the recipe, too.

    Were some options learned and others drawn, naming the source would strike options out.
    """
    sources = {catalogue.described(choice).image_source for choice in choices}
    if not answered and len(sources) > 1:
        return SOURCE_WITHHELD
    version = f" (recipe {recipe_version})" if answered and recipe_version else ""
    return SOURCE_LABELS[source] + version


def flags_before_answer(flags: Iterable[str]) -> tuple[str, ...]:
    """Failed checks that say nothing about the diagnosis: those of skin tone."""
    return tuple(flag for flag in flags if "tone" in flag)


def made(condition: Condition) -> str:
    """How a condition's images are made, in words."""
    return MADE[condition.source] + (OWN if condition.own else "")


def degrees(angle: float) -> str:
    """An angle with a true minus sign and one decimal."""
    return f"{angle:.1f}°".replace("-", "\u2212")


def percent(share: float | None) -> str:
    """A share as a whole percentage, a dash when there is none."""
    return "–" if share is None else f"{share * 100:.0f} %"


def interval(proportion: Proportion) -> str:
    """The 95 % interval in percent."""
    return f"{proportion.low * 100:.0f}–{proportion.high * 100:.0f} %"


def scored(proportion: Proportion) -> str:
    """Accuracy with its interval and n, or that there are too few answers."""
    if proportion.too_few:
        return f"{TOO_FEW} (n = {proportion.n})"
    return f"{percent(proportion.value)} ({interval(proportion)}, n = {proportion.n})"


def when(moment: datetime) -> str:
    """A moment in local time, such as 3 March 2026, 14:05."""
    local = moment.astimezone()
    return f"{local.day} {local:%B %Y, %H:%M}"


def counted(number: int, noun: str) -> str:
    """A number with its noun, in the plural unless it is one."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
