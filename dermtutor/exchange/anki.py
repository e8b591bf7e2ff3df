"""A deck for Anki (``.apkg``): a card for each case, with options to think of and the explanation on its back."""

from __future__ import annotations

import hashlib
import tempfile
from html import escape
from pathlib import Path
from typing import Any, Final

from dermtutor.exchange.markup import explanation_markup, image_markup, lines
from dermtutor.exchange.questions import NOT_FOR_DIAGNOSIS, PROMPT, Question, Sheet

_MODEL: Final = 1_763_842_117
"""Anki's id of the note type: fixed, so that a later deck uses the type that is there."""
_FIELDS: Final = ("Case", "Stem", "Image", "Options", "Answer", "Explanation", "Outline", "Note")
_FRONT: Final = f"""<div class="stem">{{{{Stem}}}}</div>{{{{Image}}}}<div class="note">{{{{Note}}}}</div>
<p><strong>{PROMPT}</strong></p>{{{{Options}}}}
<p class="foot">{NOT_FOR_DIAGNOSIS}</p>"""
_BACK: Final = f"""{{{{#Outline}}}}{{{{Outline}}}}{{{{/Outline}}}}{{{{^Outline}}}}{{{{Image}}}}{{{{/Outline}}}}
<hr id="answer"><div class="answer">{{{{Explanation}}}}</div><p class="foot">{NOT_FOR_DIAGNOSIS}</p>"""
_STYLE: Final = """
.card { font-family: sans-serif; font-size: 18px; line-height: 1.45; text-align: left; max-width: 40em;
  margin: 0 auto; padding: 0 12px; }
img { max-width: 100%; min-width: 256px; padding: 12px; background: #777777; }
.note { font-style: italic; } .foot { font-size: 13px; opacity: .75; } .answer { font-size: 16px; }"""


def write_anki(sheet: Sheet, target: Path) -> None:
    """Writes the deck. Cases keep their ids: importing a later version updates cards instead of doubling them."""
    import genanki

    deck = genanki.Deck(_number(sheet.case_set.series), sheet.title.replace("::", ": "))
    model = genanki.Model(
        _MODEL,
        "DermTutor case",
        fields=[{"name": name} for name in _FIELDS],
        templates=[{"name": "Case", "qfmt": _FRONT, "afmt": _BACK}],
        css=_STYLE,
    )
    with tempfile.TemporaryDirectory(dir=target.parent, prefix="anki-") as folder:
        media: list[str] = []
        for question in sheet.questions:
            deck.add_note(_note(genanki, model, sheet, question, Path(folder), media))
        # A fixed time, so that the same set gives the same cards whenever it is written.
        genanki.Package(deck, media).write_to_file(
            str(target), timestamp=sheet.case_set.created_at.timestamp()
        )


def _note(genanki: Any, model: Any, sheet: Sheet, question: Question, folder: Path, media: list[str]) -> Any:
    outline = ""
    image = _picture(sheet, question, folder, media, answered=False)
    if sheet.has_outline(question):
        outlined = _picture(sheet, question, folder, media, answered=True)
        outline = image_markup(question, outlined, answered=True)
    options = "".join(f"<li>{escape(option.name)}</li>" for option in question.options)
    fields = [
        f"Case {question.number:04}",
        lines(question.stem),
        image_markup(question, image),
        f"<ol>{options}</ol>",
        escape(question.right.name),
        explanation_markup(question),
        outline,
        escape(question.note),
    ]
    return genanki.Note(
        model=model, fields=fields, guid=f"dermtutor-{question.item_id}", sort_field=fields[0]
    )


def _picture(sheet: Sheet, question: Question, folder: Path, media: list[str], *, answered: bool) -> str:
    """Keeps a picture for the package and gives its name, which is unique in Anki's one folder for all decks."""
    name = f"dermtutor-{question.item_id}{'-outline' if answered else ''}.png"
    path = folder / name
    path.write_bytes(sheet.picture(question, answered=answered))
    media.append(str(path))
    return name


def _number(text: str) -> int:
    """A number that Anki takes for an id, always the same for a text."""
    return 2**30 + int(hashlib.sha256(text.encode()).hexdigest(), 16) % 2**30
