"""The heat map: accuracy by condition and skin tone, with intervals and n, painted; its twin is a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QHelpEvent, QLinearGradient, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from dermtutor.domain.statistics import Proportion
from dermtutor.skin.scales import MonkTone
from dermtutor.ui.theme import Theme, font, ramp_color, readable_on
from dermtutor.ui.wording import TOO_FEW, interval, percent, scored

_HEADER: Final = 46
_ROW: Final = 54
_HEADING: Final = 34
_HEADINGS_FROM: Final = 10
"""Rows from which groups get a heading; fewer are seen at a glance."""
_LEGEND: Final = 40
_COLUMNS: Final = 11
_GAP: Final = 3.0
_WIDE_CELL: Final = 78.0
"""Pixels from which interval and n of a cell stand in one line."""


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One row: a condition (or all of them) with its cells by tone and its total. Rows of a group follow each other."""

    title: str
    cells: Mapping[MonkTone, Proportion]
    total: Proportion
    group: str = ""


class HeatMap(QWidget):
    """Rows are conditions, columns the ten tones and their total."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._rows: Sequence[HeatRow] = ()
        self._tops: Sequence[int] = ()
        self._headings: Mapping[int, str] = {}
        self._bottom = _HEADER + _ROW
        self._pinned = 0.0
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Accuracy by condition and skin tone")
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(1080, self._bottom + _LEGEND)

    def minimumSizeHint(self) -> QSize:
        return QSize(780, self.sizeHint().height())

    def show_rows(self, rows: Sequence[HeatRow]) -> None:
        """Other figures."""
        self._rows = rows
        self._place()
        said = "; ".join(f"{row.title}: {scored(row.total)}" for row in rows)
        self.setAccessibleDescription(f"{said}. Every cell is in the table (T).")
        self.updateGeometry()
        self.update()

    def pin_header(self, top: float) -> None:
        """Keep the tones in sight: ``top`` is where the visible part begins, in pixels of this widget."""
        pinned = self._clamped(top)
        if pinned != self._pinned:
            for place in (self._pinned, pinned):  # where scrolling has moved it to, and where it belongs
                self.update(0, int(place), self.width(), _HEADER + 1)
            self._pinned = pinned

    def _clamped(self, top: float) -> float:
        return min(max(0.0, top), float(self._bottom - _HEADER - _ROW))

    def _place(self) -> None:
        """Where each row begins, and the headings above the first row of each group."""
        tops: list[int] = []
        headings: dict[int, str] = {}
        y, last = _HEADER, ""
        for number, row in enumerate(self._rows):
            if row.group != last and len(self._rows) >= _HEADINGS_FROM:
                headings[number] = row.group
                y += _HEADING
            last = row.group
            tops.append(y)
            y += _ROW
        self._tops, self._headings, self._bottom = tops, headings, max(y, _HEADER + _ROW)
        self._pinned = self._clamped(self._pinned)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            text = self._tip(event.pos().x(), event.pos().y())
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shown = event.region()
        rows = [
            number
            for number, top in enumerate(self._tops)
            if shown.intersects(QRect(0, top - _HEADING, self.width(), _HEADING + _ROW))
        ]
        self._paint_titles(painter, rows)
        self._paint_cells(painter, rows)
        if shown.intersects(QRect(0, self._bottom, self.width(), _LEGEND)):
            self._paint_legend(painter)
        self._paint_header(painter)

    def _title_width(self) -> float:
        return min(210.0, self.width() * 0.18)

    def _columns(self) -> list[tuple[float, float]]:
        """Left side and width of the cells in each column."""
        left = self._title_width() + 8
        width = (self.width() - left - 10) / _COLUMNS
        lefts = [left + column * width for column in range(_COLUMNS)]
        lefts[-1] += 10
        return [(each + _GAP / 2, width - _GAP) for each in lefts]

    def _area(self, number: int, column: int) -> QRectF:
        left, width = self._columns()[column]
        return QRectF(left, self._tops[number] + _GAP / 2, width, _ROW - _GAP)

    def _paint_header(self, painter: QPainter) -> None:
        if not self._rows:
            return
        top, columns = self._pinned + _GAP / 2, self._columns()
        if self._pinned:
            painter.fillRect(QRectF(0, self._pinned, self.width(), _HEADER - 4), self._theme.color("surface"))
        painter.setPen(QPen(self._theme.color("line"), 1))
        for tone, (left, width) in zip(MonkTone.all(), columns):
            painter.setBrush(QColor(tone.swatch))
            painter.drawRoundedRect(QRectF(left, top + 24, width, 10), 4, 4)
        names = [*(str(tone.value) for tone in MonkTone.all()), "All tones"]
        for name, (left, width) in zip(names, columns, strict=True):
            self._words(painter, QRectF(left, top, width, 20), name, "muted", 12)
        side = QRectF(0, top, self._title_width(), 20)
        self._words(painter, side, "Monk tone", "muted", 12, Qt.AlignmentFlag.AlignRight)

    def _paint_titles(self, painter: QPainter, rows: Sequence[int]) -> None:
        """What stands left of the rows and, for groups, above."""
        width = self._title_width()
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight | Qt.TextFlag.TextWordWrap)
        for number in rows:
            top = self._tops[number]
            if number in self._headings:
                left, above = width + 8 + _GAP / 2, top - _HEADING + _GAP / 2
                heading = QRectF(left, above, self.width() - left, _HEADING)
                flag = Qt.AlignmentFlag.AlignLeft
                self._words(painter, heading, self._headings[number], "muted", 13, flag)
            painter.setPen(self._theme.color("text"))
            painter.setFont(font(13, QFont.Weight.Medium if number else QFont.Weight.DemiBold))
            painter.drawText(QRectF(0, top, width, _ROW), flags, self._rows[number].title)

    def _paint_cells(self, painter: QPainter, rows: Sequence[int]) -> None:
        """The cells of some rows, kind by kind: each call into Qt may wait for a worker that computes."""
        few, told = list[tuple[QRectF, Proportion]](), list[tuple[QRectF, Proportion]]()
        columns = self._columns()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("raised"))
        for number in rows:
            top, row = self._tops[number] + _GAP / 2, self._rows[number]
            values = [*(row.cells.get(tone) for tone in MonkTone.all()), row.total]
            for value, (left, width) in zip(values, columns, strict=True):
                area = QRectF(left, top, width, _ROW - _GAP)
                if value is None or not value.n:
                    painter.drawRoundedRect(area, 6, 6)
                else:
                    (few if value.too_few else told).append((area, value))
        self._paint_few(painter, few)
        self._paint_told(painter, told)

    def _paint_few(self, painter: QPainter, cells: Sequence[tuple[QRectF, Proportion]]) -> None:
        """Cells with too few answers."""
        self._paint_hatched(painter, [area for area, _ in cells])
        for area, value in cells:
            said = TOO_FEW.replace(" answers", "\nanswers")
            self._words(painter, area.adjusted(0, 3, 0, -16), said, "muted", 11)
            lower = QRectF(area.left(), area.bottom() - 17, area.width(), 14)
            self._words(painter, lower, f"n {value.n}", "muted", 11)

    def _paint_told(self, painter: QPainter, cells: Sequence[tuple[QRectF, Proportion]]) -> None:
        """Cells with a figure, its interval and n."""
        wide = self._columns()[0][1] >= _WIDE_CELL
        pens = list[QColor]()
        painter.setPen(Qt.PenStyle.NoPen)
        for area, value in cells:
            background = ramp_color(self._theme.tokens, value.value or 0.0)
            painter.setBrush(background)
            painter.drawRoundedRect(area, 6, 6)
            pens.append(readable_on(background))
        painter.setFont(font(15 if wide else 14, QFont.Weight.DemiBold))
        for (area, value), pen in zip(cells, pens, strict=True):
            painter.setPen(pen)
            upper = area.adjusted(0, 5, 0, -20) if wide else area.adjusted(0, 1, 0, -31)
            painter.drawText(upper, Qt.AlignmentFlag.AlignCenter, percent(value.value))
        painter.setFont(font(11))
        for (area, value), pen in zip(cells, pens, strict=True):
            painter.setPen(pen)
            parts = (interval(value).removesuffix(" %"), f"n {value.n}")
            lower = area.adjusted(0, 27, 0, -4) if wide else area.adjusted(0, 20, 0, -1)
            painter.drawText(lower, Qt.AlignmentFlag.AlignCenter, (" · " if wide else "\n").join(parts))

    def _paint_hatched(self, painter: QPainter, areas: Sequence[QRectF]) -> None:
        painter.setBrush(self._theme.color("raised"))
        painter.setPen(QPen(self._theme.color("line"), 1, Qt.PenStyle.DashLine))
        for area in areas:
            painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QBrush(self._theme.color("line"), Qt.BrushStyle.BDiagPattern))
        painter.setOpacity(0.55)
        for area in areas:
            painter.drawRoundedRect(area, 6, 6)
        painter.setOpacity(1)

    def _paint_legend(self, painter: QPainter) -> None:
        top = self._bottom + 14.0
        left = self._title_width() + 8
        flag = Qt.AlignmentFlag.AlignLeft
        self._words(painter, QRectF(left, top, 30, 14), "0 %", "muted", 11, flag)
        scale = QLinearGradient(left + 32, 0, left + 152, 0)
        for share in (0.0, 0.5, 1.0):
            scale.setColorAt(share, ramp_color(self._theme.tokens, share))
        painter.fillRect(QRectF(left + 32, top, 120, 14), scale)
        self._words(painter, QRectF(left + 158, top, 50, 14), "100 %", "muted", 11, flag)
        self._paint_hatched(painter, [QRectF(left + 216, top, 26, 14)])
        text = "fewer than five answers: too few to say. Below each figure: 95 % Wilson interval and n."
        where = QRectF(left + 250, top - 1, self.width() - left - 250, 16)
        self._words(painter, where, text, "muted", 11, flag)

    def _words(
        self,
        painter: QPainter,
        area: QRectF,
        text: str,
        token: str,
        size: int,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignHCenter,
    ) -> None:
        painter.setPen(self._theme.color(token))
        painter.setFont(font(size))
        painter.drawText(area, int(align | Qt.AlignmentFlag.AlignVCenter), text)

    def _tip(self, x: float, y: float) -> str:
        for number, row in enumerate(self._rows):
            for column in range(_COLUMNS):
                if self._area(number, column).contains(x, y):
                    if column == _COLUMNS - 1:
                        return f"{row.title}, all tones: {scored(row.total)}"
                    tone = MonkTone(column + 1)
                    value = row.cells.get(tone)
                    return f"{row.title}, {tone}: {scored(value) if value else 'no answers'}"
        return ""
