"""The formats a case set can leave in."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Form(StrEnum):
    """The formats a set can leave in."""

    DERMSET = "dermset"
    PDF = "pdf"
    MOODLE = "moodle"
    GIFT = "gift"
    QTI3 = "qti3"
    QTI21 = "qti21"
    SCORM = "scorm"
    ANKI = "anki"
    DATASET = "dataset"


SUFFIXES: Final[Mapping[Form, str]] = {
    Form.DERMSET: ".dermset", Form.PDF: ".pdf", Form.MOODLE: ".xml", Form.GIFT: ".txt", Form.QTI3: ".zip",
    Form.QTI21: ".zip", Form.SCORM: ".zip", Form.ANKI: ".apkg", Form.DATASET: ".zip",
}  # fmt: skip
"""What the name of each format's file ends in."""
