"""How long a case set takes to build, and how much memory, on records of its own."""

from __future__ import annotations

import sys
import time

from dermtutor.cli.measures import services_of_their_own
from dermtutor.domain.set_cover import BuildPlan
from dermtutor.services.ports import Progress
from dermtutor.skin.scales import MonkTone

CASES = 1000


def build_set(count: int, device: str, progress: Progress) -> dict[str, object]:
    """A set of so many cases over all conditions and tones: wall and processor seconds, and the most memory in MB."""
    with services_of_their_own(device) as services:
        sets = services.case_sets
        made = sets.create("Bench", "bench")
        plan = BuildPlan(tuple(each.id for each in services.catalogue.quizzable()), MonkTone.all(), count)
        sets.ask_for(made.set_id, plan, seed=1)
        device_name = services.generator.device_name()  # loads the network, which a window has done before
        begun, spent = time.perf_counter(), time.process_time()
        built = sets.build(made.set_id, None, lambda _, left: progress(1 - left / count))
        return {
            "device": device_name,
            "cases": built,
            "seconds": round(time.perf_counter() - begun, 1),
            "processor_seconds": round(time.process_time() - spent, 1),
            "peak_memory_mb": _peak_memory(),
        }


def _peak_memory() -> int | None:
    """The most memory that this process has held, in MB; None where the system does not tell (Windows)."""
    if sys.platform == "win32":
        return None
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(most / (2**20 if sys.platform == "darwin" else 2**10))
