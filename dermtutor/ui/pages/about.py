"""About: what the program is, how its images are made, and where the person's data lie."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from dermtutor import __version__
from dermtutor.ui.pages.welcome import points
from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.basic import column, frame, holder, label, row, scrolled


class AboutPage(QWidget):
    """A page to read."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
        self._weights = label("", "muted", wrap=True)
        self._folder = label("", "muted", wrap=True)
        self._folder.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        facts = frame(
            "card",
            label("This installation", "heading"),
            label(f"DermTutor {__version__}, Apache License 2.0. Typeface: Inter, SIL Open Font License 1.1.", "muted",
                  wrap=True),
            self._weights,
            self._folder,
            margin=24,
        )  # fmt: skip
        keys = frame(
            "card",
            label("Keys", "heading"),
            *(_key(key, text) for key, text in _KEYS),
            margin=24,
            gap=8,
        )
        left = column(frame("card", *points(theme), margin=24, gap=20), None, gap=16)
        right = column(keys, facts, None, gap=16)
        halves = row(left, right, gap=16)
        halves.setStretch(0, 3)
        halves.setStretch(1, 2)
        inner = column(label("About DermTutor", "title"), halves, None, gap=18)
        inner.setContentsMargins(32, 24, 32, 24)
        self._area = scrolled(holder(inner, "clear"))
        self.setLayout(column(self._area))

    def showEvent(self, event: QShowEvent) -> None:
        self._area.setFocus()

    def say(self, weights: str, folder: str) -> None:
        """The weights in use and the folder of the records."""
        self._weights.setText(f"Image generator: {weights}")
        self._folder.setText(f"Records, images and settings: {folder}")


_KEYS = (
    ("1 – 6", "choose an answer"),
    ("C", "confidence, next level (Shift+C back, Alt+1–5 direct)"),
    ("Enter", "check the answer; go on"),
    ("Z, +, −", "zoom the image; arrow keys move it"),
    ("M", "outline of the lesion, after the answer"),
    ("[  ]", "the lesion on a lighter or darker tone, after the answer"),
    ("Esc", "save and leave the quiz"),
    ("T", "progress as a table"),
)


def _key(key: str, text: str) -> QWidget:
    cap = label(key, "pill")
    cap.setAlignment(Qt.AlignmentFlag.AlignCenter)
    cap.setFixedWidth(84)
    layout = row(cap, label(text, "body", wrap=True), gap=12)
    layout.setStretch(1, 1)
    return holder(layout)
