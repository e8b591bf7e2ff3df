"""The bar above every page: the name, the ways to the areas, who is learning, and the theme."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel

from dermtutor.ui import resources
from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.basic import button, label, row

AREAS = {
    "start": "Practice",
    "progress": "Progress",
    "sets": "Case sets",
    "transfer": "Transfer",
    "cohort": "Cohort",
    "recipes": "Recipes",
    "about": "About",
}
"""What the buttons say, by the name of the area, in their order."""


class TopBar(QFrame):
    """``nav`` are the buttons by area; they are disabled until there is somewhere to go."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        mark = QLabel()
        mark.setPixmap(resources.pixmap("dermtutor", theme.color("text"), 28, self.devicePixelRatioF()))
        self.nav = {name: button(title, "nav") for name, title in AREAS.items()}
        for entry in self.nav.values():
            entry.setCheckable(True)
            entry.setEnabled(False)
            entry.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to the page
        self._who = label("", "muted")
        self.theme_button = button("", "quiet")
        self.theme_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        theme.changed.connect(self._dress_theme_button)
        self._dress_theme_button()
        self.tell_who("")
        layout = row(mark, label("DermTutor", "wordmark"), 20, *self.nav.values(), None, self._who, 8,
                     self.theme_button, gap=6)  # fmt: skip
        layout.setContentsMargins(24, 9, 16, 9)
        self.setProperty("role", "bar")
        self.setLayout(layout)

    def enable(self) -> None:
        """The areas can be visited."""
        for entry in self.nav.values():
            entry.setEnabled(True)

    def mark(self, area: str) -> None:
        """The area that is shown."""
        for name, entry in self.nav.items():
            entry.setChecked(name == area)

    def tell_who(self, name: str, *, educator: bool = False) -> None:
        """Who is learning, empty for nobody. Only educators see the way to the cohort."""
        self._who.setText(name)
        self.nav["cohort"].setVisible(educator)

    def _dress_theme_button(self) -> None:
        dark = self._theme.tokens.name == "dark"
        self.theme_button.setIcon(resources.icon("sun" if dark else "moon", self._theme.color("muted")))
        name = "Light theme" if dark else "Dark theme"
        self.theme_button.setAccessibleName(name)
        self.theme_button.setToolTip(name)
