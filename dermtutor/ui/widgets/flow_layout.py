"""A layout that sets widgets side by side and wraps them as words are wrapped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

_Place = tuple[int, int, int, int]
"""x, y, width, height."""


@dataclass(frozen=True, slots=True)
class _Sizes:
    """What the items that are shown prefer, as (item, width, height), and the least that all can be."""

    preferred: Sequence[tuple[QLayoutItem, int, int]]
    least: QSize


class FlowLayout(QLayout):
    """Widgets at their preferred sizes, left to right, line by line; as high as its width makes it.

    A widget that is wider than a line takes the whole line. The layout gets no narrower than its widest widget can be,
    or than ``least_width`` where one is given. Widgets are measured once, until the layout is invalidated: Qt asks for
    the height tens of times while it lays a page out.
    """

    def __init__(self, gap: int = 6, least_width: int | None = None) -> None:
        super().__init__()
        self._gap = gap
        self._least_width = least_width
        self._items: list[QLayoutItem] = []
        self._sizes: _Sizes | None = None
        self.setSpacing(gap)
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)
        self.invalidate()

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        if not 0 <= index < len(self._items):
            return None
        self.invalidate()
        return self._items.pop(index)

    def invalidate(self) -> None:
        self._sizes = None
        super().invalidate()

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arranged(width)[1]

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        for item, place in self._arranged(rect.width())[0]:
            item.setGeometry(QRect(*place).translated(rect.topLeft()))

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        least = self._measured().least
        return least if self._least_width is None else QSize(self._least_width, least.height())

    def _measured(self) -> _Sizes:
        if self._sizes is None:
            shown = [item for item in self._items if not item.isEmpty()]
            hints = [item.sizeHint() for item in shown]
            least = QSize()
            for item in shown:
                least = least.expandedTo(item.minimumSize())
            preferred = [(item, hint.width(), hint.height()) for item, hint in zip(shown, hints, strict=True)]
            self._sizes = _Sizes(preferred, least)
        return self._sizes

    def _arranged(self, width: int) -> tuple[list[tuple[QLayoutItem, _Place]], int]:
        """Where the items lie in lines of a width, from their upper left corner, and how high the lines are."""
        x, y, line = 0, 0, 0
        found: list[tuple[QLayoutItem, _Place]] = []
        for item, wanted, high in self._measured().preferred:
            wide = min(wanted, max(1, width))
            if x > 0 and x + wide > width:
                x, y, line = 0, y + line + self._gap, 0
            found.append((item, (x, y, wide, high)))
            x += wide + self._gap
            line = max(line, high)
        return found, y + line


def wrapped(*widgets: QWidget, gap: int = 6) -> FlowLayout:
    """The widgets in a layout that wraps."""
    layout = FlowLayout(gap)
    for widget in widgets:
        layout.addWidget(widget)
    return layout
