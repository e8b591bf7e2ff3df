"""Run by ``dermtutor bench`` in a process of its own: how long until the window is imported, and until it is painted.

``python -m dermtutor.cli.startup_probe`` prints JSON: ``import_window`` and ``first_paint`` in seconds from here,
``heavy`` the heavy libraries that the import alone had loaded.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

HEAVY = ("torch", "matplotlib", "alembic", "sqlalchemy")
"""What must not be loaded by the import of the window."""


def probe() -> dict[str, object]:
    """Open the window without a screen on records of its own, note the times, close it."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    begun = time.perf_counter()
    from dermtutor.ui.app import build_window, create_application

    imported = time.perf_counter() - begun
    heavy = [name for name in HEAVY if name in sys.modules]
    from dermtutor.bootstrap import build_services
    from dermtutor.paths import Folders
    from dermtutor.settings import load_settings

    with tempfile.TemporaryDirectory(prefix="dermtutor-bench-") as home:
        folders = Folders(Path(home))
        folders.create()
        app = create_application()
        window = build_window(app, partial(build_services, folders), folders, load_settings(folders.settings))
        app.processEvents()
        painted = time.perf_counter() - begun
        window.close()
    return {"import_window": imported, "first_paint": painted, "heavy": heavy}


if __name__ == "__main__":
    print(json.dumps(probe()))  # noqa: T201 - this process speaks to the one that started it
