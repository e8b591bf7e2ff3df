"""The confusion matrix, painted: rows are what was shown, columns what was answered; a cell opens its cases."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from dermtutor.reports.words import counted
from dermtutor.services.figures.values import Confusion
from dermtutor.ui.theme import Theme, Tokens, font, ramp_rgb, readable_on, rgb

_LARGEST: Final = 44.0
_SMALLEST: Final = 12.0
_NUMBERED: Final = 19.0
"""Pixels of a cell from which its count fits."""
_TITLES: Final = 210.0
_TOP: Final = 26.0
_GAP: Final = 1.5
_ROUND: Final = 3.0
"""Pixels of a cell's corners."""

_FORMAT: Final = QImage.Format.Format_ARGB32_Premultiplied

Cell = tuple[int, int]
_Grounds = list[list[tuple[int, int, int]]]
"""The colour of each cell, line by line."""


class ConfusionMap(QWidget):
    """Arrow keys move, Enter or a click opens. ``opened`` carries the ids shown and answered."""

    opened = Signal(str, str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._confusion = Confusion((), (), None)
        self._names: Sequence[str] = ()
        self._at: Cell = (0, 0)
        self._cells: tuple[_Grounds, QImage] = ([], QImage())
        self._cells_for: object = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("What was taken for what")
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(700, round(_TOP + max(1, len(self._names)) * self._side() + 6))

    def minimumSizeHint(self) -> QSize:
        return QSize(320, self.sizeHint().height())

    def show_confusion(self, confusion: Confusion, names: Sequence[str]) -> None:
        """Other figures; ``names`` are those of the labels."""
        self._confusion, self._names = confusion, names
        self._at = (0, 0)
        wrong = confusion.mistakes()[:3]
        by_id = dict(zip(confusion.labels, names, strict=True))
        said = "; ".join(
            f"{by_id[shown]} taken for {by_id[called]}, {counted(n, 'time')}" for shown, called, n in wrong
        )
        self.setAccessibleDescription(
            f"Most often: {said}. The table has all." if wrong else "Nothing was mistaken."
        )
        self.updateGeometry()
        self.update()

    def cell_rect(self, shown: int, called: int) -> QRectF:
        """Where a cell lies."""
        side = self._side()
        return QRectF(self._left() + called * side, _TOP + shown * side, side, side).adjusted(
            _GAP, _GAP, -_GAP, -_GAP
        )

    def most_frequent_mistake(self) -> Cell | None:
        """Row and column of the confusion that happened most often, None when nothing was mistaken."""
        mistakes = self._confusion.mistakes()
        if not mistakes:
            return None
        labels = self._confusion.labels
        return labels.index(mistakes[0][0]), labels.index(mistakes[0][1])

    def _left(self) -> float:
        return min(_TITLES, self.width() * 0.36)

    def _side(self) -> float:
        """Of a cell, in whole pixels of the screen."""
        room = (self.width() - self._left() - 8) / max(1, len(self._names))
        scale = self.devicePixelRatioF()
        return max(_SMALLEST, min(_LARGEST, math.floor(room * scale) / scale))

    # Keys and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0),
        }  # fmt: skip
        last = len(self._names) - 1
        step = steps.get(Qt.Key(event.key()))
        if step is not None and last >= 0:
            self._at = tuple(min(last, max(0, a + b)) for a, b in zip(self._at, step))  # type: ignore[assignment]
            self.update()
            QToolTip.showText(
                self.mapToGlobal(self.cell_rect(*self._at).bottomRight().toPoint()), self._tip(self._at), self
            )
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._open(self._at)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self._cell_at(event.position())
        if cell is not None:
            self._at = cell
            self.update()
            self._open(cell)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        cell = self._cell_at(event.position())
        open_able = cell is not None and self._count(cell)
        self.setCursor(Qt.CursorShape.PointingHandCursor if open_able else Qt.CursorShape.ArrowCursor)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            cell = self._cell_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), self._tip(cell) if cell else "", self)
            return True
        return super().event(event)

    def _open(self, cell: Cell) -> None:
        if self._names and self._count(cell):
            labels = self._confusion.labels
            self.opened.emit(labels[cell[0]], labels[cell[1]])

    def _cell_at(self, where: QPointF) -> Cell | None:
        side, last = self._side(), len(self._names) - 1
        column, line = int((where.x() - self._left()) // side), int((where.y() - _TOP) // side)
        return (line, column) if 0 <= line <= last and 0 <= column <= last else None

    def _count(self, cell: Cell) -> int:
        return self._confusion.counts[cell[0]][cell[1]]

    def _tip(self, cell: Cell) -> str:
        shown, called = (self._names[place] for place in cell)
        times = counted(self._count(cell), "time")
        return f"{shown}: right {times}" if cell[0] == cell[1] else f"{shown}, answered {called}: {times}"

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shown, side = event.region(), self._side()
        lines = [
            line
            for line in range(len(self._names))
            if shown.intersects(QRectF(0, _TOP + line * side, self.width(), side).toAlignedRect())
        ]
        self._paint_titles(painter, lines)
        if lines:
            self._paint_cells(painter, lines)
        if self.hasFocus() and self._names:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._theme.color("focus"), 2))
            painter.drawRoundedRect(self.cell_rect(*self._at).adjusted(-1, -1, 1, 1), 3, 3)

    def _paint_titles(self, painter: QPainter, lines: Sequence[int]) -> None:
        """Row names with their numbers; the columns carry the numbers alone."""
        side, left = self._side(), self._left()
        painter.setFont(font(12 if side >= _NUMBERED else 10, QFont.Weight.Medium))
        painter.setPen(self._theme.color("text"))
        metrics = QFontMetricsF(painter.font())
        flags = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for line in lines:
            name = f"{self._names[line]}  {line + 1}"
            title = metrics.elidedText(name, Qt.TextElideMode.ElideLeft, left - 10)
            painter.drawText(QRectF(0, _TOP + line * side + _GAP, left - 8, side - 2 * _GAP), flags, title)
        painter.setPen(self._theme.color("muted"))
        for column in range(len(self._names)):
            above = QRectF(left + column * side + _GAP - 4, 0, side - 2 * _GAP + 8, _TOP - 4)
            painter.drawText(above, int(Qt.AlignmentFlag.AlignCenter), str(column + 1))

    def _paint_cells(self, painter: QPainter, lines: Sequence[int]) -> None:
        """All at once: with many conditions there are thousands, and each call into Qt may wait."""
        self._prepare()
        grounds, image = self._cells
        painter.drawImage(QPointF(self._left(), _TOP), image)
        painter.setPen(QPen(self._theme.color("line_strong"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for line in lines:
            painter.drawRoundedRect(self.cell_rect(line, line), _ROUND, _ROUND)
        if self._side() >= _NUMBERED:
            for line in lines:
                self._paint_numbers(painter, line, grounds[line])

    def _prepare(self) -> None:
        """The cells are kept for as long as figures, theme and size stay: Qt asks for them several times."""
        side, scale = self._side(), self.devicePixelRatioF()
        wanted = (self._confusion, self._theme.tokens.name, side, scale)
        if self._cells_for != wanted:
            grounds = _grounds(self._confusion, self._theme.tokens)
            self._cells, self._cells_for = (grounds, _image_of(grounds, side, scale)), wanted

    def _paint_numbers(self, painter: QPainter, line: int, grounds: Sequence[tuple[int, int, int]]) -> None:
        for column, count in enumerate(self._confusion.counts[line]):
            if count:
                painter.setPen(readable_on(QColor(*grounds[column])))
                painter.setFont(font(11 if count < 1000 else 9, QFont.Weight.Medium))
                painter.drawText(self.cell_rect(line, column), int(Qt.AlignmentFlag.AlignCenter), str(count))


def _grounds(confusion: Confusion, tokens: Tokens) -> _Grounds:
    """The share of a line's answers that a cell has, as a colour."""
    found: _Grounds = []
    for counts in confusion.counts:
        shown = max(1, sum(counts))
        colours = {n: ramp_rgb(tokens, n / shown) if n else rgb(tokens.raised) for n in set(counts)}
        found.append([colours[n] for n in counts])
    return found


def _image_of(grounds: _Grounds, side: float, scale: float) -> QImage:
    """Cells of these colours, ``side`` logical pixels of ``scale`` real ones each, on nothing.

    A pixel for each cell is enlarged, and the shape of one cell cut out of all of them.
    """
    colours = np.array(grounds, np.uint8)
    height, width = colours.shape[:2]
    data, pixels = colours.tobytes(), round(side * scale)
    small = QImage(data, width, height, 3 * width, QImage.Format.Format_RGB888)
    image = small.scaled(width * pixels, height * pixels).convertToFormat(_FORMAT)
    painter = QPainter(image)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
    painter.drawTiledPixmap(image.rect(), _shape(pixels, scale))
    painter.end()
    image.setDevicePixelRatio(scale)
    return image


def _shape(pixels: int, scale: float) -> QPixmap:
    """What a cell covers of its square."""
    image = QImage(pixels, pixels, _FORMAT)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(Qt.GlobalColor.white)
    gap = _GAP * scale
    painter.drawRoundedRect(
        QRectF(image.rect()).adjusted(gap, gap, -gap, -gap), _ROUND * scale, _ROUND * scale
    )
    painter.end()
    return QPixmap.fromImage(image)
