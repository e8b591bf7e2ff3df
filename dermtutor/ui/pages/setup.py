"""The set-up page: conditions, tones, number of questions. Its defaults are a good quiz already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from dermtutor.domain.conditions import Catalogue
from dermtutor.domain.quiz import QuizPlan
from dermtutor.errors import UserError
from dermtutor.skin.scales import MonkTone
from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.basic import button, column, dress, frame, holder, label, row
from dermtutor.ui.widgets.choices import ToneBox
from dermtutor.ui.widgets.condition_picker import ConditionPicker, all_and_none, check_all
from dermtutor.ui.widgets.scales import ScaleRow
from dermtutor.ui.wording import counted

LENGTHS = (5, 10, 20, 40)


class SetupPage(QWidget):
    """``start_wanted`` carries a QuizPlan; ``complaint`` a UserError about the choice."""

    start_wanted = Signal(object)
    complaint = Signal(object)

    def __init__(self, theme: Theme, catalogue: Catalogue) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
        self.conditions = ConditionPicker(theme, catalogue)
        self.tones = {tone: ToneBox(tone, theme) for tone in MonkTone.all()}
        self.questions = ScaleRow([(n, str(n)) for n in LENGTHS], theme, "Number of questions")
        self.start = button("Start", "primary", "Start the quiz (Enter)")
        dress(self.start, "arrow", theme, "on_accent")
        self.start.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self._summary = label("", "muted", wrap=True)
        self._build()
        self._connect()
        self.choose((), (), 10)

    def _build(self) -> None:
        conditions = frame("card", self.conditions, margin=24)
        conditions.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        right = column(self._tones_card(), self._questions_card(), None, self._start_card(), gap=16)
        halves = row(conditions, right, gap=20)
        halves.setStretch(0, 60)
        halves.setStretch(1, 40)
        layout = column(label("Set up a quiz", "title"), halves, gap=16)
        layout.setStretch(1, 1)
        layout.setContentsMargins(32, 22, 32, 22)
        self.setLayout(layout)

    def _tones_card(self) -> QWidget:
        boxes = list(self.tones.values())
        everything, nothing = all_and_none("skin tones")
        everything.clicked.connect(partial(check_all, boxes, True))
        nothing.clicked.connect(partial(check_all, boxes, False))
        return frame(
            "card",
            row(label("Skin tones", "heading"), None, everything, nothing, gap=8),
            label(
                "Monk scale, 1 lightest to 10 darkest. Questions are balanced over the tones.",
                "muted",
                wrap=True,
            ),
            row(*boxes[:5], gap=4),
            row(*boxes[5:], gap=4),
            margin=24,
            gap=10,
        )

    def _questions_card(self) -> QWidget:
        return frame("card", label("Questions", "heading"), self.questions, margin=24, gap=10)

    def _start_card(self) -> QWidget:
        words = row(self._summary, self.start, gap=16)
        words.setStretch(0, 1)
        return holder(words)

    def _connect(self) -> None:
        self.start.clicked.connect(self._start)
        self.questions.changed.connect(self._tell)
        self.conditions.changed.connect(self._tell)
        for box in self.tones.values():
            box.toggled.connect(self._tell)

    def choose(self, conditions: Iterable[str], tones: Iterable[int], questions: int) -> None:
        """Preset a choice; nothing named means everything."""
        self.conditions.choose(conditions)
        shades = set(tones) or {tone.value for tone in self.tones}
        for tone, shade in self.tones.items():
            shade.setChecked(tone.value in shades)
        self.questions.choose(min(LENGTHS, key=lambda n: abs(n - questions)))
        self._tell()

    def plan(self) -> QuizPlan:
        """The quiz chosen. Raises UserError when none can be made of it."""
        return QuizPlan(
            conditions=self.conditions.chosen(),
            tones=tuple(tone for tone, box in self.tones.items() if box.isChecked()),
            questions=self.questions.value() or LENGTHS[1],
        )

    @property
    def boxes(self) -> Mapping[str, QCheckBox]:
        """The check box of every condition that can be chosen, by its id."""
        return self.conditions.boxes

    def showEvent(self, event: QShowEvent) -> None:
        self.start.setFocus()

    def _start(self) -> None:
        try:
            self.start_wanted.emit(self.plan())
        except UserError as error:
            self.complaint.emit(error)

    def _tell(self, *_: object) -> None:
        conditions = len(self.conditions.chosen())
        tones = sum(box.isChecked() for box in self.tones.values())
        length = counted(self.questions.value() or 0, "question")
        self._summary.setText(
            f"{length} over {counted(conditions, 'condition')} and {counted(tones, 'skin tone')}"
        )
        self.start.setEnabled(bool(conditions and tones))
