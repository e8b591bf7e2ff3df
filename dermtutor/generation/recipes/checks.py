"""What no single value of a recipe shows: names that refer to each other, and the sum of what would be drawn."""

from __future__ import annotations

import re

from dermtutor.generation.recipes.model import Lesion, Recipe
from dermtutor.generation.recipes.reader import Key, Reader

_MOST_LESIONS = 600
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_VERSION = re.compile(r"\d{1,4}(\.\d{1,4}){0,2}")


def check_whole(reader: Reader, recipe: Recipe, stem: str) -> None:
    """Raises UserError for a recipe whose parts do not fit each other or the name of its file, ``stem``."""
    if not _ID.fullmatch(recipe.id) or recipe.id != stem:
        reader.refuse(("id",), f"must be the name of the file without .toml: {stem}")
    if not _VERSION.fullmatch(recipe.version):
        reader.refuse(("version",), "must be a version such as “1.0”")
    if (recipe.review == "reviewed") != bool(recipe.reviewed_by):
        reader.refuse(("review",), "and “reviewed_by” belong together: a reviewed recipe names its reviewer")
    for name in ("sources", "lesion"):
        if not getattr(recipe, name):
            reader.refuse((name,), f"is empty; a recipe needs at least one [[{name}]]")
    check_lesions(reader, recipe.lesion)
    known = {source.key for source in recipe.sources}
    for index, rule in enumerate(recipe.tone_rule):
        if rule.source not in known:
            reader.refuse(
                ("tone_rule", index, "source"), f"names {rule.source!r}, which is no key under [[sources]]"
            )
        if rule.from_tone >= rule.full_tone:
            reader.refuse(
                ("tone_rule", index, "full_tone"), "must be a darker tone (a higher number) than from_tone"
            )


# What the primary lesions are by definition: the largest diameter of the small ones and their larger counterpart, and
# which are flat.
_SMALL_MM = 10.0
_LARGER = {"macule": "patch", "papule": "plaque", "vesicle": "bulla", "pustule": "bulla"}
FLAT = ("macule", "patch")
"""Primary lesions without relief."""
_RAISED = ("papule", "plaque", "nodule", "wheal", "vesicle", "bulla", "pustule")


def _check_primary(reader: Reader, lesion: Lesion, key: Key) -> None:
    """A lesion is what it is called: flat or raised, small or large."""
    if lesion.primary in _LARGER and lesion.shape.diameter_mm.high > _SMALL_MM:
        reader.refuse(
            (*key, "shape", "diameter_mm"),
            f"is more than {_SMALL_MM:g} mm; call a {lesion.primary} of that size a {_LARGER[lesion.primary]}",
        )
    if lesion.primary in FLAT and lesion.relief is not None:
        reader.refuse((*key, "relief"), f"does not belong to a {lesion.primary}, which is flat")
    if lesion.primary in _RAISED and lesion.relief is None:
        reader.refuse(key, f"lacks [lesion.relief]: a {lesion.primary} is raised")


def check_lesions(reader: Reader, lesions: tuple[Lesion, ...]) -> None:
    """Raises UserError for lesions that are not what they are called, that name nothing, or that are too many."""
    earlier: list[str] = []
    total = 0.0
    for index, lesion in enumerate(lesions):
        key: Key = ("lesion", index)
        distribution = lesion.distribution
        _check_primary(reader, lesion, key)
        if lesion.name in earlier:
            reader.refuse((*key, "name"), f"{lesion.name!r} is used twice; give every lesion its own name")
        if distribution.within and distribution.within not in earlier:
            reader.refuse(
                (*key, "distribution", "within"), f"names {distribution.within!r}, which is no earlier lesion"
            )
        if distribution.pattern == "along-border" and not distribution.within:
            reader.refuse(
                (*key, "distribution"), "lacks “within”: along-border needs the lesion whose border it is"
            )
        total += distribution.count.high * max(distribution.per_group.high, 1)
        if total > _MOST_LESIONS:
            reader.refuse(
                (*key, "distribution", "count"), f"makes more than {_MOST_LESIONS} lesions in one picture"
            )
        earlier.append(lesion.name)
