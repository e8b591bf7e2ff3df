"""A style sheet for each part of the window, so that a change of theme takes many short steps.

One sheet for the whole application would freeze the window several times as long as anything else does.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from dermtutor.ui.stylesheet import stylesheet
from dermtutor.ui.theme import Theme


class Restyler(QTimer):
    """Styles each part when it is added, and after a change of theme one part with each turn of the event loop."""

    def __init__(self, theme: Theme, window: QWidget) -> None:
        """``window`` keeps the picture it shows until all its visible parts wear the new theme."""
        super().__init__(window)
        self._theme = theme
        self._window = window
        self._sheet = stylesheet(theme.tokens)
        self._parts: list[QWidget] = []
        self._waiting: list[QWidget] = []
        self.timeout.connect(self._restyle_next)
        theme.changed.connect(self._begin)

    def add(self, *parts: QWidget) -> None:
        """Style these parts now and follow the theme from here on."""
        for part in parts:
            part.setStyleSheet(self._sheet)
            part.destroyed.connect(partial(self._forget, part))
        self._parts += parts

    def _forget(self, part: QWidget) -> None:
        """A part is gone, such as a page that was built anew."""
        self._parts = [each for each in self._parts if each is not part]
        self._waiting = [each for each in self._waiting if each is not part]

    def _begin(self) -> None:
        self._sheet = stylesheet(self._theme.tokens)
        self._waiting = list(self._parts)
        self._window.setUpdatesEnabled(False)
        self.start()

    def _restyle_next(self) -> None:
        """One part more, those that are seen first. Laying them out and painting them are turns of their own."""
        part = next((each for each in self._waiting if each.isVisible()), None)
        if part is None and not self._window.updatesEnabled():
            self._window.setUpdatesEnabled(True)
        elif self._waiting:
            part = part or self._waiting[0]
            self._waiting.remove(part)
            part.setStyleSheet(self._sheet)
        else:
            self.stop()
