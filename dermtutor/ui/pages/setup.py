"""The set-up page: conditions, tones, number of questions. Its defaults are a good quiz already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLineEdit, QSizePolicy, QWidget

from dermtutor.domain.conditions import Catalogue, Condition
from dermtutor.domain.quiz import QuizPlan
from dermtutor.errors import UserError
from dermtutor.skin.scales import MonkTone
from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.basic import button, column, dress, frame, holder, label, row, scrolled
from dermtutor.ui.widgets.choices import ConditionBox, ToneBox
from dermtutor.ui.widgets.scales import ScaleRow
from dermtutor.ui.wording import counted, made

LENGTHS = (5, 10, 20, 40)


class SetupPage(QWidget):
    """``start_wanted`` carries a QuizPlan; ``complaint`` a UserError about the choice."""

    start_wanted = Signal(object)
    complaint = Signal(object)

    def __init__(self, theme: Theme, catalogue: Catalogue) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
        self._conditions = catalogue.quizzable()
        self.boxes = {c.id: ConditionBox(c.name, made(c), theme) for c in self._conditions}
        self.tones = {tone: ToneBox(tone, theme) for tone in MonkTone.all()}
        self.questions = ScaleRow([(n, str(n)) for n in LENGTHS], theme, "Number of questions")
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search conditions")
        self.search.setAccessibleName("Search conditions")
        self.search.setClearButtonEnabled(False)
        self.search.setFixedWidth(230)
        self.start = button("Start", "primary", "Start the quiz (Enter)")
        dress(self.start, "arrow", theme, "on_accent")
        self.start.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self._summary = label("", "muted", wrap=True)
        self._found = label("", "muted", wrap=True)
        self._grid = QGridLayout()
        self._grid.setSpacing(6)
        self._grid.setContentsMargins(0, 0, 4, 0)
        self._build()
        self._connect()
        self.choose((), (), 10)

    def _build(self) -> None:
        everything, nothing = _pair(self.boxes.values())
        top = row(label("Conditions", "heading"), None, self.search, everything, nothing, gap=8)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        grid = holder(column(self._grid, self._found, None))
        area = scrolled(grid)
        area.setProperty("role", "see-through")
        conditions = frame("card", top, area, margin=24, gap=14)
        conditions.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        right = column(self._tones_card(), self._questions_card(), None, self._start_card(), gap=16)
        halves = row(conditions, right, gap=20)
        halves.setStretch(0, 58)
        halves.setStretch(1, 42)
        layout = column(label("Set up a quiz", "title"), halves, gap=16)
        layout.setStretch(1, 1)
        layout.setContentsMargins(32, 22, 32, 22)
        self.setLayout(layout)
        self._arrange()

    def _tones_card(self) -> QWidget:
        everything, nothing = _pair(self.tones.values())
        boxes = list(self.tones.values())
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
        self.search.textChanged.connect(self._arrange)
        self.start.clicked.connect(self._start)
        self.questions.changed.connect(self._tell)
        for box in (*self.boxes.values(), *self.tones.values()):
            box.toggled.connect(self._tell)

    def choose(self, conditions: Iterable[str], tones: Iterable[int], questions: int) -> None:
        """Preset a choice; nothing named means everything."""
        wanted = set(conditions) & set(self.boxes) or set(self.boxes)
        shades = set(tones) or {tone.value for tone in self.tones}
        for name, box in self.boxes.items():
            box.setChecked(name in wanted)
        for tone, shade in self.tones.items():
            shade.setChecked(tone.value in shades)
        self.questions.choose(min(LENGTHS, key=lambda n: abs(n - questions)))
        self._tell()

    def plan(self) -> QuizPlan:
        """The quiz chosen. Raises UserError when none can be made of it."""
        return QuizPlan(
            conditions=tuple(name for name, box in self.boxes.items() if box.isChecked()),
            tones=tuple(tone for tone, box in self.tones.items() if box.isChecked()),
            questions=self.questions.value() or LENGTHS[1],
        )

    def showEvent(self, event: QShowEvent) -> None:
        self.start.setFocus()

    def _start(self) -> None:
        try:
            self.start_wanted.emit(self.plan())
        except UserError as error:
            self.complaint.emit(error)

    def _tell(self, *_: object) -> None:
        conditions = sum(box.isChecked() for box in self.boxes.values())
        tones = sum(box.isChecked() for box in self.tones.values())
        length = counted(self.questions.value() or 0, "question")
        self._summary.setText(
            f"{length} over {counted(conditions, 'condition')} and {counted(tones, 'skin tone')}"
        )
        self.start.setEnabled(bool(conditions and tones))

    def _arrange(self, *_: object) -> None:
        """The conditions that match the search, two abreast."""
        words = self.search.text().lower().split()
        matching = [c for c in self._conditions if _matches(c, words)]
        for box in self.boxes.values():
            self._grid.removeWidget(box)
            box.setVisible(False)
        for position, condition in enumerate(matching):
            self._grid.addWidget(self.boxes[condition.id], position // 2, position % 2)
            self.boxes[condition.id].setVisible(True)
        self._found.setText("" if matching else "No condition has that name.")
        self._found.setVisible(not matching)


def _pair(boxes: Iterable[QCheckBox]) -> tuple[QWidget, QWidget]:
    targets = list(boxes)
    everything, nothing = button("All", "tool"), button("None", "tool")
    for pressed, checked in ((everything, True), (nothing, False)):
        pressed.clicked.connect(partial(_check_all, targets, checked))
    return everything, nothing


def _check_all(boxes: Sequence[QCheckBox], checked: bool, _: bool = False) -> None:
    for box in boxes:
        box.setChecked(checked)


def _matches(condition: Condition, words: list[str]) -> bool:
    text = " ".join(
        (condition.name, condition.id, condition.icd11, made(condition), *condition.synonyms)
    ).lower()
    return all(word in text for word in words)
