"""The list of a folder of licensed photographs: a CSV file that says of each what it shows and who permits its use."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from dermtutor.errors import UserError
from dermtutor.skin.scales import FitzpatrickType, MonkTone

COLUMNS: Final = {
    "file": "name of the photograph in the folder; an inner folder is parted by /",
    "condition": "what it shows: an id, name or synonym of a condition",
    "tone": "Monk skin tone by a rater's label, 1 to 10; may stay empty where fitzpatrick is given",
    "fitzpatrick": "Fitzpatrick type by a label, I to VI or 1 to 6; may stay empty where tone is given",
    "site": "body site; may stay empty",
    "age": "age in years, 0 to 110; may stay empty",
    "licence": "what permits the use, such as CC BY 4.0 or a consent form",
    "credit": "whom to name beside the photograph",
    "patient": "any mark that the photographs of one patient share; may stay empty",
    "export": "yes where the licence lets the photograph leave in exported files; else no or empty",
}
"""The columns and what stands in them."""
NEEDED: Final = ("file", "condition", "licence", "credit")
MAX_LINES: Final = 2_000
_LONGEST: Final = 300
_EXPORT: Final = {"": False, "no": False, "yes": True}


@dataclass(frozen=True, slots=True)
class ListedPhotograph:
    """One line. ``tone`` and ``fitzpatrick`` are labels, at least one of which is there; ``age`` is in years.

    ``condition`` and ``site`` are as they were written; ``patient`` is empty where none is named.
    """

    line: int
    file: str
    condition: str
    tone: MonkTone | None
    fitzpatrick: FitzpatrickType | None
    site: str
    age: int | None
    licence: str
    credit: str
    patient: str
    may_leave: bool


def read_list(text: str, name: str) -> tuple[ListedPhotograph, ...]:
    """The lines of a list whose file is called ``name``.

    Raises UserError, naming the line, for anything that is off.
    """
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    try:
        _check_columns(tuple(rows.fieldnames or ()), name)
        listed = tuple(_listed(rows, name))
    except csv.Error as problem:
        raise UserError(
            f"Line {rows.line_num} of {name} cannot be read as CSV ({problem}); mend it."
        ) from None
    if not 1 <= len(listed) <= MAX_LINES:
        raise UserError(f"{name} lists {len(listed)} photographs; list 1 to {MAX_LINES:,}, one a line.")
    first: dict[str, int] = {}
    for each in listed:
        if each.file in first:
            raise UserError(
                f"Line {each.line} of {name} lists {each.file} again, after line {first[each.file]}; keep one."
            )
        first[each.file] = each.line
    return listed


def off(each: ListedPhotograph, name: str, what: str) -> UserError:
    """The error that something is off with a listed photograph; ``what`` says it, with or without the file's name."""
    told = "" if what.startswith(each.file) else f", {each.file}"
    return UserError(f"Line {each.line} of {name}{told}: {what}")


def _check_columns(found: tuple[str, ...], name: str) -> None:
    missing = [each for each in NEEDED if each not in found]
    if not {"tone", "fitzpatrick"} & set(found):
        missing.append("tone")
    if missing:
        raise UserError(f"Line 1 of {name} lacks the column {' and '.join(missing)}; add it as a heading.")
    unknown = [each for each in found if each not in COLUMNS]
    if unknown or len(set(found)) != len(found):
        told = f"a column {unknown[0]!r} of no meaning" if unknown else "a column twice"
        raise UserError(f"Line 1 of {name} has {told}; use {', '.join(COLUMNS)}.")


def _listed(rows: csv.DictReader[str], name: str) -> Iterator[ListedPhotograph]:
    for row in rows:
        line, cells = rows.line_num, list(row.values())
        if None in row or not all(isinstance(cell, str) for cell in cells):
            raise UserError(f"Line {line} of {name} has not as many cells as there are headings; mend it.")
        yield _line(line, {key: value.strip() for key, value in row.items()}, name)


def _line(line: int, cells: Mapping[str, str], name: str) -> ListedPhotograph:
    for key, cell in cells.items():
        if len(cell) > _LONGEST or not cell.isprintable():
            raise UserError(
                f"Line {line} of {name} has a {key} that is too long or holds unprintable signs; mend it."
            )
    empty = next((key for key in NEEDED if not cells[key]), None)
    if empty is not None:
        raise UserError(f"Line {line} of {name} has no {empty}; fill it in.")
    told = f"Line {line} of {name}, {cells['file']}:"
    tone, fitzpatrick = _tone(cells.get("tone", ""), told), _fitzpatrick(cells.get("fitzpatrick", ""), told)
    if tone is None and fitzpatrick is None:
        raise UserError(f"{told} neither a Monk tone nor a Fitzpatrick type is given; give one.")
    export = cells.get("export", "").lower()
    if export not in _EXPORT:
        raise UserError(f"{told} export says {cells['export']!r}; write yes, no or nothing.")
    return ListedPhotograph(
        line=line,
        file=cells["file"],
        condition=cells["condition"],
        tone=tone,
        fitzpatrick=fitzpatrick,
        site=cells.get("site", ""),
        age=_age(cells.get("age", ""), told),
        licence=cells["licence"],
        credit=cells["credit"],
        patient=cells.get("patient", ""),
        may_leave=_EXPORT[export],
    )


def _tone(written: str, told: str) -> MonkTone | None:
    value = _whole(
        written.removeprefix("Monk "), 1, 10, f"{told} {written!r} is no Monk tone; write 1 to 10."
    )
    return None if value is None else MonkTone(value)


def _fitzpatrick(written: str, told: str) -> FitzpatrickType | None:
    if written.upper() in FitzpatrickType.__members__:
        return FitzpatrickType[written.upper()]
    value = _whole(written, 1, 6, f"{told} {written!r} is no Fitzpatrick type; write I to VI.")
    return None if value is None else FitzpatrickType(value)


def _age(written: str, told: str) -> int | None:
    return _whole(written, 0, 110, f"{told} {written!r} is no age; write whole years from 0 to 110.")


def _whole(written: str, low: int, high: int, sentence: str) -> int | None:
    """A whole number in a range, None for an empty cell. Raises UserError with the sentence otherwise."""
    if not written:
        return None
    if (
        not (written.isascii() and written.isdecimal() and len(written) <= 3)
        or not low <= int(written) <= high
    ):
        raise UserError(sentence)
    return int(written)
