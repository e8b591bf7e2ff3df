"""What was seen by eye in the photographs of PAD-UFES-20 and no rule finds: kept as a table beside this module.

Verdicts: ``leave-out`` (a pen mark, an eye, scalp hair, ...), ``no-pen`` (the detector of pen lines is wrong here),
``no-skin`` (no healthy skin is left when its lesion is taken out) and ``cut-out`` (this lesion cut-out looks like a
photograph once it lies on skin). Files of other data sets are not named.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, cast

Verdict = Literal["leave-out", "no-pen", "no-skin", "cut-out"]

_TABLE = Path(__file__).with_name("pad_ufes_20_curation.csv")


def read_curation(table: Path = _TABLE) -> Mapping[str, Verdict]:
    """File name to verdict."""
    with table.open(newline="", encoding="utf-8") as file:
        return {row["file"]: cast(Verdict, row["verdict"]) for row in csv.DictReader(file)}
