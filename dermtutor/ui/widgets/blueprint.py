"""The blueprint of an exam: a table of how many questions ask for each condition on each tone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from dermtutor.domain.conditions import Condition
from dermtutor.domain.planning import even_blueprint
from dermtutor.domain.quiz import BlueprintCell
from dermtutor.skin.scales import MonkTone

MOST_IN_A_CELL: Final = 20


class BlueprintTable(QTableWidget):
    """Counts that are typed into cells; an empty cell asks nothing. ``total_changed`` carries their sum."""

    total_changed = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._conditions: list[Condition] = []
        self._tones: list[MonkTone] = []
        self.setAccessibleName("Questions by condition and skin tone")
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.AllEditTriggers)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setMinimumSectionSize(34)
        self.verticalHeader().setDefaultSectionSize(36)
        self.itemChanged.connect(self._changed)

    def offer(self, conditions: Sequence[Condition], tones: Sequence[MonkTone], questions: int) -> None:
        """The rows and columns of a choice, with ``questions`` spread evenly over them."""
        self._conditions, self._tones = list(conditions), list(tones)
        even = even_blueprint([c.id for c in conditions], tones, questions) if conditions and tones else ()
        counts = {each.cell: each.count for each in even}
        self.blockSignals(True)
        self.setRowCount(len(conditions))
        self.setColumnCount(len(tones))
        self.setHorizontalHeaderLabels([str(tone.value) for tone in tones])
        self.setVerticalHeaderLabels([condition.name for condition in conditions])
        for row, condition in enumerate(conditions):
            for column, tone in enumerate(tones):
                self.setItem(row, column, self._cell(condition, tone, counts.get((condition.id, tone), 0)))
        self.blockSignals(False)
        self.total_changed.emit(self.total())

    def cells(self) -> tuple[BlueprintCell, ...]:
        """The cells that ask something."""
        return tuple(
            BlueprintCell(condition.id, tone, count)
            for row, condition in enumerate(self._conditions)
            for column, tone in enumerate(self._tones)
            if (count := self._count(row, column))
        )

    def total(self) -> int:
        """The number of questions."""
        return sum(each.count for each in self.cells())

    def _cell(self, condition: Condition, tone: MonkTone, count: int) -> QTableWidgetItem:
        item = QTableWidgetItem(str(count) if count else "")
        item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{condition.name}, {tone}: {count}")
        return item

    def _count(self, row: int, column: int) -> int:
        item = self.item(row, column)
        text = item.text().strip() if item is not None else ""
        return min(MOST_IN_A_CELL, int(text)) if text.isdecimal() else 0

    def _changed(self, item: QTableWidgetItem) -> None:
        """Keeps what is a count, and empties the cell of anything else."""
        count = self._count(item.row(), item.column())
        condition, tone = self._conditions[item.row()], self._tones[item.column()]
        self.blockSignals(True)
        item.setText(str(count) if count else "")
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{condition.name}, {tone}: {count}")
        self.blockSignals(False)
        self.total_changed.emit(self.total())
