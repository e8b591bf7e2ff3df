"""A field for several words out of many: those chosen stand as chips, a box adds one more."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QLayout, QLayoutItem, QPushButton, QSizePolicy, QWidget

from dermtutor.domain.recipes import FieldSchema
from dermtutor.ui.recipes.fields import Field, Picker, Suggestions
from dermtutor.ui.widgets.basic import button, column


class FlowLayout(QLayout):
    """Items side by side, in as many lines as the width asks for."""

    def __init__(self, gap: int = 6) -> None:
        super().__init__()
        self._gap = gap
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(QRect(0, 0, width, 0), move=False)

    def sizeHint(self) -> QSize:
        return QSize(200, self.heightForWidth(300))

    def minimumSize(self) -> QSize:
        return QSize(60, max((item.minimumSize().height() for item in self._items), default=0))

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        x, y, line = rect.x(), rect.y(), 0
        for item in self._items:
            size = item.sizeHint()
            width = min(size.width(), max(1, rect.width()))
            if x > rect.x() and x + width > rect.right() + 1:
                x, y, line = rect.x(), y + line + self._gap, 0
            if move:
                item.setGeometry(QRect(QPoint(x, y), QSize(width, size.height())))
            x += width + self._gap
            line = max(line, size.height())
        return y + line - rect.y()


class ChipsField(Field):
    """The words in their order; a click on one, or Space, takes it away."""

    def __init__(self, schema: FieldSchema, offered: Suggestions) -> None:
        super().__init__(schema)
        self._words = dict(offered)
        self._chosen: list[str] = []
        self.chips: list[QPushButton] = []
        self._flow = FlowLayout()
        self.box = Picker()
        self.box.setAccessibleName(f"Add to {schema.title.lower()}")
        self.box.activated.connect(self._add)
        self._holder = QWidget()
        self._holder.setLayout(self._flow)
        self._holder.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setLayout(column(self._holder, self.box, gap=6))

    def inputs(self) -> list[QWidget]:
        return [*self.chips, self.box]

    def show_value(self, value: Any) -> None:
        wanted = [str(each) for each in value] if isinstance(value, list) else []
        if wanted == self._chosen and self.box.count():
            return
        self._chosen = wanted
        for chip in self.chips:
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self.chips = [self._chip(term) for term in wanted]
        for chip in self.chips:
            self._flow.addWidget(chip)
        self._holder.setVisible(bool(wanted))
        self._holder.updateGeometry()
        self.box.clear()
        self.box.addItem("Add …", "")
        for term, words in self._words.items():
            if term not in wanted:
                self.box.addItem(words, term)

    def _chip(self, term: str) -> QPushButton:
        words = self._words.get(term, term)
        chip = button(f"{words}  ×", "chip", "Take away")
        chip.setAccessibleName(f"{words}: take away from {self.schema.title.lower()}")
        chip.clicked.connect(lambda: self._tell([each for each in self._chosen if each != term]))
        return chip

    def _add(self, position: int) -> None:
        term = self.box.itemData(position)
        if term:
            self._tell([*self._chosen, term])
            self.box.setFocus()

    def _tell(self, words: list[str]) -> None:
        self.show_value(words)
        self.edited.emit(words)
