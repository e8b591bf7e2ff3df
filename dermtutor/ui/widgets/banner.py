"""The banner: one sentence about what went wrong and what to do, or what was done, without stopping the work."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QPushButton, QSizePolicy

from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.basic import Icon, button, dress, label, row, set_role


class Banner(QFrame):
    """Hidden until there is something to say; closed by its button, and by going on."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("role", "banner")
        self._text = label("", "body", wrap=True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._act: QPushButton = button("", "tool")
        self._close = button("", "quiet", "Close this message")
        self._close.setAccessibleName("Close this message")
        self._action: Callable[[], None] | None = None
        dress(self._close, "cross", theme)
        self._act.clicked.connect(self._run)
        self._close.clicked.connect(self.hide)
        self._sign = Icon("caution", theme, "caution", 20)
        layout = row(self._sign, self._text, self._act, self._close, gap=12)
        layout.setContentsMargins(24, 8, 16, 8)
        self.setLayout(layout)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence shown."""
        return self._text.text()

    def tell(self, sentence: str, action: str = "", run: Callable[[], None] | None = None) -> None:
        """Show what went wrong, with a button when there is something to run."""
        self._sign.become("caution", "caution")
        set_role(self, "banner")
        self._show(sentence, action, run)

    def inform(self, sentence: str) -> None:
        """Show what was done, or how things stand."""
        self._sign.become("info", "on_accent_soft")
        set_role(self, "banner-told")
        self._show(sentence, "", None)

    def _show(self, sentence: str, action: str, run: Callable[[], None] | None) -> None:
        self._text.setText(sentence)
        self.setAccessibleName(sentence)
        self._action = run
        self._act.setText(action)
        self._act.setVisible(run is not None)
        self.show()

    def _run(self) -> None:
        if self._action is not None:
            self._action()
