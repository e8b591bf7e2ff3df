"""The question beside the image: options, what else is asked, confidence, and the button that submits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from dermtutor.domain.conditions import Catalogue
from dermtutor.domain.modes import AnswerKind
from dermtutor.domain.quiz import NO_DETAILS, AnswerDetails, Click, Confidence
from dermtutor.ui.pages.answer_options import AnswerOptions
from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.basic import button, column, holder, label, row, scrolled
from dermtutor.ui.widgets.choices import OptionButton
from dermtutor.ui.widgets.feature_chips import FeatureChips
from dermtutor.ui.widgets.scales import ScaleRow

_SHORT = {
    Confidence.GUESS: "Guess",
    Confidence.UNSURE: "Unsure",
    Confidence.HALF: "Half",
    Confidence.FAIRLY_SURE: "Fairly",
    Confidence.CERTAIN: "Certain",
}
AUTO_MILLISECONDS: Final = 700
"""How long an answer rests before it is submitted by itself: long enough to step through the confidences."""


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """What the learner said to one question. ``confidence`` is None as long as it was not said."""

    chosen: str
    confidence: Confidence | None
    details: AnswerDetails = NO_DETAILS


@dataclass(frozen=True, slots=True)
class SubmitWords:
    """The button that submits, its tip, and the hint once everything was said."""

    button: str
    tip: str
    ready: str


CHECK: Final = SubmitWords("Check answer", "Check the answer (Enter)", "Press Enter to check.")
SAVE: Final = SubmitWords("Save and go on", "Keep the answer and go on (Enter)", "Press Enter to go on.")
WEIGH: Final = SubmitWords("Weigh the findings", "Go on to the findings (Enter)", "Press Enter to go on.")


def confidence_row(theme: Theme) -> ScaleRow:
    """The five levels, named in full for screen readers."""
    result = ScaleRow([(int(c), _SHORT[c]) for c in Confidence], theme, "Confidence")
    for level, segment in zip(Confidence, result.segments, strict=True):
        segment.setAccessibleName(f"Confidence: {level.label}")
        segment.setToolTip(level.label)
    return result


class QuestionPanel(QWidget):
    """Knows nothing of the right answer. ``submitted`` carries a GivenAnswer.

    So does ``said``, whenever the learner has changed something while a diagnosis is chosen.
    """

    submitted = Signal(object)
    said = Signal(object)

    def __init__(self, theme: Theme, catalogue: Catalogue, words: SubmitWords = CHECK) -> None:
        super().__init__()
        self._stem = label("", "title", wrap=True)
        self._told = label("", "lead", wrap=True)
        self.answers = AnswerOptions(theme, catalogue)
        self.features = FeatureChips("Which features decided it?", theme)
        self.confidence = confidence_row(theme)
        self._hint = label("", "muted", wrap=True)
        self._ready = words.ready
        self.submit = button(words.button, "primary", words.tip)
        self.submit.clicked.connect(self.try_submit)
        for changed in (self.answers.changed, self.features.changed, self.confidence.changed):
            changed.connect(self._update)
        self._busy = False
        self._settling = False
        self._last_said: GivenAnswer | None = None
        self._click: Click | None = None
        self._click_wanted = False
        self.auto_submit = False
        self._auto = QTimer(self, singleShot=True, interval=AUTO_MILLISECONDS)
        self._auto.timeout.connect(self._submit_by_itself)
        self._build()

    def _build(self) -> None:
        heading = row(label("How sure are you?", "label"), None, label("C", "pill"))
        upper = column(self._stem, self._told, self.answers, 8, self.features, None)
        lower = column(heading, self.confidence, 6, self._hint, self.submit, gap=8)
        layout = column(scrolled(holder(upper, "clear")), lower, gap=14)
        layout.setStretch(0, 1)
        self.setLayout(layout)

    def ask(
        self,
        stem: str,
        kind: AnswerKind,
        choices: Sequence[str],
        features: Sequence[str] = (),
        *,
        click: bool = False,
        told: str = "",
    ) -> None:
        """A new question; ``choices`` are ids in shown order, ``features`` terms to ask for, ``click`` whether the
        lesion has to be clicked as well, ``told`` the history."""
        self._busy = self._settling = True  # nothing is submitted while the question changes
        self._click, self._click_wanted, self._last_said = None, click, None
        self._stem.setText(stem)
        self._told.setText(told)
        self._told.setVisible(bool(told))
        self.features.offer(features)
        self.confidence.choose(None)
        self.answers.ask(kind, choices)
        self._settling = False
        self.set_busy(False)
        self._update()
        self._focus()

    def preset(self, given: GivenAnswer) -> None:
        """Show an answer that was given before; it can be changed."""
        self._settling = True
        self.answers.preset(given.chosen, given.details.ranked)
        self.features.choose(given.details.features)
        self.confidence.choose(None if given.confidence is None else int(given.confidence))
        self._click = given.details.click
        self._auto.stop()
        self._settling, self._last_said = False, self.so_far()
        self._update()

    def say_submit(self, words: SubmitWords) -> None:
        """Another way in which the answer goes on."""
        self._ready = words.ready
        self.submit.setText(words.button)
        self.submit.setToolTip(words.tip)

    @property
    def options(self) -> list[OptionButton]:
        """The options offered, in shown order."""
        return self.answers.options

    def choose(self, number: int) -> None:
        """The option with this number, 1 for the first; a number without an option is ignored."""
        if not self._busy:
            self.answers.choose(number)

    def cycle_confidence(self, by: int = 1) -> None:
        """The next level of confidence."""
        if not self._busy:
            self.confidence.cycle(by)

    def clicked_at(self, x: float, y: float) -> None:
        """Where the learner sees the lesion, 0 to 1 from left and top."""
        if self._click_wanted and not self._busy:
            self._click = Click(x, y)
            self._update()

    def set_busy(self, busy: bool) -> None:
        """While the answer is being kept no other can be given; nothing is disabled, so the focus stays put."""
        self._busy = busy
        if busy:
            self._auto.stop()

    def so_far(self) -> GivenAnswer | None:
        """The answer as it stands, None while no diagnosis is chosen."""
        chosen, sure = self.answers.chosen(), self.confidence.value()
        if chosen is None:
            return None
        details = AnswerDetails(
            ranked=self.answers.ranked(), features=self.features.chosen(), click=self._click
        )
        return GivenAnswer(chosen, None if sure is None else Confidence(sure), details)

    def given(self) -> GivenAnswer | None:
        """The answer as it stands, None while something is missing."""
        return None if self._missing() else self.so_far()

    def try_submit(self) -> None:
        """Submit when all that is asked was said, else point to what is missing."""
        given = self.given()
        if given is not None:
            if not self._busy:
                self.set_busy(True)
                self.submitted.emit(given)
        elif self.answers.chosen() is None:
            if not self.answers.take_first():
                self._focus()
        elif self._features_missing():
            self.features.chips[0].setFocus()
        elif self.confidence.value() is None:
            self.confidence.segments[len(self.confidence.segments) // 2].setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        self._focus()

    def _focus(self) -> None:
        if self.isVisible():
            self.answers.focus_first()

    def _submit_by_itself(self) -> None:
        if self.auto_submit and self.isVisible():
            self.try_submit()

    def _features_missing(self) -> bool:
        return bool(self.features.chips) and not self.features.chosen()

    def _missing(self) -> list[str]:
        asked = (
            (self.answers.chosen() is None, "choose an answer"),
            (self._features_missing(), "name what decided it"),
            (self._click_wanted and self._click is None, "click the lesion"),
            (self.confidence.value() is None, "say how sure you are"),
        )
        return [words for missing, words in asked if missing]

    def _update(self, *_: object) -> None:
        missing = self._missing()
        said = ", then ".join(missing)
        self._hint.setText(f"{said[:1].upper()}{said[1:]}." if missing else self._ready)
        self.submit.setEnabled(not missing)
        self._tell()
        if self.auto_submit and not missing and not self._busy:
            self._auto.start()

    def _tell(self) -> None:
        """What the learner said so far, once for each change."""
        so_far = None if self._settling else self.so_far()
        if so_far is not None and so_far != self._last_said:
            self._last_said = so_far
            self.said.emit(so_far)
