"""Shown while the records open, and when they could not be opened."""

from __future__ import annotations

from enum import Enum, auto

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.basic import Icon, button, column, holder, label, row


class Offer(Enum):
    """What can take the place of damaged records."""

    BACKUP = auto()
    AFRESH = auto()


class OpeningPage(QWidget):
    """One sentence, and a button to try again when something is in the way."""

    retry_wanted = Signal()
    restore_wanted = Signal()
    fresh_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
        self._title = label("", "title", wrap=True)
        self._text = label("", "lead", wrap=True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._sign = Icon("caution", theme, "caution", 32)
        self.retry = button("Try again", "primary")
        self.retry.clicked.connect(self.retry_wanted)
        self.restore = button("Restore the newest backup")
        self.restore.clicked.connect(self.restore_wanted)
        self.fresh = button("Begin afresh")
        self.fresh.clicked.connect(self.fresh_wanted)
        buttons = row(self.retry, self.restore, self.fresh, None, gap=12)
        inner = column(None, self._sign, self._title, self._text, 8, buttons, None, gap=10)
        inner.setContentsMargins(24, 24, 24, 24)
        middle = holder(inner, "clear")
        middle.setMaximumWidth(620)
        across = row(None, middle, None)
        across.setStretch(1, 8)
        self.setLayout(across)
        self.opening()

    def opening(self) -> None:
        """The records are being opened."""
        self._title.setText("Opening your records …")
        self._text.setText("")
        self._sign.hide()
        self.retry.hide()
        self.restore.hide()
        self.fresh.hide()

    def failed(self, sentence: str, offer: Offer | None = None) -> None:
        """The records could not be opened; something may be offered to take their place."""
        self._title.setText("DermTutor cannot start yet")
        self._text.setText(sentence)
        self._sign.show()
        self.retry.show()
        self.restore.setVisible(offer is Offer.BACKUP)
        self.fresh.setVisible(offer is Offer.AFRESH)
        self.retry.setFocus()
