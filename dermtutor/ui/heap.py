"""Keeps the garbage collector from holding the window up."""

from __future__ import annotations

import gc


def settle_heap() -> None:
    """Take all objects that there are now out of the collector's sight; called once large libraries were imported.

    A full collection visits each of their several hundred thousand objects, which takes a fifth of a second on
    whichever thread allocates next, and they live as long as the program anyway.
    """
    gc.freeze()
