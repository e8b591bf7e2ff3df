"""A sheet of answers: the CSV file from which a quiz is taken without a window."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dermtutor.domain.conditions import Catalogue
from dermtutor.domain.modes import NONE_OF_THESE
from dermtutor.domain.quiz import MAX_QUESTIONS, Confidence
from dermtutor.errors import UserError

COLUMNS: Final = ("chosen", "confidence", "seconds")
MAX_SECONDS: Final = 86_400.0
RANK_MARK: Final = ">"


@dataclass(frozen=True, slots=True)
class SheetAnswer:
    """One line. ``chosen`` is as it was written, likeliest first in a differential, empty for no answer."""

    line: int
    chosen: tuple[str, ...]
    confidence: Confidence
    seconds: float


def read_sheet(text: str) -> tuple[SheetAnswer, ...]:
    """The answers of a CSV file with the columns ``chosen``, ``confidence`` (1 to 5) and, if known, ``seconds``.

    Raises UserError, naming the line, for anything else.
    """
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    try:
        missing = {"chosen", "confidence"} - set(rows.fieldnames or ())
        if missing:
            raise UserError(
                f"The answers lack the column {' and '.join(sorted(missing))}; add it as a heading."
            )
        unknown = set(rows.fieldnames or ()) - set(COLUMNS)
        if unknown:
            raise UserError(
                f"The answers have a column {sorted(unknown)[0]!r} of no meaning; use {', '.join(COLUMNS)}."
            )
        answers = tuple(_answer(rows.line_num, row) for row in rows)
    except csv.Error as problem:
        raise UserError(f"The answers cannot be read as CSV in line {rows.line_num}: {problem}.") from problem
    if not 1 <= len(answers) <= MAX_QUESTIONS:
        raise UserError(f"Give 1 to {MAX_QUESTIONS} answers, one a line.")
    return answers


def _answer(line: int, row: dict[str | None, str | list[str] | None]) -> SheetAnswer:
    fields = {name: value.strip() for name, value in row.items() if isinstance(value, str)}
    if None in row or len(fields) != len(row):
        raise UserError(f"Line {line} of the answers has not as many cells as there are headings; mend it.")
    confidence, seconds = fields["confidence"], fields.get("seconds") or "0"
    if confidence not in {str(int(level)) for level in Confidence}:
        raise UserError(f"Line {line} of the answers has no confidence from 1 to 5; mend it.")
    try:
        taken = float(seconds)
    except ValueError:
        taken = -1.0
    if not 0 <= taken <= MAX_SECONDS:
        raise UserError(f"Line {line} of the answers has no sound number of seconds; mend it.")
    parts = (part.strip() for part in fields["chosen"].split(RANK_MARK))
    return SheetAnswer(line, tuple(part for part in parts if part), Confidence(int(confidence)), taken)


def resolve(written: str, choices: Sequence[str], catalogue: Catalogue) -> str:
    """The condition that was meant by an id, a name, a synonym, or the number of an option.

    Raises UserError when it is none of these.
    """
    if written.isdecimal() and 1 <= int(written) <= len(choices):
        return choices[int(written) - 1]
    wanted = " ".join(written.casefold().split())
    if wanted in (NONE_OF_THESE, "none of these"):
        return NONE_OF_THESE
    for condition in catalogue.nameable:
        if wanted in [name.casefold() for name in (condition.id, condition.name, *condition.synonyms)]:
            return condition.id
    return catalogue.get(written).id
