"""A style sheet for each part of the window, so that a change of theme takes many short steps.

One sheet for the whole application would freeze the window several times as long as anything else does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from PySide6.QtWidgets import QWidget

from dermtutor.ui.stylesheet import stylesheet
from dermtutor.ui.theme import Theme
from dermtutor.ui.turns import Turns

_PAUSE_MILLISECONDS: Final = 10
"""Until it is asked again whether the charts are drawn."""


class Restyler(Turns):
    """Styles each part once it is there, and after a change of theme one part with each turn of the event loop."""

    def __init__(self, theme: Theme, window: QWidget, charts_idle: Callable[[], bool]) -> None:
        """``window`` keeps the picture it shows until all its visible parts wear the new theme.

        Parts that nobody sees wait until the charts are drawn, which are seen, and would make their turns longer.
        """
        super().__init__(window)
        self._theme = theme
        self._window = window
        self._charts_idle = charts_idle
        self._sheet = stylesheet(theme.tokens)
        self._parts: list[QWidget] = []
        self._waiting: list[QWidget] = []
        theme.changed.connect(self._change)

    def add(self, *parts: QWidget) -> None:
        """Style these parts now and follow the theme from here on."""
        for part in parts:
            self.add_unseen(part)
            self.style_waiting(part)

    def add_unseen(self, part: QWidget) -> None:
        """Style a part in a turn of its own and follow the theme; before it is seen, call ``style_waiting``."""
        part.destroyed.connect(partial(self._forget, part))
        self._parts.append(part)
        self._waiting.append(part)
        if not self.isActive():
            self.begin(self._restyle())

    def style_waiting(self, part: QWidget) -> None:
        """Style a part now if its turn is still to come."""
        if part in self._waiting:
            self._waiting.remove(part)
            part.setStyleSheet(self._sheet)

    def _forget(self, part: QWidget) -> None:
        """A part is gone, such as a page that was built anew."""
        self._parts = [each for each in self._parts if each is not part]
        self._waiting = [each for each in self._waiting if each is not part]

    def _change(self) -> None:
        self._sheet = stylesheet(self._theme.tokens)
        self._waiting = list(self._parts)
        self._window.setUpdatesEnabled(False)
        self.begin(self._restyle())

    def _restyle(self) -> Iterator[None]:
        """One part after the other, those seen first. Layout and painting are turns of their own."""
        self.setInterval(0)
        while seen := next((each for each in self._waiting if each.isVisible()), None):
            self.style_waiting(seen)
            yield
        if not self._window.updatesEnabled():
            self._window.setUpdatesEnabled(True)
            yield
        self._theme.worn.emit()
        while self._waiting:
            idle = self._charts_idle()
            self.setInterval(0 if idle else _PAUSE_MILLISECONDS)
            if idle:
                self.style_waiting(self._waiting[0])
            yield
