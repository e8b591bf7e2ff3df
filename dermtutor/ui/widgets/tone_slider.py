"""The tone slider: this very lesion on Monk 1 to 10, each step usable as soon as its image has come."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QSlider, QWidget

from dermtutor.skin.scales import MonkTone
from dermtutor.ui.theme import Theme, font, readable_on


class ToneSlider(QSlider):
    """Ten numbered swatches in a row. A swatch whose image is not there yet is hatched."""

    tone_chosen = Signal(object)
    """The MonkTone under the handle."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self._ready: frozenset[int] = frozenset()
        self._asked = 0
        self.setRange(1, 10)
        self.setPageStep(3)
        self.setAccessibleName("Skin tone of this lesion, Monk scale 1 to 10")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setMouseTracking(True)
        self.valueChanged.connect(self._tell)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(520, 54)

    def minimumSizeHint(self) -> QSize:
        return QSize(280, 54)

    def begin(self, asked: MonkTone) -> None:
        """A new lesion, shown on the tone it was asked on; nothing else is ready."""
        self._asked = asked.value
        self._ready = frozenset({asked.value})
        self.blockSignals(True)
        self.setValue(asked.value)
        self.blockSignals(False)
        self.update()

    def mark_ready(self, tone: MonkTone) -> None:
        """The image of a tone has come."""
        self._ready |= {tone.value}
        self.update()

    def all_ready(self) -> bool:
        """Every tone can be shown."""
        return len(self._ready) == 10

    def _tell(self, value: int) -> None:
        self.setAccessibleDescription(f"Monk {value}")
        self.tone_chosen.emit(MonkTone(value))

    def _cell(self, value: int) -> QRectF:
        width = (self.width() - 4) / 10
        return QRectF(2 + (value - 1) * width, 2, width, self.height() - 4)

    def _value_at(self, x: float) -> int:
        return min(10, max(1, int((x - 2) / ((self.width() - 4) / 10)) + 1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setValue(self._value_at(event.position().x()))
            event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.setValue(self._value_at(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for value in range(1, 11):
            self._paint_swatch(painter, value)

    def _paint_swatch(self, painter: QPainter, value: int) -> None:
        chosen = value == self.value()
        area = self._cell(value).adjusted(2, 2, -2, -2)
        area = area if chosen else area.adjusted(0, 5, 0, -5)
        color = QColor(MonkTone(value).swatch)
        painter.setPen(QPen(self._theme.color("line"), 1))
        painter.setBrush(color)
        painter.drawRoundedRect(area, 8, 8)
        if value not in self._ready:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("surface"))
            painter.setOpacity(0.6)
            painter.drawRoundedRect(area, 8, 8)
            painter.setOpacity(1)
            painter.setPen(self._theme.color("text"))
        else:
            painter.setPen(readable_on(color))
        painter.setFont(font(14 if chosen else 13, QFont.Weight.DemiBold if chosen else QFont.Weight.Medium))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, str(value))
        if value == self._asked:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(readable_on(color))
            painter.drawEllipse(QRectF(area.center().x() - 2, area.bottom() - 8, 4, 4))
        if chosen:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._theme.color("surface"), 2))
            painter.drawRoundedRect(area.adjusted(1.5, 1.5, -1.5, -1.5), 7, 7)
            painter.setPen(QPen(self._theme.color("focus" if self.hasFocus() else "accent"), 3))
            painter.drawRoundedRect(area.adjusted(-1, -1, 1, 1), 9, 9)
