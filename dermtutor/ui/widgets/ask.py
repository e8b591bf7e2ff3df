"""A question that holds up the window: a sentence, perhaps a line to type, and a button for each answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QPushButton, QWidget

from dermtutor.ui.stylesheet import stylesheet
from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.basic import button, column, label, row

Answers = Sequence[tuple[str, str, Callable[[str], None] | None]]
"""Text, role and what follows, given the line that was typed; None just closes. The first is what Enter does."""
_LONGEST_WORD: Final = 24


class Ask(QDialog):
    """Opened with :meth:`open`, so the event loop goes on. Escape closes it and nothing follows."""

    def __init__(
        self, parent: QWidget, theme: Theme, title: str, words: str, answers: Answers, field: str = ""
    ) -> None:
        """``field`` is the name of the line to type, empty for none; the first answer then waits for it."""
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setProperty("role", "page")
        self.setStyleSheet(stylesheet(theme.tokens))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, True)
        self.line = QLineEdit() if field else None
        self.buttons = [self._button(*answer) for answer in answers]
        said = label(_breakable(words), "body", wrap=True)
        said.setMinimumWidth(400)
        layout = column(label(_breakable(title), "heading", wrap=True), said, gap=12)
        if self.line is not None:
            self.line.setAccessibleName(field)
            self.line.setPlaceholderText(field)
            self.line.textChanged.connect(self._typed)
            layout.addWidget(self.line)
        layout.addSpacing(6)
        layout.addLayout(row(None, *reversed(self.buttons), gap=10))
        layout.setContentsMargins(24, 22, 24, 20)
        self.setLayout(layout)
        self.buttons[0].setDefault(True)
        self._typed()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        (self.line or self.buttons[0]).setFocus()

    def _button(self, text: str, role: str, then: Callable[[str], None] | None) -> QPushButton:
        result = button(text, role)
        result.clicked.connect(lambda: self._answer(then))
        return result

    def _answer(self, then: Callable[[str], None] | None) -> None:
        typed = "" if self.line is None else self.line.text().strip()
        self.close()
        if then is not None:
            then(typed)

    def _typed(self) -> None:
        if self.line is not None:
            self.buttons[0].setEnabled(bool(self.line.text().strip()))


def _breakable(text: str) -> str:
    """With places to break in words that would make the question wider than a screen, such as a name without spaces."""
    return re.sub(rf"(\S{{{_LONGEST_WORD}}})(?=\S)", "\\1\u200b", text)


class Asking:
    """Asks over a page, which goes on meanwhile. ``question`` is the one that waits for its answer, else None."""

    def __init__(self, page: QWidget, theme: Theme) -> None:
        self.question: Ask | None = None
        self._page = page
        self._theme = theme

    def ask(self, title: str, words: str, answers: Answers, field: str = "") -> None:
        """Open a question; the parameters are those of :class:`Ask`."""
        self.question = Ask(self._page, self._theme, title, words, answers, field)
        self.question.destroyed.connect(self._answered)
        self.question.open()

    def _answered(self) -> None:
        self.question = None
