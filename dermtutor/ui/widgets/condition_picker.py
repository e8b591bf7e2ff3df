"""The conditions to choose from, by group: a check box each, a search, all or none of a group or of what is shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLineEdit, QPushButton, QWidget

from dermtutor.domain.conditions import Catalogue, Condition, ConditionGroup
from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.basic import button, clear, column, holder, label, row, scrolled
from dermtutor.ui.widgets.choices import ConditionBox
from dermtutor.ui.wording import GROUP_TITLES, made


class ConditionPicker(QWidget):
    """Every condition that a quiz can ask for. ``changed`` whenever the choice does.

    The button ``look_alikes``, shown where a mode wants it, checks those of what is chosen as well.
    """

    changed = Signal()

    def __init__(self, theme: Theme, catalogue: Catalogue) -> None:
        super().__init__()
        self._theme = theme
        self._catalogue = catalogue
        self.boxes: dict[str, ConditionBox] = {}
        self.sections: dict[ConditionGroup, ConditionSection] = {}
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search conditions")
        self.search.setAccessibleName("Search conditions")
        self.search.setMinimumWidth(160)
        self.search.setMaximumWidth(200)
        self.all, self.none = all_and_none("conditions shown")
        self.look_alikes = button(
            "Add look-alikes", "tool-small", "Choose the look-alikes of what is chosen as well"
        )
        self.found = label("No condition has that name.", "muted", wrap=True)
        self._content = column(gap=14)
        self._content.setContentsMargins(0, 0, 6, 0)
        area = scrolled(holder(column(self._content, self.found, None, gap=14)))
        area.setProperty("role", "see-through")
        area.setAccessibleName("Conditions by group")
        top = row(
            label("Conditions", "heading"), None, self.search, self.look_alikes, self.all, self.none, gap=8
        )
        layout = column(top, area, gap=14)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.search.textChanged.connect(self._arrange)
        self.look_alikes.clicked.connect(self._add_look_alikes)
        self.all.clicked.connect(partial(self._check_shown, True))
        self.none.clicked.connect(partial(self._check_shown, False))
        self.show_conditions(catalogue)

    def show_conditions(self, catalogue: Catalogue) -> None:
        """Other conditions to choose from; those that stay keep their choice, new ones are chosen."""
        self._catalogue = catalogue
        chosen = {name: box.isChecked() for name, box in self.boxes.items()}
        clear(self._content)
        self.boxes, self.sections = {}, {}
        for group, conditions in catalogue.grouped():
            section = ConditionSection(group, conditions, self._theme)
            self.sections[group] = section
            self.boxes |= section.boxes
            self._content.addWidget(section)
        for name, box in self.boxes.items():
            box.setChecked(chosen.get(name, True))
            box.toggled.connect(self.changed)
        self._arrange()

    def choose(self, wanted: Iterable[str]) -> None:
        """Check exactly these; nothing that is here means everything."""
        names = set(wanted) & set(self.boxes) or set(self.boxes)
        for name, box in self.boxes.items():
            box.setChecked(name in names)

    def chosen(self) -> tuple[str, ...]:
        """The ids of the checked conditions, group by group."""
        return tuple(name for name, box in self.boxes.items() if box.isChecked())

    def _add_look_alikes(self) -> None:
        for name in self.chosen():
            for other in self._catalogue.look_alikes(name):
                if other.id in self.boxes:
                    self.boxes[other.id].setChecked(True)

    def _arrange(self, *_: object) -> None:
        words = self.search.text().lower().split()
        shown = [section.show_matching(words) for section in self.sections.values()]
        self.found.setVisible(not any(shown))

    def _check_shown(self, checked: bool, _: bool = False) -> None:
        for section in self.sections.values():
            section.check_shown(checked)


class ConditionSection(QWidget):
    """One group: its title with how many are chosen, all and none, and its conditions, read down two columns."""

    def __init__(self, group: ConditionGroup, conditions: Sequence[Condition], theme: Theme) -> None:
        super().__init__()
        self._conditions = conditions
        self._title = GROUP_TITLES[group]
        self.boxes = {each.id: ConditionBox(each.name, each.source, made(each), theme) for each in conditions}
        self.setAccessibleName(self._title)
        self.all, self.none = all_and_none(self._title.lower())
        self._count = label("", "muted")
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        head = row(label(self._title, "label"), self._count, None, self.all, self.none, gap=8)
        self.setLayout(column(head, self._grid, gap=4))
        self.all.clicked.connect(partial(self.check_shown, True))
        self.none.clicked.connect(partial(self.check_shown, False))
        for box in self.boxes.values():
            box.toggled.connect(self._tell)
        self._tell()

    def show_matching(self, words: Sequence[str]) -> bool:
        """Show the conditions that every word is found in, and this group only when there are any."""
        matching = [each for each in self._conditions if _matches(each, self._title, words)]
        for box in self.boxes.values():
            self._grid.removeWidget(box)
        shown = {each.id for each in matching}
        rows = max(1, (len(matching) + 1) // 2)
        for position, condition in enumerate(matching):
            self._grid.addWidget(self.boxes[condition.id], position % rows, position // rows)
        for name, box in self.boxes.items():
            box.setVisible(name in shown)
        self.setVisible(bool(matching))
        return bool(matching)

    def check_shown(self, checked: bool, _: bool = False) -> None:
        """Check or clear every condition that the search leaves visible."""
        for box in self.boxes.values():
            if not box.isHidden():
                box.setChecked(checked)

    def _tell(self, *_: object) -> None:
        chosen = sum(box.isChecked() for box in self.boxes.values())
        self._count.setText(f"{chosen} of {len(self.boxes)}")


def all_and_none(what: str) -> tuple[QPushButton, QPushButton]:
    """Two buttons, named for screen readers by what they choose."""
    everything, nothing = button("All", "tool-small"), button("None", "tool-small")
    everything.setAccessibleName(f"All {what}")
    nothing.setAccessibleName(f"No {what}")
    return everything, nothing


def check_all(boxes: Iterable[QCheckBox], checked: bool, _: bool = False) -> None:
    """Check or clear them all."""
    for box in boxes:
        box.setChecked(checked)


def _matches(condition: Condition, group: str, words: Sequence[str]) -> bool:
    parts = (condition.name, condition.id, condition.icd11, made(condition), group, *condition.synonyms)
    text = " ".join((*parts, *condition.features)).lower()
    return all(word in text for word in words)
