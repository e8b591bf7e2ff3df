"""A set as a hand-out and its key."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from dermtutor.exchange.questions import IMAGE, PROMPT, Question, Sheet
from dermtutor.reports.handout import Handout, HandoutCase, handout_pdf, key_pdf


def write_handout(sheet: Sheet, target: Path, key: Path) -> None:
    """Writes the cases to ``target`` and the answers to ``key``."""
    case_set = sheet.case_set
    below = (
        f"{case_set.author}, version {case_set.version}" if case_set.author else f"Version {case_set.version}"
    )
    first: dict[str, int] = {}
    for question in sheet.questions:
        first.setdefault(question.right.id, question.number)
    handout = Handout(
        title=sheet.title,
        below=below,
        prompt=PROMPT,
        cases=[_case(sheet, question, first[question.right.id]) for question in sheet.questions],
    )
    target.write_bytes(handout_pdf(handout))
    key.write_bytes(key_pdf(handout))


def _case(sheet: Sheet, question: Question, explained: int) -> HandoutCase:
    """A condition is explained with its first case, whose number is ``explained``; later cases refer to it."""
    return HandoutCase(
        number=question.number,
        stem=question.stem,
        note=question.note,
        options=[option.name for option in question.options],
        right=question.options.index(question.right),
        picture=partial(sheet.picture, question),
        outlined=partial(sheet.picture, question, answered=True),
        explanation=question.explanation if explained == question.number else _referred(question, explained),
    )


def _referred(question: Question, explained: int) -> tuple[tuple[str, str], ...]:
    """The explanation stands elsewhere; what the image is, is said of every case."""
    image = (part for part in question.explanation if part[0] == IMAGE)
    return (("", f"See case {explained}."), *image)
