"""Keeps the garbage collector from holding the window up, and from taking widgets apart on a worker's thread."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_INTERVAL_MILLISECONDS = 500


class Collector(QObject):
    """Collects garbage on the window's thread only, between two events; made before any worker begins.

    Python collects on whichever thread allocates next. A worker would then destroy the Qt objects that a closed page
    left in a cycle, while it holds the interpreter and the window's thread holds Qt's locks: they can wait for each
    other for ever.

    Nothing is collected before the generator is loaded: its library makes several hundred thousand objects that stay,
    and to look at those of half a second holds the window up as long as anything else does.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(collect_due)

    def begin(self) -> None:
        """The generator is loaded, or will not be."""
        settle_heap()
        self._timer.start(_INTERVAL_MILLISECONDS)

    def close(self) -> None:
        """Leave the collecting to Python again; called when all workers have ended."""
        self._timer.stop()
        gc.enable()


def collect_due() -> None:
    """Collect the oldest generation whose threshold is passed, as Python itself would."""
    due = [count > threshold > 0 for count, threshold in zip(gc.get_count(), gc.get_threshold(), strict=True)]
    if any(due):
        gc.collect(max(generation for generation, passed in enumerate(due) if passed))


def settle_heap() -> None:
    """Take all objects that there are now out of the collector's sight; called once large libraries were imported.

    A full collection visits each of their several hundred thousand objects, which takes a fifth of a second, and they
    live as long as the program anyway.
    """
    gc.freeze()
