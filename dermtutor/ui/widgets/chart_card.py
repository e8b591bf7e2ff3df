"""A card with a chart and its table twin, and what the figures say in words."""

from __future__ import annotations

from functools import cached_property

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
        self._title = title
        self._figures: Table | None = None
        self.said = label("", "body", wrap=True)
        self.note = label(small, "small", wrap=True)
        self._small = small
        self._on = chart is None
        self._views = QStackedWidget()
        self._views.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        if chart is not None:
            self._views.addWidget(chart)
        heading = label(title, "heading")
        head = heading if action is None else row(heading, None, action)
        self.card: QFrame = frame("card", head, self.said, self._views, self.note, None, margin=22, gap=10)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.card)
        self.said.hide()
        self.as_table(False)

    @cached_property
    def table(self) -> FigureTable:
        """The chart's twin, which is made when it is first wanted."""
        table = FigureTable(self._title)
        self._views.addWidget(table)
        if self._figures is not None:
            table.show_table(self._figures)
        return table

    def show_table(self, table: Table, said: str = "") -> None:
        """Other figures; ``said`` is what they say in words."""
        self._figures = table
        if "table" in vars(self):
            self.table.show_table(table)
        self.said.setText(said)
        self.said.setVisible(bool(said))
        self.as_table(self._on)

    def explain(self, small: str) -> None:
        """Another line below the chart."""
        self._small = small

    def as_table(self, on: bool) -> None:
        """Show the table in place of the chart, or the chart. A card that has neither yet stays empty."""
        self._on = on or self.chart is None
        if self.chart is None and self._figures is None:
            return
        shown: QWidget = self.table if self._on or self.chart is None else self.chart
        self._views.setCurrentWidget(shown)
        self._views.setFixedHeight(self.table.height() if self._on else shown.sizeHint().height())
        note = self._small
        if self._on and self._figures is not None:
            note = self._figures.note
        self.note.setText(note)
        self.note.setVisible(bool(note))
