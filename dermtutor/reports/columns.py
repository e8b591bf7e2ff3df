"""What a table is: named columns of values with a kind each, and how a value is said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from dermtutor.domain.statistics import Proportion
from dermtutor.reports import words

Kind = Literal["text", "count", "share", "interval", "points", "span", "number", "p", "seconds"]
Value = str | int | float | tuple[float, float] | None
"""An interval is a pair. None is shown as a dash."""

NONE_OF_THESE: Final = "none-of-these"


_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def guarded(text: str) -> str:
    """The text with an apostrophe in front where a spreadsheet program would take it for a formula."""
    return f"'{text}" if text.startswith(_FORMULAS) else text


@dataclass(frozen=True, slots=True)
class Column:
    """A column: ``share`` and ``interval`` are 0 to 1, ``points`` and ``span`` -1 to 1, all shown in percent."""

    title: str
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of values under their columns; ``note`` says how to read it."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    note: str = ""


_SAID: Final[Mapping[str, Callable[..., str]]] = {
    "text": str,
    "count": words.whole,
    "share": words.percent,
    "interval": lambda value: f"{value[0] * 100:.0f}–{value[1] * 100:.0f} %",
    "points": words.points,
    "span": lambda value: f"{words.points(value[0])} to {words.points(value[1])}",
    "number": lambda value: f"{value:.3f}".replace("-", "\u2212"),
    "p": words.probability,
    "seconds": lambda value: f"{value:.1f}",
}


def said(value: Value, kind: Kind) -> str:
    """A value as text."""
    return words.DASH if value is None else _SAID[kind](value)


class Names(dict[str, str]):
    """Names of conditions by id; an id that is no longer taught is its own name."""

    def __missing__(self, key: str) -> str:
        return "None of these" if key == NONE_OF_THESE else key


def scored(value: Proportion) -> tuple[Value, ...]:
    """Right, answers, accuracy and interval; the last two only where they may be read."""
    if value.too_few:
        return value.k, value.n, None, None
    return value.k, value.n, value.value, (value.low, value.high)


SCORE: Final = (
    Column("Right", "count"),
    Column("Answers", "count"),
    Column("Accuracy", "share"),
    Column("95 % interval", "interval"),
)
FEW: Final = "A dash: fewer than five answers, too few to say."
