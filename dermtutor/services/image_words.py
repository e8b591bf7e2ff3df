"""What is said with an image of how it was made, in the window and in every export, before the answer and after it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from dermtutor.domain.cases import Modality, Source
from dermtutor.domain.conditions import Catalogue
from dermtutor.domain.modes import NONE_OF_THESE

SOURCE_LABELS: Final = {
    Source.LEARNED: "Synthetic image – learned from photographs",
    Source.RECIPE: "Synthetic image – drawn from a recipe, not learned",
    Source.TRANSFER: "Synthetic disease on a photograph of healthy skin",
    Source.REAL: "Photograph of a patient – not synthetic",
}
SYNTHETIC_DERMOSCOPY: Final = "Synthetic dermoscopic image – learned from photographs"
SOURCE_WITHHELD: Final = "Synthetic image – how it was made is said after the answer"


def source_label(
    source: Source,
    choices: Iterable[str],
    catalogue: Catalogue,
    *,
    answered: bool,
    recipe_version: str = "",
    recipe_review: str = "",
    modality: Modality = Modality.CLINICAL,
) -> str:
    """The label on an image. Before the answer it names how an image was generated only where all options share it.

    After the answer it names the version of the recipe and its state of review, too.

    Were some options learned and others drawn, naming the source would strike options out. "None of these" may be
    either, and so may whatever is typed. A photograph, of a patient or under a transferred disease, is always named.
    """
    if not source.generated:
        return SOURCE_LABELS[source]
    if modality is Modality.DERMOSCOPY:  # its options are all of that kind
        return SYNTHETIC_DERMOSCOPY
    offered = set(choices)
    sources = {catalogue.described(choice).image_source for choice in offered - {NONE_OF_THESE}}
    if not answered and (len(sources) != 1 or NONE_OF_THESE in offered):
        return SOURCE_WITHHELD
    told = recipe_told(recipe_version, recipe_review)
    return SOURCE_LABELS[source] + (f" ({told})" if answered and recipe_version else "")


def recipe_told(version: str, review: str) -> str:
    """A recipe's version and its state of review, each left out where it is not known."""
    # What follows the plus tells drawings apart, not people.
    return ", ".join(
        each for each in (f"recipe {version.partition('+')[0]}" if version else "", review) if each
    )


def review_in(entry: str) -> str:
    """The state of review in an image's own entry ``Recipe``, "condition version, review"; empty where it has none."""
    return entry.partition(", ")[2]
