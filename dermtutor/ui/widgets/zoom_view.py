"""One picture that is zoomed with the wheel and moved by dragging or with the arrow keys."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from dermtutor.ui.theme import IMAGE_SURROUND, Theme

MAX_ZOOM: Final = 8.0
TOGGLE_ZOOM: Final = 2.5
STEP: Final = 1.25
ARROWS: Final = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
"""Which way an arrow key points: across and down."""
_ARROW_STEP: Final = 0.06
_CORNER: Final = 12.0


class ZoomView(QWidget):
    """Shows a picture whole (zoom 1) or magnified up to eight times. What lies on it is drawn by :meth:`paint_over`.

    Places on the picture are shares from its left and top.
    """

    zoom_changed = Signal(float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._pixmap = QPixmap()
        self._zoom = 1.0
        self._centre = QPointF(0.5, 0.5)
        self._grabbed: QPointF | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(640, 560)

    def minimumSizeHint(self) -> QSize:
        return QSize(280, 260)

    @property
    def zoom(self) -> float:
        """1 shows the whole picture."""
        return self._zoom

    def has_image(self) -> bool:
        """Whether a picture is shown."""
        return not self._pixmap.isNull()

    def show_image(self, image: QImage) -> None:
        """Another picture, zoomed as the one before."""
        self._pixmap = QPixmap.fromImage(image)
        self.update()

    def reset(self) -> None:
        """See the whole picture."""
        self._centre = QPointF(0.5, 0.5)
        self._set_zoom(1.0)

    def toggle_zoom(self) -> None:
        """Whole picture or 2.5 times, about its middle."""
        self.reset() if self._zoom > 1.001 else self.zoom_by(TOGGLE_ZOOM)

    def zoom_by(self, factor: float, about: QPointF | None = None) -> None:
        """Zoom so that the place under ``about`` (widget coordinates) stays where it is."""
        if not self.has_image():
            return
        about = about or QPointF(self.rect().center())
        before = self.place_at(about)
        self._set_zoom(min(MAX_ZOOM, max(1.0, self._zoom * factor)))
        after = self.place_at(about)
        self._move_centre(before - after)

    def image_rect(self) -> QRectF:
        """Where the picture lies in the widget."""
        if not self.has_image():
            return QRectF()
        side = min(self.width() / self._pixmap.width(), self.height() / self._pixmap.height()) * self._zoom
        width, height = self._pixmap.width() * side, self._pixmap.height() * side
        middle = QRectF(self.rect()).center()
        return QRectF(
            middle.x() - self._centre.x() * width, middle.y() - self._centre.y() * height, width, height
        )

    def place_at(self, point: QPointF) -> QPointF:
        """The place on the picture under a point of the widget; outside 0 to 1 beside the picture."""
        area = self.image_rect()
        if area.isEmpty():
            return QPointF()
        return QPointF((point.x() - area.left()) / area.width(), (point.y() - area.top()) / area.height())

    # Painting

    def paint_over(self, painter: QPainter, area: QRectF) -> None:
        """Draws what lies on the picture, which fills ``area``. Nothing lies on it here."""

    def paint_surround(self, painter: QPainter) -> bool:
        """Draws what stands in the picture's place, and says whether something does. Nothing does here."""
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        clip = QPainterPath()
        clip.addRoundedRect(QRectF(self.rect()), _CORNER, _CORNER)
        painter.setClipPath(clip)
        painter.fillRect(self.rect(), QColor(IMAGE_SURROUND))
        if not self.paint_surround(painter) and self.has_image():
            area = self.image_rect()
            painter.drawPixmap(area, self._pixmap, QRectF(self._pixmap.rect()))
            self.paint_over(painter, area)
        if self.hasFocus():
            painter.setPen(QPen(self._theme.color("focus"), 3))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            inside = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
            painter.drawRoundedRect(inside, _CORNER - 1, _CORNER - 1)

    # Mouse and keys

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom_by(STEP ** (event.angleDelta().y() / 120), event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._zoom > 1:
            self._grabbed = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grabbed is not None:
            area = self.image_rect()
            moved = self._grabbed - event.position()
            self._grabbed = event.position()
            self._move_centre(QPointF(moved.x() / area.width(), moved.y() / area.height()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grabbed = None
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_by(STEP)
        elif key == Qt.Key.Key_Minus:
            self.zoom_by(1 / STEP)
        elif key in ARROWS and self._zoom > 1:
            self._move_centre(QPointF(*ARROWS[key]) * _ARROW_STEP / self._zoom)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._move_centre(QPointF(0, 0))

    def _set_zoom(self, zoom: float) -> None:
        self._zoom = zoom
        self.zoom_changed.emit(zoom)
        self.update()

    def _move_centre(self, by: QPointF) -> None:
        """Move what is looked at, without leaving the picture."""
        if not self.has_image():
            return
        area = self.image_rect()

        def kept(value: float, shown: float, whole: float) -> float:
            margin = shown / whole / 2
            return 0.5 if margin >= 0.5 else min(1 - margin, max(margin, value))

        self._centre = QPointF(
            kept(self._centre.x() + by.x(), self.width(), area.width()),
            kept(self._centre.y() + by.y(), self.height(), area.height()),
        )
        self.update()
