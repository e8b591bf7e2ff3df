"""What the start of the window may load."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

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


def test_opening_the_records_loads_nothing_of_photographs(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from dermtutor.bootstrap import build_services\n"
        "from dermtutor.paths import Folders\n"
        "build_services(Folders(Path(sys.argv[1]))).close()\n"
        "parts = ('dermtutor.generation.transfer', 'dermtutor.generation.faces')\n"
        "print([name for name in sys.modules if name.startswith(parts)])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"
