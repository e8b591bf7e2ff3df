"""The palette of an exam: a numbered square for every question that says whether it is answered or marked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QWidget

from dermtutor.domain.records import DraftRecord
from dermtutor.ui.theme import Theme, font
from dermtutor.ui.widgets.choices import make_choice
from dermtutor.ui.widgets.flow_layout import FlowLayout

_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}


class PaletteButton(QAbstractButton):
    """One question: filled once answered, with a corner when marked, framed while it is shown.

    ``stepped`` carries by how many questions an arrow key moves the focus.
    """

    stepped = Signal(int)

    def __init__(self, number: int, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText(str(number))
        self._number = number
        self._theme = theme
        self.answered = self.flagged = self.current = False
        make_choice(self, theme, wide=False)

    def show_state(self, *, answered: bool, flagged: bool, current: bool) -> None:
        """What is known of the question now."""
        self.answered, self.flagged, self.current = answered, flagged, current
        # One stop of the Tab key for the whole palette; arrow keys lead on from there.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if current else Qt.FocusPolicy.NoFocus)
        said = [f"Question {self._number}", "answered" if answered else "not answered"]
        said += ["marked"] if flagged else []
        said += ["shown"] if current else []
        self.setAccessibleName(", ".join(said))
        self.setToolTip(", ".join(said))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(34, 30)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = _STEPS.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
        else:
            self.stepped.emit(by)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        painter.setBrush(self._theme.color("accent_soft" if self.answered else "surface"))
        border = "accent" if self.current or self.answered else "line_strong"
        painter.setPen(QPen(self._theme.color(border), 2 if self.current else 1))
        painter.drawRoundedRect(area, 6, 6)
        if self.flagged:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._theme.color("caution")))
            corner = area.topRight()
            painter.drawPolygon(QPolygonF([corner, corner + QPoint(-11, 0), corner + QPoint(0, 11)]))
        painter.setPen(self._theme.color("on_accent_soft" if self.answered else "text"))
        painter.setFont(font(12, QFont.Weight.DemiBold if self.current else QFont.Weight.Medium))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self.text())
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._theme.color("focus"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 7, 7)


class QuestionPalette(QWidget):
    """``chosen`` carries the position, from 0, of a question that was clicked."""

    chosen = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.buttons: list[PaletteButton] = []
        self._flow = FlowLayout(2)
        self.setLayout(self._flow)
        self.setAccessibleName("Questions")

    def show_drafts(self, drafts: Sequence[DraftRecord], current: int) -> None:
        """The state of every question; ``current`` is the position of the one shown."""
        while len(self.buttons) > len(drafts):
            extra = self.buttons.pop()
            self._flow.removeWidget(extra)
            extra.hide()
            extra.deleteLater()
        while len(self.buttons) < len(drafts):
            self._add()
        for position, (draft, each) in enumerate(zip(drafts, self.buttons, strict=True)):
            each.show_state(
                answered=draft.answer is not None, flagged=draft.flagged, current=position == current
            )

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._flow.heightForWidth(width)

    def _focus_on(self, position: int) -> None:
        """The keys to a question's square, around the ends."""
        self.buttons[position % len(self.buttons)].setFocus(Qt.FocusReason.TabFocusReason)

    def _add(self) -> None:
        position = len(self.buttons)
        each = PaletteButton(position + 1, self._theme, self)
        each.clicked.connect(lambda: self.chosen.emit(position))
        each.stepped.connect(lambda by: self._focus_on(position + by))
        self.buttons.append(each)
        self._flow.addWidget(each)
        each.show()
