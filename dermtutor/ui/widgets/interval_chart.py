"""A chart of proportions with their intervals: by tone, or over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from dermtutor.domain.statistics import Proportion
from dermtutor.ui.theme import Theme, font
from dermtutor.ui.wording import percent, scored

_LEFT: Final = 44
_BOTTOM: Final = 44
_TOP: Final = 12
_WIDEST_STEP: Final = 84.0


@dataclass(frozen=True, slots=True)
class Point:
    """One place on the horizontal axis; ``swatch`` is a colour to show below it."""

    title: str
    proportion: Proportion
    swatch: str | None = None


class IntervalChart(QWidget):
    """Dots with 95 % Wilson intervals; a hollow dot where there are too few answers."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self._points: Sequence[Point] = ()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(480, 240)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 240)

    def show_points(self, points: Sequence[Point]) -> None:
        """Other figures, at most as many as there is room for: the last ones."""
        self._points = points[-14:]
        said = "; ".join(f"{point.title}: {scored(point.proportion)}" for point in self._points)
        self.setAccessibleDescription(said or "no answers")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(11))
        for share in (0.0, 0.25, 0.5, 0.75, 1.0):
            y = self._y(share)
            painter.setPen(QPen(self._theme.color("line"), 1))
            painter.drawLine(QPointF(_LEFT, y), QPointF(self.width() - 4, y))
            painter.setPen(self._theme.color("muted"))
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(0, y - 8, _LEFT - 8, 16), int(flags), percent(share))
        for number, point in enumerate(self._points):
            self._paint_point(painter, number, point)

    def _y(self, share: float) -> float:
        return _TOP + (1 - share) * (self.height() - _TOP - _BOTTOM)

    def _step(self) -> float:
        return min(_WIDEST_STEP, (self.width() - _LEFT - 8) / max(1, len(self._points)))

    def _paint_point(self, painter: QPainter, number: int, point: Point) -> None:
        x = _LEFT + (number + 0.5) * self._step()
        value, accent = point.proportion, self._theme.color("accent")
        if value.n:
            if not value.too_few:
                pen = QPen(accent, 2)
                pen.setCapStyle(Qt.PenCapStyle.RoundCap)
                painter.setPen(pen)
                painter.drawLine(QPointF(x, self._y(value.low)), QPointF(x, self._y(value.high)))
            painter.setPen(QPen(self._theme.color("line_strong") if value.too_few else accent, 2))
            painter.setBrush(self._theme.color("surface") if value.too_few else accent)
            painter.drawEllipse(QPointF(x, self._y(value.value or 0.0)), 5, 5)
        self._paint_title(painter, x, point)

    def _paint_title(self, painter: QPainter, x: float, point: Point) -> None:
        below = self.height() - _BOTTOM + 8.0
        if point.swatch:
            painter.setPen(QPen(self._theme.color("line"), 1))
            painter.setBrush(QColor(point.swatch))
            painter.drawRoundedRect(QRectF(x - 11, below + 2, 22, 8), 3, 3)
            below += 12
        half = self._step() / 2
        painter.setPen(self._theme.color("text"))
        painter.setFont(font(11, QFont.Weight.Medium))
        painter.drawText(QRectF(x - half, below, 2 * half, 14), Qt.AlignmentFlag.AlignCenter, point.title)
        if not point.swatch:
            painter.setPen(self._theme.color("muted"))
            painter.setFont(font(11))
            where = QRectF(x - half, below + 14, 2 * half, 14)
            painter.drawText(where, Qt.AlignmentFlag.AlignCenter, f"n {point.proportion.n}")
