"""Variants of a recipe: stages, sites and subtypes, each written as what differs from the recipe's own lesions.

A ``[[variant]]`` has a ``name``, a ``summary`` and, where wanted, a ``share`` that weighs how often it is drawn, a
``field_mm`` of its own, and ``leaves_out``, names of lesions that it does not have. Tables such as
``[variant.lesion.plaque.shape]`` replace single keys of the lesion of that name; lists (``colour``, ``surface``)
are replaced as a whole. So a variant is as strictly checked as a recipe without any.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any, Final

from dermtutor.generation.recipes.canvas import stream
from dermtutor.generation.recipes.checks import FLAT
from dermtutor.generation.recipes.model import Lesion, Recipe, Variant
from dermtutor.generation.recipes.reader import Key, Reader
from dermtutor.generation.recipes.terms import Limits, Span

_KEYS: Final = ("name", "summary", "share", "field_mm", "leaves_out", "lesion")
_FIELD: Final = Limits(10.0, 600.0, "mm")
_MOST_VARIANTS: Final = 12

Table = dict[str, Any]


def variant_of(recipe: Recipe, seed: int) -> Variant:
    """The variant that a seed draws: the same on every tone and at every size."""
    variants = recipe.variants or (Variant("", recipe.summary, 1.0, recipe.field_mm, recipe.lesion),)
    chance = float(stream(seed, "variant").random()) * sum(variant.share for variant in variants)
    for variant in variants:
        chance -= variant.share
        if chance < 0:
            return variant
    return variants[-1]


def read_variants(
    file: str, lines: Mapping[Key, int], entries: object, lesions: list[Table], recipe: Recipe
) -> list[tuple[Variant, Reader]]:
    """The variants in the ``[[variant]]`` tables of a file, each with the reader that knows its lines.

    ``lesions`` are the tables of the recipe's own lesions, which were read into ``recipe``.
    """
    reader = Reader(file, lines)
    if not isinstance(entries, list):
        reader.refuse(("variant",), "must be a list of tables, written [[variant]]")
    if len(entries) > _MOST_VARIANTS:
        reader.refuse(("variant",), f"has {len(entries)} entries; at most {_MOST_VARIANTS} are allowed")
    read: list[tuple[Variant, Reader]] = []
    for index, entry in enumerate(entries):
        variant = _Merger(reader, file, lines, ("variant", index), lesions, recipe).variant(entry)
        if variant[0].name in {earlier.name for earlier, _ in read}:
            reader.refuse(("variant", index, "name"), f"{variant[0].name!r} is used twice")
        read.append(variant)
    return read


class _Merger:
    """Merges what one variant states into the recipe's lesions, and keeps the line of every key."""

    def __init__(
        self,
        reader: Reader,
        file: str,
        lines: Mapping[Key, int],
        key: Key,
        lesions: list[Table],
        recipe: Recipe,
    ) -> None:
        self._reader, self._file, self._lines, self._key = reader, file, lines, key
        self._lesions, self._recipe = lesions, recipe

    def variant(self, entry: object) -> tuple[Variant, Reader]:
        """The complete variant and the reader that knows where its parts stand."""
        reader, key = self._reader, self._key
        if not isinstance(entry, dict):
            reader.refuse(key, "must be a table of keys and values")
        for name in entry:
            if name not in _KEYS:
                reader.refuse((*key, name), f"is not a key of a variant; known here: {', '.join(_KEYS)}")
        for name in ("name", "summary"):
            if name not in entry:
                reader.refuse(key, f"lacks the key “{name}”")
        field = self._recipe.field_mm
        if "field_mm" in entry:
            field = reader.limited(Span, _FIELD, entry["field_mm"], (*key, "field_mm"))
        merged, lines = self._merged(entry)
        own = Reader(self._file, lines)
        variant = Variant(
            name=reader.text(entry["name"], (*key, "name")),
            summary=reader.text(entry["summary"], (*key, "summary")),
            share=reader.number(entry.get("share", 1.0), Limits(0.01, 100.0), (*key, "share")),
            field_mm=field,
            lesion=own.value(tuple[Lesion, ...], merged, ("lesion",)),
        )
        if not variant.lesion:
            reader.refuse((*key, "leaves_out"), "leaves no lesion to draw")
        return variant, own

    def _merged(self, entry: Table) -> tuple[list[Table], dict[Key, int]]:
        names = [str(lesion.get("name")) for lesion in self._lesions]
        left_out = self._names(entry.get("leaves_out", []), names)
        changes = entry.get("lesion", {})
        if not isinstance(changes, dict):
            self._reader.refuse((*self._key, "lesion"), "is written [variant.lesion.NAME] in a variant")
        here = [name for name in names if name not in left_out]
        for name in changes:
            if name not in here:
                self._reader.refuse(
                    (*self._key, "lesion", name),
                    f"is no lesion of this variant; known here: {', '.join(here)}",
                )
        merged: list[Table] = []
        lines: dict[Key, int] = {}
        for index, (name, lesion) in enumerate(zip(names, self._lesions, strict=True)):
            if name in left_out:
                continue
            place: Key = ("lesion", len(merged))
            lines |= _moved(self._lines, ("lesion", index), place)
            table = copy.deepcopy(lesion)
            if name in changes:
                self._change(table, changes[name], (*self._key, "lesion", name), place, lines)
                # What has become flat has no relief any more, unless the variant insists.
                if table.get("primary") in FLAT and "relief" not in changes[name]:
                    table.pop("relief", None)
            merged.append(table)
        return merged, lines

    def _names(self, value: object, known: list[str]) -> set[str]:
        key = (*self._key, "leaves_out")
        if not isinstance(value, list):
            self._reader.refuse(key, "must be a list of names of lesions")
        for name in value:
            if name not in known:
                self._reader.refuse(
                    key, f"names {str(name)[:60]!r}, which is no lesion; known: {', '.join(known)}"
                )
        return set(value)

    def _change(self, table: Table, change: object, source: Key, place: Key, lines: dict[Key, int]) -> None:
        """Writes the keys of ``change`` over those of ``table``, tables into tables, and their lines with them."""
        if not isinstance(change, dict):
            self._reader.refuse(source, "must be a table of keys and values")
        for name, value in change.items():
            here, there = (*source, name), (*place, name)
            # A range with its severity is one value; the other tables are merged key by key.
            if isinstance(value, dict) and isinstance(table.get(name), dict) and "range" not in value:
                self._change(table[name], value, here, there, lines)
                continue
            for old in [key for key in lines if key[: len(there)] == there]:
                del lines[old]
            lines |= _moved(self._lines, here, there)
            table[name] = copy.deepcopy(value)


def _moved(lines: Mapping[Key, int], source: Key, target: Key) -> dict[Key, int]:
    """The lines of everything below ``source``, named as if it stood at ``target``."""
    return {
        (*target, *key[len(source) :]): line for key, line in lines.items() if key[: len(source)] == source
    }
