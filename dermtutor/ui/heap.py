"""Keeps the garbage collector from holding the window up, and from taking widgets apart on a worker's thread."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_INTERVAL_MILLISECONDS = 500
_YOUNG, _ALL = 1, 2
"""Python's numbers of the oldest generation that is collected."""


class Collector(QObject):
    """Collects garbage on the window's thread only, between two events; made before any worker begins.

    Python collects on whichever thread allocates next. A worker would then destroy the Qt objects that a closed page
    left in a cycle, while it holds the interpreter and the window's thread holds Qt's locks: they can wait for each
    other for ever.

    Until the generator is loaded, or cannot be, the oldest objects are left alone: they are its library's, and looking
    at all of them again and again while they grow in number holds the window up.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._oldest = _YOUNG
        self._timer = QTimer(self)
        self._timer.timeout.connect(lambda: collect_due(self._oldest))
        self._timer.start(_INTERVAL_MILLISECONDS)

    def settle(self) -> None:
        """The generator's library is there, or will not come."""
        settle_heap()
        self._oldest = _ALL

    def close(self) -> None:
        """Leave the collecting to Python again; called when all workers have ended."""
        self._timer.stop()
        gc.enable()


def collect_due(oldest: int) -> None:
    """Collect the oldest generation whose threshold is passed, as Python itself would, but none above ``oldest``."""
    due = [count > threshold > 0 for count, threshold in zip(gc.get_count(), gc.get_threshold(), strict=True)]
    if any(due):
        gc.collect(min(oldest, max(generation for generation, passed in enumerate(due) if passed)))


def settle_heap() -> None:
    """Take all objects that there are now out of the collector's sight; called once large libraries were imported.

    A full collection visits each of their several hundred thousand objects, which takes a fifth of a second, and they
    live as long as the program anyway.
    """
    gc.freeze()
