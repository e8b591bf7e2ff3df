"""The confusion matrix, painted: rows are what was shown, columns what was answered; a cell opens its cases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from dermtutor.reports.words import counted
from dermtutor.services.figures.values import Confusion
from dermtutor.ui.theme import Theme, font, ramp_color, readable_on

_LARGEST: Final = 44.0
_SMALLEST: Final = 12.0
_NUMBERED: Final = 19.0
"""Pixels of a cell from which its count fits."""
_TITLES: Final = 210.0
_TOP: Final = 26.0
_GAP: Final = 1.5

Cell = tuple[int, int]


class ConfusionMap(QWidget):
    """Arrow keys move, Enter or a click opens. ``opened`` carries the ids shown and answered."""

    opened = Signal(str, str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._confusion = Confusion((), (), None)
        self._names: Sequence[str] = ()
        self._at: Cell = (0, 0)
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
        room = (self.width() - self._left() - 8) / max(1, len(self._names))
        return max(_SMALLEST, min(_LARGEST, room))

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
        size = 12 if self._side() >= _NUMBERED else 10
        for line, name in enumerate(self._names):
            self._paint_titles(painter, line, name, size)
            shown = max(1, sum(self._confusion.counts[line]))
            for column in range(len(self._names)):
                self._paint_cell(painter, (line, column), self._count((line, column)) / shown)
        if self.hasFocus() and self._names:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._theme.color("focus"), 2))
            painter.drawRoundedRect(self.cell_rect(*self._at).adjusted(-1, -1, 1, 1), 3, 3)

    def _paint_titles(self, painter: QPainter, line: int, name: str, size: int) -> None:
        """Row names with their numbers; the columns carry the numbers alone."""
        painter.setFont(font(size, QFont.Weight.Medium))
        painter.setPen(self._theme.color("text"))
        row = self.cell_rect(line, 0)
        title = QFontMetricsF(painter.font()).elidedText(
            f"{name}  {line + 1}", Qt.TextElideMode.ElideLeft, self._left() - 10
        )
        side = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(QRectF(0, row.top(), self._left() - 8, row.height()), side, title)
        painter.setPen(self._theme.color("muted"))
        above = self.cell_rect(0, line)
        painter.drawText(
            QRectF(above.left() - 4, 0, above.width() + 8, _TOP - 4),
            int(Qt.AlignmentFlag.AlignCenter),
            str(line + 1),
        )

    def _paint_cell(self, painter: QPainter, cell: Cell, share: float) -> None:
        area, count = self.cell_rect(*cell), self._count(cell)
        background = ramp_color(self._theme.tokens, share) if count else self._theme.color("raised")
        painter.setBrush(background)
        on_diagonal = cell[0] == cell[1]
        painter.setPen(QPen(self._theme.color("line_strong"), 1) if on_diagonal else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(area, 3, 3)
        if count and self._side() >= _NUMBERED:
            painter.setPen(readable_on(background))
            painter.setFont(font(11 if count < 1000 else 9, QFont.Weight.Medium))
            painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), str(count))
