"""The clinical image: large, zoomed with the wheel, moved by dragging, with the lesion's outline on demand."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt, Signal
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

from dermtutor.ui.pictures import Segments
from dermtutor.ui.theme import IMAGE_SURROUND, Theme

MAX_ZOOM = 8.0
TOGGLE_ZOOM = 2.5
STEP = 1.25


class ImageView(QWidget):
    """Shows one image whole (zoom 1) or magnified up to eight times. Arrow keys move it, + and - zoom."""

    zoom_changed = Signal(float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._pixmap = QPixmap()
        self._lines: list[QLineF] = []
        self._zoom = 1.0
        self._centre = QPointF(0.5, 0.5)
        self._grabbed: QPointF | None = None
        self.outline_visible = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setAccessibleName("Case image")

    def sizeHint(self) -> QSize:
        return QSize(640, 560)

    def minimumSizeHint(self) -> QSize:
        return QSize(280, 260)

    @property
    def zoom(self) -> float:
        """1 shows the whole image."""
        return self._zoom

    def has_image(self) -> bool:
        """Whether an image is shown."""
        return not self._pixmap.isNull()

    def show_case(self, image: QImage, segments: Segments) -> None:
        """A new case, seen whole and without its outline."""
        self.outline_visible = False
        self._lines = [QLineF(*(float(value) for value in piece)) for piece in segments]
        self._pixmap = QPixmap.fromImage(image)
        self.reset()

    def show_twin(self, image: QImage) -> None:
        """The same lesion on another tone; zoom and outline stay."""
        self._pixmap = QPixmap.fromImage(image)
        self.update()

    def clear(self) -> None:
        """Show no image."""
        self._pixmap = QPixmap()
        self._lines = []
        self.reset()

    def set_outline_visible(self, visible: bool) -> None:
        """Draw the lesion's outline, or not."""
        self.outline_visible = visible
        self.update()

    def reset(self) -> None:
        """See the whole image."""
        self._centre = QPointF(0.5, 0.5)
        self._set_zoom(1.0)

    def toggle_zoom(self) -> None:
        """Whole image or 2.5 times, about its middle."""
        self.reset() if self._zoom > 1.001 else self.zoom_by(TOGGLE_ZOOM)

    def zoom_by(self, factor: float, about: QPointF | None = None) -> None:
        """Zoom so that the image point under ``about`` (widget coordinates) stays where it is."""
        if not self.has_image():
            return
        about = about or QPointF(self.rect().center())
        before = self._to_image(about)
        self._set_zoom(min(MAX_ZOOM, max(1.0, self._zoom * factor)))
        after = self._to_image(about)
        self._move_centre(before - after)

    def image_rect(self) -> QRectF:
        """Where the image lies in the widget."""
        if not self.has_image():
            return QRectF()
        side = min(self.width() / self._pixmap.width(), self.height() / self._pixmap.height()) * self._zoom
        width, height = self._pixmap.width() * side, self._pixmap.height() * side
        middle = QRectF(self.rect()).center()
        return QRectF(
            middle.x() - self._centre.x() * width, middle.y() - self._centre.y() * height, width, height
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        clip = QPainterPath()
        clip.addRoundedRect(QRectF(self.rect()), 12, 12)
        painter.setClipPath(clip)
        painter.fillRect(self.rect(), QColor(IMAGE_SURROUND))
        if self.has_image():
            area = self.image_rect()
            painter.drawPixmap(area, self._pixmap, QRectF(self._pixmap.rect()))
            if self.outline_visible:
                self._paint_outline(painter, area)
        if self.hasFocus():
            painter.setPen(QPen(self._theme.color("focus"), 3))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5), 11, 11)

    def _paint_outline(self, painter: QPainter, area: QRectF) -> None:
        """White on a dark halo, to be seen on every tone."""
        painter.save()
        painter.translate(area.topLeft())
        scale = area.width() / self._pixmap.width()
        painter.scale(scale, scale)
        for color, width in ((QColor(0, 0, 0, 170), 5.0), (QColor(255, 255, 255), 2.2)):
            pen = QPen(color, width / scale)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawLines(self._lines)
        painter.restore()

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

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.toggle_zoom()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {
            Qt.Key.Key_Left: QPointF(-0.06, 0),
            Qt.Key.Key_Right: QPointF(0.06, 0),
            Qt.Key.Key_Up: QPointF(0, -0.06),
            Qt.Key.Key_Down: QPointF(0, 0.06),
        }
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_by(STEP)
        elif key == Qt.Key.Key_Minus:
            self.zoom_by(1 / STEP)
        elif key in moves and self._zoom > 1:
            self._move_centre(moves[key] / self._zoom)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._move_centre(QPointF(0, 0))

    def _to_image(self, point: QPointF) -> QPointF:
        area = self.image_rect()
        return QPointF((point.x() - area.left()) / area.width(), (point.y() - area.top()) / area.height())

    def _set_zoom(self, zoom: float) -> None:
        self._zoom = zoom
        self.zoom_changed.emit(zoom)
        self.update()

    def _move_centre(self, by: QPointF) -> None:
        """Move what is looked at, without leaving the image."""
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
