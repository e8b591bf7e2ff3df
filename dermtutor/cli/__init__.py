"""The command line: one module per use case."""

from __future__ import annotations

import os
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``dermtutor`` with ``arguments``, those of the process when None. Returns the exit code: 0, 1 or 2."""
    # Drawing multiplies small matrices between the network's large convolutions. numpy's library would wake threads for
    # each and fight with torch's for the cores, which makes a case several times slower. It looks when it is loaded.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

    from dermtutor.cli.root import run

    return run(arguments)
