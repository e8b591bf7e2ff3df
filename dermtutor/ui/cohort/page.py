"""The cohort page: who sent results, accuracy by condition and tone, the tone gap in words, and every item."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox

from dermtutor.domain.conditions import Catalogue
from dermtutor.reports import words
from dermtutor.reports.cohort_tables import learner_order
from dermtutor.reports.columns import Table
from dermtutor.services.cohort import CohortPage as Page
from dermtutor.ui.cohort.prepared import PreparedCohort
from dermtutor.ui.cohort.taking import TakingCard
from dermtutor.ui.pages.figures_page import FiguresPage, tell_accuracy
from dermtutor.ui.pages.shown_figures import first_lines, gap_tile, heat_rows
from dermtutor.ui.tasks import Worker
from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.ask import Answers, Ask, Asking
from dermtutor.ui.widgets.basic import button, column, holder, label, row
from dermtutor.ui.widgets.chart_card import ChartCard
from dermtutor.ui.widgets.chart_view import ChartView
from dermtutor.ui.widgets.tile import Tile
from dermtutor.ui.wording import counted

_SORTS: Final = (
    ("By condition", "Condition", False), ("Hardest first", "Facility", False), ("Easiest first", "Facility", True),
    ("Least telling first", "Discrimination", False), ("Most answers first", "Answers", True),
)  # fmt: skip
"""What the menu of the items says, the column's title, and whether downwards."""
_SYNTHETIC: Final = (
    "Accuracy on synthetic images is not skill with patients. Names are those that the learners chose."
)


class CohortPage(FiguresPage):
    """``removal_wanted`` carries the id of a learner, after the person was asked."""

    removal_wanted = Signal(str)

    def __init__(self, theme: Theme, catalogue: Catalogue, charts: Worker) -> None:
        super().__init__(theme, catalogue, "Save as PDF, as spreadsheet, or every answer as CSV")
        self._order: tuple[str, ...] = ()
        self._people: Mapping[str, str] = {}
        self._asking = Asking(self, theme)
        self.taking = TakingCard(theme)
        self.remove = button("Remove …", "tool", "Remove the results of the learner chosen in the table")
        self.remove.setEnabled(False)
        self.tiles = [
            Tile(title) for title in ("Learners", "Accuracy", "Light minus dark skin", "Reliability")
        ]
        self._gap = ChartView("gap", "Light minus dark skin", theme, charts)
        self.sorting = QComboBox()
        self.sorting.setAccessibleName("Order of the items")
        self.sorting.addItems([title for title, _, _ in _SORTS])
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
        self._lay_out(head, self.taking, self.filters, self._nothing, self._shown, synthetic)
        self.show_nothing("")

    def _connect(self) -> None:
        self.remove.clicked.connect(self._ask_removal)
        self.sorting.activated.connect(self._sort)
        learners = self.cards["learners"].table.selectionModel()
        learners.selectionChanged.connect(lambda *_: self.remove.setEnabled(learners.hasSelection()))

    @property
    def question(self) -> Ask | None:
        """What the person is being asked."""
        return self._asking.question

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
        tell_accuracy(self.tiles[1], total)
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
        if not chosen or chosen[0].row() >= len(self._order):
            return
        learner = self._order[chosen[0].row()]
        remove: Answers = [
            ("Keep them", "primary-small", None),
            ("Remove", "", lambda _: self.removal_wanted.emit(learner)),
        ]
        words = (
            "All that was imported of this learner is deleted, in the backups too. It can be imported again."
        )
        self._asking.ask(f"Remove the results of {self._people.get(learner, '')}?", words, remove)

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
