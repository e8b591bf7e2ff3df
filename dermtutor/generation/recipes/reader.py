"""Builds the dataclasses of `model` from TOML tables: their field names are the keys, their annotations the limits."""

from __future__ import annotations

import dataclasses
import difflib
import functools
import math
import re
import types
from collections.abc import Hashable, Iterator, Mapping
from typing import (
    Annotated,
    Any,
    Literal,
    NoReturn,
    TypeAlias,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

from dermtutor.errors import UserError
from dermtutor.generation.recipes.terms import Limits, Span

Key: TypeAlias = tuple[str | int, ...]
"""A place in a file: the names of its tables and keys, and numbers from 0 in lists of tables."""

_MOST_ENTRIES = 16
_LONGEST_TEXT = 2_000

_HEADER = re.compile(r"^\s*(\[{1,2})\s*([A-Za-z0-9_.\- ]+?)\s*\]{1,2}\s*(#.*)?$")
_ASSIGNMENT = re.compile(r"^\s*([A-Za-z0-9_\-]+)\s*=")


def lines_of_keys(text: str) -> Iterator[tuple[Key, int]]:
    """Where each table and key stands, as well as a look at the lines can tell; only messages depend on it."""
    table: Key = ()
    counts: dict[Key, int] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if header := _HEADER.match(line):
            table = ()
            names = [name.strip() for name in header[2].split(".")]
            for name in names[:-1]:
                table = (*table, name)
                table = (*table, counts[table]) if table in counts else table
            table = (*table, names[-1])
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            yield table, number
        elif assignment := _ASSIGNMENT.match(line):
            yield (*table, assignment[1]), number


@functools.cache
def _hints(cls: Hashable) -> Mapping[str, Any]:
    return get_type_hints(cast(Any, cls), include_extras=True)


class Reader:
    """Builds the dataclasses of the model from TOML tables, refusing what they do not allow."""

    def __init__(self, file: str, lines: Mapping[Key, int]) -> None:
        self._file, self._lines = file, lines

    def refuse(self, key: Key, reason: str) -> NoReturn:
        """Raises the UserError for a place in the file."""
        line = f", line {number}" if (number := self._line(key)) else ""
        name = ".".join(str(part + 1) if isinstance(part, int) else part for part in key)
        raise UserError(f"{self._file}{line}: {f'“{name}” ' if name else ''}{reason}.")

    def _line(self, key: Key) -> int | None:
        """The line of a place, of the first thing inside it, or of what it is in."""
        if key not in self._lines:
            inside = [line for known, line in self._lines.items() if key and known[: len(key)] == key]
            if inside:
                return min(inside)
        return next((self._lines[key[:n]] for n in range(len(key), 0, -1) if key[:n] in self._lines), None)

    def dataclass(self, cls: type[Any], value: object, key: Key) -> Any:
        """An instance of ``cls`` from a table."""
        if not isinstance(value, dict):
            self.refuse(key, "must be a table of keys and values")
        hints = _hints(cast(Hashable, cls))
        fields = {field.name: field for field in dataclasses.fields(cls) if field.metadata.get("key", True)}
        for name in value:
            if name not in fields:
                close = difflib.get_close_matches(name, fields, 1)
                hint = f"; did you mean “{close[0]}”" if close else f"; known here: {', '.join(fields)}"
                self.refuse((*key, name), f"is not a key of a recipe at this place{hint}")
        for name, field in fields.items():
            if name not in value and field.default is dataclasses.MISSING:
                self.refuse(key, f"lacks the key “{name}”" if key else f"the key “{name}” is missing")
        return cls(**{name: self.value(hints[name], entry, (*key, name)) for name, entry in value.items()})

    def value(self, kind: Any, value: object, key: Key) -> Any:
        """A value of the annotated kind."""
        origin, arguments = get_origin(kind), get_args(kind)
        if origin is Annotated:
            return self.limited(arguments[0], arguments[1], value, key)
        if origin is Literal:
            return self._term(arguments, value, key)
        if origin is tuple:
            return self._many(arguments[0], value, key)
        if origin in (Union, types.UnionType):
            return self._one_of([each for each in arguments if each is not type(None)], value, key)
        if kind is str:
            return self.text(value, key)
        return self.dataclass(kind, value, key)

    def text(self, value: object, key: Key) -> str:
        """A text that is not empty and not endless."""
        if not isinstance(value, str) or not value.strip():
            self.refuse(key, "must be a text in quotes that is not empty")
        if len(value) > _LONGEST_TEXT:
            self.refuse(key, f"is longer than {_LONGEST_TEXT} characters")
        return value

    def _term(self, terms: tuple[str, ...], value: object, key: Key) -> str:
        if not isinstance(value, str) or value not in terms:
            close = difflib.get_close_matches(str(value), terms, 1)
            hint = f"did you mean “{close[0]}”" if close else f"known terms: {', '.join(terms)}"
            self.refuse(key, f"does not know the term {str(value)[:60]!r}; {hint}")
        return value

    def _many(self, kind: Any, value: object, key: Key) -> tuple[Any, ...]:
        if not isinstance(value, list):
            self.refuse(key, f"must be a list of tables, written [[{key[-1]}]]")
        if len(value) > _MOST_ENTRIES:
            self.refuse(key, f"has {len(value)} entries; at most {_MOST_ENTRIES} are allowed")
        return tuple(self.value(kind, entry, (*key, index)) for index, entry in enumerate(value))

    def _one_of(self, kinds: list[Any], value: object, key: Key) -> Any:
        """One of several dataclasses, told apart by the terms of their ``kind``."""
        if len(kinds) == 1:
            return self.dataclass(kinds[0], value, key)
        if not isinstance(value, dict):
            self.refuse(key, "must be a table of keys and values")
        by_term = {term: each for each in kinds for term in get_args(_hints(each)["kind"])}
        if "kind" not in value:
            self.refuse(key, "lacks the key “kind”")
        return self.dataclass(by_term[self._term(tuple(by_term), value["kind"], (*key, "kind"))], value, key)

    def limited(self, kind: Any, limits: Limits, value: object, key: Key) -> Any:
        """A number or a range within its limits."""
        if kind is not Span:
            number = self.number(value, limits, key)
            return int(number) if kind is int else number
        if isinstance(value, dict):
            return self._span_table(value, limits, key)
        low, high = self._range(value, limits, key)
        return Span(low, high)

    def _span_table(self, value: dict[str, object], limits: Limits, key: Key) -> Span:
        for name in value:
            if name not in ("range", "severity"):
                self.refuse(key, f"knows “range” and “severity”, not {name[:60]!r}")
        if "range" not in value:
            self.refuse(key, "lacks its “range”, a pair like [2, 5]")
        low, high = self._range(value["range"], limits, key)
        return Span(low, high, self.number(value.get("severity", 0.0), Limits(0, 1), key))

    def _range(self, value: object, limits: Limits, key: Key) -> tuple[float, float]:
        if not isinstance(value, list):
            number = self.number(value, limits, key)
            return number, number
        if len(value) != 2:
            self.refuse(key, f"must be one number or a pair [low, high], not a list of {len(value)}")
        low, high = (self.number(each, limits, key) for each in value)
        if low > high:
            self.refuse(key, f"is an impossible range: {low:g} is more than {high:g}")
        return low, high

    def number(self, value: object, limits: Limits, key: Key) -> float:
        """A number within its limits."""
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            self.refuse(key, f"must be a number, not {str(value)[:60]!r}")
        if not limits.low <= value <= limits.high:
            unit = f" {limits.unit}" if limits.unit else ""
            self.refuse(key, f"is {value:.6g}; it must lie between {limits.low:g} and {limits.high:g}{unit}")
        if limits.whole and value != int(value):
            self.refuse(key, f"must be a whole number, not {value:g}")
        return float(value)
