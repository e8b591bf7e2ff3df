"""The photograph on the transfer page: lesions are dragged and brushed on it, and a line parts before from after."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPen, QPixmap

from dermtutor.domain.transfer import Placement
from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.plate import paint_plate
from dermtutor.ui.widgets.zoom_view import ARROWS, ZoomView

STEP: Final = 0.01
"""How far an arrow key moves a lesion, as a share of the photograph; with Shift a fifth of that."""
_DISEASE: Final = "Synthetic disease on a photograph"
_TONE: Final = "Simulated skin tone"
_MARGIN: Final = 10.0


class PhotoCanvas(ZoomView):
    """``pressed`` where a lesion is wanted; ``moved`` while the chosen one is dragged; ``stroked`` with a brush's line.

    Places are shares from the photograph's left and top. ``settled`` ends a drag.
    """

    pressed = Signal(float, float)
    moved = Signal(float, float)
    stroked = Signal(object)
    settled = Signal()
    turned = Signal(float)
    grown = Signal(float)
    chosen = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.setAccessibleName("Photograph with the lesions on it")
        self._source = QPixmap()
        self._placements: tuple[Placement, ...] = ()
        self._current = -1
        self._split = 0.0
        self._dragged: QPointF | None = None
        self._line: list[tuple[float, float]] = []
        self.label = ""
        """What every picture says of itself; empty for the photograph as it is."""
        self.brush: float | None = None
        """Radius of the brush as a share of the shorter side; None when nothing is brushed."""

    # What is shown

    def show_photograph(self, image: QImage) -> None:
        """A new photograph, seen whole and without lesions."""
        self._source = QPixmap.fromImage(image)
        self.show_image(image)
        self.reset()

    def show_lesions(self, placements: tuple[Placement, ...], current: int, retoned: bool) -> None:
        """Where the lesions lie, which is chosen, and whether the person is on another tone."""
        self._placements, self._current = placements, current
        said = [words for words, so in ((_DISEASE, placements), (_TONE, retoned)) if so]
        self.label = f"{'. '.join(said)}. Not for diagnosis." if said else ""
        self.setAccessibleDescription(self.label)
        self.update()

    def show_split(self, share: float) -> None:
        """Show what was before on this share of the width, from the left."""
        self._split = share
        self.update()

    def paint_over(self, painter: QPainter, area: QRectF) -> None:
        """What was before, the lesions' frames, the brush's line, and what the picture says of itself."""
        if self._split > 0:
            self._paint_before(painter, area)
        for number, placement in enumerate(self._placements):
            if placement.pattern:
                continue  # it lies where the face is
            if number == self._current or self._dragged is not None:
                self._paint_frame(painter, area, placement, number == self._current)
        if self._line and self.brush is not None:
            self._paint_stroke(painter, area)
        if self.label:
            corner = QRectF(self.rect()).bottomLeft() + QPointF(_MARGIN, -_MARGIN)
            paint_plate(painter, corner, self.label, height=26, padding=10)

    def _paint_before(self, painter: QPainter, area: QRectF) -> None:
        edge = area.left() + self._split * area.width()
        painter.save()
        painter.setClipRect(QRectF(area.left(), area.top(), edge - area.left(), area.height()))
        painter.drawPixmap(area, self._source, QRectF(self._source.rect()))
        painter.restore()
        painter.setPen(QPen(QColor(255, 255, 255, 230), 2))
        painter.drawLine(QPointF(edge, area.top()), QPointF(edge, area.bottom()))

    def _paint_frame(self, painter: QPainter, area: QRectF, placement: Placement, current: bool) -> None:
        side = placement.size * min(area.width(), area.height())
        painter.save()
        painter.translate(area.left() + placement.x * area.width(), area.top() + placement.y * area.height())
        painter.rotate(placement.rotation)
        box = QRectF(-side / 2, -side / 2, side, side)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, width in ((QColor(0, 0, 0, 110), 3.0), (QColor(255, 255, 255, 235), 1.4)):
            pen = QPen(color, width)
            pen.setStyle(Qt.PenStyle.DashLine if width < 2 else Qt.PenStyle.SolidLine)
            painter.setPen(pen)
            painter.setOpacity(0.9 if current else 0.4)
            painter.drawRoundedRect(box, 8, 8)
        if current:  # which way is up
            painter.drawLine(QPointF(0, box.top()), QPointF(0, box.top() + min(12.0, side / 4)))
        painter.restore()

    def _paint_stroke(self, painter: QPainter, area: QRectF) -> None:
        radius = (self.brush or 0) * min(area.width(), area.height())
        pen = QPen(QColor(255, 255, 255, 110), 2 * radius)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        points = [
            QPointF(area.left() + x * area.width(), area.top() + y * area.height()) for x, y in self._line
        ]
        painter.drawPolyline(points) if len(points) > 1 else painter.drawPoint(points[0])

    # The mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self.place_at(event.position())
        on_image = self.has_image() and 0 <= place.x() <= 1 and 0 <= place.y() <= 1
        if event.button() != Qt.MouseButton.LeftButton or not on_image:
            super().mousePressEvent(event)
        elif self.brush is not None:
            self._line = [(place.x(), place.y())]
            self.update()
        else:
            under = self._lesion_at(place)
            if under is None:
                self.pressed.emit(place.x(), place.y())
                return
            if under != self._current:
                self.chosen.emit(under)
            lesion = self._placements[under]
            self._dragged = QPointF(lesion.x, lesion.y) - place
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = self.place_at(event.position())
        if self._line:
            self._line.append((min(max(place.x(), 0.0), 1.0), min(max(place.y(), 0.0), 1.0)))
            self.update()
        elif self._dragged is not None:
            wanted = place + self._dragged
            self.moved.emit(wanted.x(), wanted.y())
        else:
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._line:
            line, self._line = tuple(self._line), []
            self.stroked.emit(line)
        elif self._dragged is not None:
            self._dragged = None
            self.settled.emit()
            self.update()
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()  # two quick clicks place something; they do not zoom

    def _lesion_at(self, place: QPointF) -> int | None:
        """The lesion whose patch lies under a place: the chosen one before others, the topmost of those."""
        order = sorted(range(len(self._placements)), key=lambda number: (number != self._current, -number))
        area = self.image_rect()
        for number in order:
            lesion = self._placements[number]
            if lesion.pattern:
                continue
            half = lesion.size * min(area.width(), area.height()) / 2
            across = (place.x() - lesion.x) * area.width()
            down = (place.y() - lesion.y) * area.height()
            angle = math.radians(lesion.rotation)
            along = math.cos(angle) * across + math.sin(angle) * down
            over = -math.sin(angle) * across + math.cos(angle) * down
            if max(abs(along), abs(over)) <= half:
                return number
        return None

    # The keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        fine = 0.2 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1.0
        lesion = self._placements[self._current] if 0 <= self._current < len(self._placements) else None
        if lesion is not None and key in ARROWS:
            across, down = ARROWS[key]
            self.moved.emit(lesion.x + across * STEP * fine, lesion.y + down * STEP * fine)
        elif lesion is not None and key in (Qt.Key.Key_BracketLeft, Qt.Key.Key_BracketRight):
            self.turned.emit(-5.0 if key == Qt.Key.Key_BracketLeft else 5.0)
        elif lesion is not None and key in (Qt.Key.Key_Comma, Qt.Key.Key_Period):
            self.grown.emit(1 / 1.08 if key == Qt.Key.Key_Comma else 1.08)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and lesion is None:
            self.pressed.emit(0.5, 0.5)
        else:
            super().keyPressEvent(event)
