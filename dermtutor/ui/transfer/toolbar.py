"""The row above the photograph: open, back and forth, before and after, keep and save."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from dermtutor.ui.theme import Theme
from dermtutor.ui.transfer.amount import Amount
from dermtutor.ui.transfer.sketch import History
from dermtutor.ui.widgets.basic import button, label, row


class Toolbar(QWidget):
    """The buttons are the page's to connect."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.other = button("Open another", "tool", "Another photograph (Ctrl+O)")
        self.undo = button("Undo", "tool", "Take the last change back (Ctrl+Z)")
        self.redo = button("Redo", "tool", "Make it again (Ctrl+Shift+Z)")
        self.state = label("", "small")
        self.split = Amount("Before", 0, 100, theme, " %", inline=True)
        self.split.setToolTip("How much of the photograph is shown as it was, from the left")
        self.split.setFixedWidth(220)
        self.keep = button("Add to a case set", "tool", "Keep the picture as a case to be reviewed")
        self.save = button("Save the picture", "primary-small", "In full resolution, with its mask (Ctrl+S)")
        self.setLayout(
            row(self.other, self.undo, self.redo, self.state, None, self.split, self.keep, self.save, gap=8)
        )

    def show_history(self, history: History) -> None:
        """What can be done now."""
        self.undo.setEnabled(history.can_undo)
        self.redo.setEnabled(history.can_redo)
        self.save.setEnabled(not history.now.empty)
        self.keep.setEnabled(bool(history.now.placements))
        self.state.setText("")
