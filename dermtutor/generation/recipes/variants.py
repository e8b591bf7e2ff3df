"""Variants of a recipe: stages, sites and subtypes, each written as what differs from the recipe's own lesions.

A ``[[variant]]`` has a ``name``, a ``summary`` and, where wanted, a ``share`` that weighs how often it is drawn, a
``field_mm`` of its own, and ``leaves_out``, names of lesions that it does not have. Tables such as
``[variant.lesion.plaque.shape]`` replace single keys of the lesion of that name; lists (``colour``, ``surface``)
are replaced as a whole. So a variant is as strictly checked as a recipe without any.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, NoReturn, Protocol, TypeAlias

from dermtutor.generation.recipes.model import Lesion, Recipe, Variant
from dermtutor.generation.recipes.noise import stream
from dermtutor.generation.recipes.terms import FLAT, Limits, Span

VARIANT_KEYS: Final = ("name", "summary", "share", "field_mm", "leaves_out", "lesion")
VARIANT_FIELD: Final = Annotated[Span, Limits(10.0, 600.0, "mm")]
VARIANT_SHARE: Final = Annotated[float, Limits(0.01, 100.0)]
_MOST_VARIANTS: Final = 12

_Key: TypeAlias = tuple[str | int, ...]
_Table: TypeAlias = dict[str, Any]


class Reader(Protocol):
    """Reads annotated values, and refuses a place in the file with a reason."""

    def refuse(self, key: _Key, reason: str) -> NoReturn:
        """Raises UserError."""

    def value(self, kind: Any, value: object, key: _Key) -> Any:
        """A value of the annotated kind."""


def variant_of(recipe: Recipe, seed: int) -> Variant:
    """The variant that a seed draws: the same on every tone and at every size."""
    variants = recipe.variants or (Variant("", recipe.summary, 1.0, recipe.field_mm, recipe.lesion),)
    chance = float(stream(seed, "variant").random()) * sum(variant.share for variant in variants)
    for variant in variants:
        chance -= variant.share
        if chance < 0:
            return variant
    return variants[-1]


@dataclass(frozen=True, slots=True)
class VariantEntry:
    """One ``[[variant]]`` of a file: its table at ``key``, the lesions with its changes, and the lines of both."""

    table: _Table
    key: _Key
    lesions: list[_Table]
    lines: Mapping[_Key, int]

    def read(self, reader: Reader, recipe: Recipe) -> Variant:
        """The complete variant. Raises UserError for what it may not state."""
        table, key = self.table, self.key
        field = recipe.field_mm
        if "field_mm" in table:
            field = reader.value(VARIANT_FIELD, table["field_mm"], (*key, "field_mm"))
        return Variant(
            name=reader.value(str, table["name"], (*key, "name")),
            summary=reader.value(str, table["summary"], (*key, "summary")),
            share=reader.value(VARIANT_SHARE, table.get("share", 1.0), (*key, "share")),
            field_mm=field,
            lesion=reader.value(tuple[Lesion, ...], self.lesions, ("lesion",)),
        )


def variant_entries(
    reader: Reader, lines: Mapping[_Key, int], entries: object, lesions: list[_Table]
) -> Iterator[VariantEntry]:
    """The ``[[variant]]`` tables of a file, merged with the tables of its ``lesions``; ``lines`` of every key."""
    if not isinstance(entries, list):
        reader.refuse(("variant",), "must be a list of tables, written [[variant]]")
    if len(entries) > _MOST_VARIANTS:
        reader.refuse(("variant",), f"has {len(entries)} entries; at most {_MOST_VARIANTS} are allowed")
    names: list[object] = []
    for index, table in enumerate(entries):
        key: _Key = ("variant", index)
        _check_keys(reader, table, key)
        if table["name"] in names:
            reader.refuse((*key, "name"), f"{table['name']!r} is used twice; give every variant its own name")
        names.append(table["name"])
        yield _Merger(reader, lines, key).entry(table, lesions)


def _check_keys(reader: Reader, table: object, key: _Key) -> None:
    if not isinstance(table, dict):
        reader.refuse(key, "must be a table of keys and values")
    for name in table:
        if name not in VARIANT_KEYS:
            reader.refuse((*key, name), f"is not a key of a variant; known here: {', '.join(VARIANT_KEYS)}")
    for name in ("name", "summary"):
        if name not in table:
            reader.refuse(key, f"lacks the key “{name}”")


class _Merger:
    """Merges what one variant states into the recipe's lesions, and keeps the line of every key."""

    def __init__(self, reader: Reader, lines: Mapping[_Key, int], key: _Key) -> None:
        self._reader, self._lines, self._key = reader, lines, key
        self._merged_lines: dict[_Key, int] = {}

    def entry(self, table: _Table, lesions: list[_Table]) -> VariantEntry:
        names = [str(lesion["name"]) for lesion in lesions]
        left_out = self._left_out(table.get("leaves_out", []), names)
        kept = [(at, name) for at, name in enumerate(names) if name not in left_out]
        changes = self._changes(table.get("lesion", {}), [name for _, name in kept])
        merged: list[_Table] = []
        self._merged_lines = _moved(self._lines, self._key, self._key)
        for at, name in kept:
            place: _Key = ("lesion", len(merged))
            self._merged_lines |= _moved(self._lines, ("lesion", at), place)
            lesion = copy.deepcopy(lesions[at])
            if name in changes:
                self._change(lesion, changes[name], (*self._key, "lesion", name), place)
                # What has become flat has no relief any more, unless the variant insists.
                if lesion.get("primary") in FLAT and "relief" not in changes[name]:
                    lesion.pop("relief", None)
            merged.append(lesion)
        if not merged:
            self._reader.refuse((*self._key, "leaves_out"), "leaves no lesion to draw")
        return VariantEntry(table, self._key, merged, self._merged_lines)

    def _left_out(self, value: object, known: list[str]) -> set[str]:
        key = (*self._key, "leaves_out")
        if not isinstance(value, list):
            self._reader.refuse(key, "must be a list of names of lesions")
        for name in value:
            if name not in known:
                self._reader.refuse(
                    key, f"names {str(name)[:60]!r}, which is no lesion; known: {', '.join(known)}"
                )
        return set(value)

    def _changes(self, value: object, known: list[str]) -> _Table:
        key = (*self._key, "lesion")
        if not isinstance(value, dict):
            self._reader.refuse(key, "is written [variant.lesion.NAME] in a variant")
        for name in value:
            if name not in known:
                self._reader.refuse(
                    (*key, name), f"is no lesion of this variant; known here: {', '.join(known)}"
                )
        return value

    def _change(self, table: _Table, change: object, source: _Key, place: _Key) -> None:
        """Writes the keys of ``change`` over those of ``table``, tables into tables, and their lines with them."""
        if not isinstance(change, dict):
            self._reader.refuse(source, "must be a table of keys and values")
        for name, value in change.items():
            here, there = (*source, name), (*place, name)
            # A range with its severity is one value; the other tables are merged key by key.
            if isinstance(value, dict) and isinstance(table.get(name), dict) and "range" not in value:
                self._change(table[name], value, here, there)
                continue
            for old in [key for key in self._merged_lines if key[: len(there)] == there]:
                del self._merged_lines[old]
            self._merged_lines |= _moved(self._lines, here, there)
            table[name] = copy.deepcopy(value)


def _moved(lines: Mapping[_Key, int], source: _Key, target: _Key) -> dict[_Key, int]:
    """The lines of everything below ``source``, named as if it stood at ``target``."""
    return {
        (*target, *key[len(source) :]): line for key, line in lines.items() if key[: len(source)] == source
    }
