"""The text of a recipe file and the TOML in it, with the line of every key. Refuses what cannot be a recipe at all."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from dermtutor.domain.recipes import Finding, Key, RecipeRefused
from dermtutor.errors import UserError

_LARGEST_FILE: Final = 200_000


def read_text(path: Path) -> str:
    """The text of a recipe file, its lines ended by ``\\n``. Never reads more than a recipe may hold.

    Raises RecipeRefused for what is no text or too large, UserError for a file that cannot be read.
    """
    if path.exists() and not path.is_file():
        raise UserError(f"{path} is no file, so it is no recipe; name another.")
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST_FILE + 1)
    except OSError as error:
        raise UserError(f"{path} cannot be read ({error.strerror}); check that the file exists.") from None
    if len(data) > _LARGEST_FILE:
        raise _not_a_recipe(path.name, f"is larger than {_LARGEST_FILE // 1000} kB, so it is no recipe")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise _not_a_recipe(
            path.name, "is not a text file in UTF-8; save it as UTF-8 and load it again"
        ) from None


def read_toml(text: str, file: str) -> dict[str, Any]:
    """The tables of a text; ``file`` is what messages call it. Raises RecipeRefused with line and reason."""
    if len(text) > _LARGEST_FILE:
        raise _not_a_recipe(file, f"is larger than {_LARGEST_FILE // 1000} kB, so it is no recipe")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        reason, line = _syntax(str(error), text)
        raise _not_a_recipe(file, f"this is not valid TOML: {reason}; correct that place", line) from None
    except RecursionError:
        raise _not_a_recipe(file, "is nested too deeply to be a recipe; write it in tables") from None
    except ValueError:  # what Python says of a number with thousands of digits
        raise _not_a_recipe(file, "holds a number that is too long to be read; shorten it") from None


_PLACE = re.compile(r" \(at line (\d+), column \d+\)$")


def _syntax(message: str, text: str) -> tuple[str, int]:
    """The reason of a TOML error in lower case, and its line."""
    place = _PLACE.search(message)
    line = int(place[1]) if place else text.rstrip("\n").count("\n") + 1
    reason = _PLACE.sub("", message).replace(" (at end of document)", "")
    return reason[:1].lower() + reason[1:300], line


def _not_a_recipe(file: str, reason: str, line: int | None = None) -> RecipeRefused:
    return RecipeRefused([Finding(file, line, (), reason)])


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
