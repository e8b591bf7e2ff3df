"""Morphology terms to tick under a question."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.basic import column, label
from dermtutor.ui.widgets.flow_layout import FlowLayout
from dermtutor.ui.widgets.marks import FeatureChip


class FeatureChips(QWidget):
    """A question and its terms; ``changed`` after every tick."""

    changed = Signal()

    def __init__(self, question: str, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._question = question
        self.chips: list[FeatureChip] = []
        self._flow = FlowLayout(4)
        layout = column(label(question, "label"), gap=6)
        layout.addLayout(self._flow)
        self.setLayout(layout)

    def offer(self, terms: Sequence[str]) -> None:
        """Other terms, none of them ticked."""
        for chip in self.chips:
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self.chips = [FeatureChip(term, self._theme, self) for term in terms]
        for chip in self.chips:
            chip.setAccessibleName(f"{self._question} {chip.text()}")
            chip.toggled.connect(self.changed)
            self._flow.addWidget(chip)
            chip.show()
        self.setVisible(bool(terms))

    def chosen(self) -> tuple[str, ...]:
        """The terms ticked, in the order offered."""
        return tuple(chip.term for chip in self.chips if chip.isChecked())

    def choose(self, terms: Sequence[str]) -> None:
        """Tick exactly these."""
        for chip in self.chips:
            chip.setChecked(chip.term in terms)
