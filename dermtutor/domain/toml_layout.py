"""Where the headers and values of a TOML text lie, character by character, so that single ones can be changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dermtutor.domain.recipes import Key


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
