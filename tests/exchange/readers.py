"""Readers of other programs' formats, as strict as those programs, or stricter."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from xml.etree import ElementTree


@dataclass
class Read:
    """One question as another program understands it."""

    name: str
    text: str
    answers: list[tuple[float, str]]
    feedback: str
    files: dict[str, bytes] = field(default_factory=dict)


class Page(HTMLParser):
    """Checks that markup is well formed and gathers its images and its text."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.images: list[dict[str, str | None]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(markup)
        self.close()
        assert not self._open, self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in {"p", "strong", "em"}, tag
        self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in {"img", "br"}, tag
        if tag == "img":
            self.images.append(dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read_moodle(content: bytes) -> list[Read]:
    """As Moodle's ``qformat_xml`` reads multiple-choice questions."""
    root = ElementTree.fromstring(content)
    assert root.tag == "quiz"
    category, *questions = root
    assert category.get("type") == "category"
    assert (category.findtext("category/text") or "").startswith("$course$/")
    return [_moodle_question(each) for each in questions]


def _moodle_question(question: ElementTree.Element) -> Read:
    assert question.get("type") == "multichoice"
    assert question.findtext("single") == "true"
    files = {}
    for file in question.findall("questiontext/file"):
        assert (file.get("encoding"), file.get("path")) == ("base64", "/")
        files[str(file.get("name"))] = base64.b64decode(file.text or "", validate=True)
    answers = [
        (float(str(each.get("fraction"))) / 100, each.findtext("text") or "")
        for each in question.findall("answer")
    ]
    return Read(
        question.findtext("name/text") or "",
        question.findtext("questiontext/text") or "",
        answers,
        question.findtext("generalfeedback/text") or "",
        files,
    )


_ESCAPED = {
    "\\:": "&&058;",
    "\\#": "&&035;",
    "\\=": "&&061;",
    "\\{": "&&123;",
    "\\}": "&&125;",
    "\\~": "&&126;",
    "\\n": "&&010",
}


def read_gift(content: bytes) -> list[Read]:
    """As Moodle's ``qformat_gift`` reads: questions end at blank lines, escapes become placeholders first."""
    found = []
    for paragraph in re.split(r"\n\s*\n", content.decode()):
        text = "\n".join(
            " " if line.strip().startswith("//") else line for line in paragraph.split("\n")
        ).strip()
        if text and not text.startswith("$CATEGORY:"):
            found.append(_gift_question(text))
    return found


def _gift_question(text: str) -> Read:
    text = text.replace("\\\\", "&&092;")
    for escaped, placeholder in _ESCAPED.items():
        text = text.replace(escaped, placeholder)
    text = text.replace("&&092;", "\\")
    assert text.startswith("::")
    name, _, text = text[2:].partition("::")
    start, end = text.index("{"), text.index("}")
    assert text.count("{") == text.count("}") == 1
    assert text.endswith("}")
    answers, _, feedback = text[start + 1 : end].strip().rpartition("####")
    parsed = []
    for answer in filter(None, answers.replace("=", "~=").split("~")):
        right = answer.strip().startswith("=")
        parts = answer.strip().removeprefix("=").split("#")
        assert len(parts) == 1
        parsed.append((float(right), _gift_text(parts[0])))
    return Read(name, _gift_text(text[:start]), parsed, _gift_text(feedback))


def _gift_text(text: str) -> str:
    text = text.strip()
    assert text.startswith("[html]"), text[:20]
    text = text.removeprefix("[html]")
    for escaped, placeholder in _ESCAPED.items():
        text = text.replace(placeholder, escaped[1])
    return text.strip()
