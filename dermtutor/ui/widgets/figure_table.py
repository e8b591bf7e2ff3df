"""A table of figures: the twin of a chart, reachable by keyboard and named for screen readers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QSizePolicy, QTableView

from dermtutor.reports.columns import Column, Table, Value, said
from dermtutor.ui.widgets.basic import plain_tip

_ROW: Final = 34
_HEADER: Final = 40
_MOST_SHOWN: Final = 14
_SHORT: Final = 8
"""Letters up to which a column of texts needs no more room than they take."""
_MEASURED: Final = 40
"""Rows that are looked at to find a column's width."""
_PADDING: Final = 27
"""Left and right of a cell's text together, by the style sheet."""
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter

Index = QModelIndex | QPersistentModelIndex


class _Model(QAbstractTableModel):
    """Says a table's values as they are asked for: a thousand rows cost nothing until they are seen."""

    def __init__(self) -> None:
        super().__init__()
        self.table = Table("", "", (), ())

    def show(self, table: Table) -> None:
        self.beginResetModel()
        self.table = table
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.table.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.table.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        column = self.table.columns[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            text = said(self.table.rows[index.row()][index.column()], column.kind)
            return text if role == Qt.ItemDataRole.DisplayRole else plain_tip(text)
        return _side(column) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Vertical or section >= len(self.table.columns):
            return None
        column = self.table.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        return _side(column) if role == Qt.ItemDataRole.TextAlignmentRole else None


def _order(value: Value) -> Any:
    return value.casefold() if isinstance(value, str) else value


def _side(column: Column) -> Qt.AlignmentFlag:
    return _LEFT if column.kind == "text" else _RIGHT


class FigureTable(QTableView):
    """Shows one table; longer ones scroll. ``opened`` carries the number of a row that was chosen."""

    opened = Signal(int)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._model = _Model()
        self.setModel(self._model)
        self._fitted = True
        self.setAccessibleName(name)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().setVisible(False)
        self.verticalHeader().setDefaultSectionSize(_ROW)
        self.horizontalHeader().setMinimumSectionSize(48)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.activated.connect(lambda index: self.opened.emit(index.row()))

    def let_sort(self) -> None:
        """A click on a heading sorts by its column, another one the other way round. Dashes stay at the end."""
        header = self.horizontalHeader()
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.sectionClicked.connect(self._sort_by_heading)

    def sort_by(self, column: int, *, descending: bool = False) -> None:
        """The rows by a column's values, whose order stays where they are equal."""
        table = self.table
        known = [row for row in table.rows if row[column] is not None]
        known.sort(key=lambda row: _order(row[column]), reverse=descending)
        rows = (*known, *(row for row in table.rows if row[column] is None))
        self._model.show(replace(table, rows=rows))
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        self.horizontalHeader().setSortIndicator(column, order)

    def _sort_by_heading(self, column: int) -> None:
        # Qt has turned the indicator already: upwards on the first click, the other way on the next.
        order = self.horizontalHeader().sortIndicatorOrder()
        self.sort_by(column, descending=order == Qt.SortOrder.DescendingOrder)

    @property
    def table(self) -> Table:
        """What is shown."""
        return self._model.table

    def lines(self) -> list[tuple[str, ...]]:
        """What is shown, as text."""
        kinds = [column.kind for column in self.table.columns]
        return [tuple(said(value, kind) for value, kind in zip(row, kinds)) for row in self.table.rows]

    def show_table(self, table: Table) -> None:
        """Other figures."""
        self._model.show(table)
        self.setAccessibleName(table.title)
        self.setAccessibleDescription(table.note)
        self.setFixedHeight(_HEADER + _ROW * max(1, min(len(table.rows), _MOST_SHOWN)))
        self._fitted = False
        if self.isVisible():
            self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Give each column its width, once for each table: a header that keeps to its contents measures all cells again
        whenever the style changes, seen or not."""
        if self._fitted:
            return
        self._fitted = True
        header, metrics = self.horizontalHeader(), self.fontMetrics()
        for place, column in enumerate(self.table.columns):
            texts = {said(row[place], column.kind) for row in self.table.rows[:_MEASURED]}
            longest = max(map(len, texts), default=0)
            if column.kind == "text" and longest > _SHORT:
                header.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)
                continue
            header.setSectionResizeMode(place, QHeaderView.ResizeMode.Fixed)
            wide = [metrics.horizontalAdvance(text) for text in texts if len(text) >= longest - 1]
            header.resizeSection(place, max(header.sectionSizeHint(place), max(wide, default=0) + _PADDING))
