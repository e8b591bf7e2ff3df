"""The result of one quiz: the score with its interval, and every question with what was answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from dermtutor.domain.conditions import Catalogue
from dermtutor.domain.modes import Mode
from dermtutor.domain.quiz import QuizPlan
from dermtutor.domain.records import AnswerRecord
from dermtutor.services.presented import SessionLine
from dermtutor.services.progress import SessionSummary
from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.basic import Icon, button, clear, column, frame, holder, label, row, rule, scrolled
from dermtutor.ui.widgets.meter import Meter
from dermtutor.ui.widgets.stage import Swatch
from dermtutor.ui.wording import counted, diagnosis, interval, percent

_TITLES: Final = {
    Mode.PRACTICE: "Quiz finished", Mode.EXAM: "Exam handed in", Mode.REVIEW: "Review finished",
    Mode.DRILL: "Drill finished", Mode.REFLECTION: "Reflection finished", Mode.FORMS: "Form handed in",
}  # fmt: skip


class SummaryPage(QWidget):
    """``again`` asks for another quiz of the same plan."""

    again = Signal(object)
    look_back_wanted = Signal(str, object)
    """A session id, and the positions to show from the one that was clicked on."""
    progress_wanted = Signal()
    start_wanted = Signal()

    def __init__(self, theme: Theme, catalogue: Catalogue) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
        self._theme, self._catalogue = theme, catalogue
        self._summary: SessionSummary | None = None
        self._lines: tuple[SessionLine, ...] = ()
        self._title = label("", "muted")
        self._figure = label("", "display")
        self._words = label("", "lead", wrap=True)
        self._meter = Meter(theme)
        self.more = button("Another quiz like this", "primary")
        self._progress = button("See progress")
        self._home = button("Start page", "quiet")
        self.all = button("Look at every question")
        self.all.clicked.connect(lambda: self._look_back(0))
        self.more.clicked.connect(self._again)
        self._progress.clicked.connect(self.progress_wanted)
        self._home.clicked.connect(self.start_wanted)
        self._list = column(gap=0)
        self._build()

    def _build(self) -> None:
        buttons = column(
            row(self.more, self.all, None, gap=12), row(self._progress, self._home, None, gap=12), gap=12
        )
        score = column(
            self._title,
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

    def show_summary(self, summary: SessionSummary, lines: Sequence[SessionLine]) -> None:
        """Another quiz's result, with a line for each of its questions."""
        self._summary, self._lines = summary, tuple(lines)
        score = summary.score
        self._title.setText(_TITLES[summary.plan.mode])
        self.more.setText(_again_words(summary.plan))
        self.more.setVisible(summary.plan.mode is not Mode.REVIEW)
        asked = summary.total if summary.plan.mode.feedback_at_end else score.n
        self._figure.setText(f"{score.k} of {asked} right")
        if score.too_few:
            said = "Too few answers to estimate an accuracy from this quiz alone."
        else:
            said = (
                f"{percent(score.value)} in this quiz. With so few answers the accuracy behind it could lie anywhere "
                f"from {interval(score)} (95 % interval)."
            )
        time = f" Median time {summary.median_seconds:.0f} s." if summary.median_seconds is not None else ""
        left = asked - score.n
        missing = f" {counted(left, 'question')} without an answer." if left else ""
        self._words.setText(said + missing + time + _ranked(summary))
        self._meter.show_share(score.k / asked if asked else 0.0)
        self._meter.setAccessibleName(counted(score.k, "answer") + " right")
        clear(self._list)
        for place, line in enumerate(self._lines):
            if place:
                self._list.addWidget(rule())
            self._list.addWidget(self._line(place, line))

    def showEvent(self, event: QShowEvent) -> None:
        self.more.setFocus()

    def _line(self, place: int, line: SessionLine) -> QWidget:
        right = line.record is not None and line.record.answer.correct
        sign = Icon("right" if right else "wrong", self._theme, "right" if right else "wrong", 20)
        name = self._catalogue.described(line.condition).name
        swatch = Swatch(self._theme)
        swatch.show_tone(line.tone)
        words = column(
            label(name, "label", wrap=True), label(self._said(line.record), "muted", wrap=True), gap=2
        )
        count = label(str(line.position + 1), "muted")
        count.setFixedWidth(26)
        look = button("Look", "tool", f"Question {line.position + 1} with its feedback")
        look.setAccessibleName(f"Look at question {line.position + 1}")
        look.clicked.connect(lambda: self._look_back(place))
        layout = row(count, sign, words, label(str(line.tone), "muted"), swatch, look, gap=12)
        layout.setStretch(2, 1)
        layout.setContentsMargins(0, 10, 0, 10)
        return holder(layout)

    def _said(self, record: AnswerRecord | None) -> str:
        if record is None:
            return "Not answered"
        if record.answer.correct:
            return "Right"
        return f"Wrong – you chose {diagnosis(record.answer.chosen, self._catalogue)}"

    def _look_back(self, place: int) -> None:
        if self._summary is not None:
            positions = [line.position for line in self._lines[place:]]
            self.look_back_wanted.emit(self._summary.session_id, positions)

    def _again(self) -> None:
        if self._summary is None:
            return
        plan = self._summary.plan
        if plan.mode is Mode.FORMS:
            plan = replace(plan, options=replace(plan.options, form=_other_form(plan)))
        self.again.emit(plan)


def _ranked(summary: SessionSummary) -> str:
    """How ranked differentials did, beside whether their first name was right."""
    found = summary.ranking
    if found is None:
        return ""
    return (
        f" The right name was among your first three in {found.first_three.k} of {found.first_three.n}; "
        f"mean reciprocal rank {found.mean_reciprocal_rank:.2f}."
    )


def _other_form(plan: QuizPlan) -> str:
    return "B" if plan.options.form == "A" else "A"


def _again_words(plan: QuizPlan) -> str:
    if plan.mode is Mode.FORMS:
        return f"Take form {_other_form(plan)}"
    noun = {Mode.EXAM: "exam", Mode.DRILL: "drill"}.get(plan.mode, "quiz")
    return f"Another {noun} like this"
