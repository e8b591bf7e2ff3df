"""Questions as XHTML fragments, for every format that shows them in a browser. Nothing in a text becomes markup."""

from __future__ import annotations

import re
from html import escape
from typing import Final

from dermtutor.exchange.questions import PROMPT, Question

_NOT_XML: Final = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def printable(text: str) -> str:
    """The text without what XML 1.0 cannot hold, such as control characters."""
    return _NOT_XML.sub(" ", text)


def stem_markup(question: Question, image: str) -> str:
    """The stem, the image at the address ``image``, its label and the question."""
    stem = f"<p>{lines(question.stem)}</p>" if question.stem else ""
    note = f"<p><em>{escape(question.note)}</em></p>" if question.note else ""
    return f"{stem}{image_markup(question, image)}{note}<p><strong>{PROMPT}</strong></p>"


def image_markup(question: Question, image: str, *, answered: bool = False) -> str:
    """The image with its alternative text, which before the answer does not give it away."""
    return f'<p><img src="{escape(image)}" alt="{escape(question.alternative_text(answered=answered))}"/></p>'


def explanation_markup(question: Question) -> str:
    """What is told after the answer."""
    parts = [f"<p><strong>{escape(question.right.name)}</strong></p>"]
    for heading, text in question.explanation:
        before = f"<strong>{escape(heading)}:</strong> " if heading else ""
        parts.append(f"<p>{before}{lines(text)}</p>")
    return "".join(parts)


def lines(text: str) -> str:
    """A text with its line breaks kept."""
    return "<br/>".join(escape(line) for line in printable(text).split("\n"))
