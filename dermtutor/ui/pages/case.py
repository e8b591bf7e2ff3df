"""The case page: the image on the left; the question, then the feedback, on the right."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QApplication, QProgressBar, QPushButton

from dermtutor.domain.conditions import Catalogue
from dermtutor.domain.modes import Mode
from dermtutor.services.presented import Feedback
from dermtutor.skin.scales import MonkTone
from dermtutor.ui.pages.beside import BesidePage
from dermtutor.ui.pages.feedback_panel import FeedbackPanel
from dermtutor.ui.pages.question_panel import CHECK, WEIGH, GivenAnswer, QuestionPanel
from dermtutor.ui.pages.reflection_panel import ReflectionPanel
from dermtutor.ui.shown import ShownCase, ShownTone
from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.basic import column, row

_LEAVE: Final = "Save and leave"
COVERED: Final = "Time is up: answer from memory"


class CasePage(BesidePage):
    """Shows what it is told to; what the learner does leaves by signals."""

    submitted = Signal(object)
    """A GivenAnswer."""
    first_given = Signal(object)
    """The GivenAnswer of a reflection before its findings are weighed."""
    next_wanted = Signal()

    def __init__(self, theme: Theme, catalogue: Catalogue) -> None:
        super().__init__(theme, catalogue, (_LEAVE, "The quiz can be continued later (Esc)"), CHECK)
        self._shown: ShownCase | None = None
        self._tones: dict[MonkTone, ShownTone] = {}
        self._awaited: MonkTone | None = None
        self.reflection = ReflectionPanel(theme, catalogue)
        self._exposure = QTimer(self, singleShot=True)
        self._exposure.timeout.connect(lambda: self.stage.view.cover(COVERED))
        self.feedback = FeedbackPanel(theme)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Questions answered")
        self._build()
        self._connect()

    def _build(self) -> None:
        top = row(self.leave, self._bar, self._count, gap=16)
        top.setStretch(1, 1)
        layout = column(top, self._halves(self.question, self.feedback, self.reflection), gap=14)
        layout.setStretch(1, 1)
        layout.setContentsMargins(24, 12, 24, 14)
        self.setLayout(layout)

    def _connect(self) -> None:
        self.question.submitted.connect(self._submitted)
        self.reflection.submitted.connect(self.submitted)
        self.feedback.next_wanted.connect(self.next_wanted)
        self.stage.slider.tone_chosen.connect(self.show_tone)
        keys: dict[str, Callable[[], object]] = {
            "Return": self._enter, "Enter": self._enter, "Escape": self._escape, "M": self._toggle_outline,
            "[": partial(self._step_tone, -1), "]": partial(self._step_tone, 1),
        }  # fmt: skip
        self._bind(keys, self._choose, self._be_sure, self._cycle)

    # What is shown

    def wait(self) -> None:
        """The case is being made."""
        self._wait("Making the next case …", retry=False)

    def fail(self) -> None:
        """The case could not be made; the banner says why."""
        self._wait("This case could not be made.", retry=True)

    def _wait(self, text: str, *, retry: bool) -> None:
        self._shown = None
        self._exposure.stop()
        self._say_waiting(text, retry=retry)

    def show_case(self, shown: ShownCase) -> None:
        """A new question."""
        case, question = shown.case, shown.case.question
        self._shown = shown
        self._tones = {}
        self.leave.setText(_LEAVE)
        said = f"Question {question.number} · {case.standing}" if case.standing else ""
        self._count.setText(said or f"Question {question.number} of {question.total}")
        self._bar.setRange(0, question.total)
        self._bar.setValue(question.number - 1)
        self._stage(shown, other_tones=case.source.generated)
        reflecting = case.mode is Mode.REFLECTION
        self.question.say_submit(WEIGH if reflecting else CHECK)
        features = () if reflecting else question.features
        self._ask(shown, case.stem, features)
        self._right.setCurrentWidget(self.question)
        if case.first is not None:
            self.weigh(GivenAnswer(case.first.chosen, case.first.confidence))
        if case.options.exposure:
            self._exposure.start(case.options.exposure * 1000)

    def weigh(self, first: GivenAnswer) -> None:
        """The first answer is kept: what speaks for it, what against it?"""
        if self._shown is None:
            return
        question = self._shown.case.question
        self.reflection.weigh(first, question.choices, question.features)
        self._right.setCurrentWidget(self.reflection)

    def show_feedback(self, feedback: Feedback) -> None:
        """The verdict and what there is to learn."""
        if self._shown is None:
            return
        question = self._shown.case.question
        self._exposure.stop()
        self._bar.setValue(question.number)
        if feedback.standing:
            self._count.setText(f"Question {question.number} · {feedback.standing}")
        self._awaited = None
        self.stage.view.cover("")
        self.stage.view.stop_pointing()
        self._say(self._shown, answered=True)
        self.stage.explain(self._shown.case.spec.tone, self._shown.outline.size > 0)
        form = self._shown.image.text("Variant")
        self.feedback.tell(feedback, self._shown.case.spec.tone, form)
        self._right.setCurrentWidget(self.feedback)
        self.feedback.next.setFocus()

    def show_past(self, shown: ShownCase, feedback: Feedback) -> None:
        """A question of a finished quiz with what was answered."""
        self.show_case(shown)
        self.leave.setText("Back to the result")
        click = feedback.answer.details.click if feedback.answer else None
        if click is not None:
            self.stage.view.show_mark(click.x, click.y)
        self.show_feedback(feedback)
        if shown.case.mode is Mode.FORMS:
            self.stage.withhold_tones()

    def answer_failed(self) -> None:
        """The answer was not kept: it can be given again."""
        self.question.set_busy(False)
        self.reflection.set_busy(False)

    def add_tone(self, tone: ShownTone) -> None:
        """The lesion on one more tone."""
        if self._shown is None:
            return
        self._tones[tone.tone] = tone
        self.stage.slider.mark_ready(tone.tone)
        if tone.tone == self._awaited:
            self.show_tone(tone.tone)

    def show_tone(self, tone: MonkTone) -> None:
        """Show the lesion on a tone, as soon as its image has come."""
        if self._shown is None:
            return
        self._awaited = tone
        case = self._shown.case
        if tone == case.spec.tone:
            self.stage.view.show_twin(self._shown.image)
            self.stage.say_tone_of(case)
            self._marks(case.flags)
        elif tone in self._tones:
            twin = self._tones[tone]
            self.stage.view.show_twin(twin.image)
            self.stage.say_tone(tone, twin.requested_ita, twin.measured_ita)
            self._marks(twin.flags)

    def _marks(self, flags: tuple[str, ...]) -> None:
        case = None if self._shown is None else self._shown.case
        self.stage.say_marks(case is not None and case.reviewed, flags, case is not None and case.rejected)

    # What keys do

    @property
    def _asking(self) -> QuestionPanel | ReflectionPanel | None:
        """The panel that takes an answer now."""
        panel = self._right.currentWidget()
        return panel if isinstance(panel, (QuestionPanel, ReflectionPanel)) else None

    def _choose(self, number: int) -> None:
        if self._asking is not None:
            self._asking.choose(number)

    def _cycle(self, by: int) -> None:
        if self._asking is not None:
            self._asking.cycle_confidence(by)

    def _be_sure(self, level: int) -> None:
        if self._asking is not None:
            self._asking.confidence.choose(level)

    def _submitted(self, given: GivenAnswer) -> None:
        """The answer; where it is to be weighed first, it is kept before that."""
        reflecting = self._shown is not None and self._shown.case.mode is Mode.REFLECTION
        (self.first_given if reflecting else self.submitted).emit(given)

    def _enter(self) -> None:
        focused = QApplication.focusWidget()
        going_on = (self.question.submit, self.reflection.submit, self.feedback.next)
        if isinstance(focused, QPushButton) and focused not in going_on:
            focused.click()
        elif self._asking is not None:
            self._asking.try_submit()
        elif self._right.currentWidget() is self.feedback:
            self.next_wanted.emit()

    def _escape(self) -> None:
        """Leave full screen, else the quiz."""
        if not self._left_full_screen():
            self.leave_wanted.emit()

    def _explaining(self) -> bool:
        return self._right.currentWidget() is self.feedback

    def _toggle_outline(self) -> None:
        if self._explaining() and not self.stage.outline_button.isHidden():
            self.stage.outline_button.toggle()

    def _step_tone(self, by: int) -> None:
        if self._explaining():
            self.stage.slider.setValue(self.stage.slider.value() + by)
