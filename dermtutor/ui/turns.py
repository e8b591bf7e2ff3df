"""Work of the window's own thread in steps, so that keys, clicks and painting come through between them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import QObject, QTimer

_END: Final = object()


class Turns(QTimer):
    """Does what an iterator does from one value to the next, once in each turn of the event loop.

    It is active until nothing is left.
    """

    def __init__(self, parent: QObject, pause: int = 0) -> None:
        """``pause`` is how many milliseconds pass between two steps, at least."""
        super().__init__(parent)
        self._steps: Iterator[object] = iter(())
        self.setSingleShot(True)
        self.setInterval(pause)
        self.timeout.connect(self._step)

    def begin(self, steps: Iterator[object]) -> None:
        """Do these steps instead of those that were left."""
        self._steps = steps
        self.start()

    def finish(self) -> None:
        """Do all that is left, now."""
        self.stop()
        for _ in self._steps:
            pass

    def drop(self) -> None:
        """Leave the rest undone."""
        self.stop()
        self._steps = iter(())

    def _step(self) -> None:
        steps = self._steps
        if next(steps, _END) is not _END and steps is self._steps:
            self.start()
