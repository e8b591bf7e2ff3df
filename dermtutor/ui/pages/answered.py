"""The cases behind a cell of the confusion matrix: image, options, what was answered."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from dermtutor.domain.conditions import Catalogue
from dermtutor.reports.columns import NONE_OF_THESE, Names
from dermtutor.services.statistics import AnsweredCase
from dermtutor.ui.statistics_flow import ShownAnswer
from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.basic import Icon, button, clear, column, dress, frame, holder, label, row, scrolled
from dermtutor.ui.widgets.image_view import ImageView
from dermtutor.ui.wording import NOT_REVIEWED, SOURCE_LABELS, credit_line, sureness, when


class AnsweredPage(QWidget):
    """One case at a time; the arrow keys or the buttons turn over. ``leave_wanted`` goes back to the statistics."""

    leave_wanted = Signal()

    def __init__(self, theme: Theme, catalogue: Catalogue) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
        self._theme = theme
        self._names = Names({condition.id: condition.name for condition in catalogue.nameable})
        self._cases: Sequence[ShownAnswer] = ()
        self._place = 0
        self.view = ImageView(theme)
        self.back = button("Back to progress", "quiet", "Back to progress (Esc)")
        dress(self.back, "back", theme, "muted")
        self.before = button("Newer", "tool", "The case before (Page Up)")
        self.after = button("Older", "tool", "The next case (Page Down)")
        self.back.clicked.connect(self.leave_wanted)
        self.before.clicked.connect(lambda: self._turn(-1))
        self.after.clicked.connect(lambda: self._turn(1))
        self._title = label("", "heading", wrap=True)
        self._count = label("", "muted")
        self._facts = label("", "muted", wrap=True)
        self._source = label("", "on-image")
        self._options = column(gap=4)
        self._build()

    def _build(self) -> None:
        head = row(self.back, None, self._count, self.before, self.after)
        beside = frame("card", self._title, self._options, self._facts, None, margin=22, gap=14)
        picture = column(self.view, row(self._source, None), gap=8)
        halves = row(picture, scrolled(beside), gap=24)
        halves.setStretch(0, 58)
        halves.setStretch(1, 42)
        inner = column(head, halves, gap=12)
        inner.setStretch(1, 1)
        inner.setContentsMargins(32, 16, 32, 20)
        self.setLayout(column(holder(inner, "clear")))

    def show_cases(self, cases: Sequence[ShownAnswer]) -> None:
        """The cases of a cell, newest first; at least one."""
        self._cases = cases
        self._place = 0
        self._show()

    def showEvent(self, event: QShowEvent) -> None:
        self.view.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave_wanted.emit()
        elif event.key() in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            self._turn(1 if event.key() == Qt.Key.Key_PageDown else -1)
        else:
            super().keyPressEvent(event)

    def _turn(self, by: int) -> None:
        self._place = min(len(self._cases) - 1, max(0, self._place + by))
        self._show()

    def _show(self) -> None:
        answered = self._cases[self._place]
        case, record = answered.case, answered.case.record
        self.before.setEnabled(self._place > 0)
        self.after.setEnabled(self._place < len(self._cases) - 1)
        self._count.setText(f"{self._place + 1} of {len(self._cases)}")
        shown, called = self._names[record.spec.condition], self._names[record.answer.chosen]
        self._title.setText(
            f"{shown}: right" if record.answer.correct else f"{shown}, answered {called.lower()}"
        )
        if answered.image is None:
            self.view.clear()
            self._source.setText("The image of this case is no longer kept.")
        else:
            self.view.show_case(answered.image, answered.outline)
            credit = credit_line(answered.image.text("Credit"), answered.image.text("Licence"))
            self._source.setText("\n".join(filter(None, (SOURCE_LABELS[record.spec.source], credit))))
        clear(self._options)
        for option in record.choices or (record.spec.condition, record.answer.chosen):
            self._options.addWidget(self._option(case, option))
        facts = [
            f"{record.spec.tone} · {sureness(record.answer.confidence)} · {record.answer.seconds:.0f} s",
            when(record.answer.answered_at),
            "Reviewed" if case.reviewed else NOT_REVIEWED,
            *case.flags,
        ]
        self._facts.setText("\n".join(facts))

    def _option(self, case: AnsweredCase, option: str) -> QWidget:
        record = case.record
        offered = not record.choices or record.spec.condition in record.choices
        truth = record.spec.condition if offered else NONE_OF_THESE
        right, chosen = option == truth, option == record.answer.chosen
        name, token = ("right", "right") if right else ("wrong", "wrong" if chosen else "line")
        said = "right, and chosen" if right and chosen else "right" if right else "chosen" if chosen else ""
        sign = Icon(name, self._theme, token, 18)
        if not right and not chosen:
            sign.hide()
        text = label(self._names[option], "label" if right or chosen else "body", wrap=True)
        layout = row(sign, text, None, label(said, "muted"), gap=10)
        layout.setStretch(1, 1)
        layout.setContentsMargins(0, 6, 0, 6)
        return holder(layout)
