"""Reading values out of JSON from somebody else: each has the type and range it must have, or the file is refused."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final, cast
from unicodedata import category

from dermtutor.exchange.container import Unsound

_SHA: Final = re.compile(r"[0-9a-f]{64}")
_UNSEEN: Final = ("Cc", "Zl", "Zp")
"""Categories of letters that break a line or show nothing: controls, separators of lines and of paragraphs."""
_TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\ufeff")
"""Letters that turn the direction of those around them, and spaces of no width. Joiners, which some scripts need, and
the marks of a direction are fine."""
_YEARS: Final = range(2000, 2200)
"""Others could not be told in every time zone."""


def canonical(value: object) -> bytes:
    """The one way to write a value as JSON: sorted keys, no spaces, UTF-8. Raises ValueError for what JSON lacks."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode()


def parsed(content: bytes) -> Fields:
    """The table that canonical JSON holds. Raises Unsound when it is no JSON, or not written that one way."""
    try:
        value = json.loads(content.decode())
        if not isinstance(value, dict) or canonical(value) != content:
            raise ValueError("not canonical")
    except (ValueError, RecursionError) as problem:
        raise Unsound("its description is damaged") from problem
    return Fields(value)


class Fields(Mapping[str, Any]):
    """One table. Each method reads one value and raises Unsound where it is missing or not what it must be."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def __getitem__(self, name: str) -> Any:
        if name not in self._values:
            raise Unsound(f"{name!r} is missing in it")
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def only(self, *names: str) -> None:
        """Refuses a table with other names than these: what is not understood is not taken for harmless."""
        if unknown := sorted(set(self._values) - set(names)):
            raise Unsound(f"it says something unknown: {unknown[0][:40]!r}")

    def text(self, name: str, longest: int, *, empty: bool = True) -> str:
        """A text of at most so many letters, without control characters other than line breaks and tabs."""
        value = self[name]
        if not isinstance(value, str) or len(value) > longest or not (value or empty):
            raise Unsound(f"{name!r} is no text of {'0' if empty else '1'} to {longest} letters")
        if any(ord(letter) < 32 and letter not in "\n\t" for letter in value):
            raise Unsound(f"{name!r} holds control characters")
        return value

    def line(self, name: str, longest: int, *, empty: bool = True) -> str:
        """A text that stays on one line and reads as it is written: what is told of a file must be its own words."""
        value = self.text(name, longest, empty=empty)
        unplain = any(category(letter) in _UNSEEN or letter in _TURNING for letter in value)
        if unplain or (value and not value.strip()):
            raise Unsound(f"{name!r} is no plain line of text")
        return value

    def matching(self, name: str, pattern: re.Pattern[str]) -> str:
        """A text of a given form."""
        value = self[name]
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise Unsound(f"{name!r} is not written as it must be")
        return value

    def sha(self, name: str, *, empty: bool = False) -> str:
        """A SHA-256 in hexadecimal digits."""
        return "" if empty and self[name] == "" else self.matching(name, _SHA)

    def whole(self, name: str, low: int, high: int) -> int:
        """A whole number within a range."""
        value = self[name]
        if type(value) is not int or not low <= value <= high:
            raise Unsound(f"{name!r} is no whole number from {low} to {high}")
        return value

    def number(self, name: str, low: float, high: float) -> float:
        """A number within a range, as it is written."""
        value = self[name]
        if type(value) not in (int, float) or not math.isfinite(value) or not low <= value <= high:
            raise Unsound(f"{name!r} is no number from {low:g} to {high:g}")
        return cast(float, value)

    def flag(self, name: str) -> bool:
        """True or false."""
        value = self[name]
        if not isinstance(value, bool):
            raise Unsound(f"{name!r} is neither true nor false")
        return value

    def moment(self, name: str) -> datetime:
        """A moment in UTC, written as ``moment_text`` writes it."""
        value = self[name]
        try:
            moment = datetime.fromisoformat(value)
            if moment_text(moment) != value or moment.year not in _YEARS:
                raise ValueError(value)
        except (TypeError, ValueError, OverflowError) as problem:
            raise Unsound(f"{name!r} is no moment in UTC, or not of this age") from problem
        return moment.astimezone(UTC)

    def table(self, name: str) -> Fields:
        """A table within."""
        return _table(self[name], name)

    def tables(self, name: str, most: int) -> list[Fields]:
        """A list of at most so many tables."""
        return [_table(value, name) for value in self._list(name, most)]

    def texts(self, name: str, most: int, longest: int) -> tuple[str, ...]:
        """A list of at most so many lines."""
        return tuple(Fields({name: value}).line(name, longest) for value in self._list(name, most))

    def _list(self, name: str, most: int) -> list[Any]:
        value = self[name]
        if not isinstance(value, list) or len(value) > most:
            raise Unsound(f"{name!r} is no list of at most {most}")
        return value


def moment_text(moment: datetime) -> str:
    """A moment in UTC as ISO 8601. Raises ValueError for one without a time zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(UTC).isoformat()


def _table(value: Any, name: str) -> Fields:
    if not isinstance(value, dict):
        raise Unsound(f"{name!r} is no table")
    return Fields(value)
