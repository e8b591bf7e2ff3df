"""Recipes as the application handles them: what a file may hold, what is wrong with one, and where it comes from.

How a recipe is read and drawn is none of this layer's business; here are only the values that travel.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from dermtutor.domain.conditions import Condition
from dermtutor.errors import UserError
from dermtutor.skin.scales import MonkTone

Key = tuple[str | int, ...]
"""A place in a recipe: names of tables and keys, and positions (from 0) in lists of tables."""

FieldKind = Literal["range", "number", "text", "texts", "term", "terms", "table", "tables", "named"]
"""``range`` is a low and a high number, ``terms`` and ``texts`` are lists, ``tables`` a list of tables, ``named`` a
table of tables that change those entries of a list at the root whose names are their keys."""

Origin = Literal["shipped", "own"]


def key_in_words(key: Key) -> str:
    """A place as people count: ``lesion.1.shape.diameter_mm``."""
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in key)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a recipe file. ``line`` counts from 1 and is None where no line is to blame."""

    file: str
    line: int | None
    key: Key
    reason: str

    def __str__(self) -> str:
        where = f", line {self.line}" if self.line is not None else ""
        name = f"“{key_in_words(self.key)}” " if self.key else ""
        return f"{self.file}{where}: {name}{self.reason}."


class RecipeRefused(UserError):
    """A recipe that is not read. The message is its first finding; ``findings`` holds all that were seen."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(str(self.findings[0]))


@dataclass(frozen=True, slots=True)
class FieldSchema:
    """One key of a table: what it may hold.

    ``low``, ``high``, ``unit`` and ``whole`` are the limits of numbers and ranges; ``terms`` the words of a closed
    list; ``tables`` the table (or, for surfaces and the like, the kinds of table) that it may hold. ``default`` is
    what holds when the key is missing: a number, a pair of numbers, a text, or None for "nothing"; ``absent`` says
    it in words where it is neither the usual value nor nothing. ``names_of`` is the list that ``named`` changes.
    """

    name: str
    kind: FieldKind
    required: bool
    default: object = None
    terms: tuple[str, ...] = ()
    low: float = 0.0
    high: float = 0.0
    unit: str = ""
    whole: bool = False
    tables: tuple[TableSchema, ...] = ()
    absent: str = ""
    names_of: str = ""

    @property
    def title(self) -> str:
        """The key in words: ``diameter_mm`` is “Diameter”."""
        return in_words(self.name)


@dataclass(frozen=True, slots=True)
class TableSchema:
    """A table of a recipe. ``help`` explains its keys; ``kinds`` are the terms of its ``kind`` that choose it."""

    name: str
    help: str
    fields: tuple[FieldSchema, ...]
    kinds: tuple[str, ...] = ()

    def field(self, name: str) -> FieldSchema | None:
        """The field of a name."""
        return next((field for field in self.fields if field.name == name), None)


@dataclass(frozen=True, slots=True)
class DrawRequest:
    """One patient to be drawn from the text of a recipe, which need not be kept anywhere.

    ``severity`` is 0 to 1; each of the ``tones``, of which there is at least one, is a square of ``size`` pixels.
    """

    text: str
    seed: int
    severity: float
    tones: tuple[MonkTone, ...]
    size: int = 256


@dataclass(frozen=True, slots=True)
class RecipeEntry:
    """One recipe of the shipped or the own ones.

    ``drawing`` is its version with a hash of all that decides the drawing, as case specs carry it. ``reviewed`` holds
    only while the file is what the named clinician saw. A damaged own file has ``findings`` and is not used.
    """

    id: str
    name: str
    version: str
    drawing: str
    origin: Origin
    file: Path
    reviewed: bool = False
    reviewed_by: str = ""
    reviewed_on: str = ""
    changed_since_review: bool = False
    condition: Condition | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def review_in_words(self) -> str:
        """Who looked at it and when, or that nobody did."""
        if self.reviewed:
            return f"reviewed by {self.reviewed_by}" + (f", {self.reviewed_on}" if self.reviewed_on else "")
        return "changed since its review" if self.changed_since_review else "unreviewed"


_UNIT = re.compile(r"_mm$")
_CODE = re.compile(r"^icd11\b")


def in_words(name: str) -> str:
    """A key as a label: underscores and units go, the first letter is large."""
    words = _UNIT.sub("", name).replace("_", " ").replace("-", " ")
    return (
        _CODE.sub("ICD-11", words[:1].lower() + words[1:])
        if _CODE.match(words)
        else words[:1].upper() + words[1:]
    )
