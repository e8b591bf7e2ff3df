"""The result of one quiz: the score with its interval, and every question with what was answered."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from dermtutor.domain.conditions import Catalogue
from dermtutor.domain.records import AnswerRecord
from dermtutor.services.progress import SessionSummary
from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.basic import Icon, button, clear, column, frame, holder, label, row, rule, scrolled
from dermtutor.ui.widgets.meter import Meter
from dermtutor.ui.widgets.stage import Swatch
from dermtutor.ui.wording import counted, interval, percent


class SummaryPage(QWidget):
    """``again`` asks for another quiz of the same plan."""

    again = Signal(object)
    progress_wanted = Signal()
    start_wanted = Signal()

    def __init__(self, theme: Theme, catalogue: Catalogue) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
        self._theme, self._catalogue = theme, catalogue
        self._summary: SessionSummary | None = None
        self._figure = label("", "display")
        self._words = label("", "lead", wrap=True)
        self._meter = Meter(theme)
        self.more = button("Another quiz like this", "primary")
        self._progress = button("See progress")
        self._home = button("Start page", "quiet")
        self.more.clicked.connect(self._again)
        self._progress.clicked.connect(self.progress_wanted)
        self._home.clicked.connect(self.start_wanted)
        self._list = column(gap=0)
        self._build()

    def _build(self) -> None:
        buttons = row(self.more, self._progress, self._home, None, gap=12)
        score = column(
            label("Quiz finished", "muted"),
            self._figure,
            self._words,
            4,
            self._meter,
            12,
            buttons,
            None,
            gap=8,
        )
        answers = frame("card", label("Every question", "heading"), self._list, margin=24, gap=8)
        halves = row(score, column(answers, None), gap=32)
        halves.setStretch(0, 46)
        halves.setStretch(1, 54)
        halves.setContentsMargins(48, 40, 48, 32)
        self.setLayout(column(scrolled(holder(halves, "clear"))))

    def show_summary(self, summary: SessionSummary) -> None:
        """Another quiz's result."""
        self._summary = summary
        score = summary.score
        self._figure.setText(f"{score.k} of {score.n} right")
        if score.too_few:
            said = "Too few answers to estimate an accuracy from this quiz alone."
        else:
            said = (
                f"{percent(score.value)} in this quiz. With so few answers the accuracy behind it could lie anywhere "
                f"from {interval(score)} (95 % interval)."
            )
        time = f" Median time {summary.median_seconds:.0f} s." if summary.median_seconds is not None else ""
        self._words.setText(said + time)
        self._meter.show_share(score.value or 0.0)
        self._meter.setAccessibleName(counted(score.k, "answer") + " right")
        clear(self._list)
        for number, answer in enumerate(summary.answers, 1):
            if number > 1:
                self._list.addWidget(rule())
            self._list.addWidget(self._line(number, answer))

    def showEvent(self, event: QShowEvent) -> None:
        self.more.setFocus()

    def _line(self, number: int, record: AnswerRecord) -> QWidget:
        right = record.answer.correct
        sign = Icon("right" if right else "wrong", self._theme, "right" if right else "wrong", 20)
        name = self._catalogue.described(record.spec.condition).name
        chosen = self._catalogue.described(record.answer.chosen).name.lower()
        said = "Right" if right else f"Wrong – you chose {chosen}"
        swatch = Swatch(self._theme)
        swatch.show_tone(record.spec.tone)
        words = column(label(name, "label", wrap=True), label(said, "muted", wrap=True), gap=2)
        count = label(str(number), "muted")
        count.setFixedWidth(22)
        layout = row(count, sign, words, label(str(record.spec.tone), "muted"), swatch, gap=12)
        layout.setStretch(2, 1)
        layout.setContentsMargins(0, 10, 0, 10)
        return holder(layout)

    def _again(self) -> None:
        if self._summary is not None:
            self.again.emit(self._summary.plan)
