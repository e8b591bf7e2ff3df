"""A field for several words out of many: those chosen stand as chips, a box adds one more."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from dermtutor.domain.recipes import FieldSchema
from dermtutor.ui.recipes.fields import Field, Picker, Suggestions
from dermtutor.ui.widgets.basic import button, column
from dermtutor.ui.widgets.flow_layout import FlowLayout

_LEAST_WIDTH: Final = 60


class ChipsField(Field):
    """The words in their order; a click on one, or Space, takes it away."""

    def __init__(self, schema: FieldSchema, offered: Suggestions) -> None:
        super().__init__(schema)
        self._words = dict(offered)
        self._chosen: list[str] = []
        self.chips: list[QPushButton] = []
        self._flow = FlowLayout(least_width=_LEAST_WIDTH)
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
