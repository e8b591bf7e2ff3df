"""The options of a mode on the set-up page: only those that the mode has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from dermtutor.domain.modes import AnswerKind, Mode, QuizOptions
from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.basic import column, holder, label, row
from dermtutor.ui.widgets.marks import CheckLine
from dermtutor.ui.widgets.scales import ScaleRow


@dataclass(frozen=True, slots=True)
class ModeWords:
    """How a mode is called, and said in one line."""

    name: str
    line: str


MODES: Final = {
    Mode.PRACTICE: ModeWords("Practice", "Feedback after every answer"),
    Mode.REVIEW: ModeWords("Review", "What you are about to forget"),
    Mode.DRILL: ModeWords("Drill", "Look-alikes at a glance"),
    Mode.REFLECTION: ModeWords("Reflection", "Findings for and against"),
    Mode.EXAM: ModeWords("Exam", "Feedback only at the end"),
    Mode.FORMS: ModeWords("Forms A and B", "Before and after a course"),
}
LENGTHS: Final = (5, 10, 20, 40)
MOST_LENGTHS: Final = (20, 40, 80, 160)
"""Where a drill ends that does not end by itself."""
_KINDS: Final = (AnswerKind.SINGLE, AnswerKind.TYPED, AnswerKind.DIFFERENTIAL)
_SHOWN: Final = {
    Mode.PRACTICE: ("questions", "kind", "features", "click", "none", "dermoscopy", "adaptive", "auto"),
    Mode.REVIEW: ("kind", "auto"),
    Mode.DRILL: ("exposure", "target", "most", "auto"),
    Mode.REFLECTION: ("questions", "adaptive"),
    Mode.EXAM: ("questions", "minutes", "kind", "features", "click", "none", "dermoscopy", "blueprint"),
    Mode.FORMS: ("form", "minutes"),
}


class OptionsCard(QFrame):
    """``changed`` after every change; ``blueprint_wanted`` when counts of one's own are switched on or off."""

    changed = Signal()
    blueprint_wanted = Signal(bool)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.mode = Mode.PRACTICE
        self.questions = ScaleRow([(n, str(n)) for n in LENGTHS], theme, "Number of questions")
        self.most = ScaleRow([(n, str(n)) for n in MOST_LENGTHS], theme, "Questions at most")
        self.kind = ScaleRow(list(enumerate(("Single best", "Typed", "Ranked"))), theme, "Kind of answer")
        minutes = [(0, "None"), *((n, f"{n} min") for n in (5, 10, 20, 40))]
        self.minutes = ScaleRow(minutes, theme, "Time")
        self.exposure = ScaleRow([(n, f"{n} s") for n in (1, 2, 3, 5, 10)], theme, "Image shown for")
        self.target = ScaleRow([(n, f"{n} s") for n in (3, 5, 8)], theme, "Right within")
        self.form = ScaleRow([(0, "Form A"), (1, "Form B")], theme, "Form")
        self.features = CheckLine("Ask which features decided it", theme)
        self.click = CheckLine("Ask where the lesion is", theme)
        self.none = CheckLine("Offer “None of these”", theme)
        self.dermoscopy = CheckLine(
            "Dermoscopic images, too",
            theme,
            "Of naevi and melanomas: every second case through a dermatoscope",
        )
        self.adaptive = CheckLine(
            "My weakest first", theme, "Conditions and tones you miss come first, balanced over tones"
        )
        self.auto = CheckLine(
            "Check without Enter", theme, "An answer is checked as soon as it and its confidence are chosen"
        )
        self.blueprint = CheckLine("Set the count for each condition and tone", theme)
        self._note = label("", "muted", wrap=True)
        self._rows: dict[str, QWidget] = {}
        self._build()
        self._connect()
        self.show_mode(Mode.PRACTICE)

    def _build(self) -> None:
        scales = (
            ("form", "Form", self.form),
            ("exposure", "Shown for", self.exposure),
            ("target", "Right within", self.target),
            ("questions", "Questions", self.questions),
            ("most", "At most", self.most),
            ("minutes", "Time", self.minutes),
            ("kind", "Answer", self.kind),
        )
        for name, caption, scale in scales:
            words = label(caption, "label")
            words.setFixedWidth(88)
            line = row(words, scale, gap=8)
            line.setStretch(1, 1)
            self._rows[name] = holder(line)
        checks: Sequence[tuple[str, CheckLine]] = (
            ("features", self.features), ("click", self.click), ("none", self.none),
            ("dermoscopy", self.dermoscopy), ("adaptive", self.adaptive), ("auto", self.auto),
            ("blueprint", self.blueprint),
        )  # fmt: skip
        self._rows |= dict(checks)
        layout = column(*(self._rows[name] for name, _, _ in scales), gap=6)
        layout.addLayout(column(*(check for _, check in checks), gap=0))
        layout.addWidget(self._note)
        layout.setContentsMargins(16, 14, 16, 12)
        self.setLayout(layout)

    def _connect(self) -> None:
        for scale in (
            self.questions,
            self.most,
            self.kind,
            self.minutes,
            self.exposure,
            self.target,
            self.form,
        ):
            scale.changed.connect(self._tell)
        for check in (self.features, self.click, self.none, self.dermoscopy, self.adaptive, self.auto):
            check.toggled.connect(self._tell)
        self.blueprint.toggled.connect(self.blueprint_wanted)
        for scale, value in (
            (self.kind, 0), (self.minutes, 10), (self.exposure, 3), (self.target, 5), (self.form, 0),
            (self.questions, LENGTHS[1]), (self.most, MOST_LENGTHS[1]),
        ):  # fmt: skip
            scale.choose(value)
        self.adaptive.setChecked(True)

    def show_mode(self, mode: Mode) -> None:
        """Another mode's options."""
        self.mode = mode
        for name, widget in self._rows.items():
            widget.setVisible(name in _SHOWN[mode])
        if mode is not Mode.EXAM:
            self.blueprint.setChecked(False)
        self._tell()

    def state(self) -> dict[str, int]:
        """Everything that is set, to be remembered: the value of each scale, 1 or 0 for each tick."""
        scales = {name: scale.value() for name, scale in self._scales().items()}
        checks = {name: int(check.isChecked()) for name, check in self._checks().items()}
        return {name: value for name, value in scales.items() if value is not None} | checks

    def restore(self, state: Mapping[str, int]) -> None:
        """Set what is remembered; what is unknown, or no choice any more, stays as it is."""
        for name, scale in self._scales().items():
            if name in state and state[name] in scale.values:
                scale.choose(state[name])
        for name, check in self._checks().items():
            if name in state:
                check.setChecked(bool(state[name]))

    def _scales(self) -> dict[str, ScaleRow]:
        return {
            "kind": self.kind, "minutes": self.minutes, "exposure": self.exposure, "target": self.target,
            "most": self.most,
        }  # fmt: skip

    def _checks(self) -> dict[str, CheckLine]:
        return {
            "features": self.features, "click": self.click, "none": self.none, "dermoscopy": self.dermoscopy,
            "adaptive": self.adaptive,
        }  # fmt: skip

    def options(self) -> QuizOptions:
        """What is chosen, as far as the mode has it. Raises UserError where it does not go together."""
        shown = _SHOWN[self.mode]
        kind = self.chosen_kind()
        return QuizOptions(
            kind=kind,
            features="features" in shown and self.features.isChecked(),
            click="click" in shown and self.click.isChecked(),
            none_of_these="none" in shown and self.none.isChecked() and kind is AnswerKind.SINGLE,
            adaptive="adaptive" not in shown or self.adaptive.isChecked(),
            minutes=(self.minutes.value() or 0) if "minutes" in shown else 0,
            exposure=(self.exposure.value() or 0) if "exposure" in shown else 0,
            target=self.target.value() or 5,
            form="AB"[self.form.value() or 0] if "form" in shown else "",
            dermoscopy="dermoscopy" in shown and self.dermoscopy.isChecked(),
        )

    def chosen_kind(self) -> AnswerKind:
        """The kind of answer, a single best one where the mode has no choice."""
        return _KINDS[self.kind.value() or 0] if "kind" in _SHOWN[self.mode] else AnswerKind.SINGLE

    def _tell(self, *_: object) -> None:
        self.none.setEnabled(self.chosen_kind() is AnswerKind.SINGLE)
        self._note.setText(_note(self.mode, self.chosen_kind()))
        self._note.setVisible(bool(self._note.text()))
        self.changed.emit()


def _note(mode: Mode, kind: AnswerKind) -> str:
    if mode is Mode.DRILL:
        return "A condition is done after four right answers in a row, each in time."
    if mode is Mode.FORMS:
        return "Every chosen condition once. Form B shows the same lesions with lighter and darker skin exchanged."
    if mode is Mode.REFLECTION:
        return "You answer, weigh what speaks for and against it, and answer again."
    if mode is Mode.REVIEW:
        return "A new image for everything that is due."
    if kind is AnswerKind.TYPED:
        return "Type any part of a name or synonym; no options are shown before."
    if kind is AnswerKind.DIFFERENTIAL:
        return "Rank up to four diagnoses; the first one counts as your answer."
    return ""
