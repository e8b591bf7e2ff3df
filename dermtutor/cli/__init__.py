"""The command line: one module per use case."""

from __future__ import annotations

from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``dermtutor`` with ``arguments``, those of the process when None. Returns the exit code: 0, 1 or 2."""
    from dermtutor.cli.root import run

    return run(arguments)
