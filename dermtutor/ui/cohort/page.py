"""The cohort page: who sent results, accuracy by condition and tone, the tone gap in words, and every item."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QComboBox, QWidget

from dermtutor.domain.conditions import Catalogue
from dermtutor.reports import words
from dermtutor.reports.cohort_tables import learner_order
from dermtutor.reports.columns import Names, Table
from dermtutor.services.cohort import CohortPage as Page
from dermtutor.ui.cohort.prepared import PreparedCohort
from dermtutor.ui.cohort.taking import TakingCard
from dermtutor.ui.pages.filters import FilterBar
from dermtutor.ui.pages.shown_figures import first_lines, gap_tile, heat_rows
from dermtutor.ui.tasks import Worker
from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.basic import button, column, dress, holder, label, row, scrolled
from dermtutor.ui.widgets.chart_card import ChartCard
from dermtutor.ui.widgets.chart_view import ChartView
from dermtutor.ui.widgets.heat_map import HeatMap
from dermtutor.ui.widgets.tile import Tile
from dermtutor.ui.wording import TOO_FEW, counted, interval, percent

_SORTS: Final = (
    ("By condition", "Condition", False), ("Hardest first", "Facility", False), ("Easiest first", "Facility", True),
    ("Least telling first", "Discrimination", False), ("Most answers first", "Answers", True),
)  # fmt: skip
"""What the menu of the items says, the column's title, and whether downwards."""
_SYNTHETIC: Final = (
    "Accuracy on synthetic images is not skill with patients. Names are those that the learners chose."
)


class CohortPage(QWidget):
    """``changed`` when other answers should count; ``removal_wanted`` carries the id and the name of a learner."""

    changed = Signal()
    report_wanted = Signal()
    removal_wanted = Signal(str, str)

    def __init__(self, theme: Theme, catalogue: Catalogue, charts: Worker) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
        self._catalogue = catalogue
        self.names = Names({condition.id: condition.name for condition in catalogue.nameable})
        self._order: tuple[str, ...] = ()
        self._people: Mapping[str, str] = {}
        self.taking = TakingCard(theme)
        self.filters = FilterBar(theme)
        self.as_table = button("Tables  T", "tool", "The same figures as tables (T)")
        self.as_table.setCheckable(True)
        dress(self.as_table, "table", theme)
        self.report = button("Report …", "tool", "Save as PDF, as spreadsheet, or every answer as CSV")
        self.remove = button("Remove …", "tool", "Remove the results of the learner chosen in the table")
        self.remove.setEnabled(False)
        self.tiles = [
            Tile(title) for title in ("Learners", "Accuracy", "Light minus dark skin", "Reliability")
        ]
        self.heat_map = HeatMap(theme)
        self._gap = ChartView("gap", "Light minus dark skin", theme, charts)
        self.sorting = QComboBox()
        self.sorting.setAccessibleName("Order of the items")
        self.sorting.addItems([title for title, _, _ in _SORTS])
        self._nothing = label("", "lead", wrap=True)
        self._build()
        self._connect()

    def _build(self) -> None:
        self.cards = {
            "cells": ChartCard("Accuracy by condition and skin tone", self.heat_map),
            "gap": ChartCard("Light and dark skin", self._gap, small="Light: Monk 1–3. Dark: Monk 7–10."),
            "learners": ChartCard("Learners", action=self.remove),
            "analysis": ChartCard("Items", action=self.sorting),
            "items": ChartCard("Fairness by skin tone, condition by condition"),
            "needs": ChartCard("How many more answers the questions need"),
        }
        self.cards["analysis"].table.let_sort()
        self.cards["items"].table.let_sort()
        self._shown = holder(
            column(row(*self.tiles, gap=16), *self.cards.values(), gap=16),
            "clear",
        )
        head = row(label("Cohort", "title"), None, self.as_table, self.report)
        synthetic = label(_SYNTHETIC, "muted", wrap=True)
        inner = column(head, self.taking, self.filters, self._nothing, self._shown, synthetic, None, gap=16)
        inner.setContentsMargins(32, 22, 32, 24)
        self.area = scrolled(holder(inner, "clear"))
        self.setLayout(column(self.area))
        self.show_nothing("")

    def _connect(self) -> None:
        self.as_table.toggled.connect(self._as_tables)
        self.filters.changed.connect(self.changed)
        self.report.clicked.connect(self.report_wanted)
        self.remove.clicked.connect(self._ask_removal)
        self.sorting.activated.connect(self._sort)
        learners = self.cards["learners"].table.selectionModel()
        learners.selectionChanged.connect(lambda *_: self.remove.setEnabled(learners.hasSelection()))
        self.area.verticalScrollBar().valueChanged.connect(self._pin)
        shortcut = QShortcut(QKeySequence("T"), self, context=Qt.ShortcutContext.WindowShortcut)
        shortcut.activated.connect(self.as_table.toggle)

    def showEvent(self, event: QShowEvent) -> None:
        self.area.setFocus()

    def place_of(self, card: str) -> int:
        """How far down a card begins, for scrolling to it."""
        content = self.area.widget()
        return 0 if content is None else self.cards[card].mapTo(content, QPoint(0, -16)).y()

    def show_nothing(self, why: str) -> None:
        """There is nothing to show."""
        for hidden in (self._shown, self.filters, self.as_table, self.report):
            hidden.hide()
        self.taking.explain(True)
        self._nothing.setText(why)
        self._nothing.setVisible(bool(why))

    def show_cohort(self, prepared: PreparedCohort) -> None:
        """The figures of the imported answers that count."""
        page = prepared.page
        if not page.people:
            self.show_nothing("No results yet.")
            return
        self.filters.offer(page.choices)
        self.filters.show()
        if not page.figures.total.n:
            self.show_nothing("No answers count here; choose other filters.")
            self.filters.show()
            return
        self._nothing.hide()
        self.taking.explain(False)
        for shown in (self._shown, self.as_table, self.report):
            shown.show()
        self._people, self._order = page.people, learner_order(page.detail, page.people)
        self.remove.setEnabled(False)
        self._tell_tiles(page)
        self.heat_map.show_rows(heat_rows(page.figures, self._catalogue))
        gap = page.figures.gap
        said = f"{words.gap_verdict(gap.most_careful)} {words.careful_said(gap)}".strip()
        for name, card in self.cards.items():
            card.show_table(prepared.tables[name], said if name == "gap" else "")
        self._gap.show_figures(page.figures, f"{said} {first_lines(prepared.tables['gap'])}")
        self._sort(self.sorting.currentIndex())
        self._as_tables(self.as_table.isChecked())

    def _tell_tiles(self, page: Page) -> None:
        total = page.figures.total
        self.tiles[0].tell(
            words.whole(page.figures.learners),
            counted(total.n, "answer"),
            f"on {counted(page.figures.days, 'day')}",
        )
        right = f"{words.whole(total.k)} of {words.whole(total.n)} right"
        if total.too_few:
            self.tiles[1].tell("–", TOO_FEW, right)
        else:
            self.tiles[1].tell(percent(total.value), f"95 % interval {interval(total)}", right)
        self.tiles[2].tell(*gap_tile(page.figures.gap.most_careful))
        self.tiles[3].tell(*_reliable(page))

    def _sort(self, place: int) -> None:
        _, title, descending = _SORTS[max(0, place)]
        table = self.cards["analysis"].table
        titles = [each.title for each in table.table.columns]
        if title in titles:
            table.sort_by(titles.index(title), descending=descending)

    def _ask_removal(self) -> None:
        chosen = self.cards["learners"].table.selectionModel().selectedRows()
        if chosen and chosen[0].row() < len(self._order):
            learner = self._order[chosen[0].row()]
            self.removal_wanted.emit(learner, self._people.get(learner, ""))

    def _pin(self, _: int) -> None:
        self.heat_map.pin_header(self.heat_map.mapFrom(self.area.viewport(), QPoint(0, 0)).y())

    def _as_tables(self, on: bool) -> None:
        for card in self.cards.values():
            card.as_table(on)

    def tables(self) -> dict[str, Table]:
        """What the cards show, by name."""
        return {name: card.table.table for name, card in self.cards.items()}


def _reliable(page: Page) -> tuple[str, str, str]:
    """Reliability over the items or, where too few learners met the same ones, over the conditions."""
    found, detail = page.analysis.reliability, page.detail
    if found.alpha is not None:
        error = words.DASH if found.error is None else f"{found.error * 100:.1f} pt"
        name = "KR-20" if page.analysis.single else "alpha"
        who = f"{counted(found.learners, 'learner')}, {counted(found.items, 'item')}"
        return f"{found.alpha:.2f}", f"{name}, standard error {error}", who
    if detail.alpha is not None:
        return f"{detail.alpha:.2f}", "alpha, over conditions", counted(detail.alpha_learners, "learner")
    return "–", "too few who met", "the same items"
