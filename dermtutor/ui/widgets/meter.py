"""A thin bar for a share; the words beside it say the same."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from dermtutor.ui.theme import Theme


class Meter(QWidget):
    """Six pixels high, as wide as there is room."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._share = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(160, 6)

    def show_share(self, share: float) -> None:
        """A share of 0 to 1."""
        self._share = min(1.0, max(0.0, share))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        area = QRectF(0, (self.height() - 6) / 2, self.width(), 6)
        painter.setBrush(self._theme.color("line"))
        painter.drawRoundedRect(area, 3, 3)
        if self._share > 0:
            area.setWidth(max(6.0, area.width() * self._share))
            painter.setBrush(self._theme.color("accent"))
            painter.drawRoundedRect(area, 3, 3)
