"""The clinical image: large, zoomed and moved, with the lesion's outline on demand, and a place to point at."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QImage, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from dermtutor.ui.pictures import Segments
from dermtutor.ui.theme import Theme, font
from dermtutor.ui.widgets.overlays import paint_mark, paint_outline
from dermtutor.ui.widgets.zoom_view import ARROWS, ZoomView

CLICK_SLIP: Final = 6.0
"""How far the mouse may move during a click, in logical pixels; farther is a drag."""
_MARK_STEP: Final = 0.06
_FINE: Final = 0.25


class ImageView(ZoomView):
    """A case's image. Arrow keys move it, or the mark while the lesion is pointed at; + and - zoom."""

    pointed = Signal(float, float)
    """Where the lesion is said to be, 0 to 1 from the image's left and top."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._lines: list[QLineF] = []
        self._pointing = False
        self._mark: QPointF | None = None
        self._pressed: QPointF | None = None
        self._covered = ""
        self.outline_visible = False
        self.setAccessibleName("Case image")

    def show_case(self, image: QImage, segments: Segments) -> None:
        """A new case, seen whole and without its outline."""
        self.outline_visible = False
        self._lines = [QLineF(*(float(value) for value in piece)) for piece in segments]
        self.show_image(image)
        self._mark, self._covered = None, ""
        self.stop_pointing()
        self.reset()

    def show_twin(self, image: QImage) -> None:
        """The same lesion on another tone; zoom and outline stay."""
        self.show_image(image)

    def clear(self) -> None:
        """Show no image."""
        self.show_image(QImage())
        self._lines = []
        self.reset()

    def let_point(self) -> None:
        """Ask for the lesion: a click marks it; with the keyboard, arrows move the mark and Space sets it."""
        self._pointing = True
        self.setCursor(Qt.CursorShape.CrossCursor)

    def show_mark(self, x: float, y: float) -> None:
        """Mark a place, 0 to 1 from left and top."""
        self._mark = QPointF(x, y)
        self.update()

    def stop_pointing(self) -> None:
        """The mark stays and is not moved any more."""
        self._pointing = False
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def cover(self, words: str) -> None:
        """Hide the image behind its surround, with these words; an empty text uncovers it."""
        self._covered = words
        self.update()

    @property
    def covered(self) -> bool:
        """Whether the image is hidden."""
        return bool(self._covered)

    def set_outline_visible(self, visible: bool) -> None:
        """Draw the lesion's outline, or not."""
        self.outline_visible = visible
        self.update()

    def paint_surround(self, painter: QPainter) -> bool:
        """The words that cover the image."""
        if self._covered:
            painter.setPen(QColor("#ffffff"))
            painter.setFont(font(15, QFont.Weight.Medium))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._covered)
        return self.covered

    def paint_over(self, painter: QPainter, area: QRectF) -> None:
        """Outline and mark."""
        if self.outline_visible:
            paint_outline(painter, area, area.width() / self._pixmap.width(), self._lines)
        if self._mark is not None:
            paint_mark(painter, area, self._mark)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position() if event.button() == Qt.MouseButton.LeftButton else None
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        pressed, self._pressed = self._pressed, None
        if not self._pointing:
            return
        self.setCursor(Qt.CursorShape.CrossCursor)
        if pressed is not None and (event.position() - pressed).manhattanLength() < CLICK_SLIP:
            self._point_at(self.place_at(event.position()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if not self._pointing:
            self.toggle_zoom()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if self._pointing and key in ARROWS:
            fine = _FINE if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1.0
            by = QPointF(*ARROWS[key]) * _MARK_STEP * fine / self._zoom
            self._point_at((self._mark or QPointF(0.5, 0.5)) + by)
        elif self._pointing and key == Qt.Key.Key_Space:
            self._point_at(self._mark or QPointF(0.5, 0.5))
        else:
            super().keyPressEvent(event)

    def _point_at(self, place: QPointF) -> None:
        """Set the mark, where that is on the image."""
        if self.has_image() and not self._covered and 0 <= place.x() <= 1 and 0 <= place.y() <= 1:
            self.show_mark(place.x(), place.y())
            self.pointed.emit(place.x(), place.y())
