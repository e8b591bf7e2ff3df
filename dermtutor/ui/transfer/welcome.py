"""What the transfer page shows before a photograph is open: what it does, whose permission it needs, what to try."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from dermtutor.paths import assets_dir
from dermtutor.services.transfer_draft import Draft
from dermtutor.ui.widgets.basic import button, column, frame, label, prose, row

EXAMPLES: Final = {
    "portrait-collins.jpg": ("Eileen Collins", "Public domain: NASA"),
    "portrait-hopper.jpg": ("Grace Hopper", "Public domain: United States Navy"),
    "skin-monk-3.jpg": ("Skin, Monk 3", "CC0: drawn by DermTutor's own network"),
    "skin-monk-8.jpg": ("Skin, Monk 8", "CC0: drawn by DermTutor's own network"),
}
"""The shipped photographs: what they show, and who permits their use."""
_WIDTH: Final = 560


def permission_for(file: Path) -> str:
    """Who permits the use of a shipped photograph; empty for any other file."""
    shipped = file.parent == assets_dir() / "examples" and file.name in EXAMPLES
    return EXAMPLES[file.name][1] if shipped else ""


class Welcome(QWidget):
    """``open_wanted`` asks for a photograph, ``example_wanted`` names one, ``draft_wanted`` what was not saved."""

    open_wanted = Signal()
    example_wanted = Signal(object)
    draft_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.first = button("Open a photograph", "primary")
        self.first.clicked.connect(self.open_wanted)
        self.examples = [button(title, "tool", f"Try it on {title}") for title, _ in EXAMPLES.values()]
        for name, example in zip(EXAMPLES, self.examples, strict=True):
            file = assets_dir() / "examples" / name
            example.clicked.connect(lambda _=False, file=file: self.example_wanted.emit(file))
        self.last = button("", "tool", "What was put on it is still there")
        self.last.hide()
        self._draft: Draft | None = None
        self.last.clicked.connect(lambda: self.draft_wanted.emit(self._draft))
        words = prose(
            "Open or drop a photograph of healthy skin: JPEG, PNG or HEIC. Then choose a disease and where it lies. "
            "Outside the lesion every pixel of the photograph stays as it is.",
            "lead",
        )
        words.setFixedWidth(_WIDTH)
        inner = column(
            label("A disease on a photograph", "title"), words, 8, _note(), 12,
            row(self.first, self.last, None, gap=10), 14,
            label("Or try it on", "label"), row(*self.examples, None, gap=8), _missing(), gap=10,
        )  # fmt: skip
        self.setLayout(row(None, column(None, inner, None, None), None))

    def offer(self, draft: Draft) -> None:
        """Something was not saved last time."""
        self._draft = draft
        self.last.setText(f"Go on with {draft.file.name}, not saved last time")
        self.last.show()


def _missing() -> QWidget:
    words = label(
        "Both portraits are of women of fair skin. No free portrait of a man, or of a person of dark skin, was found "
        "on which a disease could be drawn in good conscience; bring your own, or another tone.",
        "small",
        wrap=True,
    )
    words.setFixedWidth(_WIDTH)
    return words


def _note() -> QWidget:
    note = frame(
        "note",
        label("Only with permission", "label"),
        prose(
            "A photograph of a person is personal data even when it shows healthy skin, a face above all. Who "
            "permits its use is kept with every picture that comes of it."
        ),
        margin=16,
    )
    note.setFixedWidth(_WIDTH)
    return note
