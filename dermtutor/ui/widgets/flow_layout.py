"""A layout that sets widgets side by side and wraps them as words are wrapped."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

_NO_LIMIT: Final = 16_777_215  # Qt's own


class FlowLayout(QLayout):
    """Widgets at their preferred sizes, left to right, line by line; as high as its width makes it.

    A widget that is wider than a line takes the whole line. The layout gets no narrower than its widest widget can be,
    or than ``least_width`` where one is given.
    """

    def __init__(self, gap: int = 6, least_width: int | None = None) -> None:
        super().__init__()
        self._least_width = least_width
        self._items: list[QLayoutItem] = []
        self.setSpacing(gap)
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(QRect(0, 0, width, 0), place=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, place=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size if self._least_width is None else QSize(self._least_width, size.height())

    def _arrange(self, rect: QRect, place: bool) -> int:
        """The height that the lines take; ``place`` also moves the widgets there."""
        x, y, line = rect.x(), rect.y(), 0
        for item in self._items:
            if item.isEmpty():
                continue
            hint = item.sizeHint().boundedTo(QSize(max(1, rect.width()), _NO_LIMIT))
            if x > rect.x() and x + hint.width() > rect.right() + 1:
                x, y, line = rect.x(), y + line + self.spacing(), 0
            if place:
                item.setGeometry(QRect(QPoint(x, y), hint))
            x += hint.width() + self.spacing()
            line = max(line, hint.height())
        return y + line - rect.y()


def wrapped(*widgets: QWidget, gap: int = 6) -> FlowLayout:
    """The widgets in a layout that wraps."""
    layout = FlowLayout(gap)
    for widget in widgets:
        layout.addWidget(widget)
    return layout
