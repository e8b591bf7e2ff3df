"""The row above a recipe: back to the list, its name and state, back and forth, form or text, keep."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QWidget

from dermtutor.ui.recipes.draft import Draft
from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.basic import button, dress, label, row
from dermtutor.ui.widgets.scales import ScaleRow

FORM: Final = 0
TEXT: Final = 1


class Toolbar(QWidget):
    """The buttons are the editor's to connect."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.back = button("Recipes", "quiet", "Back to the list (Alt+Left)")
        dress(self.back, "back", theme, "muted")
        self._title = label("", "heading")
        self._title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._state = label("", "pill")
        self.undo = button("Undo", "quiet", "One step back (Ctrl+Z)")
        self.redo = button("Redo", "quiet", "One step forward again (Ctrl+Shift+Z)")
        self.view = ScaleRow([(FORM, "Form"), (TEXT, "Text")], theme, "Show the recipe as")
        self.save = button("Save", "primary-small", "Keep it among your recipes (Ctrl+S)")
        self.copy = button("Make a copy", "primary-small", "A copy of your own to change")
        layout = row(
            self.back, self._title, self._state, self.undo, self.redo, self.view, self.save, self.copy, gap=8
        )
        layout.setStretch(1, 1)
        layout.setAlignment(self._state, Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(layout)

    def show_draft(self, draft: Draft, name: str, *, sound: bool) -> None:
        """The draft's name and state, and what can be done now; only a ``sound`` one can be kept."""
        self._title.setText(name)
        self._title.setToolTip("")
        self._state.setText(
            "Shipped, read-only" if draft.read_only else "Not saved" if draft.is_dirty else "Saved"
        )
        for widget in (self.undo, self.redo, self.save):
            widget.setVisible(not draft.read_only)
        self.copy.setVisible(draft.read_only)
        self.undo.setEnabled(draft.can_undo)
        self.redo.setEnabled(draft.can_redo)
        self.save.setEnabled(draft.is_dirty and sound)
