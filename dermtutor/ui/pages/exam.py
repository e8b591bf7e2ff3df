"""The exam page: the image, the question without feedback, the palette of all questions, and the clock."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QPushButton

from dermtutor.domain.conditions import Catalogue
from dermtutor.services.exam import ExamState
from dermtutor.ui.exam_flow import ExamQuestion
from dermtutor.ui.pages.beside import BesidePage
from dermtutor.ui.pages.question_panel import SAVE, GivenAnswer
from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.basic import button, column, frame, holder, label, row, scrolled, set_role
from dermtutor.ui.widgets.palette import PaletteButton, QuestionPalette
from dermtutor.ui.wording import counted

_TWO_LINES: Final = 64
"""Height of two lines of the palette, in logical pixels."""
_SOON: Final = 60
"""Seconds before the end from which the clock is set off."""


class ExamPage(BesidePage):
    """Shows what it is told to; what the learner does leaves by signals."""

    answered = Signal(object)
    """A GivenAnswer to keep before going on."""
    said = Signal(object)
    """A GivenAnswer to keep as it stands, whether complete or not."""
    flagged = Signal(bool)
    position_wanted = Signal(int)
    step_wanted = Signal(int)
    hand_in_wanted = Signal()

    def __init__(self, theme: Theme, catalogue: Catalogue) -> None:
        leave = "Leave", "The exam can be continued; its time goes on (Esc)"
        super().__init__(theme, catalogue, leave, SAVE)
        self._state: ExamState | None = None
        self._position = 0
        self.questions = QuestionPalette(theme)
        self.clock = label("", "pill")
        self.hand_in = button("Hand in …", "", "Finish the exam")
        self.flag = button("Mark to look again  F", "tool", "Mark this question to look at it again (F)")
        self.flag.setCheckable(True)
        self.before = button("Before", "tool", "The question before (Page up)")
        self.after = button("After", "tool", "The question after (Page down)")
        self._open_text = label("", "lead", wrap=True)
        self.confirm = button("Hand in now", "primary")
        self.back = button("Back to the questions")
        self._build()
        self._connect()

    def _build(self) -> None:
        tools = row(self.before, self.after, None, self.flag, gap=6)
        asking = column(tools, self.question, gap=12)
        asking.setStretch(1, 1)
        ending = frame(
            "card",
            label("Hand in this exam?", "heading"),
            self._open_text,
            row(self.confirm, self.back, None),
            margin=24,
            gap=14,
        )
        self._asking, self._ending = holder(asking), holder(column(None, ending, None))
        top = row(self.leave, None, self._count, self.clock, self.hand_in, gap=14)
        self._all = scrolled(self.questions)
        self._all.setProperty("role", "see-through")
        layout = column(top, self._all, self._halves(self._asking, self._ending), gap=10)
        layout.setStretch(2, 1)
        layout.setContentsMargins(24, 10, 24, 14)
        self.setLayout(layout)

    def _connect(self) -> None:
        self.question.submitted.connect(self.answered)
        self.question.said.connect(self.said)
        self.questions.chosen.connect(self.position_wanted)
        self.flag.clicked.connect(self.flagged)
        self.before.clicked.connect(lambda: self.step_wanted.emit(-1))
        self.after.clicked.connect(lambda: self.step_wanted.emit(1))
        self.hand_in.clicked.connect(self._ask_to_hand_in)
        self.confirm.clicked.connect(self.hand_in_wanted)
        self.back.clicked.connect(lambda: self._right.setCurrentWidget(self._asking))
        keys: dict[str, Callable[[], object]] = {
            "Return": self._enter, "Enter": self._enter, "Escape": self._escape, "F": self.flag.click,
            "PgUp": partial(self.step_wanted.emit, -1), "PgDown": partial(self.step_wanted.emit, 1),
        }  # fmt: skip
        question = self.question
        self._bind(keys, question.choose, question.confidence.choose, question.cycle_confidence)

    # What is shown

    def wait(self) -> None:
        """The question is being fetched."""
        self._say_waiting("Making this question …", retry=False)

    def fail(self) -> None:
        """Something went wrong; the banner says what."""
        if self._right.currentWidget() is self._waiting:
            self._say_waiting("This question could not be made.", retry=True)
        self.question.set_busy(False)

    def show_state(self, state: ExamState) -> None:
        """How the exam stands."""
        self._state = state
        self._count.setText(f"{state.answered} of {len(state.drafts)} answered")
        self.clock.setVisible(state.deadline is not None)
        self._show_palette()
        self.question.set_busy(False)

    def show_question(self, shown: ExamQuestion) -> None:
        """A question with what was drafted for it."""
        case, self._position = shown.case.case, shown.position
        question = case.question
        self._stage(shown.case, other_tones=False)
        self._ask(shown.case, f"{question.number}. {case.stem}", question.features)
        drafted = shown.draft.answer
        if drafted is not None:
            self.question.preset(GivenAnswer(drafted.chosen, drafted.confidence, drafted.details))
            if drafted.details.click is not None:
                self.stage.view.show_mark(drafted.details.click.x, drafted.details.click.y)
        self.flag.setChecked(shown.draft.flagged)
        self.before.setEnabled(shown.position > 0)
        self.after.setEnabled(question.number < question.total)
        self._show_palette()
        self._right.setCurrentWidget(self._asking)

    def show_clock(self, seconds: float | None) -> None:
        """The time left."""
        if seconds is None:
            return
        minutes, rest = divmod(int(seconds), 60)
        text = f"{minutes}:{rest:02d} left"
        if text != self.clock.text():
            self.clock.setText(text)
            self.clock.setAccessibleName(f"{counted(minutes, 'minute')} {counted(rest, 'second')} left")
            role = "pill-caution" if seconds <= _SOON else "pill"
            if self.clock.property("role") != role:
                set_role(self.clock, role)

    def unsaved(self) -> GivenAnswer | None:
        """An answer on screen that may not have been kept yet, whether complete or not."""
        return self.question.so_far() if self._right.currentWidget() is self._asking else None

    def _show_palette(self) -> None:
        if self._state is not None:
            self.questions.show_drafts(self._state.drafts, self._position)
            self._fit_palette()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_palette()

    def _fit_palette(self) -> None:
        """As high as its lines, up to two of them; more scroll."""
        self._all.setFixedHeight(min(_TWO_LINES, self.questions.heightForWidth(self._all.viewport().width())))

    # What keys and buttons do

    def _ask_to_hand_in(self) -> None:
        state = self._state
        if state is None:
            return
        left, unsure, marked = len(state.drafts) - state.answered, state.unsure, state.flagged
        said = [f"{counted(left, 'question')} without an answer" if left else "Every question is answered"]
        said += [f"{counted(unsure, 'answer')} without a confidence"] if unsure else []
        said += [f"{counted(marked, 'question')} marked to look at again"] if marked else []
        self._open_text.setText(f"{', '.join(said)}. Nothing can be changed afterwards.")
        self._right.setCurrentWidget(self._ending)
        self.back.setFocus()

    def _enter(self) -> None:
        focused = QApplication.focusWidget()
        if isinstance(focused, (QPushButton, PaletteButton)) and focused is not self.question.submit:
            focused.click()
        elif self._right.currentWidget() is self._asking:
            self.question.try_submit()

    def _escape(self) -> None:
        """Back to the questions, out of full screen, else leave."""
        if self._right.currentWidget() is self._ending:
            self._right.setCurrentWidget(self._asking)
        elif not self._left_full_screen():
            self.leave_wanted.emit()
