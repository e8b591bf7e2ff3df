"""Checks of values that somebody else wrote, a whole column at once: a row at a time takes four times as long.

Every function returns what it was given, as it is meant, and raises NotResults, ValueError, TypeError or OverflowError
unless every value of the column makes sense. Texts are compared by their distinct values, of which there are few.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from itertools import chain
from operator import attrgetter, itemgetter
from typing import Any, Final, TypeVar

from dermtutor.domain.quiz import Confidence

_DIGITS: Final = re.compile(r"[0-9a-f]*")
_TERM: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
_LONGEST_TEXT: Final = 200
_EARLIEST, _LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
_CONFIDENCE: Final[Mapping[int | None, Confidence | None]] = {None: None} | {
    int(each): each for each in Confidence
}

Word = TypeVar("Word", bound=StrEnum)


class NotResults(ValueError):
    """The document is not what a file of results holds; the message says what is wrong in a few words."""


def column(rows: Iterable[Mapping[str, Any]], name: str) -> list[Any]:
    """One field of every row. Raises KeyError where a row lacks it."""
    return list(map(itemgetter(name), rows))


def only(values: Iterable[Any], kinds: tuple[type, ...], otherwise: str) -> None:
    """Raises NotResults(``otherwise``) unless every value is of exactly one of the types."""
    if not set(map(type, values)) <= set(kinds):
        raise NotResults(otherwise)


def tables(values: Iterable[Any]) -> None:
    """Names with values each."""
    only(values, (dict,), "a list stands where names should")


def ids(values: Sequence[Any], digits: int) -> Sequence[str]:
    """Lower-case hexadecimal digits, so many each."""
    only(values, (str,), "an id is none")
    if not set(map(len, values)) <= {digits} or _DIGITS.fullmatch("".join(values)) is None:
        raise NotResults("an id is none")
    return values


def terms(values: Iterable[Any]) -> None:
    """Ids of conditions and the like."""
    distinct = set(values)
    only(distinct, (str,), "an id is none")
    if not all(map(_TERM.fullmatch, distinct)):
        raise NotResults("an id is none")


def options(values: Sequence[Any], most: int) -> list[tuple[str, ...]]:
    """Lists of at most so many terms, none twice in one list."""
    only(values, (list,), "options come twice, or too many of them")
    terms(chain.from_iterable(values))
    found = list(map(tuple, values))
    sizes = list(map(len, found))
    if max(sizes, default=0) > most or sizes != list(map(len, map(set, found))):
        raise NotResults("options come twice, or too many of them")
    return found


def texts(values: Iterable[Any]) -> None:
    """Short texts that can be printed, or empty."""
    distinct = set(values)
    only(distinct, (str,), "a text is too long or cannot be printed")
    if not all(len(each) <= _LONGEST_TEXT and each.isprintable() for each in distinct):
        raise NotResults("a text is too long or cannot be printed")


def wholes(values: Sequence[Any], low: int, high: int) -> Sequence[int]:
    """Whole numbers from ``low`` to ``high``."""
    only(values, (int,), "a number is out of range")
    if values and not low <= min(values) <= max(values) <= high:
        raise NotResults("a number is out of range")
    return values


def numbers(values: Sequence[Any], low: float, high: float) -> Sequence[float]:
    """Finite numbers from ``low`` to ``high``, as they were written: 1 and 1.0 make different cases."""
    only(values, (int, float), "a number is out of range")
    if not all(map(math.isfinite, values)) or (values and not low <= min(values) <= max(values) <= high):
        raise NotResults("a number is out of range")
    return values


def truths(values: Sequence[Any]) -> Sequence[bool]:
    """True or false each."""
    only(values, (bool,), "a truth is none")
    return values


def words(values: Sequence[Any], kind: type[Word]) -> list[Word]:
    """Values of an enumeration."""
    known = {value: kind(value) for value in set(values)}
    return list(map(known.__getitem__, values))


def confidences(values: Sequence[Any]) -> list[Confidence | None]:
    """Levels of confidence, or None where none was said."""
    only(values, (int, type(None)), "a number is out of range")
    if not set(values) <= _CONFIDENCE.keys():
        raise NotResults("a number is out of range")
    return list(map(_CONFIDENCE.__getitem__, values))


def moments(values: Iterable[Any]) -> list[datetime]:
    """Times in UTC."""
    found = list(map(datetime.fromisoformat, values))
    if not set(map(attrgetter("tzinfo"), found)) <= {UTC} or (
        found and not _EARLIEST <= min(found) <= max(found) < _LATEST
    ):
        raise NotResults("a time is not in UTC, or not of this age")
    return found
