"""The window's recurring words, and what may be said before an answer without giving it away."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from dermtutor.domain.cases import Source
from dermtutor.domain.conditions import Catalogue, Condition, ConditionGroup
from dermtutor.domain.modes import NONE_OF_THESE
from dermtutor.domain.quiz import Confidence
from dermtutor.reports.words import TOO_FEW, agreement_said, counted, interval, percent, scored
from dermtutor.services.image_words import SOURCE_LABELS, SOURCE_WITHHELD, SYNTHETIC_DERMOSCOPY, source_label
from dermtutor.skin.scales import MonkTone

__all__ = [
    "BUG", "GROUP_TITLES", "MADE", "NOT_FOR_DIAGNOSIS", "NOT_REVIEWED", "OWN", "SOURCE_LABELS", "SOURCE_WITHHELD",
    "SYNTHETIC_DERMOSCOPY", "TOO_FEW", "agreement_said", "counted", "credit_line", "degrees", "diagnosis",
    "flags_before_answer", "image_name", "interval", "made", "percent", "scored", "source_label", "sureness", "when",
]  # fmt: skip

BUG: Final = (
    "Something went wrong inside DermTutor; your answers so far are kept. Save the log and report it."
)
NOT_FOR_DIAGNOSIS: Final = "For teaching. Not for diagnosis."
NOT_REVIEWED: Final = "Not reviewed by a dermatologist"

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


def credit_line(credit: str, licence: str) -> str:
    """Who is named beside a photograph, and by which licence it is used; empty where there is nobody to name."""
    return ", ".join(each for each in (f"© {credit}" if credit else "", licence) if each)


def image_name(source: Source, number: int, total: int, tone: MonkTone) -> str:
    """What a screen reader calls the image of a question; it gives nothing away."""
    kind = "Photograph" if source is Source.REAL else "Synthetic image"
    return f"{kind}, question {number} of {total}, on {tone}"


def flags_before_answer(flags: Iterable[str]) -> tuple[str, ...]:
    """Failed checks that say nothing about the diagnosis: those of skin tone."""
    return tuple(flag for flag in flags if "tone" in flag)


def diagnosis(chosen: str, catalogue: Catalogue) -> str:
    """What was chosen, in words within a sentence."""
    return "none of these" if chosen == NONE_OF_THESE else catalogue.described(chosen).name.lower()


def sureness(confidence: Confidence | None) -> str:
    """A confidence in words within a sentence."""
    return "confidence not said" if confidence is None else confidence.label.lower()


def made(condition: Condition) -> str:
    """How a condition's images are made, in words."""
    return MADE[condition.source] + (OWN if condition.own else "")


def degrees(angle: float) -> str:
    """An angle with a true minus sign and one decimal."""
    return f"{angle:.1f}°".replace("-", "\u2212")


def when(moment: datetime) -> str:
    """A moment in local time, such as 3 March 2026, 14:05."""
    local = moment.astimezone()
    return f"{local.day} {local:%B %Y, %H:%M}"
