"""One figure with its name above and its uncertainty below."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from dermtutor.ui.widgets.basic import frame, label


class Tile(QWidget):
    """A large figure on a card."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._figure: QLabel = label("–", "figure")
        self._lines = (label("", "muted"), label("", "muted"))
        card = frame("card", label(title, "muted"), self._figure, *self._lines, None, margin=20, gap=3)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(card)

    def tell(self, figure: str, *lines: str) -> None:
        """Other figures, with two lines below."""
        self._figure.setText(figure)
        for shown, text in zip(self._lines, lines, strict=True):
            shown.setText(text)
