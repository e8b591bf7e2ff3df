"""Builds the dataclasses of the model from TOML tables: field names are the keys, annotations the terms and limits."""

from __future__ import annotations

import dataclasses
import difflib
import functools
import math
import types
from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import partial
from typing import (
    Annotated,
    Any,
    Final,
    Literal,
    NoReturn,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

from dermtutor.domain.recipes import Finding, Key, RecipeRefused
from dermtutor.generation.recipes.terms import Limits, Span

_MOST_ENTRIES: Final = 16
_LONGEST_TEXT: Final = 2_000


@functools.cache
def _hints(cls: Hashable) -> Mapping[str, Any]:
    return get_type_hints(cast(Any, cls), include_extras=True)


class Reader:
    """Builds the dataclasses of the model from TOML tables, refusing what they do not allow."""

    def __init__(self, file: str, lines: Mapping[Key, int]) -> None:
        self.file, self._lines = file, lines
        self.notes: list[Finding] = []

    def refuse(self, key: Key, reason: str) -> NoReturn:
        """Raises RecipeRefused for a place in the file."""
        raise RecipeRefused([self._finding(key, reason)])

    def note(self, key: Key, reason: str) -> None:
        """Remembers what is wrong at a place, where the next check can be made all the same."""
        self.notes.append(self._finding(key, reason))

    def _finding(self, key: Key, reason: str) -> Finding:
        inside = [line for known, line in self._lines.items() if key and known[: len(key)] == key]
        known = next((key[:n] for n in range(len(key), 0, -1) if key[:n] in self._lines), None)
        line = min(inside) if inside else None if known is None else self._lines[known]
        return Finding(self.file, line, key, reason)

    def _all(self, reads: Iterable[Callable[[], Any]]) -> list[Any]:
        """What each of them reads, or else everything that is wrong with any."""
        read: list[Any] = []
        wrong: list[Finding] = []
        for each in reads:
            try:
                read.append(each())
            except RecipeRefused as refusal:
                wrong += refusal.findings
        if wrong:
            raise RecipeRefused(sorted(wrong, key=lambda finding: finding.line or 0))
        return read

    def dataclass(self, cls: type[Any], value: object, key: Key) -> Any:
        """An instance of ``cls`` from a table."""
        if not isinstance(value, dict):
            self.refuse(key, "must be a table of keys and values")
        hints = _hints(cast(Hashable, cls))
        fields = {field.name: field for field in dataclasses.fields(cls) if field.metadata.get("key", True)}
        meant = {name: difflib.get_close_matches(name, fields, 1) for name in value if name not in fields}
        unknown = [partial(self._unknown, fields, close, (*key, name)) for name, close in meant.items()]
        missing = [
            partial(self.refuse, key, f"lacks the key “{name}”" if key else f"the key “{name}” is missing")
            for name, field in fields.items()
            if name not in value and field.default is dataclasses.MISSING and [name] not in meant.values()
        ]
        known = [name for name in value if name in fields]
        reads = [partial(self.value, hints[name], value[name], (*key, name)) for name in known]
        return cls(**dict(zip(known, self._all([*unknown, *missing, *reads]))))

    def _unknown(self, fields: Mapping[str, object], close: list[str], key: Key) -> NoReturn:
        hint = f"; did you mean “{close[0]}”" if close else f"; known here: {', '.join(fields)}"
        self.refuse(key, f"is not a key of a recipe at this place{hint}")

    def value(self, kind: Any, value: object, key: Key) -> Any:
        """A value of the annotated kind."""
        origin, arguments = get_origin(kind), get_args(kind)
        if origin is Annotated:
            return self._limited(arguments[0], arguments[1], value, key)
        if origin is Literal:
            return self._term(arguments, value, key)
        if origin is tuple:
            return self._many(arguments[0], value, key)
        if origin in (Union, types.UnionType):
            return self._one_of([each for each in arguments if each is not type(None)], value, key)
        if kind is str:
            return self._text(value, key)
        return self.dataclass(kind, value, key)

    def _text(self, value: object, key: Key) -> str:
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
            tables = dataclasses.is_dataclass(kind) or get_origin(kind) in (Union, types.UnionType)
            written = f" of tables, written [[{key[-1]}]]" if tables else ', written ["…", "…"]'
            self.refuse(key, f"must be a list{written}")
        if len(value) > _MOST_ENTRIES:
            self.refuse(key, f"has {len(value)} entries; at most {_MOST_ENTRIES} are allowed")
        reads = [partial(self.value, kind, entry, (*key, index)) for index, entry in enumerate(value)]
        return tuple(self._all(reads))

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

    def _limited(self, kind: Any, limits: Limits, value: object, key: Key) -> Any:
        if kind is not Span:
            number = self._number(value, limits, key)
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
        return Span(low, high, self._number(value.get("severity", 0.0), Limits(0, 1), key))

    def _range(self, value: object, limits: Limits, key: Key) -> tuple[float, float]:
        if not isinstance(value, list):
            number = self._number(value, limits, key)
            return number, number
        if len(value) != 2:
            self.refuse(key, f"must be one number or a pair [low, high], not a list of {len(value)}")
        low, high = (self._number(each, limits, key) for each in value)
        if low > high:
            self.refuse(key, f"is an impossible range: {low:g} is more than {high:g}")
        return low, high

    def _number(self, value: object, limits: Limits, key: Key) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            self.refuse(key, f"must be a number, not {str(value)[:60]!r}")
        if not limits.low <= value <= limits.high:
            unit = f" {limits.unit}" if limits.unit else ""
            self.refuse(key, f"is {value:.6g}; it must lie between {limits.low:g} and {limits.high:g}{unit}")
        if limits.whole and value != int(value):
            self.refuse(key, f"must be a whole number, not {value:g}")
        return float(value)
