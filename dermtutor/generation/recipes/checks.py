"""What no single value of a recipe shows: names that refer to each other, and the sum of what would be drawn."""

from __future__ import annotations

import re
from typing import Protocol

from dermtutor.domain.recipes import Key
from dermtutor.generation.recipes.model import Lesion, Recipe, Source, ToneRule
from dermtutor.generation.recipes.terms import FLAT

_MOST_LESIONS = 600
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_VERSION = re.compile(r"\d{1,4}(\.\d{1,4}){0,2}")


class Notes(Protocol):
    """Remembers what is wrong at a place in the file."""

    def note(self, key: Key, reason: str) -> None: ...


def check_whole(notes: Notes, recipe: Recipe, stem: str | None) -> None:
    """What no single value shows: names that refer to each other, and the sum of what would be drawn."""
    if not _ID.fullmatch(recipe.id) or len(recipe.id) > _LONGEST_NAME:
        notes.note(
            ("id",),
            "must be small letters, digits and single hyphens, and the name of the file without .toml",
        )
    elif stem not in (None, recipe.id):
        notes.note(("id",), f"must be the name of the file without .toml: {stem}")
    if not _VERSION.fullmatch(recipe.version):
        notes.note(("version",), "must be a version such as “1.0”")
    if (recipe.review == "reviewed") != bool(recipe.reviewed_by):
        notes.note(("review",), "and “reviewed_by” belong together: a reviewed recipe names its reviewer")
    _check_teaching(notes, recipe)
    for name in ("sources", "lesion"):
        if not getattr(recipe, name):
            notes.note((name,), f"is empty; a recipe needs at least one [[{name}]]")
    check_lesions(notes, recipe.lesion)
    check_tone_rules(notes, recipe.tone_rule, recipe.sources)


def check_tone_rules(notes: Notes, rules: tuple[ToneRule, ...], sources: tuple[Source, ...]) -> None:
    """Each names one of the sources, and grows towards darker tones."""
    known = {source.key for source in sources}
    for index, rule in enumerate(rules):
        if rule.source not in known:
            notes.note(
                ("tone_rule", index, "source"), f"names {rule.source!r}, which is no key under [[sources]]"
            )
        if rule.from_tone >= rule.full_tone:
            notes.note(
                ("tone_rule", index, "full_tone"), "must be a darker tone (a higher number) than from_tone"
            )


_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_LONGEST_NAME = 80


def _check_teaching(notes: Notes, recipe: Recipe) -> None:
    """Names stay on one line, findings name sources of the recipe, look-alikes are ids."""
    if recipe.reviewed_on and not _DATE.fullmatch(recipe.reviewed_on):
        notes.note(("reviewed_on",), "must be a date such as “2026-03-01”")
    if recipe.condition is None:
        return
    lines = {"name": recipe.condition.name, "icd11": recipe.condition.icd11}
    for name, text in lines.items():
        if len(text) > _LONGEST_NAME or not text.isprintable():
            notes.note(("condition", name), f"must be one line of at most {_LONGEST_NAME} characters")
    for index, other in enumerate(recipe.condition.look_alikes):
        if not _ID.fullmatch(other) or other == recipe.id:
            notes.note(
                ("condition", "look_alikes", index), f"{other[:60]!r} is not the id of another condition"
            )
    known = {source.key for source in recipe.sources}
    for group in ("on_light", "on_dark"):
        for index, finding in enumerate(getattr(recipe.condition, group)):
            if not finding.sources or set(finding.sources) - known:
                notes.note(
                    ("condition", group, index, "sources"),
                    "must name sources that have a key under [[sources]]",
                )


# What the primary lesions are by definition: the largest diameter of the small ones and their larger counterpart, and
# which are raised.
_SMALL_MM = 10.0
_LARGER = {"macule": "patch", "papule": "plaque", "vesicle": "bulla", "pustule": "bulla"}
_RAISED = ("papule", "plaque", "nodule", "wheal", "vesicle", "bulla", "pustule")


def _check_primary(notes: Notes, lesion: Lesion, key: Key) -> None:
    """A lesion is what it is called: flat or raised, small or large."""
    if lesion.primary in _LARGER and lesion.shape.diameter_mm.high > _SMALL_MM:
        notes.note(
            (*key, "shape", "diameter_mm"),
            f"is more than {_SMALL_MM:g} mm; call a {lesion.primary} of that size a {_LARGER[lesion.primary]}",
        )
    if lesion.primary in FLAT and lesion.relief is not None:
        notes.note((*key, "relief"), f"does not belong to a {lesion.primary}, which is flat")
    if lesion.primary in _RAISED and lesion.relief is None:
        notes.note(key, f"lacks [lesion.relief]: a {lesion.primary} is raised")


def check_lesions(notes: Notes, lesions: tuple[Lesion, ...]) -> None:
    """What a recipe's lesions, or a variant's, must be together: named once, in order, and not too many."""
    earlier: list[str] = []
    total = 0.0
    for index, lesion in enumerate(lesions):
        key: Key = ("lesion", index)
        distribution = lesion.distribution
        _check_primary(notes, lesion, key)
        if lesion.name in earlier:
            notes.note((*key, "name"), f"{lesion.name!r} is used twice; give every lesion its own name")
        if distribution.within and distribution.within not in earlier:
            notes.note(
                (*key, "distribution", "within"), f"names {distribution.within!r}, which is no earlier lesion"
            )
        if distribution.pattern == "along-border" and not distribution.within:
            notes.note(
                (*key, "distribution"), "lacks “within”: along-border needs the lesion whose border it is"
            )
        total += distribution.count.high * max(distribution.per_group.high, 1)
        if total > _MOST_LESIONS:
            notes.note(
                (*key, "distribution", "count"), f"makes more than {_MOST_LESIONS} lesions in one picture"
            )
        earlier.append(lesion.name)
