"""How long the event loop was kept from turning, seen from within by a timer that ticks."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import Qt, QTimer

TICK_MILLISECONDS: Final = 5


@dataclass(slots=True)
class Gaps:
    """Milliseconds from one tick to the next.

    ``waited`` is by how much the tick came late, which a person at the window waits, whatever the reason; ``worked``
    what the window's own thread spent on the processor meanwhile, which other work of the machine does not lengthen.
    """

    waited: list[float] = field(default_factory=list)
    worked: list[float] = field(default_factory=list)

    def facts(self) -> dict[str, float | int]:
        """How many there were, the 99th percentile (nearest rank), and the longest of either kind."""
        ordered = sorted(self.waited)
        rank = max(0, -(-len(ordered) * 99 // 100) - 1)
        return {
            "n": len(ordered),
            "p99_ms": round(ordered[rank], 1),
            "longest_ms": round(ordered[-1], 1),
            "longest_own_work_ms": round(max(self.worked), 1),
        }


@contextmanager
def watched() -> Iterator[Gaps]:
    """The gaps of this thread's event loop while the block runs; at least one, up to the end of the block."""
    found = Gaps()
    clocks = (time.perf_counter(), time.thread_time())

    def tick() -> None:
        nonlocal clocks
        now = (time.perf_counter(), time.thread_time())
        found.waited.append(max(0.0, (now[0] - clocks[0]) * 1000 - TICK_MILLISECONDS))
        found.worked.append((now[1] - clocks[1]) * 1000)
        clocks = now

    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(tick)
    timer.start(TICK_MILLISECONDS)
    try:
        yield found
    finally:
        timer.stop()
        tick()
