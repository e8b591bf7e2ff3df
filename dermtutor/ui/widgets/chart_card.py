"""A card with a chart and its table twin, and what the figures say in words."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from dermtutor.reports.columns import Table
from dermtutor.ui.widgets.basic import frame, label, row
from dermtutor.ui.widgets.figure_table import FigureTable


class ChartCard(QWidget):
    """Shows either the chart or the table. A card without a chart is always its table."""

    def __init__(
        self, title: str, chart: QWidget | None = None, *, small: str = "", action: QWidget | None = None
    ) -> None:
        """``small`` is the line below the chart; ``action`` stands beside the title."""
        super().__init__()
        self.chart = chart
        self.table = FigureTable(title)
        self.said = label("", "body", wrap=True)
        self.note = label(small, "small", wrap=True)
        self._small = small
        self._table_note = ""
        self._views = QStackedWidget()
        self._views.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for view in (chart, self.table):
            if view is not None:
                self._views.addWidget(view)
        heading = label(title, "heading")
        head = heading if action is None else row(heading, None, action)
        self.card: QFrame = frame("card", head, self.said, self._views, self.note, None, margin=22, gap=10)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.card)
        self.said.hide()

    def show_table(self, table: Table, said: str = "") -> None:
        """Other figures; ``said`` is what they say in words."""
        self.table.show_table(table)
        self.said.setText(said)
        self.said.setVisible(bool(said))
        self._table_note = table.note
        self.as_table(self._views.currentWidget() is self.table)

    def explain(self, small: str) -> None:
        """Another line below the chart."""
        self._small = small

    def as_table(self, on: bool) -> None:
        """Show the table in place of the chart, or the chart."""
        shown: QWidget = self.table if on or self.chart is None else self.chart
        self._views.setCurrentWidget(shown)
        height = self.table.height() if shown is self.table else shown.sizeHint().height()
        self._views.setFixedHeight(height)
        note = self._table_note if shown is self.table else self._small
        self.note.setText(note)
        self.note.setVisible(bool(note))
