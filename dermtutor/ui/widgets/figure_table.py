"""A table of figures: the twin of a chart, reachable by keyboard and named for screen readers."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QSizePolicy, QTableWidget, QTableWidgetItem

from dermtutor.reports.tables import Table, said
from dermtutor.reports.words import DASH

_ROW: Final = 34
_HEADER: Final = 40
_MOST_SHOWN: Final = 14


class FigureTable(QTableWidget):
    """Shows one table; longer ones scroll. ``opened`` carries the number of a row that was chosen."""

    opened = Signal(int)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().setVisible(False)
        self.verticalHeader().setDefaultSectionSize(_ROW)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.cellActivated.connect(lambda row, _: self.opened.emit(row))

    def show_table(self, table: Table) -> None:
        """Other figures."""
        self.setAccessibleName(table.title)
        self.setAccessibleDescription(table.note)
        self.clear()
        self.setColumnCount(len(table.columns))
        self.setRowCount(len(table.rows))
        for place, column in enumerate(table.columns):
            heading = QTableWidgetItem(column.title)
            side = Qt.AlignmentFlag.AlignLeft if column.kind == "text" else Qt.AlignmentFlag.AlignRight
            heading.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
            self.setHorizontalHeaderItem(place, heading)
            for number, row in enumerate(table.rows):
                item = QTableWidgetItem(said(row[place], column.kind))
                item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
                item.setToolTip("" if item.text() == DASH else item.text())
                self.setItem(number, place, item)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(48)
        for place, column in enumerate(table.columns):
            if column.kind != "text":
                header.setSectionResizeMode(place, QHeaderView.ResizeMode.ResizeToContents)
        self.setFixedHeight(_HEADER + _ROW * max(1, min(len(table.rows), _MOST_SHOWN)))
