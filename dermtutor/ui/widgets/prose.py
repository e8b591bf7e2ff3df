"""A paragraph whose lines stand wider than a label's. Rich text could do that too, at many times the cost."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel

LINE_HEIGHT: Final = 1.5
"""Distance of two base lines as a multiple of the letters' size in pixels."""


class Prose(QLabel):
    """A label to screen readers and the style sheet; only its lines are set by hand."""

    def __init__(self) -> None:
        super().__init__()
        self._heights: dict[tuple[int, str, str], int] = {}

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        self.ensurePolished()
        known = (width, self.font().key(), self.text())
        if known not in self._heights:  # nested layouts ask for the same few widths over and over
            self._heights[known] = self._set_lines(max(1, width))[1]
        return self._heights[known]

    def sizeHint(self) -> QSize:
        return QSize(320, self.heightForWidth(320))

    def minimumSizeHint(self) -> QSize:
        self.ensurePolished()
        return QSize(120, round(self._line_height()))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        self._set_lines(self.width())[0].draw(painter, QPointF(0, 0))

    def _line_height(self) -> float:
        return (
            self.font().pixelSize() * LINE_HEIGHT
            if self.font().pixelSize() > 0
            else self.fontMetrics().height()
        )

    def _set_lines(self, width: int) -> tuple[QTextLayout, int]:
        """The lines for a width, and their height together, in logical pixels."""
        layout = QTextLayout(self.text(), self.font())
        option = QTextOption(self.alignment())
        option.setWrapMode(QTextOption.WrapMode.WordWrap)
        layout.setTextOption(option)
        step, top = self._line_height(), 0.0
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0, top + (step - line.height()) / 2))
            top += step
        layout.endLayout()
        return layout, round(top)
