"""What is drawn over a clinical image: the lesion's outline and the place somebody pointed at. Both are white on a dark
halo, to be seen on every tone."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen


def paint_outline(painter: QPainter, area: QRectF, scale: float, lines: Sequence[QLineF]) -> None:
    """Lines in image pixels over the image in ``area``; ``scale`` is widget pixels to an image pixel."""
    painter.save()
    painter.translate(area.topLeft())
    painter.scale(scale, scale)
    for color, width in ((QColor(0, 0, 0, 170), 5.0), (QColor(255, 255, 255), 2.2)):
        pen = QPen(color, width / scale)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawLines(list(lines))
    painter.restore()


def paint_mark(painter: QPainter, area: QRectF, mark: QPointF) -> None:
    """A ring with a cross at ``mark``, 0 to 1 from left and top of the image in ``area``."""
    place = QPointF(area.left() + mark.x() * area.width(), area.top() + mark.y() * area.height())
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for color, width in ((QColor(0, 0, 0, 190), 5.0), (QColor(255, 255, 255), 2.2)):
        painter.setPen(QPen(color, width))
        painter.drawEllipse(place, 13, 13)
        for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            step = QPointF(dx, dy)
            painter.drawLine(place + step * 6, place + step * 20)
