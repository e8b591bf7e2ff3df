"""A process that builds a case set and says which cases are safe, until it is killed.

Usage: python -m tests.storage.building HOME
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from dermtutor.domain.case_sets import SetCase
from tests.services.fakes import Desk


def say(cases: Sequence[SetCase], left: int) -> None:
    for each in cases:
        sys.stdout.write(f"{each.case.case_id} {left}\n")
    sys.stdout.flush()


def main() -> None:
    desk = Desk(Path(sys.argv[1]))
    (summary,) = desk.sets.summaries()
    desk.sets.build(summary.case_set.set_id, None, say)


if __name__ == "__main__":
    main()
