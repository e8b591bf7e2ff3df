"""Builds pages while nothing else happens: all at once they would freeze the window longer than anything else does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

_PAUSE_MILLISECONDS: Final = 30
"""Between two pages, so that keys and clicks come through."""


class BuiltAhead(QTimer):
    """``areas`` are objects with the names of their cached properties, each a page that is built when first asked for.

    One page at a time is built until none is missing; then the timer is no longer active.
    """

    def __init__(self, areas: Sequence[tuple[QObject, Sequence[str]]], parent: QObject) -> None:
        super().__init__(parent)
        self._areas = areas
        self.timeout.connect(self._build_next)
        self.start(_PAUSE_MILLISECONDS)

    def pages(self) -> tuple[QWidget, ...]:
        """All pages, built where they were not yet."""
        return tuple(getattr(area, name) for area, names in self._areas for name in names)

    def _build_next(self) -> None:
        for area, names in self._areas:
            for name in names:
                if name not in vars(area):
                    getattr(area, name)
                    return
        self.stop()
