"""A slider with a handle for the least and one for the most. The number boxes beside it serve the keyboard."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from dermtutor.ui.theme import Theme

_RADIUS: Final = 7.0
_WIDE: Final = 20.0
"""From this span on the scale is finer near its low end, where nearly all recipes lie."""
_POWER: Final = 3.0


class RangeSlider(QWidget):
    """Low and high within limits, or one value when ``single``. ``moved`` follows a handle that is dragged."""

    moved = Signal(float, float)

    def __init__(
        self, low: float, high: float, theme: Theme, *, whole: bool = False, single: bool = False
    ) -> None:
        super().__init__()
        self._theme = theme
        self._limits = (low, high)
        self._power = _POWER if low >= 0 and high - low > _WIDE else 1.0
        self._whole, self._single = whole, single
        self._values = (low, high)
        self._grabbed: int | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(150, 26)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, 26)

    def values(self) -> tuple[float, float]:
        """Low and high."""
        return self._values

    def show_values(self, low: float, high: float) -> None:
        """Other values, without a signal."""
        self._values = (low, high)
        self.update()

    def _x(self, value: float) -> float:
        low, high = self._limits
        share: float = min(1.0, max(0.0, (value - low) / (high - low))) ** (1 / self._power)
        return _RADIUS + 1 + share * (self.width() - 2 * _RADIUS - 2)

    def _value(self, x: float) -> float:
        low, high = self._limits
        share = min(1.0, max(0.0, (x - _RADIUS - 1) / max(1.0, self.width() - 2 * _RADIUS - 2)))
        return self._rounded(low + share**self._power * (high - low))

    def _rounded(self, value: float) -> float:
        """As fine as a person can aim: two digits of the value, and never finer than a hundredth of the limits."""
        if self._whole:
            return float(round(value))
        low, high = self._limits
        coarse = (high - low) / 100 if self._power == 1 else max(abs(value), (high - low) / 10_000) / 10
        step: float = 10.0 ** math.floor(math.log10(coarse) + 1e-9)
        steps: int = round(value / step)
        return min(high, max(low, round(steps * step, 6)))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or not self.isEnabled():
            return
        x = event.position().x()
        gaps = [abs(self._x(value) - x) for value in self._values]
        self._grabbed = 1 if gaps[1] < gaps[0] or (gaps[1] == gaps[0] and x > self._x(self._values[0])) else 0
        self._drag(x)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grabbed is not None:
            self._drag(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grabbed = None
        self.update()

    def _drag(self, x: float) -> None:
        value, (low, high) = self._value(x), self._values
        if self._single:
            new = (value, value)
        elif self._grabbed == 1:
            new = (low, max(low, value))
        else:
            new = (min(value, high), high)
        if new != self._values:
            self._values = new
            self.update()
            self.moved.emit(*new)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.height() / 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("line"))
        painter.drawRoundedRect(QRectF(1, middle - 2, self.width() - 2, 4), 2, 2)
        left, right = (self._x(value) for value in self._values)
        live = "accent" if self.isEnabled() else "line_strong"
        painter.setBrush(self._theme.color(live))
        start = _RADIUS if self._single else left
        painter.drawRoundedRect(QRectF(start, middle - 2, max(0.0, right - start), 4), 2, 2)
        painter.setPen(QPen(self._theme.color(live), 2))
        painter.setBrush(self._theme.color("surface"))
        for x in {left, right}:
            painter.drawEllipse(QPointF(x, middle), _RADIUS - 1, _RADIUS - 1)
