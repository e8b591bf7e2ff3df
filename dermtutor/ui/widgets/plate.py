"""A few words on a dark plate, in the lower left corner of a picture of any brightness."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from dermtutor.ui.theme import font

_GROUND = QColor(20, 20, 20, 215)
_WORDS = QColor("#ffffff")


def paint_plate(
    painter: QPainter, corner: QPointF, words: str, *, height: int, padding: int, points: int = 12
) -> None:
    """The plate's lower left ``corner``; its ``height`` and what lies beside the words, in pixels."""
    painter.setFont(font(points, QFont.Weight.Medium))
    width = QFontMetricsF(painter.font()).horizontalAdvance(words) + 2 * padding
    box = QRectF(corner.x(), corner.y() - height, width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_GROUND)
    painter.drawRoundedRect(box, 7, 7)
    painter.setPen(_WORDS)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
