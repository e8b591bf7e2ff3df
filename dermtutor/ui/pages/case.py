"""The case page: the image on the left; the question, then the feedback, on the right."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QProgressBar, QPushButton, QSizePolicy, QStackedWidget, QWidget

from dermtutor.domain.conditions import Catalogue
from dermtutor.domain.modes import Mode
from dermtutor.domain.quiz import Confidence
from dermtutor.services.presented import Feedback
from dermtutor.skin.scales import MonkTone
from dermtutor.ui.pages.feedback_panel import FeedbackPanel
from dermtutor.ui.pages.question_panel import CHECK, WEIGH, GivenAnswer, QuestionPanel
from dermtutor.ui.pages.reflection_panel import ReflectionPanel
from dermtutor.ui.shown import ShownCase, ShownTone
from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.basic import button, column, dress, holder, label, row
from dermtutor.ui.widgets.stage import Stage
from dermtutor.ui.wording import credit_line, flags_before_answer, image_name, source_label

_QUESTION, _FEEDBACK, _WAITING, _REFLECTION = range(4)
_LEAVE: Final = "Save and leave"
COVERED: Final = "Time is up: answer from memory"


class CasePage(QWidget):
    """Shows what it is told to; what the learner does leaves by signals."""

    submitted = Signal(object)
    """A GivenAnswer."""
    first_given = Signal(object)
    """The GivenAnswer of a reflection before its findings are weighed."""
    next_wanted = Signal()
    leave_wanted = Signal()
    retry_wanted = Signal()

    def __init__(self, theme: Theme, catalogue: Catalogue) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
        self._catalogue = catalogue
        self._shown: ShownCase | None = None
        self._tones: dict[MonkTone, ShownTone] = {}
        self._awaited: MonkTone | None = None
        self.stage = Stage(theme)
        self.question = QuestionPanel(theme, catalogue)
        self.reflection = ReflectionPanel(theme, catalogue)
        self._exposure = QTimer(self, singleShot=True)
        self._exposure.timeout.connect(lambda: self.stage.view.cover(COVERED))
        self.feedback = FeedbackPanel(theme)
        self.leave = button(_LEAVE, "quiet", "The quiz can be continued later (Esc)")
        dress(self.leave, "back", theme, "muted")
        self._count = label("", "label")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Questions answered")
        self._waiting_text = label("", "lead", wrap=True)
        self._retry = button("Try again", "primary")
        self._build()
        self._connect()
        self._shortcuts()

    def _build(self) -> None:
        waiting = holder(column(None, self._waiting_text, row(self._retry, None), None, gap=16))
        self._right = QStackedWidget()
        for panel in (self.question, self.feedback, waiting, self.reflection):
            self._right.addWidget(panel)
        for half in (self._right, self.stage):  # widths follow the window, never a question's words
            half.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.stage.setMinimumWidth(420)
        self._right.setMinimumWidth(372)
        self._right.setMaximumWidth(470)
        top = row(self.leave, self._bar, self._count, gap=16)
        top.setStretch(1, 1)
        halves = row(self.stage, self._right, gap=28)
        halves.setStretch(0, 62)
        halves.setStretch(1, 38)
        layout = column(top, halves, gap=14)
        layout.setStretch(1, 1)
        layout.setContentsMargins(24, 12, 24, 14)
        self.setLayout(layout)

    def _connect(self) -> None:
        self.question.submitted.connect(self._submitted)
        self.reflection.submitted.connect(self.submitted)
        self.stage.view.pointed.connect(self.question.clicked_at)
        self.feedback.next_wanted.connect(self.next_wanted)
        self.leave.clicked.connect(self.leave_wanted)
        self._retry.clicked.connect(self.retry_wanted)
        self.stage.slider.tone_chosen.connect(self.show_tone)

    def _shortcuts(self) -> None:
        keys: list[tuple[str, Callable[[], object]]] = [
            ("Return", self._enter),
            ("Enter", self._enter),
            ("C", lambda: self._cycle(1)),
            ("Shift+C", lambda: self._cycle(-1)),
            ("Z", self.stage.view.toggle_zoom),
            ("M", self._toggle_outline),
            ("[", lambda: self._step_tone(-1)),
            ("]", lambda: self._step_tone(1)),
            ("Escape", self._escape),
        ]
        keys += [(str(number), partial(self._choose, number)) for number in range(1, 7)]
        keys += [(f"Alt+{int(level)}", partial(self._be_sure, level)) for level in Confidence]
        for key, act in keys:
            shortcut = QShortcut(QKeySequence(key), self, context=Qt.ShortcutContext.WindowShortcut)
            shortcut.activated.connect(act)

    # What is shown

    def wait(self) -> None:
        """The case is being made."""
        self._waiting("Making the next case …", retry=False)

    def fail(self) -> None:
        """The case could not be made; the banner says why."""
        self._waiting("This case could not be made.", retry=True)

    def _waiting(self, text: str, retry: bool) -> None:
        self._shown = None
        self._exposure.stop()
        self.stage.empty()
        self._waiting_text.setText(text)
        self._retry.setVisible(retry)
        self._right.setCurrentIndex(_WAITING)

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
        self.stage.view.show_case(shown.image, shown.outline)
        self.stage.view.setAccessibleName(
            image_name(case.source, question.number, question.total, case.spec.tone)
        )
        self.stage.ask(case.spec.tone, other_tones=case.source.generated)
        self._say(answered=False)
        reflecting = case.mode is Mode.REFLECTION
        self.question.say_submit(WEIGH if reflecting else CHECK)
        features = () if reflecting else question.features
        self.question.ask(
            case.stem, question.kind, question.choices, features, click=case.options.click, told=case.told
        )
        if case.options.click:
            self.stage.view.let_point()
        self._right.setCurrentIndex(_QUESTION)
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
        self._right.setCurrentIndex(_REFLECTION)

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
        self._say(answered=True)
        self.stage.explain(self._shown.case.spec.tone, self._shown.outline.size > 0)
        form = self._shown.image.text("Variant")
        self.feedback.tell(feedback, self._shown.case.spec.tone, form)
        self._right.setCurrentIndex(_FEEDBACK)
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
            self._say_own_tone()
            self._marks(case.flags)
        elif tone in self._tones:
            twin = self._tones[tone]
            self.stage.view.show_twin(twin.image)
            self.stage.say_tone(tone, twin.requested_ita, twin.measured_ita)
            self._marks(twin.flags)

    def _say(self, *, answered: bool) -> None:
        if self._shown is None:
            return
        case, image = self._shown.case, self._shown.image
        self.stage.say_synthetic(
            source_label(
                case.source,
                case.question.choices,
                self._catalogue,
                answered=answered,
                recipe_version=case.spec.recipe_version,
                recipe_review=image.text("Recipe").rpartition(", ")[2],
            ),
            credit_line(image.text("Credit"), image.text("Licence")),
        )
        self._say_own_tone()
        self._marks(case.flags if answered else flags_before_answer(case.flags))

    def _say_own_tone(self) -> None:
        if self._shown is not None:
            self.stage.say_tone_of(self._shown.case)

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

    def _be_sure(self, level: Confidence) -> None:
        if self._asking is not None:
            self._asking.confidence.choose(int(level))

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
        elif self._right.currentIndex() == _FEEDBACK:
            self.next_wanted.emit()

    def _escape(self) -> None:
        """Leave full screen, else the quiz."""
        window = self.window()
        if window.isFullScreen():
            window.setWindowState(window.windowState() & ~Qt.WindowState.WindowFullScreen)
        else:
            self.leave_wanted.emit()

    def _explaining(self) -> bool:
        return self._right.currentIndex() == _FEEDBACK

    def _toggle_outline(self) -> None:
        if self._explaining() and not self.stage.outline_button.isHidden():
            self.stage.outline_button.toggle()

    def _step_tone(self, by: int) -> None:
        if self._explaining():
            self.stage.slider.setValue(self.stage.slider.value() + by)
