"""Writes TOML as recipes are laid out: values on one line, tables under headers of their own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from dermtutor.domain.recipes import Key


def toml(value: object) -> str:
    """A value on one line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"{value:.10g}"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {toml(entry)}" for key, entry in value.items()) + " }"
    if isinstance(value, Sequence):
        return "[" + ", ".join(map(toml, value)) + "]"
    raise TypeError(f"a recipe holds no {type(value).__name__}")


def document_text(table: Mapping[str, object]) -> str:
    """A whole recipe, written from its table."""
    return "".join(table_lines(table, "")).strip("\n") + "\n"


def table_lines(table: Mapping[str, object], path: str) -> Iterator[str]:
    """The values of a table, then the tables in it. A range with a severity stays on one line."""
    below: list[tuple[str, str, Mapping[str, object]]] = []
    for name, value in table.items():
        inner = f"{path}.{name}" if path else name
        if isinstance(value, Mapping) and "range" not in value:
            below.append((f"[{inner}]", inner, value))
        elif isinstance(value, list) and value and all(isinstance(each, Mapping) for each in value):
            below += [(f"[[{inner}]]", inner, each) for each in value]
        else:
            yield f"{name} = {toml(value)}\n"
    for header, inner, value in below:
        yield f"\n{header}\n"
        yield from table_lines(value, inner)


_BARE = re.compile(r"[A-Za-z0-9_-]+")


def header_path(key: Key) -> str:
    """The names of a key, as they stand between the brackets of its header."""
    return ".".join(part if _BARE.fullmatch(part) else toml(part) for part in key if isinstance(part, str))


def header(key: Key) -> str:
    """The header line of a table."""
    path = header_path(key)
    return f"[[{path}]]\n" if isinstance(key[-1], int) else f"[{path}]\n"
