"""The model of recipes as data, for whoever builds a form from it: read off the dataclasses, never listed again."""

from __future__ import annotations

import dataclasses
import inspect
import types
from dataclasses import replace
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from dermtutor.domain.recipes import FieldSchema, TableSchema
from dermtutor.generation.recipes import variants
from dermtutor.generation.recipes.model import Recipe
from dermtutor.generation.recipes.terms import Limits, Span
from dermtutor.generation.recipes.variants import VARIANT_FIELD, VARIANT_SHARE

_AS_THERE = "as in the recipe"


def recipe_schema() -> TableSchema:
    """The whole recipe: its keys, the tables in it, and the variants, which a file writes as what differs."""
    whole = _table(Recipe)
    return replace(whole, fields=(*whole.fields, _variant_field(whole)))


def _variant_field(whole: TableSchema) -> FieldSchema:
    lesion = whole.field("lesion")
    if lesion is None:
        raise TypeError("a recipe without lesions has no variants")
    changed = tuple(_changing(table) for table in lesion.tables)
    fields = (
        FieldSchema("name", "text", required=True),
        FieldSchema("summary", "text", required=True),
        replace(_of("share", VARIANT_SHARE), default=1.0),
        replace(_of("field_mm", VARIANT_FIELD), absent=_AS_THERE),
        FieldSchema("leaves_out", "texts", required=False),
        FieldSchema("lesion", "named", required=False, tables=changed, names_of="lesion"),
    )
    table = TableSchema("Variant", inspect.getdoc(variants) or "", fields)
    return FieldSchema("variant", "tables", required=False, tables=(table,))


def _changing(table: TableSchema) -> TableSchema:
    """A table that states only what differs. Lists are replaced as a whole, so their entries stay complete."""
    fields = [
        replace(field, required=False, default=None, absent=_AS_THERE,
                tables=tuple(_changing(each) for each in field.tables) if field.kind == "table" else field.tables)
        for field in table.fields
        if field.name != "name"
    ]  # fmt: skip
    return replace(table, fields=tuple(fields))


def _of(name: str, hint: Any) -> FieldSchema:
    kind, terms, tables, limits = _kind(hint)
    low, high, unit, whole = limits.low, limits.high, limits.unit, limits.whole
    return FieldSchema(name, kind, False, None, terms, low, high, unit, whole, tables)  # type: ignore[arg-type]


def _table(cls: type[Any]) -> TableSchema:
    hints = get_type_hints(cls, include_extras=True)
    keys = [field for field in dataclasses.fields(cls) if field.metadata.get("key", True)]
    fields = tuple(_field(field, hints[field.name]) for field in keys)
    kinds = get_args(hints["kind"]) if get_origin(hints.get("kind")) is Literal else ()
    return TableSchema(cls.__name__, inspect.getdoc(cls) or "", fields, kinds)


def _field(field: dataclasses.Field[Any], hint: Any) -> FieldSchema:
    """One key from its annotation. Raises TypeError for a kind of annotation that the parser does not know either."""
    required = field.default is dataclasses.MISSING
    default = None if required else _default(field.default)
    kind, terms, tables, limits = _kind(hint)
    return FieldSchema(
        name=field.name,
        kind=kind,  # type: ignore[arg-type]
        required=required,
        default=default,
        terms=terms,
        low=limits.low,
        high=limits.high,
        unit=limits.unit,
        whole=limits.whole,
        tables=tables,
    )


_NO_LIMITS = Limits(0.0, 0.0)


def _kind(hint: Any) -> tuple[str, tuple[str, ...], tuple[TableSchema, ...], Limits]:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return ("range" if arguments[0] is Span else "number"), (), (), arguments[1]
    if origin is Literal:
        return "term", arguments, (), _NO_LIMITS
    if origin is tuple:
        kind, terms, tables, _ = _kind(arguments[0])
        return {"text": "texts", "term": "terms", "table": "tables"}[kind], terms, tables, _NO_LIMITS
    if origin in (Union, types.UnionType):
        inner = [_kind(each) for each in arguments if each is not type(None)]
        return inner[0][0], (), tuple(table for each in inner for table in each[2]), _NO_LIMITS
    if hint is str:
        return "text", (), (), _NO_LIMITS
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return "table", (), (_table(hint),), _NO_LIMITS
    raise TypeError(f"recipes know no {hint!r}")


def _default(value: object) -> object:
    if isinstance(value, Span):
        return value.low, value.high
    return None if value in ((), "") else value
