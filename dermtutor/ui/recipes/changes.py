"""What the editor does to a draft's text: each change of a table that the form or the outline asks for."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from dermtutor.domain.recipe_text import insert_table, move, remove, set_value
from dermtutor.domain.recipes import FieldSchema, Key, TableSchema
from dermtutor.ui.recipes.draft import Draft
from dermtutor.ui.recipes.places import Addition, Place, fresh_table

_BY = "form"


def set_key(draft: Draft, place: Place, key: Key, value: Any) -> None:
    """A key holds another value. Another kind of surface also gets that kind's keys and loses those of the old one."""
    text = set_value(draft.text, key, value, _order(place))
    other = _table_of_kind(place, value) if key[-1] == "kind" else None
    if other is not None and other is not place.schema:
        held = draft.value(place.key) or {}
        for name in held:
            if other.field(name) is None:
                text = remove(text, (*place.key, name))
        for name, fresh in fresh_table(other).items():
            if name not in held:
                text = set_value(text, (*place.key, name), fresh)
    draft.change(text, _BY, ("set", key))


def unset_key(draft: Draft, key: Key) -> None:
    """A key has its usual value again."""
    if draft.value(key) is not None:
        draft.change(remove(draft.text, key), _BY, ("unset", key))


def add(draft: Draft, wanted: Addition) -> Key:
    """A new table with the least it must hold, named so that it differs from its siblings. Gives where it is."""
    table = fresh_table(wanted.schema)
    kind = wanted.schema.kinds[:1]
    if kind:
        table["kind"] = kind[0]
    siblings = draft.value(wanted.key[:-1]) if isinstance(wanted.key[-1], int) else None
    _name(table, wanted.schema, siblings if isinstance(siblings, list) else [])
    keys = [each.get("key") for each in draft.table.get("sources", ()) if isinstance(each, Mapping)]
    if keys and "source" in table:
        table["source"] = keys[0]
    if keys and table.get("sources") == []:
        table["sources"] = keys[:1]
    draft.change(insert_table(draft.text, wanted.key, table, wanted.order), _BY)
    return wanted.key


def twin(draft: Draft, place: Place) -> Key:
    """One more entry like this, right after it."""
    table = copy.deepcopy(draft.value(place.key))
    key: Key = (*place.key[:-1], place.position + 1)
    _name(table, place.schema, draft.value(place.key[:-1]))
    draft.change(insert_table(draft.text, key, table), _BY)
    return key


def take_out(draft: Draft, place: Place) -> Key:
    """Without this table. Gives where to go then: the entry before, or the table around."""
    draft.change(remove(draft.text, place.key), _BY)
    before = place.position - 1 if place.position else 0
    key: Key = (*place.key[:-1], before) if place.siblings > 1 else place.key[:-1]
    return key


def shift(draft: Draft, place: Place, to: int) -> Key:
    """The entry at another position of its list."""
    draft.change(move(draft.text, place.key, to), _BY)
    return (*place.key[:-1], to)


def _order(place: Place) -> tuple[str, ...]:
    return tuple(field.name for field in place.schema.fields)


def _table_of_kind(place: Place, kind: object) -> TableSchema | None:
    field: FieldSchema | None = place.field
    return next((each for each in field.tables if kind in each.kinds), None) if field is not None else None


def _name(table: dict[str, Any], schema: TableSchema, siblings: list[Any]) -> None:
    """A name or key that none of the siblings has."""
    for name in ("name", "key"):
        if name in table and siblings is not None:
            taken = {each.get(name) for each in siblings if isinstance(each, Mapping)}
            word = schema.name.lower()
            table[name] = next(
                wish
                for wish in (f"{word}-{n}" for n in range(len(siblings) + 1, 10_000))
                if wish not in taken
            )
