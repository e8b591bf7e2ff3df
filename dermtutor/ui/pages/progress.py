"""The progress page: accuracy by condition and tone, by tone, and over time, each with its uncertainty."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QSizePolicy,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from dermtutor.domain.cases import Source
from dermtutor.domain.conditions import Catalogue
from dermtutor.domain.statistics import Gap, Proportion
from dermtutor.services.progress import Overview
from dermtutor.skin.scales import MonkTone
from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.basic import button, column, dress, frame, holder, label, row, scrolled
from dermtutor.ui.widgets.heat_map import HeatMap, HeatRow
from dermtutor.ui.widgets.interval_chart import IntervalChart, Point
from dermtutor.ui.widgets.scales import ScaleRow
from dermtutor.ui.wording import GROUP_TITLES, TOO_FEW, counted, interval, percent

_SOURCES: tuple[Source | None, ...] = (None, Source.LEARNED, Source.RECIPE)


def heat_rows(overview: Overview, catalogue: Catalogue) -> tuple[HeatRow, ...]:
    """All conditions together first, then each condition that has answers, group by group."""
    totals = {score.condition: score.proportion for score in overview.by_condition}
    tones = {score.tone: score.proportion for score in overview.by_tone}
    cells: dict[str, dict[MonkTone, Proportion]] = {}
    for cell in overview.cells:
        cells.setdefault(cell.condition, {})[cell.tone] = cell.proportion
    rows = [HeatRow("All conditions", tones, overview.total)]
    rows += [
        HeatRow(c.name, cells.get(c.id, {}), totals[c.id], GROUP_TITLES[group])
        for group, members in catalogue.grouped()
        for c in members
        if c.id in totals
    ]
    return tuple(rows)


class ProgressPage(QWidget):
    """``source_chosen`` carries the Source whose images count, or None for all."""

    source_chosen = Signal(object)

    def __init__(self, theme: Theme, catalogue: Catalogue) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
        self._catalogue = catalogue
        self.heat_map = HeatMap(theme)
        self.table = _table()
        self.by_tone = IntervalChart(theme, "Accuracy by skin tone")
        self.over_time = IntervalChart(theme, "Accuracy by day")
        self.as_table = button("Table  T", "tool", "The same figures as a table (T)")
        self.as_table.setCheckable(True)
        dress(self.as_table, "table", theme)
        names = ("All images", "Learned", "Recipe")
        self.source = ScaleRow(list(enumerate(names)), theme, "Images that count")
        self.source.choose(0)
        self.source.setMaximumWidth(340)
        self._tiles = [
            _Tile(title) for title in ("Accuracy", "Answers", "Light minus dark skin", "Median time")
        ]
        self._nothing = label("", "lead", wrap=True)
        self._build()
        self._connect()

    def _build(self) -> None:
        self._views = QStackedWidget()
        self._views.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._views.addWidget(self.heat_map)
        self._views.addWidget(self.table)
        title = row(label("Accuracy by condition and skin tone", "heading"), None, self.as_table)
        grid = frame("card", title, self._views, margin=24, gap=14)
        tone = frame("card", label("By skin tone", "heading"), self.by_tone, _key_line(), margin=24)
        time = frame("card", label("Over time, by day", "heading"), self.over_time, _key_line(), margin=24)
        tiles = row(*self._tiles, gap=16)
        charts = row(tone, time, gap=16)
        self._figures = holder(column(tiles, grid, charts, gap=16), "clear")
        head = row(label("Progress", "title"), None, self.source)
        inner = column(head, self._nothing, self._figures, None, gap=16)
        inner.setContentsMargins(32, 22, 32, 24)
        self.area = scrolled(holder(inner, "clear"))
        self.setLayout(column(self.area))

    def _connect(self) -> None:
        self.as_table.toggled.connect(self._show_table)
        self.source.changed.connect(lambda position: self.source_chosen.emit(_SOURCES[position]))
        self.area.verticalScrollBar().valueChanged.connect(self._pin)
        shortcut = QShortcut(QKeySequence("T"), self, context=Qt.ShortcutContext.WindowShortcut)
        shortcut.activated.connect(self.as_table.toggle)

    def showEvent(self, event: QShowEvent) -> None:
        self.area.setFocus()

    def show_overview(self, overview: Overview | None) -> None:
        """The figures of the learner, None when nobody is chosen."""
        empty = overview is None or not overview.total.n
        self._figures.setVisible(not empty)
        self._nothing.setVisible(empty)
        self._nothing.setText(
            "Choose who is learning on the start page."
            if overview is None
            else "No answers yet that count here."
        )
        if overview is None or empty:
            return
        rows = heat_rows(overview, self._catalogue)
        self.heat_map.show_rows(rows)
        fill_table(self.table, rows)
        self._show_table(self.as_table.isChecked())
        scores = {score.tone: score.proportion for score in overview.by_tone}
        none = Proportion(0, 0, 0.0, 1.0)
        self.by_tone.show_points([Point(str(t.value), scores.get(t, none), t.swatch) for t in MonkTone.all()])
        self.over_time.show_points(
            [Point(f"{p.day:%d %b}".lstrip("0"), p.proportion) for p in overview.timeline]
        )
        self._tell_tiles(overview)

    def _pin(self, _: int) -> None:
        top = self.heat_map.mapFrom(self.area.viewport(), QPoint(0, 0)).y()
        self.heat_map.pin_header(top)

    def _tell_tiles(self, overview: Overview) -> None:
        total, gap = overview.total, overview.tone_gap
        days = counted(len(overview.timeline), "day")
        seconds = overview.median_seconds
        right = f"{total.k} of {total.n} right"
        if total.too_few:
            self._tiles[0].tell("–", TOO_FEW, right)
        else:
            self._tiles[0].tell(percent(total.value), f"95 % interval {interval(total)}", right)
        self._tiles[1].tell(str(total.n), f"on {days}", "")
        self._tiles[2].tell(*_gap_words(gap))
        self._tiles[3].tell("–" if seconds is None else f"{seconds:.0f} s", "from image to answer", "")

    def _show_table(self, on: bool) -> None:
        self._views.setCurrentIndex(1 if on else 0)
        height = 44 + 36 * self.table.rowCount() if on else self.heat_map.sizeHint().height()
        self._views.setFixedHeight(min(height, 640) if on else height)
        if on:
            self.table.setFocus()


class _Tile(QWidget):
    """One figure with its name above and its uncertainty below."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._figure: QLabel = label("–", "figure")
        self._lines = (label("", "muted"), label("", "muted"))
        card = frame("card", label(title, "muted"), self._figure, *self._lines, None, margin=20, gap=3)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(card)

    def tell(self, figure: str, *lines: str) -> None:
        """Other figures, with two lines below."""
        self._figure.setText(figure)
        for shown, text in zip(self._lines, lines, strict=True):
            shown.setText(text)


def _key_line() -> QLabel:
    return label("Lines: 95 % Wilson interval. Hollow dot: too few answers.", "small")


def _gap_words(gap: Gap | None) -> tuple[str, str, str]:
    if gap is None or gap.too_few:
        return "–", TOO_FEW, "5 each on Monk 1–3, 7–10"
    points = f"{gap.difference * 100:+.0f}".replace("-", "\u2212")
    span = f"95 % interval {gap.low * 100:+.0f} to {gap.high * 100:+.0f}".replace("-", "\u2212")
    verdict = gap.verdict if gap.verdict.startswith("no") else f"{gap.verdict} on light skin"
    return f"{points} pt", span, verdict


def _table() -> QTableWidget:
    table = QTableWidget()
    table.setAccessibleName("Accuracy by condition and skin tone, as a table")
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setAlternatingRowColors(True)
    table.setShowGrid(False)
    table.verticalHeader().setVisible(False)
    table.verticalHeader().setDefaultSectionSize(36)
    table.setTabKeyNavigation(False)
    return table


def fill_table(table: QTableWidget, rows: Sequence[HeatRow]) -> None:
    """The heat map's twin: one line a cell that has answers, every figure in its own column."""
    titles = ("Condition", "Skin tone", "Right", "Answers", "Accuracy", "95 % interval")
    lines = [(r.title, where, p) for r in rows for where, p in _cells(r)]
    table.setColumnCount(len(titles))
    table.setHorizontalHeaderLabels(list(titles))
    table.setRowCount(len(lines))
    for number, (title, where, value) in enumerate(lines):
        share, span = (TOO_FEW, "–") if value.too_few else (percent(value.value), interval(value))
        for position, text in enumerate((title, where, str(value.k), str(value.n), share, span)):
            item = QTableWidgetItem(text)
            if position >= 2:
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            table.setItem(number, position, item)
    header = table.horizontalHeader()
    header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    for position in range(len(titles)):
        side = Qt.AlignmentFlag.AlignRight if position >= 2 else Qt.AlignmentFlag.AlignLeft
        heading = table.horizontalHeaderItem(position)
        if heading is not None:
            heading.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)


def _cells(heat_row: HeatRow) -> list[tuple[str, Proportion]]:
    by_tone = [(str(t), heat_row.cells[t]) for t in MonkTone.all() if t in heat_row.cells]
    return [("All tones", heat_row.total), *by_tone]
