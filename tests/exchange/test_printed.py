"""The hand-out and its key, read back."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image
from pypdf import PdfReader

from dermtutor.domain.case_sets import Stem
from dermtutor.domain.conditions import Catalogue
from dermtutor.exchange.printed import write_handout
from dermtutor.exchange.questions import Sheet
from tests.exchange.making import Shelf, made_case, made_set


def _printed(sheet: Sheet, folder: Path) -> tuple[PdfReader, PdfReader]:
    write_handout(sheet, folder / "a.pdf", folder / "a-key.pdf")
    return PdfReader(folder / "a.pdf"), PdfReader(folder / "a-key.pdf")


def _text(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_every_case_is_printed_with_its_options_and_no_answer(sheet: Sheet, tmp_path: Path) -> None:
    handout, key = _printed(sheet, tmp_path)
    text, answers = _text(handout), _text(key)
    for question in sheet.questions:
        assert f"Case {question.number} " in text
        assert " ".join(question.stem.split()) in text
        for letter, option in zip("ABCD", question.options):
            assert f"\u2610 {letter} {option.name}" in text
        letter = "ABCD"[question.options.index(question.right)]
        assert f"{question.number}. {letter} {question.right.name}" in answers
        assert f"Case {question.number}: {letter}, {question.right.name}" in answers
    assert "Why:" not in text
    assert "Why:" in answers
    for page in (*handout.pages, *key.pages):
        assert "Not for diagnosis" in page.extract_text()
    assert sum(len(page.images) for page in handout.pages) == len(sheet.questions)


def test_the_printed_picture_is_the_labelled_one(sheet: Sheet, tmp_path: Path) -> None:
    handout, _ = _printed(sheet, tmp_path)
    labelled = np.asarray(Image.open(io.BytesIO(sheet.picture(sheet.questions[0]))))
    printed = [np.asarray(image.image.convert("RGB")) for image in handout.pages[0].images if image.image]
    assert any(np.array_equal(each, labelled) for each in printed)


def test_long_texts_and_many_cases_find_their_pages(
    shelf: Shelf, catalogue: Catalogue, tmp_path: Path
) -> None:
    many = made_set(shelf, 40)
    wordy = replace(made_case(shelf, 50), stem=Stem(history="word <b> & " * 360))
    sheet = Sheet(replace(many, cases=(wordy, *many.cases)), catalogue, shelf.get)
    handout, key = _printed(sheet, tmp_path)
    assert len(handout.pages) >= 10
    assert f"Case {len(sheet.questions)}: " in _text(key)
    assert "See case " in _text(key)
