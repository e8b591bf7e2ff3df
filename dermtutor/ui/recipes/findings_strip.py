"""The strip below a recipe: the first thing that is wrong with it, and the way there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QSizePolicy

from dermtutor.domain.recipes import Finding
from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.basic import Icon, button, column, label, row


class FindingsStrip(QFrame):
    """Hidden while nothing is wrong."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("role", "note")
        self._wrong = label("", "body", wrap=True)
        self._wrong.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._wrong.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.go_there = button("Go there", "tool", "Go to what is wrong (F8)")
        line = row(Icon("caution", theme, "caution", 20), self._wrong, self.go_there, gap=10)
        line.setStretch(1, 1)
        layout = column(line)
        layout.setContentsMargins(10, 10, 10, 10)
        self.setLayout(layout)
        self.hide()

    @property
    def words(self) -> str:
        """What it says."""
        return self._wrong.text()

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """The first of them, and how many there are."""
        self.setVisible(bool(findings))
        if findings:
            more = f"  (1 of {len(findings)})" if len(findings) > 1 else ""
            self._wrong.setText(f"{findings[0]}{more}")
            self.setAccessibleName(self.words)
