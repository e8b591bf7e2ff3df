"""Small things to switch on and off, and the list of modes: real Qt buttons, painted in the window's style."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QRadioButton, QWidget

from dermtutor.ui.theme import Theme, font
from dermtutor.ui.widgets.choices import make_choice, paint_box, paint_check


class CheckLine(QCheckBox):
    """A setting in one line, with its tick."""

    def __init__(self, text: str, theme: Theme, tip: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._theme = theme
        self.setToolTip(tip)
        self.setAccessibleDescription(tip)
        make_choice(self, theme)

    def sizeHint(self) -> QSize:
        return QSize(round(QFontMetricsF(font(14)).horizontalAdvance(self.text())) + 38, 28)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 28)

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect())
        paint_check(
            painter,
            QRectF(4, area.center().y() - 9, 18, 18),
            self.isChecked(),
            self._theme,
            self.devicePixelRatioF(),
        )
        painter.setPen(self._theme.color("text" if self.isEnabled() else "muted"))
        painter.setFont(font(14))
        words = area.adjusted(32, 0, -4, 0)
        fitting = painter.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, int(words.width())
        )
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), fitting)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._theme.color("focus"), 2))
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 7, 7)


class FeatureChip(QCheckBox):
    """A morphology term that decided, or not."""

    def __init__(self, term: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(spelled(term), parent)
        self.term = term
        self._theme = theme
        make_choice(self, theme, wide=False)

    def sizeHint(self) -> QSize:
        width = QFontMetricsF(font(13, QFont.Weight.DemiBold)).horizontalAdvance(self.text())
        return QSize(round(width) + 28, 34)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = paint_box(painter, self, self._theme, 14)
        painter.setPen(self._theme.color("on_accent_soft" if self.isChecked() else "text"))
        painter.setFont(font(13, QFont.Weight.DemiBold if self.isChecked() else QFont.Weight.Medium))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self.text())


class ModeTile(QRadioButton):
    """A mode of taking a quiz: its name, and one line about it."""

    def __init__(self, name: str, line: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._theme = theme
        self._line = line
        self.setAccessibleName(f"{name}: {line}")
        make_choice(self, theme)

    def sizeHint(self) -> QSize:
        return QSize(190, 66)

    def minimumSizeHint(self) -> QSize:
        return QSize(112, 66)

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = paint_box(painter, self, self._theme).adjusted(13, 7, -8, -6)
        painter.setPen(self._theme.color("on_accent_soft" if self.isChecked() else "text"))
        painter.setFont(font(14, QFont.Weight.DemiBold))
        painter.drawText(area, int(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft), self.text())
        painter.setPen(self._theme.color("on_accent_soft" if self.isChecked() else "muted"))
        painter.setFont(font(12))
        flags = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
        painter.drawText(area.adjusted(0, 20, 0, 4), int(flags), self._line)


def spelled(term: str) -> str:
    """A SkinCon term as it is read: a space before a bracket, and around a stroke."""
    return term.replace("(", " (").replace("/", " / ")
