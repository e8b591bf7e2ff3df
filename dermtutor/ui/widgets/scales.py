"""Short scales to choose one step from: confidence and the number of questions."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QWidget

from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.basic import row
from dermtutor.ui.widgets.choices import Segment


class ScaleRow(QWidget):
    """One of a few named steps, or none yet. ``changed`` carries the value of the chosen step."""

    changed = Signal(object)

    def __init__(self, steps: Sequence[tuple[int, str]], theme: Theme, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.values = [value for value, _ in steps]
        self._group = QButtonGroup(self)
        self.segments = [Segment(text, theme) for _, text in steps]
        for position, segment in enumerate(self.segments):
            segment.setAccessibleName(f"{name}: {segment.text()}")
            self._group.addButton(segment, position)
        self._group.idToggled.connect(self._toggled)
        self.setLayout(row(*self.segments, gap=2))

    def value(self) -> int | None:
        """The chosen step's value, None when nothing is chosen."""
        position = self._group.checkedId()
        return None if position < 0 else self.values[position]

    def choose(self, value: int | None) -> None:
        """Choose a step by its value, or none."""
        if value is not None and value in self.values:
            self.segments[self.values.index(value)].setChecked(True)
            return
        self._group.setExclusive(False)
        for segment in self.segments:
            segment.setChecked(False)
        self._group.setExclusive(True)

    def cycle(self, by: int = 1) -> None:
        """The next step, around the end; the middle one first."""
        position = self._group.checkedId()
        count = len(self.segments)
        self.segments[count // 2 if position < 0 else (position + by) % count].setChecked(True)

    def _toggled(self, position: int, on: bool) -> None:
        if on:
            self.changed.emit(self.values[position])
