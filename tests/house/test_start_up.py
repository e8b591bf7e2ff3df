"""What the start of the window may load."""

from __future__ import annotations

import json
import subprocess
import sys

from dermtutor.cli.startup_probe import HEAVY


def test_importing_the_window_loads_no_heavy_library() -> None:
    code = (
        f"import sys, json, dermtutor.ui.app; print(json.dumps([n for n in {HEAVY!r} if n in sys.modules]))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(ran.stdout) == []


def test_importing_the_composition_root_loads_none_either() -> None:
    code = f"import sys, json, dermtutor.bootstrap; print(json.dumps([n for n in {HEAVY!r} if n in sys.modules]))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(ran.stdout) == []
