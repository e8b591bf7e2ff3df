"""The form that asks for cases: conditions, tones, sites, severities, and how many."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QSpinBox, QWidget

from dermtutor.domain.conditions import Catalogue
from dermtutor.domain.set_cover import MOST_CASES, BuildPlan, Severity, sites_without_cases
from dermtutor.errors import UserError
from dermtutor.skin.scales import MonkTone
from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.basic import button, column, dress, frame, holder, label, row, scrolled
from dermtutor.ui.widgets.choices import ToneBox
from dermtutor.ui.widgets.condition_picker import ConditionPicker, all_and_none, check_all
from dermtutor.ui.widgets.elided import ElidedLabel
from dermtutor.ui.widgets.flow_layout import wrapped
from dermtutor.ui.widgets.marks import CheckLine
from dermtutor.ui.wording import counted

_SEVERITIES: Final = {Severity.SUBTLE: "Subtle", Severity.TYPICAL: "Typical", Severity.MARKED: "Marked"}


class SetBuilderForm(QWidget):
    """``build_wanted`` carries a BuildPlan, ``complaint`` a UserError."""

    build_wanted = Signal(object)
    back_wanted = Signal()
    complaint = Signal(object)

    def __init__(self, theme: Theme, catalogue: Catalogue) -> None:
        super().__init__()
        self._catalogue = catalogue
        self.back = button("Case set", "quiet", "Back to the cases (Escape)")
        dress(self.back, "back", theme, "muted")
        self.title = ElidedLabel("title")
        self.conditions = ConditionPicker(theme, catalogue)
        self.conditions.look_alikes.show()
        self.conditions.choose(("melanoma",))
        self.tones = {tone: ToneBox(tone, theme) for tone in MonkTone.all()}
        sites = dict.fromkeys(site for condition in catalogue.conditions for site in condition.sites)
        self.sites = {site: CheckLine(site.replace("-", " ").capitalize(), theme) for site in sorted(sites)}
        self.severities = {severity: CheckLine(words, theme) for severity, words in _SEVERITIES.items()}
        self.number = QSpinBox()
        self.number.setRange(1, MOST_CASES)
        self.number.setValue(30)
        self.number.setFixedWidth(80)
        self.number.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.number.setAccessibleName("Number of cases")
        self.start = button("Make the cases", "primary", "Keep what is asked for, and begin (Ctrl+Enter)")
        dress(self.start, "play", theme, "on_accent")
        self._summary = label("", "muted", wrap=True)
        self._build()
        self._connect()
        for box in (*self.tones.values(), *self.severities.values()):
            box.setChecked(True)
        self._tell()

    def _build(self) -> None:
        left = frame("card", self.conditions, margin=20)
        inside = column(self._tones_card(), self._severity_card(), self._sites_card(), None, gap=12)
        inside.setContentsMargins(0, 0, 4, 0)
        area = scrolled(holder(inside))
        area.setProperty("role", "see-through")
        right = column(area, self._start_card(), gap=12)
        right.setStretch(0, 1)
        halves = row(left, right, gap=20)
        halves.setStretch(0, 55)
        halves.setStretch(1, 45)
        layout = column(row(self.back, self.title, None, gap=12), halves, gap=12)
        layout.setStretch(1, 1)
        layout.setContentsMargins(24, 14, 32, 18)
        self.setLayout(layout)

    def _tones_card(self) -> QWidget:
        boxes = list(self.tones.values())
        head = _head("Skin tones", "skin tones", boxes)
        return frame("card", head, row(*boxes[:5], gap=4), row(*boxes[5:], gap=4), margin=16, gap=6)

    def _severity_card(self) -> QWidget:
        boxes = holder(column(wrapped(*self.severities.values(), gap=14)))
        return frame("card", label("Severity", "heading"), boxes, margin=16)

    def _sites_card(self) -> QWidget:
        boxes = list(self.sites.values())
        words = "Told with the case, where a condition occurs there. None chosen: no site is told."
        return frame(
            "card",
            _head("Body sites", "body sites", boxes),
            label(words, "muted", wrap=True),
            holder(column(wrapped(*boxes, gap=14))),
            margin=16,
        )

    def _start_card(self) -> QWidget:
        words = row(label("Number of cases", "label"), self.number, None, self.start, gap=12)
        return holder(column(self._summary, words, gap=8))

    def _connect(self) -> None:
        self.back.clicked.connect(self.back_wanted)
        self.start.clicked.connect(self._start)
        self.number.valueChanged.connect(self._tell)
        self.conditions.changed.connect(self._tell)
        for box in (*self.tones.values(), *self.severities.values(), *self.sites.values()):
            box.toggled.connect(self._tell)

    def begin(self, name: str) -> None:
        """For the set of that name."""
        self.title.setText(f"Cases for {name}")
        self.conditions.search.setFocus()

    def plan(self) -> BuildPlan:
        """What is chosen. Raises UserError when nothing can be made of it."""
        return BuildPlan(
            conditions=self.conditions.chosen(),
            tones=tuple(tone for tone, box in self.tones.items() if box.isChecked()),
            number=self.number.value(),
            sites=tuple(site for site, box in self.sites.items() if box.isChecked()),
            severities=tuple(severity for severity, box in self.severities.items() if box.isChecked()),
        )

    def _start(self) -> None:
        try:
            self.build_wanted.emit(self.plan())
        except UserError as error:
            self.complaint.emit(error)

    def _tell(self, *_: object) -> None:
        try:
            plan = self.plan()
        except UserError as error:
            self._summary.setText(str(error))
            self.start.setEnabled(False)
            return
        self.start.setEnabled(True)
        cells = len(plan.conditions) * len(plan.tones)
        each, more = divmod(plan.number, cells)
        spread = (
            f"{each} in each"
            if not more
            else f"{each} or {each + 1} in each"
            if each
            else "at most one in each"
        )
        over = f"{counted(len(plan.conditions), 'condition')} × {counted(len(plan.tones), 'tone')}"
        self._summary.setText(
            f"{counted(plan.number, 'case')} over {over}, {spread}, every one another lesion."
            f"{self._left_out(plan)}"
        )

    def _left_out(self, plan: BuildPlan) -> str:
        names = ", ".join(
            self.sites[site].text().lower() for site in sites_without_cases(plan, self._catalogue)
        )
        return f" None of these conditions occurs on: {names}." if names else ""


def _head(title: str, what: str, boxes: Iterable[QCheckBox]) -> QWidget:
    """A card's title with buttons for all and none of its boxes."""
    chosen = list(boxes)
    everything, nothing = all_and_none(what)
    everything.clicked.connect(partial(check_all, chosen, True))
    nothing.clicked.connect(partial(check_all, chosen, False))
    return holder(row(label(title, "heading"), None, everything, nothing, gap=8))
