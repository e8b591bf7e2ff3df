"""Moodle: its XML question format with the images inside, and GIFT, the text format that other programs read, too.

Both are read as Moodle's importers do it (``question/format/xml`` and ``question/format/gift``).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import Final
from xml.sax.saxutils import escape

from dermtutor.exchange.markup import explanation_markup, printable, stem_markup
from dermtutor.exchange.questions import Option, Question, Sheet

_GIFT_SIGNS: Final = re.compile(r"[\\~=#{}:]")
_MARKS_TAKEN_OFF: Final = "0.3333333"


def moodle_xml(sheet: Sheet) -> Iterator[bytes]:
    """The file in pieces: one category, then a multiple-choice question for each case."""
    category = f"$course$/top/{sheet.title.replace('/', ' ')}"
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n'
        f'<question type="category"><category><text>{_xml(category)}</text></category></question>\n'
    ).encode()
    for question in sheet.questions:
        yield _moodle_question(question, sheet.picture(question)).encode()
    yield b"</quiz>\n"


def _moodle_question(question: Question, picture: bytes) -> str:
    name = f"case-{question.number:04}.png"
    stem = stem_markup(question, f"@@PLUGINFILE@@/{name}")
    answers = "".join(_moodle_answer(option, question) for option in question.options)
    return (
        f'<question type="multichoice">\n<name><text>Case {question.number:04}</text></name>\n'
        f'<questiontext format="html"><text>{_xml(stem)}</text>'
        f'<file name="{name}" path="/" encoding="base64">{base64.b64encode(picture).decode()}</file></questiontext>\n'
        f'<generalfeedback format="html"><text>{_xml(explanation_markup(question))}</text></generalfeedback>\n'
        f"<defaultgrade>1</defaultgrade><penalty>{_MARKS_TAKEN_OFF}</penalty><hidden>0</hidden>"
        f"<idnumber>{question.item_id}</idnumber><single>true</single><shuffleanswers>true</shuffleanswers>"
        f"<answernumbering>abc</answernumbering>\n{answers}</question>\n"
    )


def _moodle_answer(option: Option, question: Question) -> str:
    fraction = 100 if option == question.right else 0
    return (
        f'<answer fraction="{fraction}" format="html"><text>{_xml(_xml(option.name))}</text>'
        '<feedback format="html"><text></text></feedback></answer>\n'
    )


def _xml(text: str) -> str:
    return escape(printable(text))


def gift(sheet: Sheet) -> Iterator[bytes]:
    """The file in pieces. The images are inside as data addresses, since GIFT has no other place for them."""
    yield f"// {_one_line(sheet.title)}\n$CATEGORY: {_one_line(sheet.title).replace('/', ' ')}\n\n".encode()
    for question in sheet.questions:
        yield _gift_question(question, sheet.picture(question)).encode()


def _gift_question(question: Question, picture: bytes) -> str:
    address = f"data:image/png;base64,{base64.b64encode(picture).decode()}"
    answers = "\n".join(
        f"{'=' if option == question.right else '~'}[html]{_gift(_xml(option.name))}"
        for option in question.options
    )
    return (
        f"// item {question.item_id}\n::Case {question.number:04}::[html]{_gift(stem_markup(question, address))}{{\n"
        f"{answers}\n####[html]{_gift(explanation_markup(question))}\n}}\n\n"
    )


def _gift(text: str) -> str:
    """A text in which no sign is one of GIFT's own. A line break would end the question, so there is none."""
    return _GIFT_SIGNS.sub(lambda sign: f"\\{sign.group()}", _one_line(text))


def _one_line(text: str) -> str:
    return " ".join(printable(text).split())
