"""The set-up page: mode, conditions, tones, options. Its defaults are a good quiz already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QSizePolicy, QStackedWidget, QWidget

from dermtutor.domain.conditions import Catalogue
from dermtutor.domain.modes import AnswerKind, Mode
from dermtutor.domain.quiz import CHOICES_RANGE, QuizPlan
from dermtutor.domain.records import ReviewState
from dermtutor.errors import UserError
from dermtutor.skin.scales import MonkTone
from dermtutor.ui.pages.due_card import DueCard
from dermtutor.ui.pages.setup_options import LENGTHS, MODES, MOST_LENGTHS, OptionsCard
from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.basic import button, column, dress, frame, holder, label, row, scrolled
from dermtutor.ui.widgets.blueprint import BlueprintTable
from dermtutor.ui.widgets.choices import ToneBox
from dermtutor.ui.widgets.condition_picker import ConditionPicker, all_and_none, check_all
from dermtutor.ui.widgets.marks import ModeTile
from dermtutor.ui.wording import counted

_CONDITIONS, _BLUEPRINT, _DUE = range(3)


class SetupPage(QWidget):
    """``start_wanted`` carries a QuizPlan, ``review_wanted`` the QuizOptions of a review; ``complaint`` a UserError."""

    start_wanted = Signal(object)
    review_wanted = Signal(object)
    complaint = Signal(object)

    def __init__(self, theme: Theme, catalogue: Catalogue) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
        self._catalogue = catalogue
        self.modes = {mode: ModeTile(words.name, words.line, theme) for mode, words in MODES.items()}
        self._modes = QButtonGroup(self)
        self.conditions = ConditionPicker(theme, catalogue)
        self.tones = {tone: ToneBox(tone, theme) for tone in MonkTone.all()}
        self.options = OptionsCard(theme)
        self.questions = self.options.questions
        self.blueprint = BlueprintTable()
        self.due = DueCard(theme, catalogue)
        self.start = button("Start", "primary", "Start the quiz (Enter)")
        dress(self.start, "arrow", theme, "on_accent")
        self.start.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self._summary = label("", "muted", wrap=True)
        self._build()
        self._connect()
        self.choose((), (), 10)

    def _build(self) -> None:
        strip = row(*self.modes.values(), gap=4)
        for mode, tile in self.modes.items():
            self._modes.addButton(tile, list(Mode).index(mode))
        self._left = QStackedWidget()
        conditions = frame("card", self.conditions, margin=20)
        conditions.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        for card in (conditions, self._blueprint_card(), self.due):
            self._left.addWidget(card)
        self._tones = self._tones_card()
        inside = column(self._tones, self.options, None, gap=12)
        inside.setContentsMargins(0, 0, 4, 0)
        self._area = scrolled(holder(inside))
        self._area.setProperty("role", "see-through")
        right = column(self._area, self._start_row(), gap=14)
        right.setStretch(0, 1)
        halves = row(self._left, right, gap=20)
        halves.setStretch(0, 57)
        halves.setStretch(1, 43)
        layout = column(label("Set up a quiz", "title"), strip, halves, gap=12)
        layout.setStretch(2, 1)
        layout.setContentsMargins(32, 14, 32, 14)
        self.setLayout(layout)

    def _blueprint_card(self) -> QWidget:
        words = "Questions by condition and skin tone. Type a count; an empty cell asks nothing."
        return frame("card", label("Blueprint", "heading"), label(words, "muted", wrap=True), self.blueprint,
                     margin=20, gap=10)  # fmt: skip

    def _tones_card(self) -> QWidget:
        boxes = list(self.tones.values())
        everything, nothing = all_and_none("skin tones")
        everything.clicked.connect(partial(check_all, boxes, True))
        nothing.clicked.connect(partial(check_all, boxes, False))
        return frame(
            "card",
            row(
                label("Skin tones", "heading"), label("Monk scale", "muted"), None, everything, nothing, gap=8
            ),
            row(*boxes[:5], gap=4),
            row(*boxes[5:], gap=4),
            margin=16,
            gap=6,
        )

    def _start_row(self) -> QWidget:
        words = row(self._summary, self.start, gap=16)
        words.setStretch(0, 1)
        return holder(words)

    def _connect(self) -> None:
        self.conditions.changed.connect(self._tell)
        self.start.clicked.connect(self._start)
        self.options.changed.connect(self._tell)
        self.options.blueprint_wanted.connect(self._show_blueprint)
        self.blueprint.total_changed.connect(self._tell)
        for mode, tile in self.modes.items():
            tile.toggled.connect(partial(self._mode_toggled, mode))
        for box in self.tones.values():
            box.toggled.connect(self._tell)

    def choose(
        self, conditions: Iterable[str], tones: Iterable[int], questions: int, mode: Mode = Mode.PRACTICE
    ) -> None:
        """Preset a choice; nothing named means everything."""
        self.conditions.choose(conditions)
        shades = set(tones) or {tone.value for tone in self.tones}
        for tone, shade in self.tones.items():
            shade.setChecked(tone.value in shades)
        self.questions.choose(min(LENGTHS, key=lambda n: abs(n - questions)))
        self.modes[mode].setChecked(True)
        self._tell()

    @property
    def mode(self) -> Mode:
        """The mode chosen."""
        return self.options.mode

    def show_due(self, due: Sequence[ReviewState]) -> None:
        """What a review would ask."""
        self.due.show_due(due)
        self._tell()

    def plan(self) -> QuizPlan:
        """The quiz chosen, in any mode but review. Raises UserError when none can be made of it."""
        conditions, tones = self._chosen()
        cells = self.blueprint.cells() if self.options.blueprint.isChecked() else ()
        if self.options.blueprint.isChecked():
            conditions = tuple(c for c in conditions if any(each.condition == c for each in cells))
            tones = [tone for tone in tones if any(each.tone == tone for each in cells)]
        return QuizPlan(
            conditions=conditions,
            tones=tuple(tones),
            questions=self._length(),
            choices=self._choices(len(conditions)),
            mode=self.mode,
            options=self.options.options(),
            blueprint=cells,
        )

    @property
    def boxes(self) -> Mapping[str, QCheckBox]:
        """The check box of every condition that can be chosen, by its id."""
        return self.conditions.boxes

    def showEvent(self, event: QShowEvent) -> None:
        self.start.setFocus()

    def _chosen(self) -> tuple[tuple[str, ...], list[MonkTone]]:
        return (
            self.conditions.chosen(),
            [tone for tone, box in self.tones.items() if box.isChecked()],
        )

    def _choices(self, conditions: int) -> int:
        """A ranked differential has more to rank; a drill offers its own conditions."""
        if self.mode is Mode.DRILL:
            return min(CHOICES_RANGE[1], max(CHOICES_RANGE[0], conditions))
        return CHOICES_RANGE[1] if self.options.chosen_kind() is AnswerKind.DIFFERENTIAL else 4

    def _length(self) -> int:
        if self.options.blueprint.isChecked():
            return self.blueprint.total()
        if self.mode is Mode.FORMS:
            return len(self._chosen()[0])
        if self.mode is Mode.DRILL:
            return self.options.most.value() or MOST_LENGTHS[1]
        return self.questions.value() or LENGTHS[1]

    def _start(self) -> None:
        try:
            if self.mode is Mode.REVIEW:
                self.review_wanted.emit(self.options.options())
            else:
                self.start_wanted.emit(self.plan())
        except UserError as error:
            self.complaint.emit(error)

    def _mode_toggled(self, mode: Mode, on: bool) -> None:
        if on:
            self.options.show_mode(mode)
            self._tones.setVisible(mode is not Mode.REVIEW)
            self.conditions.look_alikes.setVisible(mode is Mode.DRILL)
            self._left.setCurrentIndex(_DUE if mode is Mode.REVIEW else _CONDITIONS)
            self._area.verticalScrollBar().setValue(0)
            self._tell()

    def _show_blueprint(self, on: bool) -> None:
        if on:
            names, tones = self._chosen()
            conditions = [self._catalogue.get(name) for name in names]
            self.blueprint.offer(conditions, tones, self.questions.value() or LENGTHS[1])
        if self.mode is Mode.EXAM:
            self._left.setCurrentIndex(_BLUEPRINT if on else _CONDITIONS)
            self._tones.setVisible(not on)
        self._tell()

    def _tell(self, *_: object) -> None:
        names, tones = self._chosen()
        if self.mode is Mode.REVIEW:
            self._summary.setText(f"{counted(self.due.asked, 'question')} in this review")
            self.start.setEnabled(self.due.asked > 0)
            return
        length = counted(self._length(), "question")
        if self.options.blueprint.isChecked():
            self._summary.setText(f"{length} by blueprint")
        else:
            over = f"{counted(len(names), 'condition')} and {counted(len(tones), 'skin tone')}"
            self._summary.setText(f"{'At most ' if self.mode is Mode.DRILL else ''}{length} over {over}")
        self.start.setEnabled(bool(names and tones and self._length()))
