"""How a build stands: a bar, words, and the buttons that pause, go on and give up."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from dermtutor.ui.sets.building import BuildState
from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.basic import button, column, label, row
from dermtutor.ui.widgets.meter import Meter
from dermtutor.ui.wording import counted


class ProgressStrip(QFrame):
    """Hidden while nothing is to come."""

    pause_wanted = Signal()
    continue_wanted = Signal()
    give_up_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("role", "note")
        self._running = False
        self.meter = Meter(theme)
        self.words = label("", "body")
        self.pause = button("Pause", "tool", "What is missing stays asked for")
        self.give_up = button("Cancel", "tool", "Make nothing more; what was made stays")
        layout = column(row(self.words, None, self.pause, self.give_up, gap=8), self.meter, gap=6)
        layout.setContentsMargins(14, 8, 10, 10)
        self.setLayout(layout)
        self.pause.clicked.connect(self._pressed)
        self.give_up.clicked.connect(self.give_up_wanted)
        self.hide()

    def show_state(self, state: BuildState | None) -> None:
        """How it stands now."""
        self.setVisible(state is not None)
        if state is None:
            return
        self._running = state.running
        self.pause.setText("Pause" if state.running else "Continue")
        done = max(0, state.total - state.left)
        self.meter.show_share(done / state.total if state.total else 0.0)
        if state.running and not state.total:
            self.words.setText("Getting ready …")
        elif not state.running:
            made = f"{done} of {counted(state.total, 'case')} made, " if done else ""
            self.words.setText(f"{made}{counted(state.left, 'case')} still to come; paused.")
        else:
            self.words.setText(f"{done} of {counted(state.total, 'case')} made{_left(state, done)}")
        self.setAccessibleName(self.words.text())

    def _pressed(self) -> None:
        (self.pause_wanted if self._running else self.continue_wanted).emit()


def _left(state: BuildState, done: int) -> str:
    """How long it will still take, as far as can be told."""
    if done < 3 or not state.left:
        return ""
    seconds = state.seconds / done * state.left
    return (
        f", about {max(1, round(seconds))} s more"
        if seconds < 90
        else f", about {round(seconds / 60)} min more"
    )
