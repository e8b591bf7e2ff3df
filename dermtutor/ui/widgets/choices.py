"""Things to choose: answer options, confidence, conditions and tones. All are real Qt radio buttons or check boxes, so
that screen readers and arrow keys know them; only the painting is our own."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QRadioButton, QSizePolicy, QWidget

from dermtutor.skin.scales import MonkTone
from dermtutor.ui import resources
from dermtutor.ui.theme import Theme, font, readable_on
from dermtutor.ui.widgets.basic import plain_tip

_ROUND = 11.0
_ORDINALS = ("1st", "2nd", "3rd", "4th")


def paint_box(
    painter: QPainter, button: QAbstractButton, theme: Theme, radius: float = _ROUND, *, quiet: bool = False
) -> QRectF:
    """Background, border and focus ring of a choice; gives the area inside.

    ``quiet`` leaves the background alone: where many are chosen at once, colour would shout.
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    area = QRectF(button.rect()).adjusted(2.5, 2.5, -2.5, -2.5)
    chosen, hovered = button.isChecked(), button.underMouse() and button.isEnabled()
    filled = chosen and not quiet
    painter.setBrush(theme.color("accent_soft" if filled else "hover" if hovered else "surface"))
    border = "accent" if chosen else "line" if quiet else "line_strong"
    painter.setPen(QPen(theme.color(border), 1.4 if chosen else 1.0))
    painter.drawRoundedRect(area, radius, radius)
    if button.hasFocus():
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.color("focus"), 2))
        painter.drawRoundedRect(area.adjusted(-1.5, -1.5, 1.5, 1.5), radius + 1.5, radius + 1.5)
    return area


def make_choice(button: QAbstractButton, theme: Theme, *, wide: bool = True) -> None:
    """What choices that paint themselves share: a hand over them, one height, colours that follow the theme.

    A ``wide`` one takes the room there is.
    """
    across = QSizePolicy.Policy.Expanding if wide else QSizePolicy.Policy.Fixed
    button.setSizePolicy(across, QSizePolicy.Policy.Fixed)
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    theme.changed.connect(button.update)


class OptionButton(QRadioButton):
    """One answer option with its number key."""

    def __init__(self, number: int, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = number
        self._rank = 0
        self._theme = theme
        self.setFont(font(15, QFont.Weight.Medium))
        self.offer("")
        make_choice(self, theme)

    def offer(self, text: str) -> None:
        """Another answer to choose."""
        self.setText(text)
        self.show_rank(0)

    def show_rank(self, rank: int) -> None:
        """Its place in a ranked differential, 1 for the likeliest, 0 for none."""
        self._rank = rank
        ranked = f", ranked {rank}" if rank else ""
        self.setAccessibleName(f"{self._number}: {self.text()}{ranked}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, 54)

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = paint_box(painter, self, self._theme)
        key = QRectF(area.left() + 13, area.center().y() - 13, 26, 26)
        chosen = self.isChecked()
        painter.setPen(QPen(self._theme.color("accent" if chosen else "line"), 1))
        painter.setBrush(self._theme.color("accent" if chosen else "raised"))
        painter.drawRoundedRect(key, 7, 7)
        painter.setPen(self._theme.color("on_accent" if chosen else "muted"))
        painter.setFont(font(13, QFont.Weight.DemiBold))
        painter.drawText(key, Qt.AlignmentFlag.AlignCenter, str(self._number))
        painter.setPen(self._theme.color("on_accent_soft" if chosen else "text"))
        painter.setFont(font(15, QFont.Weight.DemiBold if chosen else QFont.Weight.Medium))
        words = area.adjusted(54, 2, -46 if self._rank else -14, -2)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
        painter.drawText(words, int(flags), self.text())
        if self._rank:
            painter.setFont(font(13, QFont.Weight.DemiBold))
            place = area.adjusted(0, 0, -16, 0)
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(place, int(flags), _ORDINALS[self._rank - 1])


class Segment(QRadioButton):
    """One step of a short scale, such as a level of confidence or a number of questions."""

    def __init__(self, text: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._theme = theme
        make_choice(self, theme)

    def sizeHint(self) -> QSize:
        width = QFontMetricsF(font(13, QFont.Weight.DemiBold)).horizontalAdvance(self.text())
        return QSize(round(width) + 20, 42)

    def minimumSizeHint(self) -> QSize:
        return QSize(40, 42)

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = paint_box(painter, self, self._theme, 9)
        painter.setPen(self._theme.color("on_accent_soft" if self.isChecked() else "text"))
        painter.setFont(font(13, QFont.Weight.DemiBold if self.isChecked() else QFont.Weight.Medium))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(area.adjusted(1, 0, -1, 0), int(flags), self.text())


class ConditionBox(QCheckBox):
    """A condition that a quiz may ask for, one line, with how its images are made: a word, and ``made`` in full."""

    def __init__(self, name: str, word: str, made: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._theme = theme
        self._word = word
        self.made = made
        self.setAccessibleName(f"{name}, {made}")
        self.setToolTip(plain_tip(f"{name}, {made}"))
        make_choice(self, theme)

    def sizeHint(self) -> QSize:
        return QSize(250, 32)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 32)

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
        if self.underMouse() and self.isEnabled():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("hover"))
            painter.drawRoundedRect(area, 8, 8)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._theme.color("focus"), 2))
            painter.drawRoundedRect(area, 8, 8)
        box = QRectF(area.left() + 6, area.center().y() - 9, 18, 18)
        paint_check(painter, box, self.isChecked(), self._theme, self.devicePixelRatioF())
        self._paint_words(painter, area.adjusted(34, 0, -8, 0))

    def _paint_words(self, painter: QPainter, area: QRectF) -> None:
        """The name, and the word behind it where there is room for both."""
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        painter.setFont(font(12))
        needed = QFontMetricsF(painter.font()).horizontalAdvance(self._word)
        painter.setFont(font(14, QFont.Weight.Medium))
        metrics = QFontMetricsF(painter.font())
        painter.setPen(self._theme.color("text" if self.isChecked() else "muted"))
        name = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, flags, name)
        if metrics.horizontalAdvance(self.text()) + needed + 10 <= area.width():
            painter.setFont(font(12))
            painter.setPen(self._theme.color("muted"))
            painter.drawText(
                area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), self._word
            )


class ToneBox(QCheckBox):
    """A Monk tone as a numbered swatch."""

    def __init__(self, tone: MonkTone, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(str(tone.value), parent)
        self.tone = tone
        self._theme = theme
        self.setAccessibleName(f"Monk tone {tone.value}")
        self.setToolTip(str(tone))
        make_choice(self, theme)

    def sizeHint(self) -> QSize:
        return QSize(56, 62)

    def minimumSizeHint(self) -> QSize:
        return QSize(44, 62)

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = paint_box(painter, self, self._theme, 10, quiet=True)
        swatch = area.adjusted(5, 5, -5, -24)
        color = QColor(self.tone.swatch)
        painter.setPen(QPen(self._theme.color("line"), 1))
        painter.setBrush(color)
        painter.drawRoundedRect(swatch, 6, 6)
        if self.isChecked():
            mark = resources.pixmap("check", readable_on(color), 20, self.devicePixelRatioF())
            painter.drawPixmap(int(swatch.center().x() - 10), int(swatch.center().y() - 10), mark)
        painter.setPen(self._theme.color("text" if self.isChecked() else "muted"))
        painter.setFont(font(13, QFont.Weight.DemiBold if self.isChecked() else QFont.Weight.Medium))
        below = QRectF(area.left(), area.bottom() - 23, area.width(), 20)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, self.text())


def paint_check(painter: QPainter, box: QRectF, checked: bool, theme: Theme, scale: float) -> None:
    """The square of a check box with its tick."""
    painter.setPen(QPen(theme.color("accent" if checked else "line_strong"), 1.4))
    painter.setBrush(theme.color("accent" if checked else "surface"))
    painter.drawRoundedRect(box, 5, 5)
    if checked:
        tick = resources.pixmap("check", theme.color("on_accent"), 14, scale)
        painter.drawPixmap(int(box.center().x() - 7), int(box.center().y() - 7), tick)
