"""The question beside the image: options, confidence, and the button that submits."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QButtonGroup, QWidget

from dermtutor.domain.quiz import CHOICES_RANGE, Confidence
from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.basic import button, column, holder, label, row, scrolled
from dermtutor.ui.widgets.choices import OptionButton
from dermtutor.ui.widgets.scales import ScaleRow

_SHORT = {
    Confidence.GUESS: "Guess",
    Confidence.UNSURE: "Unsure",
    Confidence.HALF: "Half",
    Confidence.FAIRLY_SURE: "Fairly",
    Confidence.CERTAIN: "Certain",
}


class QuestionPanel(QWidget):
    """Knows nothing of the right answer. ``submitted`` carries the chosen id and the confidence."""

    submitted = Signal(str, object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._ids: tuple[str, ...] = ()
        self._buttons = [OptionButton(number, theme) for number in range(1, CHOICES_RANGE[1] + 1)]
        self._group = QButtonGroup(self)
        self._group.idToggled.connect(self._update)
        self._stem = label("", "title", wrap=True)
        self._list = column(*self._buttons, gap=6)
        for position, option in enumerate(self._buttons):
            self._group.addButton(option, position)
        self.confidence = ScaleRow([(int(c), _SHORT[c]) for c in Confidence], theme, "Confidence")
        for level, segment in zip(Confidence, self.confidence.segments, strict=True):
            segment.setAccessibleName(f"Confidence: {level.label}")
            segment.setToolTip(level.label)
        self.confidence.changed.connect(self._update)
        self._hint = label("", "muted", wrap=True)
        self.submit = button("Check answer", "primary", "Check the answer (Enter)")
        self.submit.clicked.connect(self.try_submit)
        self._busy = False
        self._build()

    def _build(self) -> None:
        heading = row(label("How sure are you?", "label"), None, label("C", "pill"))
        upper = column(self._stem, label("Choose one, or press its number.", "muted"), 8, self._list, None)
        lower = column(heading, self.confidence, 6, self._hint, self.submit, gap=8)
        layout = column(scrolled(holder(upper, "clear")), lower, gap=14)
        layout.setStretch(0, 1)
        self.setLayout(layout)

    def ask(self, stem: str, choices: tuple[tuple[str, str], ...]) -> None:
        """A new question; ``choices`` are (condition id, name) in shown order."""
        self._stem.setText(stem)
        self._ids = tuple(condition for condition, _ in choices)
        self._group.setExclusive(False)
        for position, option in enumerate(self._buttons):
            option.setChecked(False)
            option.setVisible(position < len(choices))
            option.offer(choices[position][1] if position < len(choices) else "")
        self._group.setExclusive(True)
        self.confidence.choose(None)
        self.set_busy(False)
        self._update()
        self._focus()

    @property
    def options(self) -> list[OptionButton]:
        """The options offered, in shown order."""
        return self._buttons[: len(self._ids)]

    def choose(self, number: int) -> None:
        """The option with this number, 1 for the first; a number without an option is ignored."""
        if 1 <= number <= len(self.options) and not self._busy:
            self.options[number - 1].setChecked(True)
            self.options[number - 1].setFocus()

    def cycle_confidence(self, by: int = 1) -> None:
        """The next level of confidence."""
        if not self._busy:
            self.confidence.cycle(by)

    def set_busy(self, busy: bool) -> None:
        """While the answer is being kept no other can be given; nothing is disabled, so the focus stays put."""
        self._busy = busy

    def chosen(self) -> str | None:
        """The id of the chosen option."""
        position = self._group.checkedId()
        return self._ids[position] if 0 <= position < len(self._ids) else None

    def try_submit(self) -> None:
        """Submit when an option and a confidence are chosen, else point to what is missing."""
        chosen, confidence = self.chosen(), self.confidence.value()
        if chosen is None:
            self._focus()
        elif confidence is None:
            self.confidence.segments[len(self.confidence.segments) // 2].setFocus()
        elif not self._busy:
            self.set_busy(True)
            self.submitted.emit(chosen, Confidence(confidence))

    def showEvent(self, event: QShowEvent) -> None:
        self._focus()

    def _focus(self) -> None:
        if self.options and self.isVisible():
            self.options[0].setFocus()

    def _update(self, *_: object) -> None:
        missing = []
        if self.chosen() is None:
            missing.append("choose an answer")
        if self.confidence.value() is None:
            missing.append("say how sure you are")
        said = ", then ".join(missing)
        self._hint.setText(f"{said[:1].upper()}{said[1:]}." if missing else "Press Enter to check.")
        self.submit.setEnabled(not missing)
