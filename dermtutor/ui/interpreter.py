"""Lets the window's thread have Python's interpreter soon, however much the workers compute."""

from __future__ import annotations

import sys
from typing import Final

_SECONDS: Final = 0.0001


class QuickTurns:
    """Python shares its interpreter among threads in shorter turns while the window is open.

    The window's thread gives the interpreter away at each call into Qt, hundreds of times while a page is laid out, and
    waits for up to a turn of a busy worker to have it back. Python's usual turn is fifty times as long.
    """

    def __init__(self) -> None:
        self._usual = sys.getswitchinterval()
        sys.setswitchinterval(_SECONDS)

    def close(self) -> None:
        """Turns as they were."""
        sys.setswitchinterval(self._usual)
