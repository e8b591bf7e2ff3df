"""What was seen by eye in the photographs of PAD-UFES-20 and no rule finds: kept as a table beside this module.

Verdicts: ``leave-out`` (a pen mark, an eye, scalp hair, ...), ``no-pen`` (the detector of pen lines is wrong here),
``pen-out`` (pen lines can be taken out, and what is left looks like a photograph), ``pen-beside`` (the same, but only
beside the lesion: within it they are none),
``no-skin`` (no healthy skin is left when its lesion is taken out) and ``cut-out`` (this lesion cut-out looks like a
photograph once it lies on skin). A second table says where pen marks beside a lesion lie, which are taken out. Files of
other data sets are not named.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, NamedTuple, cast

Verdict = Literal["leave-out", "no-pen", "pen-out", "pen-beside", "no-skin", "cut-out"]

_TABLE = Path(__file__).with_name("pad_ufes_20_curation.csv")
_MARKS = Path(__file__).with_name("pad_ufes_20_pen_marks.csv")


class Mark(NamedTuple):
    """A box round a pen mark, in hundredths of the side of a photograph's centred square."""

    left: int
    top: int
    right: int
    bottom: int


def read_curation(table: Path = _TABLE) -> Mapping[str, Verdict]:
    """File name to verdict."""
    with table.open(newline="", encoding="utf-8") as file:
        return {row["file"]: cast(Verdict, row["verdict"]) for row in csv.DictReader(file)}


def read_pen_marks(table: Path = _MARKS) -> Mapping[str, tuple[Mark, ...]]:
    """File name to its pen marks."""
    marks: dict[str, tuple[Mark, ...]] = {}
    with table.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            mark = Mark(*(int(row[side]) for side in Mark._fields))
            marks[row["file"]] = (*marks.get(row["file"], ()), mark)
    return marks
