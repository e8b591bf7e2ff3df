"""About: what the program is, how its images are made, and where the person's data lie."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from dermtutor import __version__
from dermtutor.ui.pages.welcome import points
from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.basic import column, frame, holder, label, prose, row, scrolled


class AboutPage(QWidget):
    """A page to read."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
        self._weights = label("", "muted", wrap=True)
        self._folder = label("", "muted", wrap=True)
        self._folder.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._left, self._right = column(None, gap=16), column(None, gap=16)
        halves = row(self._left, self._right, gap=16)
        halves.setStretch(0, 3)
        halves.setStretch(1, 2)
        inner = column(label("About DermTutor", "title"), halves, None, gap=18)
        inner.setContentsMargins(32, 24, 32, 24)
        self._area = scrolled(holder(inner, "clear"))
        self.setLayout(column(self._area))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._fill)
        self._waiting: list[tuple[QBoxLayout, Callable[[], QWidget]]] = [
            (self._left, lambda: frame("card", *points(theme), margin=24, gap=20)),
            (self._right, _keys_card),
            (self._right, self._facts_card),
        ]

    def showEvent(self, event: QShowEvent) -> None:
        self._area.setFocus()
        self._fill()

    def _fill(self) -> None:
        """One card with each turn of the event loop; there is much text to measure."""
        if self._waiting:
            side, build = self._waiting.pop(0)
            side.insertWidget(side.count() - 1, build())
            self._timer.start(0)

    def _facts_card(self) -> QWidget:
        about = f"DermTutor {__version__}, Apache License 2.0. Typeface: Inter, SIL Open Font License 1.1."
        said = (label(about, "muted", wrap=True), self._weights, self._folder)
        return frame("card", label("This installation", "heading"), *said, margin=24)

    def say(self, weights: str, folder: str) -> None:
        """The weights in use and the folder of the records."""
        self._weights.setText(f"Image generator: {weights}")
        self._folder.setText(f"Records, images and settings: {folder}")


_KEYS = (
    ("1 – 6", "choose an answer; in a differential, rank it"),
    ("C", "confidence, next level (Shift+C back, Alt+1–5 direct)"),
    ("Enter", "check the answer; go on"),
    ("Z, +, −", "zoom the image; arrow keys move it, or the mark on the lesion (Space sets it)"),
    ("F", "mark a question of an exam to look at it again"),
    ("Page ↑ ↓", "the question of an exam before and after"),
    ("M", "outline of the lesion, after the answer"),
    ("[  ]", "the lesion on a lighter or darker tone, after the answer"),
    ("Esc", "save and leave the quiz"),
    ("T", "progress as a table"),
    ("Ctrl+S, Ctrl+Z", "recipes: save, undo (Ctrl+Shift+Z again)"),
    ("Ctrl+T, Ctrl+N", "recipes: form or text, another patient"),
    ("F8", "recipes: go to what is wrong"),
    ("F11", "full screen, and back (also Esc)"),
)


def _keys_card() -> QWidget:
    rows = (_key(key, text) for key, text in _KEYS)
    return frame("card", label("Keys", "heading"), *rows, margin=24, gap=8)


def _key(key: str, text: str) -> QWidget:
    cap = label(key, "pill")
    cap.setAlignment(Qt.AlignmentFlag.AlignCenter)
    cap.setFixedWidth(108)
    layout = row(cap, prose(text), gap=12)
    layout.setStretch(1, 1)
    layout.setAlignment(cap, Qt.AlignmentFlag.AlignTop)
    return holder(layout)
