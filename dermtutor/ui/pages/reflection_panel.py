"""Reflection beside the image: what speaks for the first answer, what against it, and the answer after that."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from dermtutor.domain.conditions import Catalogue
from dermtutor.domain.modes import AnswerKind
from dermtutor.domain.quiz import AnswerDetails, Confidence
from dermtutor.ui.pages.answer_options import AnswerOptions
from dermtutor.ui.pages.question_panel import GivenAnswer, confidence_row
from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.basic import button, column, holder, label, row, scrolled
from dermtutor.ui.widgets.feature_chips import FeatureChips
from dermtutor.ui.wording import sureness


class ReflectionPanel(QWidget):
    """``submitted`` carries the GivenAnswer with both answers and the findings."""

    submitted = Signal(object)

    def __init__(self, theme: Theme, catalogue: Catalogue) -> None:
        super().__init__()
        self._catalogue = catalogue
        self._first: GivenAnswer | None = None
        self._busy = False
        self._title = label("", "heading", wrap=True)
        self.supporting = FeatureChips("What speaks for it?", theme)
        self.against = FeatureChips("What speaks against it?", theme)
        self.answers = AnswerOptions(theme, catalogue)
        self.confidence = confidence_row(theme)
        self._hint = label("", "muted", wrap=True)
        self.submit = button("Check answer", "primary", "Check the answer (Enter)")
        self.submit.clicked.connect(self.try_submit)
        for changed in (
            self.supporting.changed,
            self.against.changed,
            self.answers.changed,
            self.confidence.changed,
        ):
            changed.connect(self._update)
        upper = column(
            self._title, self.supporting, 4, self.against, 8, label("Your answer now", "heading"), self.answers,
            None, gap=8,
        )  # fmt: skip
        heading = row(label("How sure are you now?", "label"), None, label("C", "pill"))
        lower = column(heading, self.confidence, 6, self._hint, self.submit, gap=8)
        layout = column(scrolled(holder(upper, "clear")), lower, gap=14)
        layout.setStretch(0, 1)
        self.setLayout(layout)

    def weigh(self, first: GivenAnswer, choices: Sequence[str], features: Sequence[str]) -> None:
        """Weigh a first answer; it stays chosen until another is."""
        self._first = first
        name = self._catalogue.described(first.chosen).name
        self._title.setText(f"You think of {name.lower()}, {sureness(first.confidence)}.")
        self.supporting.offer(features)
        self.against.offer(features)
        self.answers.ask(AnswerKind.SINGLE, choices)
        self.answers.preset(first.chosen)
        self.confidence.choose(None if first.confidence is None else int(first.confidence))
        self.set_busy(False)
        self._update()
        if self.supporting.chips:
            self.supporting.chips[0].setFocus()

    def choose(self, number: int) -> None:
        """The option with this number."""
        if not self._busy:
            self.answers.choose(number)

    def cycle_confidence(self, by: int = 1) -> None:
        """The next level of confidence."""
        if not self._busy:
            self.confidence.cycle(by)

    def set_busy(self, busy: bool) -> None:
        """While the answer is being kept no other can be given."""
        self._busy = busy

    def try_submit(self) -> None:
        """Submit when something was found for the answer, else point there."""
        first, chosen, confidence = self._first, self.answers.chosen(), self.confidence.value()
        if self._findings_missing():
            self.supporting.chips[0].setFocus()
        elif first is not None and chosen is not None and confidence is not None and not self._busy:
            self.set_busy(True)
            details = AnswerDetails(
                features=self.supporting.chosen(),
                against=self.against.chosen(),
                first_choice=first.chosen,
                first_confidence=first.confidence,
            )
            self.submitted.emit(GivenAnswer(chosen, Confidence(confidence), details))

    def _findings_missing(self) -> bool:
        """Where nothing can be found, as on healthy skin, nothing has to be."""
        return bool(self.supporting.chips) and not (self.supporting.chosen() or self.against.chosen())

    def _update(self, *_: object) -> None:
        missing = self._findings_missing()
        self._hint.setText("Name a finding, for or against." if missing else "Press Enter to check.")
        self.submit.setEnabled(not missing)
