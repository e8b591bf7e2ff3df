"""The heat map: accuracy by condition and skin tone, with intervals and n, painted; its twin is a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QHelpEvent, QPainter, QPaintEvent, QPen
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
        for number, row in enumerate(self._rows):
            if shown.intersects(QRect(0, self._tops[number] - _HEADING, self.width(), _HEADING + _ROW)):
                self._paint_row(painter, number, row)
        self._paint_legend(painter)
        self._paint_header(painter)

    def _title_width(self) -> float:
        return min(210.0, self.width() * 0.18)

    def _area(self, number: int, column: int) -> QRectF:
        left = self._title_width() + 8
        width = (self.width() - left - 10) / _COLUMNS
        total = 10 if column == _COLUMNS - 1 else 0
        area = QRectF(left + column * width + total, self._tops[number], width, _ROW)
        return area.adjusted(_GAP / 2, _GAP / 2, -_GAP / 2, -_GAP / 2)

    def _paint_header(self, painter: QPainter) -> None:
        if not self._rows:
            return
        up = self._pinned - self._tops[0]
        if self._pinned:
            painter.fillRect(QRectF(0, self._pinned, self.width(), _HEADER - 4), self._theme.color("surface"))
        for tone in MonkTone.all():
            above = self._area(0, tone.value - 1).translated(0, up)
            patch = QRectF(above.left(), above.top() + 24, above.width(), 10)
            painter.setPen(QPen(self._theme.color("line"), 1))
            painter.setBrush(QColor(tone.swatch))
            painter.drawRoundedRect(patch, 4, 4)
            self._words(
                painter, QRectF(above.left(), above.top(), above.width(), 20), str(tone.value), "muted", 12
            )
        last = self._area(0, _COLUMNS - 1).translated(0, up)
        self._words(painter, QRectF(last.left(), last.top(), last.width(), 20), "All tones", "muted", 12)
        side = QRectF(0, last.top(), self._title_width(), 20)
        self._words(painter, side, "Monk tone", "muted", 12, Qt.AlignmentFlag.AlignRight)

    def _paint_row(self, painter: QPainter, number: int, row: HeatRow) -> None:
        first = self._area(number, 0)
        if number in self._headings:
            heading = QRectF(first.left(), first.top() - _HEADING, self.width() - first.left(), _HEADING)
            left = Qt.AlignmentFlag.AlignLeft
            self._words(painter, heading, self._headings[number], "muted", 13, left)
        title = QRectF(0, first.top(), self._title_width(), first.height())
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight | Qt.TextFlag.TextWordWrap
        weight = QFont.Weight.DemiBold if number == 0 else QFont.Weight.Medium
        painter.setPen(self._theme.color("text"))
        painter.setFont(font(13, weight))
        painter.drawText(title, int(flags), row.title)
        for tone in MonkTone.all():
            self._paint_cell(painter, self._area(number, tone.value - 1), row.cells.get(tone))
        self._paint_cell(painter, self._area(number, _COLUMNS - 1), row.total)

    def _paint_cell(self, painter: QPainter, area: QRectF, value: Proportion | None) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        if value is None or not value.n:
            painter.setBrush(self._theme.color("raised"))
            painter.drawRoundedRect(area, 6, 6)
        elif value.too_few:
            self._paint_hatched(painter, area)
            upper = area.adjusted(0, 3, 0, -16)
            self._words(painter, upper, TOO_FEW.replace(" answers", "\nanswers"), "muted", 11)
            self._words(
                painter,
                QRectF(area.left(), area.bottom() - 17, area.width(), 14),
                f"n {value.n}",
                "muted",
                11,
            )
        else:
            background = ramp_color(self._theme.tokens, value.value or 0.0)
            painter.setBrush(background)
            painter.drawRoundedRect(area, 6, 6)
            painter.setPen(readable_on(background))
            wide = area.width() >= _WIDE_CELL
            painter.setFont(font(15 if wide else 14, QFont.Weight.DemiBold))
            upper = area.adjusted(0, 5, 0, -20) if wide else area.adjusted(0, 1, 0, -31)
            painter.drawText(upper, Qt.AlignmentFlag.AlignCenter, percent(value.value))
            painter.setFont(font(11))
            parts = (interval(value).removesuffix(" %"), f"n {value.n}")
            lower = area.adjusted(0, 27, 0, -4) if wide else area.adjusted(0, 20, 0, -1)
            painter.drawText(lower, Qt.AlignmentFlag.AlignCenter, (" · " if wide else "\n").join(parts))

    def _paint_hatched(self, painter: QPainter, area: QRectF) -> None:
        painter.setBrush(self._theme.color("raised"))
        painter.setPen(QPen(self._theme.color("line"), 1, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QBrush(self._theme.color("line"), Qt.BrushStyle.BDiagPattern))
        painter.setOpacity(0.55)
        painter.drawRoundedRect(area, 6, 6)
        painter.setOpacity(1)

    def _paint_legend(self, painter: QPainter) -> None:
        top = self._bottom + 14.0
        left = self._title_width() + 8
        self._words(painter, QRectF(left, top, 30, 14), "0 %", "muted", 11, Qt.AlignmentFlag.AlignLeft)
        for step in range(60):
            painter.fillRect(
                QRectF(left + 32 + step * 2, top, 2.5, 14), ramp_color(self._theme.tokens, step / 59)
            )
        self._words(
            painter, QRectF(left + 158, top, 50, 14), "100 %", "muted", 11, Qt.AlignmentFlag.AlignLeft
        )
        key = QRectF(left + 216, top, 26, 14)
        self._paint_hatched(painter, key)
        text = "fewer than five answers: too few to say. Below each figure: 95 % Wilson interval and n."
        where = QRectF(left + 250, top - 1, self.width() - left - 250, 16)
        self._words(painter, where, text, "muted", 11, Qt.AlignmentFlag.AlignLeft)

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
