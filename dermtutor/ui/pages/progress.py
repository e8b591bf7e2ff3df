"""The statistics page: accuracy, the tone gap, confusions, confidence, learning and time, each with its uncertainty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from dermtutor.domain.conditions import Catalogue
from dermtutor.reports import cohort_tables, tables, words
from dermtutor.services.figures.cohort_values import CohortDetail
from dermtutor.services.figures.values import Figures
from dermtutor.ui.pages.figures_page import FiguresPage, tell_accuracy
from dermtutor.ui.pages.shown_figures import PreparedPage, first_lines, gap_tile, heat_rows
from dermtutor.ui.tasks import Worker
from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.basic import Item, button, column, frame, holder, label, row
from dermtutor.ui.widgets.chart_card import ChartCard
from dermtutor.ui.widgets.chart_view import ChartView
from dermtutor.ui.widgets.confusion_map import ConfusionMap
from dermtutor.ui.widgets.scales import ScaleRow
from dermtutor.ui.widgets.tile import Tile
from dermtutor.ui.wording import TOO_FEW, counted

_LINES = "Lines: 95 % Wilson interval. Hollow dot: too few answers."
_COURSE = {
    False: "The last 20 answers at each point, with their 95 % interval.",
    True: "Everybody's first answers, the next ones and so on, with their 95 % interval.",
}
"""By whether the figures are of everyone."""
_LABELS_BESIDE = 16
"""Conditions up to which the confusion matrix leaves room for a table beside it."""
_WIDTH_FOR_TABLE_BESIDE = 1400
_SYNTHETIC = "Accuracy on synthetic images is not skill with patients."


class ProgressPage(FiguresPage):
    """``opened`` carries the ids shown and answered of a confusion."""

    opened = Signal(str, str)
    export_wanted = Signal()
    send_wanted = Signal()
    delete_wanted = Signal()

    def __init__(self, theme: Theme, catalogue: Catalogue, charts: Worker) -> None:
        super().__init__(theme, catalogue, "Save these figures as PDF or spreadsheet")
        self._figures: Figures | None = None
        self.scope = ScaleRow([(0, "Mine"), (1, "Everyone")], theme, "Whose answers")
        self.scope.choose(0)
        self.scope.setFixedWidth(200)
        self.scope.hide()
        self.tiles = [
            Tile(title) for title in ("Accuracy", "Answers", "Light minus dark skin", "Surer than right")
        ]
        self.confusion = ConfusionMap(theme)
        self._charts = {
            name: ChartView(name, title, theme, charts)
            for name, title in (
                ("tones", "Accuracy by skin tone"),
                ("gap", "Light minus dark skin"),
                ("calibration", "Confidence and accuracy"),
                ("course", "Learning curve"),
                ("days", "Accuracy by day"),
                ("times", "Response time"),
            )
        }
        self.export = button("Export …", "tool", "Save everything that is kept of you as a file")
        self.send = button("Results …", "tool", "Save your results as a signed file for your educator")
        self.delete = button("Delete …", "tool", "Delete everything that is kept of you, in the backups too")
        self._own = frame(
            "card",
            label("Your data", "heading"),
            label(
                "Kept on this computer only. Results go to your educator as a signed file, without your name unless "
                "you choose so. Deleting also cleans the backups and cannot be undone.",
                "muted",
                wrap=True,
            ),
            row(self.send, self.export, self.delete, None),
            margin=22,
        )
        self._build()
        self._connect()

    def _build(self) -> None:
        chart = self._charts
        self.cards = {
            "cells": ChartCard("Accuracy by condition and skin tone", self.heat_map),
            "tones": ChartCard("By skin tone", chart["tones"], small=_LINES),
            "gap": ChartCard("Light and dark skin", chart["gap"], small="Light: Monk 1–3. Dark: Monk 7–10."),
            "needs": ChartCard("How many more answers the questions need"),
            "confusion": ChartCard(
                "What was taken for what", self.confusion,
                small="Rows: shown. Columns, by number: answered. Choose a cell to see its cases.",
            ),
            "spotting": ChartCard("Telling each condition from the others"),
            "calibration": ChartCard("Confidence and accuracy", chart["calibration"],
                                     small="Dashes: as sure as right. Above them: less sure than right."),
            "brier": ChartCard("Calibration"),
            "course": ChartCard("Learning curve", chart["course"],
small=_COURSE[False]),
            "days": ChartCard("Over time, by day", chart["days"], small=_LINES),
            "times": ChartCard("Response time", chart["times"], small="From image to answer."),
            "real": ChartCard("Synthetic and real images"),
            "learners": ChartCard("Learners"),
            "items": ChartCard("Conditions as items"),
        }  # fmt: skip
        card = self.cards
        self._beside = _halves(card["confusion"], card["spotting"])
        self._pairs = [
            _halves(card["tones"], card["gap"]),
            _halves(card["calibration"], card["course"]),
            _halves(card["days"], card["times"]),
        ]
        lines: list[Item] = [
            row(*self.tiles, gap=16), card["cells"], self._pairs[0], card["needs"],
            self._beside, self._pairs[1], card["brier"],
            self._pairs[2], card["real"], card["learners"], card["items"],
        ]  # fmt: skip
        self._shown = holder(column(*lines, gap=16), "clear")
        head = row(label("Progress", "title"), 8, self.scope, None, self.as_table, self.report)
        self._synthetic = label(_SYNTHETIC, "muted", wrap=True)
        self._lay_out(head, self.filters, self._nothing, self._shown, self._synthetic, self._own)
        for name in ("real", "learners", "items"):
            card[name].hide()

    def _connect(self) -> None:
        self.scope.changed.connect(lambda _: self.changed.emit())
        for asked, wanted in (
            (self.export, self.export_wanted),
            (self.send, self.send_wanted),
            (self.delete, self.delete_wanted),
        ):
            asked.clicked.connect(wanted)
        self.confusion.opened.connect(self.opened)
        self.cards["confusion"].table.opened.connect(self._open_mistake)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    @property
    def everyone(self) -> bool:
        """True when the answers of all learners are wanted."""
        return not self.scope.isHidden() and self.scope.value() == 1

    def let_see_everyone(self, allowed: bool) -> None:
        """Offer the answers of all learners: to educators only."""
        self.scope.setVisible(allowed)

    def show_nobody(self) -> None:
        """Nobody is chosen."""
        self._own.hide()
        self._show_nothing("Choose who is learning on the start page.")

    def show_page(self, prepared: PreparedPage) -> None:
        """The figures of the answers that count."""
        figures = self._figures = prepared.page.figures
        self._own.show()
        self.filters.offer(prepared.page.choices)
        if not figures.total.n:
            self._show_nothing("No answers yet that count here.")
            return
        self._nothing.hide()
        for name in ("learners", "items"):
            self.cards[name].hide()
        self.cards["real"].setVisible(figures.real is not None)
        self._shown.show()
        self.cards["course"].explain(_COURSE[self.everyone])
        self._tell_tiles(figures)
        self.heat_map.show_rows(heat_rows(figures, self._catalogue))
        self.confusion.show_confusion(
            figures.confusion, [self.names[label] for label in figures.confusion.labels]
        )
        said = self._said(figures)
        for name, table in prepared.tables.items():
            self.cards[name].show_table(table, said.get(name, ""))
        for name, chart in self._charts.items():
            chart.show_figures(figures, f"{said.get(name, '')} {first_lines(prepared.tables[name])}".strip())
        self._as_tables(self.as_table.isChecked())

    def show_cohort(self, detail: CohortDetail, people: Mapping[str, str]) -> None:
        """What only all learners together have."""
        if self._figures is None or not self._figures.total.n:
            return
        self._figures = detail.completing(self._figures)
        self._show_gap(self._figures)
        self.cards["learners"].show_table(cohort_tables.learners(detail, people))
        self.cards["items"].show_table(cohort_tables.items(detail, self.names))
        for name in ("learners", "items"):
            self.cards[name].show()

    def _show_gap(self, figures: Figures) -> None:
        said = self._said(figures)["gap"]
        self.tiles[2].tell(*gap_tile(figures.gap.most_careful))
        self.cards["gap"].show_table(tables.gap(figures), said)
        self._charts["gap"].show_figures(figures, said)

    def _said(self, figures: Figures) -> dict[str, str]:
        every = figures.brier
        pairs = words.pairs_verdict(figures.gap)
        return {
            "real": "" if figures.real is None else words.real_verdict(figures.real),
            "gap": f"{words.gap_verdict(figures.gap.most_careful)} {pairs}".strip(),
            "calibration": ""
            if every is None
            else f"On the whole {words.over_confidence(every.over_confidence)}.",
        }

    def _show_nothing(self, why: str) -> None:
        self._shown.hide()
        self._nothing.setText(why)
        self._nothing.show()

    def _open_mistake(self, line: int) -> None:
        if self._figures is not None:
            shown, called, _ = self._figures.confusion.mistakes()[line]
            self.opened.emit(shown, called)

    def _tell_tiles(self, figures: Figures) -> None:
        total = figures.total
        tell_accuracy(self.tiles[0], total)
        median = words.seconds(figures.times.median)
        self.tiles[1].tell(
            words.whole(total.n),
            f"on {counted(figures.days, 'day')}",
            f"median time {median}",
        )
        self.tiles[2].tell(*gap_tile(figures.gap.most_careful))
        brier = figures.brier
        if total.too_few or brier is None:
            self.tiles[3].tell("–", TOO_FEW, "")
        else:
            share = f"{words.points(brier.over_confidence)} pt"
            self.tiles[3].tell(share, "mean confidence minus accuracy", f"Brier score {brier.score:.3f}")

    def _as_tables(self, on: bool) -> None:
        super()._as_tables(on)
        self._arrange()

    def _arrange(self) -> None:
        """Two cards side by side, or below each other where tables need the whole width."""
        tables_shown = self.as_table.isChecked()
        for pair in self._pairs:
            _set_direction(pair, below=tables_shown)
        labels = 0 if self._figures is None else len(self._figures.confusion.labels)
        narrow = self.width() < _WIDTH_FOR_TABLE_BESIDE or labels > _LABELS_BESIDE
        _set_direction(self._beside, below=tables_shown or narrow)


def _halves(left: QWidget, right: QWidget) -> QWidget:
    layout = row(left, right, gap=16)
    layout.setStretch(0, 1)
    layout.setStretch(1, 1)
    return holder(layout, "clear")


def _set_direction(pair: QWidget, *, below: bool) -> None:
    direction = QBoxLayout.Direction.TopToBottom if below else QBoxLayout.Direction.LeftToRight
    cast("QBoxLayout", pair.layout()).setDirection(direction)
