"""Changes single values and tables in the text of a recipe, and leaves every other character as its author wrote it.

A change is made on the text's own lines, so comments and layout stay; a comment right above a table goes where the
table goes. The result is read again and compared with the same change to the parsed table: where a file is laid out
so unusually that the two differ, the whole is written anew from the table, and only then comments are lost.
"""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dermtutor.domain.recipes import Key
from dermtutor.domain.toml_layout import Document, Piece
from dermtutor.domain.toml_writing import document_text, header, header_path, table_lines, toml

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
        body = "".join(table_lines(table, header_path(key)))
        follower = document.first(key) if isinstance(key[-1], int) else None
        if follower is None:
            return _with_table(document, key, body, order)
        pieces = document.pieces()
        new = header(key) + body
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
    parts = (_joined(document.text, pieces[:at]), header(key) + body, _joined(document.text, pieces[at:]))
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
