"""The clinical image: large, zoomed with the wheel, moved by dragging, with the lesion's outline on demand."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
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
from dermtutor.ui.theme import IMAGE_SURROUND, Theme, font
from dermtutor.ui.widgets.overlays import paint_mark, paint_outline

MAX_ZOOM = 8.0
TOGGLE_ZOOM = 2.5
STEP = 1.25
CLICK_SLIP = 6.0
"""How far the mouse may move during a click, in logical pixels; farther is a drag."""


class ImageView(QWidget):
    """Shows one image whole (zoom 1) or magnified up to eight times. Arrow keys move it, + and - zoom."""

    zoom_changed = Signal(float)
    pointed = Signal(float, float)
    """Where the lesion is said to be, 0 to 1 from the image's left and top."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._pixmap = QPixmap()
        self._lines: list[QLineF] = []
        self._zoom = 1.0
        self._centre = QPointF(0.5, 0.5)
        self._grabbed: QPointF | None = None
        self._pointing = False
        self._mark: QPointF | None = None
        self._pressed: QPointF | None = None
        self._covered = ""
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
        self._mark, self._covered = None, ""
        self.stop_pointing()
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
        if self._covered:
            painter.setPen(QColor("#ffffff"))
            painter.setFont(font(15, QFont.Weight.Medium))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._covered)
        elif self.has_image():
            area = self.image_rect()
            painter.drawPixmap(area, self._pixmap, QRectF(self._pixmap.rect()))
            if self.outline_visible:
                paint_outline(painter, area, area.width() / self._pixmap.width(), self._lines)
            if self._mark is not None:
                paint_mark(painter, area, self._mark)
        if self.hasFocus():
            painter.setPen(QPen(self._theme.color("focus"), 3))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5), 11, 11)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom_by(STEP ** (event.angleDelta().y() / 120), event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position() if event.button() == Qt.MouseButton.LeftButton else None
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
        self.setCursor(Qt.CursorShape.CrossCursor if self._pointing else Qt.CursorShape.OpenHandCursor)
        pressed, self._pressed = self._pressed, None
        if (
            self._pointing
            and pressed is not None
            and (event.position() - pressed).manhattanLength() < CLICK_SLIP
        ):
            self._point_at(self._to_image(event.position()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if not self._pointing:
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
        elif self._pointing and key in moves:
            fine = 0.25 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1.0
            self._point_at((self._mark or QPointF(0.5, 0.5)) + moves[key] * fine / self._zoom)
        elif self._pointing and key == Qt.Key.Key_Space:
            self._point_at(self._mark or QPointF(0.5, 0.5))
        elif key in moves and self._zoom > 1:
            self._move_centre(moves[key] / self._zoom)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._move_centre(QPointF(0, 0))

    def _point_at(self, place: QPointF) -> None:
        """Set the mark, where that is on the image."""
        if self.has_image() and not self._covered and 0 <= place.x() <= 1 and 0 <= place.y() <= 1:
            self.show_mark(place.x(), place.y())
            self.pointed.emit(place.x(), place.y())

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
