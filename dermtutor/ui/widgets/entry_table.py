"""A table of entries of which one is chosen, with a box that searches it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLineEdit, QTableWidget, QTableWidgetItem

Entry = TypeVar("Entry")

_ROW_HEIGHT = 36


@dataclass(frozen=True, slots=True)
class Columns(Generic[Entry]):
    """What a table shows of an entry: a cell for each of the ``heads``, of which the ``wide`` share what room is left.

    ``key`` tells entries apart, ``searched`` is the text in which the search looks.
    """

    heads: Sequence[str]
    wide: Collection[int]
    key: Callable[[Entry], str]
    searched: Callable[[Entry], str]
    cells: Callable[[Entry], Sequence[str]]


class EntryTable(QTableWidget, Generic[Entry]):
    """``changed`` when another entry is chosen or other ones are shown. ``search`` is placed by who shows the table."""

    changed = Signal()

    def __init__(self, what: str, columns: Columns[Entry]) -> None:
        """``what`` names the entries, as in "Case sets"."""
        super().__init__(0, len(columns.heads))
        self._columns = columns
        self._entries: Sequence[Entry] = ()
        self.shown: tuple[Entry, ...] = ()
        """The entries that the search leaves, in order."""
        self.search = QLineEdit()
        for say in (self.search.setPlaceholderText, self.search.setAccessibleName):
            say(f"Search {what[:1].lower()}{what[1:]}")
        self.search.textChanged.connect(self._fill)
        self.setAccessibleName(what)
        self.setHorizontalHeaderLabels(list(columns.heads))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for place in columns.wide:
            header.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)
        self._measure(QHeaderView.ResizeMode.ResizeToContents)
        self.itemSelectionChanged.connect(self.changed)

    @property
    def chosen(self) -> Entry | None:
        """The entry that is selected."""
        number = self.currentRow()
        return self.shown[number] if 0 <= number < len(self.shown) else None

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Other entries; the chosen one stays chosen."""
        self._entries = entries
        self._fill()

    def choose(self, key: str) -> None:
        """Select an entry by its key; one that is not shown changes nothing."""
        number = next((n for n, entry in enumerate(self.shown) if self._columns.key(entry) == key), -1)
        if number >= 0:
            self.selectRow(number)

    def ask(self, wanted: SignalInstance) -> None:
        """Emit a signal with the chosen entry, if there is one."""
        if self.chosen is not None:
            wanted.emit(self.chosen)

    def _measure(self, mode: QHeaderView.ResizeMode) -> None:
        """How the columns that are not wide find their width."""
        for place in range(self.columnCount()):
            if place not in self._columns.wide:
                self.horizontalHeader().setSectionResizeMode(place, mode)

    def _fill(self) -> None:
        before, columns = self.chosen, self._columns
        words = self.search.text().lower().split()
        self.shown = tuple(
            entry for entry in self._entries if all(word in columns.searched(entry).lower() for word in words)
        )
        self.blockSignals(True)
        # Else each cell that comes has all of them measured again.
        self._measure(QHeaderView.ResizeMode.Fixed)
        self.setRowCount(len(self.shown))
        for number, entry in enumerate(self.shown):
            for place, text in enumerate(columns.cells(entry)):
                self.setItem(number, place, QTableWidgetItem(text))
        self._measure(QHeaderView.ResizeMode.ResizeToContents)
        if self.shown:
            self.selectRow(0)
        if before is not None:
            self.choose(columns.key(before))
        self.blockSignals(False)
        self.changed.emit()
