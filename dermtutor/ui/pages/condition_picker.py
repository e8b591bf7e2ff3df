"""The conditions to choose from, with a search, on a card of the set-up page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QLineEdit, QSizePolicy, QWidget

from dermtutor.domain.conditions import Catalogue, Condition
from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.basic import button, column, holder, label, row, scrolled
from dermtutor.ui.widgets.choices import ConditionBox
from dermtutor.ui.wording import made


class ConditionPicker(QFrame):
    """A card; ``changed`` after every tick. ``look_alikes`` adds those of what is chosen, where a mode wants that."""

    changed = Signal()

    def __init__(self, theme: Theme, catalogue: Catalogue) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._catalogue = catalogue
        self._conditions = catalogue.quizzable()
        self.boxes = {c.id: ConditionBox(c.name, made(c), theme) for c in self._conditions}
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search conditions")
        self.search.setAccessibleName("Search conditions")
        self.search.setClearButtonEnabled(False)
        self.search.setMinimumWidth(120)
        self.search.setMaximumWidth(230)
        self.look_alikes = button(
            "Add look-alikes", "tool", "Choose the look-alikes of what is chosen as well"
        )
        self._found = label("", "muted", wrap=True)
        self._grid = QGridLayout()
        self._build()
        self.search.textChanged.connect(self._arrange)
        self.look_alikes.clicked.connect(self._add_look_alikes)
        for box in self.boxes.values():
            box.toggled.connect(self.changed)
        self._arrange()

    def _build(self) -> None:
        everything, nothing = all_and_none(self.boxes.values())
        heading = label("Conditions", "heading")
        top = row(heading, None, self.search, self.look_alikes, everything, nothing, gap=8)
        self._grid.setSpacing(6)
        self._grid.setContentsMargins(0, 0, 4, 0)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        area = scrolled(holder(column(self._grid, self._found, None)))
        area.setProperty("role", "see-through")
        layout = column(top, area, gap=14)
        layout.setContentsMargins(20, 20, 20, 20)
        self.setLayout(layout)

    def chosen(self) -> list[str]:
        """The ids chosen, in the order shown."""
        return [name for name, box in self.boxes.items() if box.isChecked()]

    def choose(self, conditions: Iterable[str]) -> None:
        """Choose these; where none of them is known, all."""
        wanted = set(conditions) & set(self.boxes) or set(self.boxes)
        for name, box in self.boxes.items():
            box.setChecked(name in wanted)

    def _add_look_alikes(self) -> None:
        for name in self.chosen():
            for other in self._catalogue.look_alikes(name):
                self.boxes[other.id].setChecked(True)

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


def all_and_none(boxes: Iterable[QCheckBox]) -> tuple[QWidget, QWidget]:
    """Two buttons that tick all of the boxes, or none."""
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
