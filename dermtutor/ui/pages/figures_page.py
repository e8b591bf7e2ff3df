"""What the pages of figures have in common: cards with a chart or a table each, filters above, a header that stays."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QWidget

from dermtutor.domain.conditions import Catalogue
from dermtutor.domain.statistics import Proportion
from dermtutor.reports import words
from dermtutor.reports.columns import Names
from dermtutor.ui.pages.filters import FilterBar
from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.basic import Item, button, column, dress, holder, label, scrolled
from dermtutor.ui.widgets.chart_card import ChartCard
from dermtutor.ui.widgets.heat_map import HeatMap
from dermtutor.ui.widgets.tile import Tile
from dermtutor.ui.wording import TOO_FEW, interval, percent


class FiguresPage(QWidget):
    """``changed`` when other answers should count. ``cards`` are by name, once the page is laid out."""

    changed = Signal()
    report_wanted = Signal()

    def __init__(self, theme: Theme, catalogue: Catalogue, report: str) -> None:
        """``report`` says what the button for the report saves."""
        super().__init__()
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
        self._catalogue = catalogue
        self.names = Names({condition.id: condition.name for condition in catalogue.nameable})
        self.filters = FilterBar(theme)
        self.as_table = button("Tables  T", "tool", "The same figures as tables (T)")
        self.as_table.setCheckable(True)
        dress(self.as_table, "table", theme)
        self.report = button("Report …", "tool", report)
        self.heat_map = HeatMap(theme)
        self.cards: dict[str, ChartCard] = {}
        self._nothing = label("", "lead", wrap=True)

    def _lay_out(self, *items: Item) -> None:
        """All of the page, from above, and what it answers to."""
        inner = column(*items, None, gap=16)
        inner.setContentsMargins(32, 22, 32, 24)
        self.area = scrolled(holder(inner, "clear"))
        self.setLayout(column(self.area))
        self.as_table.toggled.connect(self._as_tables)
        self.filters.changed.connect(self.changed)
        self.report.clicked.connect(self.report_wanted)
        self.area.verticalScrollBar().valueChanged.connect(self._pin)
        shortcut = QShortcut(QKeySequence("T"), self, context=Qt.ShortcutContext.WindowShortcut)
        shortcut.activated.connect(self.as_table.toggle)

    def showEvent(self, event: QShowEvent) -> None:
        self.area.setFocus()

    def place_of(self, card: str) -> int:
        """How far down a card begins, for scrolling to it."""
        content = self.area.widget()
        return 0 if content is None else self.cards[card].mapTo(content, QPoint(0, -16)).y()

    def _pin(self, _: int) -> None:
        self.heat_map.pin_header(self.heat_map.mapFrom(self.area.viewport(), QPoint(0, 0)).y())

    def _as_tables(self, on: bool) -> None:
        for card in self.cards.values():
            card.as_table(on)


def tell_accuracy(tile: Tile, total: Proportion) -> None:
    """Accuracy with its interval, or that there are too few answers for one."""
    right = f"{words.whole(total.k)} of {words.whole(total.n)} right"
    if total.too_few:
        tile.tell("–", TOO_FEW, right)
    else:
        tile.tell(percent(total.value), f"95 % interval {interval(total)}", right)
