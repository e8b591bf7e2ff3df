"""A chart drawn by matplotlib off the window's thread; its twin for screen readers is a table."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QHideEvent, QImage, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from dermtutor.reports.style import ChartStyle
from dermtutor.services.figures.values import Figures
from dermtutor.services.ports import Cancelled
from dermtutor.ui.tasks import Ticket, Worker
from dermtutor.ui.theme import Theme, Tokens, font

_PATIENCE_MILLISECONDS: Final = 120
"""How long a size has to rest before the chart is drawn for it; until then the old one is stretched."""


def chart_style(tokens: Tokens) -> ChartStyle:
    """The theme's colours for charts."""
    return ChartStyle(
        tokens.surface,
        tokens.text,
        tokens.muted,
        tokens.line,
        tokens.line_strong,
        tokens.accent,
        tokens.caution,
    )


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What an image is drawn for; sizes in logical pixels."""

    version: int
    width: int
    height: int
    scale: float
    theme: str

    def but_for_the_theme(self, other: _Wanted) -> bool:
        """True when the two differ in nothing else."""
        return replace(self, theme=other.theme) == other


def _drawn(
    name: str,
    figures: Figures,
    style: ChartStyle,
    size: tuple[int, int],
    scale: float,
    cancel: threading.Event,
) -> NDArray[np.uint8]:
    """In steps: a chart nobody wants any more is not to slow down what the window does instead."""
    from dermtutor.reports import charts

    figure = charts.chart(name, figures, style, *size, scale)
    _go_on(cancel)
    charts.lay_out(figure)
    _go_on(cancel)
    return charts.pixels(figure)


def _go_on(cancel: threading.Event) -> None:
    if cancel.is_set():
        raise Cancelled


class ChartView(QWidget):
    """One of the charts of ``dermtutor.reports.charts``, drawn for the size and theme it is shown in."""

    def __init__(self, name: str, title: str, theme: Theme, worker: Worker, height: int = 270) -> None:
        super().__init__()
        self.chart = name
        self._theme = theme
        self._worker = worker
        self._height = height
        self._figures: Figures | None = None
        self._version = 0
        self._images: dict[_Wanted, QImage] = {}
        self._shown: _Wanted | None = None
        self._ticket: Ticket | None = None
        self._resting = QTimer(self)
        self._resting.setSingleShot(True)
        self._resting.setInterval(_PATIENCE_MILLISECONDS)
        self._resting.timeout.connect(self._draw)
        self.setAccessibleName(title)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._change_theme)
        theme.worn.connect(self._draw)

    def sizeHint(self) -> QSize:
        return QSize(480, self._height)

    def minimumSizeHint(self) -> QSize:
        return QSize(300, self._height)

    @property
    def drawn(self) -> bool:
        """True when what is shown is the newest."""
        return self._shown == self._wanted()

    def show_figures(self, figures: Figures, said: str) -> None:
        """Other figures; ``said`` tells a screen reader what the chart shows."""
        self._figures = figures
        self._version += 1
        self.setAccessibleDescription(said)
        self._draw()

    def showEvent(self, event: QShowEvent) -> None:
        self._draw()

    def hideEvent(self, event: QHideEvent) -> None:
        self._worker.drop(self._ticket)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._resting.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._shown is None:
            painter.setPen(self._theme.color("muted"))
            painter.setFont(font(13))
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), "Drawing …")
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(self.rect()), self._images[self._shown])

    def _wanted(self) -> _Wanted:
        return _Wanted(
            self._version, self.width(), self.height(), self.devicePixelRatioF(), self._theme.tokens.name
        )

    def _change_theme(self) -> None:
        """Show the other theme's image if there is one; drawing it has to wait until the theme is worn."""
        self._worker.drop(self._ticket)
        if (wanted := self._wanted()) in self._images:
            self._shown = wanted

    def _draw(self) -> None:
        """Have the chart drawn unless it is, or nobody sees it."""
        figures, wanted = self._figures, self._wanted()
        self._worker.drop(self._ticket)
        if figures is None or not self.isVisible() or self._shown == wanted:
            return
        style, size = chart_style(self._theme.tokens), (wanted.width, wanted.height)

        def came(pixels: NDArray[np.uint8]) -> None:
            height, width = pixels.shape[:2]
            image = QImage(pixels.tobytes(), width, height, 4 * width, QImage.Format.Format_RGBA8888)
            kept = {each: old for each, old in self._images.items() if each.but_for_the_theme(wanted)}
            self._images = {**kept, wanted: image.copy()}  # the bytes are Python's
            self._shown = wanted
            self.update()

        self._ticket = self._worker.submit(
            f"draw the chart {self.chart}",
            lambda cancel: _drawn(self.chart, figures, style, size, wanted.scale, cancel),
            came,
            priority=int(not self.visibleRegion().isEmpty()),
        )
