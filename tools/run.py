#!/usr/bin/env python3
"""Open DermTutor; without a display, say so and take the tour instead. Standard library only."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "build" / "tour"


def main() -> int:
    """Exit code of the window or of the tour."""
    has_screen = sys.platform != "linux" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if has_screen or os.environ.get("QT_QPA_PLATFORM"):
        return subprocess.call([sys.executable, "-m", "dermtutor"])
    print("There is no display here, so no window can open.", file=sys.stderr)
    print(
        f"DermTutor now takes a short quiz through its real windows instead; pictures: {PICTURES}",
        file=sys.stderr,
    )
    return subprocess.call([sys.executable, "-m", "dermtutor", "tour", "--out", str(PICTURES)])


if __name__ == "__main__":
    sys.exit(main())
