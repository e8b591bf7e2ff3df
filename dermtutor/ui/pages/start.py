"""The start page: who is learning, a quiz to start or to continue, the last results."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QButtonGroup, QLineEdit, QPushButton, QWidget

from dermtutor.domain.learners import Learner
from dermtutor.domain.modes import Mode
from dermtutor.services.presented import OpenSession
from dermtutor.services.progress import Overview, SessionSummary
from dermtutor.ui.theme import BODY_PIXELS, Theme, font
from dermtutor.ui.widgets.basic import button, clear, column, dress, frame, holder, label, row, rule, scrolled
from dermtutor.ui.widgets.meter import Meter
from dermtutor.ui.wording import counted, interval, percent, scored, when

_SHOWN_RESULTS = 4
_CHIPS_IN_A_ROW = 3
_CHIP_WIDTH = 110
_NOUNS = {
    Mode.PRACTICE: "quiz", Mode.EXAM: "exam", Mode.REVIEW: "review", Mode.DRILL: "drill",
    Mode.REFLECTION: "reflection", Mode.FORMS: "form",
}  # fmt: skip


def _shortened(name: str) -> str:
    """A name that fits its button; the whole name is the button's tip and its name for screen readers."""
    metrics = QFontMetrics(font(BODY_PIXELS, QFont.Weight.DemiBold))
    return metrics.elidedText(name, Qt.TextElideMode.ElideRight, _CHIP_WIDTH)


def _left(session: OpenSession) -> str:
    begun = f"begun {when(session.started_at)}"
    if session.deadline is not None:
        return f"{counted(session.total, 'question')}, {begun}. Its time ends {when(session.deadline)}."
    if session.plan.mode.feedback_at_end:
        return f"{counted(session.total, 'question')}, {begun}"
    if session.plan.mode is Mode.DRILL:
        return f"{session.answered} answered, {begun}"
    return f"{session.answered} of {session.total} answered, {begun}"


class StartPage(QWidget):
    """Shows learners and results; what the person wants leaves by signals."""

    learner_chosen = Signal(object)
    learner_named = Signal(str)
    quiz_wanted = Signal()
    review_wanted = Signal()
    resume_wanted = Signal(object)
    """The OpenSession to go on with."""
    progress_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
        self._theme = theme
        self._open: OpenSession | None = None
        self._group = QButtonGroup(self)
        self.learner_buttons: list[QPushButton] = []
        self._learners = column(gap=8)
        self.name = QLineEdit()
        self.name.setPlaceholderText("Name of a new learner")
        self.name.setAccessibleName("Name of a new learner")
        self.name.setFixedWidth(280)
        self.name.returnPressed.connect(self._named)
        self.add = button("Add", "", "Add this learner")
        dress(self.add, "plus", theme)
        self.add.clicked.connect(self._named)
        self.start = button("Start quiz", "primary")
        self.start.clicked.connect(self.quiz_wanted)
        self.review = button("Review")
        self.review.clicked.connect(self.review_wanted)
        self._due = label("", "muted", wrap=True)
        self.resume = button("Continue quiz", "primary")
        self.resume.clicked.connect(self._resume)
        self._build()
        self.show_learners((), None)

    def _build(self) -> None:
        self._title = label("Who is learning?", "display", wrap=True)
        self._lead = label("", "lead", wrap=True)
        who = frame(
            "card",
            label("Learner", "heading"),
            self._learners,
            row(self.name, self.add, None),
            margin=24,
            gap=14,
        )
        self._open_title = label("", "heading")
        self._open_text = label("", "muted", wrap=True)
        self._open_meter = Meter(self._theme)
        self._open_card = frame(
            "card",
            self._open_title,
            self._open_text,
            self._open_meter,
            row(self.resume, None),
            margin=24,
            gap=12,
        )
        self._results = column(gap=12)
        results = frame("card", label("Last results", "heading"), self._results, margin=24, gap=14)
        left = column(
            self._title,
            self._lead,
            8,
            row(self.start, self.review, None),
            self._due,
            16,
            who,
            self._open_card,
            None,
            gap=12,
        )
        halves = row(left, column(results, None), gap=28)
        halves.setStretch(0, 56)
        halves.setStretch(1, 44)
        halves.setContentsMargins(48, 40, 48, 32)
        self.setLayout(column(scrolled(holder(halves, "clear"))))

    def show_learners(self, learners: Sequence[Learner], chosen: Learner | None) -> None:
        """The learners of this computer, and who is at it now."""
        clear(self._learners)
        self.learner_buttons = []
        line = row(gap=8)
        for number, learner in enumerate(learners):
            if number % _CHIPS_IN_A_ROW == 0:
                line = row(None, gap=8)
                self._learners.addLayout(line)
            chip = button(_shortened(learner.name), "learner", learner.name)
            chip.setCheckable(True)
            chip.setChecked(chosen is not None and learner.id == chosen.id)
            chip.setAccessibleName(f"Learner {learner.name}")
            chip.clicked.connect(lambda _=False, who=learner: self.learner_chosen.emit(who))
            self._group.addButton(chip)
            line.insertWidget(line.count() - 1, chip)
            self.learner_buttons.append(chip)
        self.start.setVisible(chosen is not None)
        if chosen is None:
            self._title.setText("Who is learning?")
            lead = "Choose your name, or add it." if learners else "Type your name to begin."
            self._lead.setText(f"{lead} Answers are kept under it on this computer only.")
            self.name.setFocus()
        else:
            self._title.setText(f"Ready when you are, {chosen.name}")
            self._lead.setText(
                "Generated cases, balanced over conditions and skin tones, with feedback at once."
            )
            self.start.setFocus()

    def show_open(self, session: OpenSession | None) -> None:
        """The quiz that can be continued."""
        self._open = session
        self._open_card.setVisible(session is not None)
        if session is not None:
            self._open_title.setText(f"Unfinished {_NOUNS[session.plan.mode]}")
            self.resume.setText(f"Continue {_NOUNS[session.plan.mode]}")
            self._open_text.setText(_left(session))
            self._open_meter.setVisible(not session.plan.mode.feedback_at_end)
            self._open_meter.show_share(session.answered / session.total)

    def show_due(self, due: int, following: datetime | None) -> None:
        """How much is due for review, or when something will be (aware; None: nothing was learned yet)."""
        self.review.setVisible(due > 0)
        self.review.setText(f"Review · {due} due")
        self.review.setAccessibleName(f"Review: {counted(due, 'case')} due")
        self._due.setText("" if due or following is None else f"Next review: {when(following)}.")
        self._due.setVisible(bool(self._due.text()))

    def show_overview(self, overview: Overview | None) -> None:
        """The last results of the learner."""
        clear(self._results)
        if overview is None or not overview.total.n:
            self._results.addWidget(label("Results appear here after the first quiz.", "muted", wrap=True))
            return
        total, answers = overview.total, counted(overview.total.n, "answer")
        if total.too_few:
            self._results.addWidget(
                label(f"{answers} so far: too few to say how accurate.", "muted", wrap=True)
            )
        else:
            words = f"right, of {answers}\n95 % interval {interval(total)}"
            figure = label(percent(total.value), "figure")
            self._results.addLayout(row(figure, label(words, "muted", wrap=True), None, gap=14))
        for summary in overview.recent[:_SHOWN_RESULTS]:
            self._results.addWidget(rule())
            self._results.addWidget(self._result(summary))
        more = button("All results", "tool")
        more.clicked.connect(self.progress_wanted)
        self._results.addSpacing(4)
        self._results.addLayout(row(more, None))

    def _result(self, summary: SessionSummary) -> QWidget:
        score = summary.score
        left = label(when(summary.started_at), "body")
        right = label(f"{score.k} of {score.n} right", "label")
        meter = Meter(self._theme)
        meter.show_share(score.value or 0.0)
        meter.setAccessibleName(scored(score))
        return holder(column(row(left, None, right), meter, gap=8))

    def _named(self) -> None:
        name = self.name.text().strip()
        if name:
            self.learner_named.emit(name)
            self.name.clear()
        else:
            self.name.setFocus()

    def _resume(self) -> None:
        if self._open is not None:
            self.resume_wanted.emit(self._open)
