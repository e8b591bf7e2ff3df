"""The places of a recipe that a form can show: a tree of its tables, read off the schema and the draft."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from dermtutor.domain.recipes import FieldSchema, Key, TableSchema, in_words

REVIEW: Final = "review"
"""Keys that begin so are written by the review alone."""
_NAMING: Final = (
    "name",
    "key",
    "kind",
    "primary",
    "pattern",
    "chromophore",
    "profile",
    "text",
    "because",
    "title",
)
_TITLES: Final[Mapping[Key, str]] = {(): "The whole", ("condition",): "For trainees"}
_LONGEST: Final = 26


@dataclass(frozen=True, slots=True)
class Place:
    """One table of the recipe. ``position`` and ``siblings`` are those in its list, 0 and 0 for a lone table.

    ``base`` is the place whose values hold where this table states none, for one that changes another.
    """

    key: Key
    title: str
    schema: TableSchema
    field: FieldSchema | None
    position: int = 0
    siblings: int = 0
    children: tuple[Place, ...] = ()
    base: Key | None = None

    @property
    def is_entry(self) -> bool:
        """It is one of a list and can be moved, copied and removed."""
        return bool(self.key) and isinstance(self.key[-1], int)

    @property
    def is_optional(self) -> bool:
        """It can be removed."""
        return self.is_entry or (self.field is not None and not self.field.required)

    def walk(self) -> Iterator[Place]:
        """This place and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Addition:
    """Something that can be added: a table where there is none, or one more entry of a list."""

    key: Key
    title: str
    schema: TableSchema
    order: tuple[str, ...]


def places(schema: TableSchema, table: Mapping[str, Any], key: Key = (), **told: Any) -> Place:
    """The tree of the tables that are there. What does not fit the schema is left out; the check tells of it."""
    root = told.pop("root", table)
    title = told.pop("title", "") or _TITLES.get(key) or in_words(str(key[-1]))
    fields = schema.fields if key else sorted(schema.fields, key=_rank)
    base = told.get("base")
    children = tuple(child for field in fields for child in _below(field, table, key, base, root))
    return Place(key, title, schema, told.pop("field", None), children=children, **told)


def _rank(field: FieldSchema) -> int:
    """At the root: single tables, then what is made of further tables, then plain lists."""
    deep = any(inner.kind in ("table", "tables") for each in field.tables for inner in each.fields)
    return 0 if field.kind == "table" else 1 if deep else 2


def _below(
    field: FieldSchema, table: Mapping[str, Any], key: Key, base: Key | None, root: Mapping[str, Any]
) -> Iterator[Place]:
    value = table.get(field.name)
    inner = (*key, field.name)
    below = None if base is None else (*base, field.name)
    if field.kind == "table" and isinstance(value, Mapping):
        schema = chosen_table(field, value)
        if schema is not None:
            yield places(schema, value, inner, field=field, base=below, root=root)
    elif field.kind == "named" and isinstance(value, Mapping):
        known = entry_names(root, field.names_of)
        for name, entry in value.items():
            if isinstance(entry, Mapping) and name in known:
                changed: Key = (field.names_of, known.index(name))
                yield places(
                    field.tables[0], entry, (*inner, name), title=name, field=field, base=changed, root=root
                )
    elif field.kind == "tables" and isinstance(value, list):
        for number, entry in enumerate(value):
            schema = chosen_table(field, entry) if isinstance(entry, Mapping) else None
            if schema is not None:
                title = _entry_title(field, number, entry)
                yield places(schema, entry, (*inner, number), title=title, field=field, position=number,
                             siblings=len(value), root=root)  # fmt: skip


def entry_names(table: Mapping[str, Any], name: str) -> list[str]:
    """The names of the entries of a list at the root, in their order."""
    entries = table.get(name)
    found = entries if isinstance(entries, list) else []
    return [str(each.get("name", "")) if isinstance(each, Mapping) else "" for each in found]


def chosen_table(field: FieldSchema, table: Mapping[str, Any]) -> TableSchema | None:
    """Which of a field's tables this one is: the only one, or that of its ``kind``."""
    if len(field.tables) == 1:
        return field.tables[0]
    return next((each for each in field.tables if table.get("kind") in each.kinds), None)


def _entry_title(field: FieldSchema, number: int, entry: Mapping[str, Any]) -> str:
    """``Colour 2 · melanin``: its number and what names it best."""
    named = next((str(entry[name]) for name in _NAMING if isinstance(entry.get(name), str)), "")
    word = in_words(field.name)
    singular = word[:-1] if word.endswith("s") and not word.endswith("ss") else word
    shown = named if len(named) <= _LONGEST else named[: _LONGEST - 1].rstrip() + "…"
    return f"{singular} {number + 1}" + (f" · {shown}" if shown else "")


def additions(root: Place, table: Mapping[str, Any], at: Place) -> tuple[Addition, ...]:
    """What can be added at a place and above it, the nearest first."""
    found: list[Addition] = []
    chain = [place for place in root.walk() if at.key[: len(place.key)] == place.key]
    for place in reversed(chain):
        inner = _value(table, place.key)
        order = tuple(field.name for field in place.schema.fields)
        for field in place.schema.fields:
            held = inner.get(field.name) if isinstance(inner, Mapping) else None
            if field.kind == "tables":
                count = len(held) if isinstance(held, list) else 0
                key: Key = (*place.key, field.name, count)
            elif field.kind == "table" and held is None:
                key = (*place.key, field.name)
            elif field.kind == "named":
                free = [n for n in entry_names(table, field.names_of) if n and n not in (held or {})]
                found += [
                    Addition((*place.key, field.name, n), f"Changes of {n}", field.tables[0], order)
                    for n in free
                ]
                continue
            else:
                continue
            found += [
                Addition(key, _TITLES.get(key) or _addition_title(field, each), each, order)
                for each in field.tables
            ]
    return tuple(found)


def _addition_title(field: FieldSchema, schema: TableSchema) -> str:
    word = in_words(field.name)
    singular = (
        word[:-1] if field.kind == "tables" and word.endswith("s") and not word.endswith("ss") else word
    )
    return f"{singular}: {in_words(schema.name).lower()}" if len(field.tables) > 1 else singular


def _value(table: Any, key: Key) -> Any:
    for part in key:
        table = table[part]
    return table


def fresh_table(schema: TableSchema) -> dict[str, Any]:
    """The least that a new table must hold, with values that are possible: small numbers, the first terms."""
    table: dict[str, Any] = {}
    for field in schema.fields:
        if field.required:
            table[field.name] = _fresh_value(field, schema)
    return table


def _fresh_value(field: FieldSchema, schema: TableSchema) -> Any:
    if field.name == "kind" and schema.kinds:
        return schema.kinds[0]
    if field.kind == "term":
        return field.terms[0]
    if field.kind == "table":
        return fresh_table(field.tables[0])
    if field.kind in ("texts", "terms", "tables"):
        return []
    if field.kind == "text":
        return in_words(field.name).lower()
    return _modest(field)


def _modest(field: FieldSchema) -> Any:
    """A possible number or range: a tone in the middle of the scale, else small against the limits."""
    low, high = field.low, field.high
    if field.kind == "number":
        return round(
            low + (high - low) * (0.75 if field.name.startswith("full") else 0.35), 0 if field.whole else 2
        )
    share = 0.02 if high - low > 20 else 0.3
    start = max(low, 0.0)
    bounds = [start + (high - start) * share, start + (high - start) * share * 1.5]
    return [round(each) if field.whole else round(each, 2) for each in bounds]


def field_help(schema: TableSchema, name: str) -> str:
    """What the model says about a key: the clauses of the table's description that name it."""
    text = " ".join(schema.help.split())
    clauses = re.split(r"(?<=[.;])\s+", text)
    found = [clause for clause in clauses if f"``{name}``" in clause]
    return re.sub(r"``([^`]+)``", lambda word: f"“{in_words(word[1])}”", " ".join(found)).rstrip(";").strip()
