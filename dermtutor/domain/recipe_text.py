"""Changes single values and tables in the text of a recipe, and leaves every other character as its author wrote it.

A change is made on the text's own lines, so comments and layout stay; a comment right above a table goes where the
table goes. The result is read again and compared with the same change to the parsed table: where a file is laid out
so unusually that the two differ, the whole is written anew from the table, and only then comments are lost.
"""

from __future__ import annotations

import copy
import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dermtutor.domain.recipes import Key

Table = dict[str, Any]


def set_value(text: str, key: Key, value: object, order: Sequence[str] = ()) -> str:
    """``key`` holds ``value`` (a scalar or a list); a missing table is made. ``order`` places it among its siblings."""

    def in_table(table: Table) -> None:
        parent = _made(table, key[:-1])
        parent[key[-1]] = value

    def in_lines(document: Document) -> str:
        found = document.value(key)
        if found is not None:
            return text[: found.value_from] + toml(value) + text[found.value_to :]
        line = f"{key[-1]} = {toml(value)}\n"
        if not document.has_table(key[:-1]):
            return _with_table(document, key[:-1], line, order)
        at = document.end_of_values(key[:-1])
        return _own_line(text[:at]) + line + text[at:]

    return _changed(text, in_table, in_lines)


def remove(text: str, key: Key) -> str:
    """Without a value, a table and all below it, or one entry of a list of tables."""

    def in_table(table: Table) -> None:
        parent = _found(table, key[:-1])
        del parent[key[-1]]
        if isinstance(key[-1], int) and not parent:
            del _found(table, key[:-2])[key[-2]]

    def in_lines(document: Document) -> str:
        found = document.value(key)
        if found is not None:
            return text[: found.start] + text[found.end :]
        pieces = [piece for piece in document.pieces() if piece.key[: len(key)] != key]
        return _joined(text, pieces)

    return _changed(text, in_table, in_lines)


def insert_table(text: str, key: Key, table: Mapping[str, object], order: Sequence[str] = ()) -> str:
    """A new table at ``key``; where the key ends in a position, the entries from there on move back by one."""

    def in_table(root: Table) -> None:
        if isinstance(key[-1], int):
            parent = _found(root, key[:-2])
            parent.setdefault(key[-2], []).insert(key[-1], copy.deepcopy(dict(table)))
        else:
            _made(root, key[:-1])[key[-1]] = copy.deepcopy(dict(table))

    def in_lines(document: Document) -> str:
        body = "".join(_table_lines(table, _header_path(key)))
        follower = document.first(key) if isinstance(key[-1], int) else None
        if follower is None:
            return _with_table(document, key, body, order)
        pieces = document.pieces()
        new = _header(key) + body
        at = pieces.index(follower)
        return _joined(text, pieces[:at]) + "\n" + new + "\n" + _joined(text, pieces[at:])

    return _changed(text, in_table, in_lines)


def move(text: str, key: Key, to: int) -> str:
    """An entry of a list of tables at another position."""
    position = key[-1]
    if position == to:
        return text

    def in_table(root: Table) -> None:
        entries = _found(root, key[:-1])
        entries.insert(to, entries.pop(position))

    def in_lines(document: Document) -> str:
        pieces = document.pieces()
        moving = [piece for piece in pieces if piece.key[: len(key)] == key]
        rest = [piece for piece in pieces if piece.key[: len(key)] != key]
        siblings = [
            n
            for n, piece in enumerate(rest)
            if piece.key[: len(key) - 1] == key[:-1] and len(piece.key) == len(key)
        ]
        ends = [
            n + 1
            for n, piece in enumerate(rest)
            if piece.key[: len(key) - 1] == key[:-1] and len(piece.key) >= len(key)
        ]
        at = siblings[to] if to < len(siblings) else ends[-1]
        return _joined(text, [*rest[:at], *moving, *rest[at:]])

    return _changed(text, in_table, in_lines)


def _changed(text: str, in_table: Callable[[Table], None], in_lines: Callable[[Document], str]) -> str:
    """The change in the lines when it says the same as the change in the table, else the table written anew."""
    wanted = tomllib.loads(text)
    document = Document(text)
    in_table(wanted)
    try:
        new = in_lines(document)
        if _pruned(tomllib.loads(new)) == _pruned(wanted):
            return new
    except (ValueError, LookupError):
        pass  # an unusual layout; what follows copes with every one
    return document_text(wanted)


def _pruned(value: Any) -> Any:
    """Without tables in which nothing is left: they say nothing."""
    if isinstance(value, list):
        return [_pruned(each) for each in value]
    if not isinstance(value, dict):
        return value
    below = {name: _pruned(each) for name, each in value.items()}
    return {name: each for name, each in below.items() if each != {}}


# Reading the layout


@dataclass(frozen=True, slots=True)
class Statement:
    """A header or an assignment. All numbers are offsets into the text; ``end`` is past the line's end."""

    key: Key
    is_header: bool
    start: int
    end: int
    value_from: int = 0
    value_to: int = 0


@dataclass(frozen=True, slots=True)
class Piece:
    """A table's part of the text: the comment right above it, its header and its lines."""

    key: Key
    start: int
    end: int


_HEADER = re.compile(r"[ \t]*(\[{1,2})([^\[\]\n]+)\]{1,2}[ \t]*(?:#[^\n]*)?(?:\n|$)")
_ASSIGNMENT = re.compile(r"[ \t]*([A-Za-z0-9_\-.\"' \t]+?)[ \t]*=[ \t]*")
_TRIVIA = re.compile(r"[ \t]*(?:#[^\n]*)?(?:\n|$)")


class Document:
    """Where the headers and values of a text lie. It only looks; whatever it cannot follow it leaves out."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.statements = tuple(_statements(text))

    def value(self, key: Key) -> Statement | None:
        """The assignment of a key."""
        return next((s for s in self.statements if s.key == key and not s.is_header), None)

    def has_table(self, key: Key) -> bool:
        """Whether a table has a header of its own (the root needs none)."""
        return not key or any(s.key == key and s.is_header for s in self.statements)

    def end_of_values(self, table: Key) -> int:
        """Where another value of a table can be written."""
        inside = not table
        at = 0
        for statement in self.statements:
            if statement.is_header:
                inside = statement.key == table
                at = statement.end if inside else at
            elif inside:
                at = statement.end
            if statement.is_header and not inside and not table:
                break
        return at

    def pieces(self) -> list[Piece]:
        """The text cut at its headers, the root first."""
        headers = [s for s in self.statements if s.is_header]
        starts = [self._lead(s.start) for s in headers]
        ends = [*starts[1:], len(self.text)]
        root = Piece((), 0, starts[0] if starts else len(self.text))
        return [root, *(Piece(s.key, start, end) for s, start, end in zip(headers, starts, ends))]

    def first(self, key: Key) -> Piece | None:
        """The piece that a table begins with."""
        return next((piece for piece in self.pieces() if piece.key == key), None)

    def line_of(self, key: Key) -> int | None:
        """The line, from 1, where a key or its nearest table stands."""
        lines = {s.key: self.text.count("\n", 0, s.start) + 1 for s in self.statements}
        return next((lines[key[:n]] for n in range(len(key), 0, -1) if key[:n] in lines), None)

    def _lead(self, start: int) -> int:
        """Where the comment lines right above a header begin."""
        while start > 0:
            above = self.text.rfind("\n", 0, start - 1) + 1
            if not self.text[above:start].lstrip().startswith("#"):
                break
            start = above
        return start


def _statements(text: str) -> Iterator[Statement]:
    table: Key = ()
    counts: dict[Key, int] = {}
    at = 0
    while at < len(text):
        if trivia := _TRIVIA.match(text, at):
            at = max(trivia.end(), at + 1)
        elif header := _HEADER.match(text, at):
            table = _resolved(_names(header[2]), header[1] == "[[", counts)
            yield Statement(table, True, at, header.end())
            at = header.end()
        elif assignment := _ASSIGNMENT.match(text, at):
            last = _end_of_value(text, assignment.end())
            rest = _TRIVIA.match(text, last)
            end = rest.end() if rest else last
            key: Key = (*table, *_names(assignment[1]))
            yield Statement(key, False, at, end, assignment.end(), last)
            at = max(end, at + 1)
        else:
            at = (text.find("\n", at) + 1) or len(text)


def _names(dotted: str) -> list[str]:
    return [name.strip().strip("\"'") for name in dotted.split(".")]


def _resolved(names: Sequence[str], is_entry: bool, counts: dict[Key, int]) -> Key:
    """The key of a header, with the position of each list of tables that it lies in."""
    key: Key = ()
    for name in names[:-1]:
        key = (*key, name)
        key = (*key, counts[key]) if key in counts else key
    key = (*key, names[-1])
    if is_entry:
        counts[key] = counts.get(key, -1) + 1
        key = (*key, counts[key])
    return key


_QUOTES = ('"""', "'''", '"', "'")


def _end_of_value(text: str, at: int) -> int:
    """Past the last character of a value: strings and brackets are followed, a comment or line's end stops it."""
    depth, last = 0, at
    while at < len(text):
        quote = next((q for q in _QUOTES if text.startswith(q, at)), None)
        if quote is not None:
            at = last = _end_of_string(text, at, quote)
            continue
        letter = text[at]
        if letter == "\n" and depth == 0:
            break
        if letter == "#":
            if depth == 0:
                break
            at = text.find("\n", at)
            if at < 0:
                return len(text)
            continue
        depth += (letter in "[{") - (letter in "]}")
        at += 1
        if not letter.isspace():
            last = at
    return last


def _end_of_string(text: str, at: int, quote: str) -> int:
    at += len(quote)
    while at < len(text):
        if text[at] == "\\" and quote[0] == '"':
            at += 2
        elif text.startswith(quote, at):
            return at + len(quote)
        else:
            at += 1
    return len(text)


# Writing


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
    return "".join(_table_lines(table, "")).strip("\n") + "\n"


def _table_lines(table: Mapping[str, object], path: str) -> Iterator[str]:
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
        yield from _table_lines(value, inner)


_BARE = re.compile(r"[A-Za-z0-9_-]+")


def _header_path(key: Key) -> str:
    return ".".join(part if _BARE.fullmatch(part) else toml(part) for part in key if isinstance(part, str))


def _header(key: Key) -> str:
    path = _header_path(key)
    return f"[[{path}]]\n" if isinstance(key[-1], int) else f"[{path}]\n"


def _with_table(document: Document, key: Key, body: str, order: Sequence[str]) -> str:
    """A table where there was none of its name: after those of its siblings that come before it in ``order``."""
    named = key[:-1] if isinstance(key[-1], int) else key
    parent, name = named[:-1], named[-1]
    earlier = set(order[: order.index(name) + 1]) if name in order else set()
    pieces = document.pieces()
    depth = next(
        n for n in range(len(parent), -1, -1) if any(piece.key[:n] == parent[:n] for piece in pieces)
    )
    around = [n for n, piece in enumerate(pieces) if piece.key[:depth] == parent[:depth]]
    before = [n for n in around if not pieces[n].key[depth:] or pieces[n].key[depth] in earlier]
    at = (before or around)[-1] + 1 if earlier and depth == len(parent) else around[-1] + 1
    parts = (_joined(document.text, pieces[:at]), _header(key) + body, _joined(document.text, pieces[at:]))
    return "\n".join(part.rstrip("\n") + "\n" for part in parts if part.strip())


def _joined(text: str, pieces: Sequence[Piece]) -> str:
    """Pieces one after the other, a blank line between any two."""
    parts = [text[piece.start : piece.end].rstrip("\n") + "\n" for piece in pieces]
    return "\n".join(part for part in parts if part.strip())


def _own_line(text: str) -> str:
    return text if not text or text.endswith("\n") else text + "\n"


def _found(table: Any, key: Key) -> Any:
    for part in key:
        table = table[part]
    return table


def _made(table: Any, key: Key) -> Any:
    for part in key:
        table = table[part] if isinstance(part, int) else table.setdefault(part, {})
    return table
