"""Builds pages while nothing else happens: all at once they would freeze the window longer than anything else does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from dermtutor.ui.turns import Turns

_PAUSE_MILLISECONDS: Final = 30
"""Between two pages, so that keys and clicks come through."""


class BuiltAhead(Turns):
    """``areas`` are objects with the names of their cached properties, each a page that is built when first asked for.

    One page at a time is built, while the workers are idle: one that computes takes its share of the interpreter, and
    the page twice as long.
    """

    def __init__(
        self, areas: Sequence[tuple[QObject, Sequence[str]]], idle: Callable[[], bool], parent: QObject
    ) -> None:
        super().__init__(parent, _PAUSE_MILLISECONDS)
        self._areas, self._idle = areas, idle
        self.begin(self._build())

    def pages(self) -> tuple[QWidget, ...]:
        """All pages, built where they were not yet."""
        return tuple(getattr(area, name) for area, names in self._areas for name in names)

    def _build(self) -> Iterator[None]:
        for area, names in self._areas:
            for name in names:
                while name not in vars(area):
                    if self._idle():
                        getattr(area, name)
                    yield
