"""``dermtutor doctor``: what this machine offers, and what is in the way."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click

from dermtutor import __version__
from dermtutor.bootstrap import check_weights, open_generator
from dermtutor.cli.common import Context, answer, json_option, pass_context
from dermtutor.cli.display import display_problem
from dermtutor.errors import UserError

GIBIBYTE = 1 << 30
WANTED_SPACE = GIBIBYTE // 4


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: ``ok`` is False where something is in the way, and ``value`` then says what to do."""

    check: str
    value: str
    ok: bool = True


@click.command()
@json_option
@pass_context
def doctor(context: Context, as_json: bool) -> None:
    """Say what this machine offers: device, driver, display, folders, versions."""
    findings = list(_findings(context.folders.home))
    lines = [f"{'ok ' if each.ok else '!! '} {each.check.ljust(12)} {each.value}" for each in findings]
    answer(as_json, {"findings": [asdict(each) for each in findings]}, "\n".join(lines))


def _findings(home: Path) -> Iterator[Finding]:
    yield Finding("DermTutor", __version__)
    yield Finding("Python", f"{platform.python_version()} on {platform.platform()}")
    yield Finding("processor", f"{_usable_cores()} cores, {_memory()}")
    yield _package("torch")
    yield _tried("weights", _weights)
    yield _tried("device", lambda: Finding("device", open_generator().device_name()))
    yield _nvidia_driver()
    yield _package("PySide6-Essentials")
    yield _qt_libraries()
    problem = display_problem()
    yield Finding("display", problem or "a window can be shown", problem is None)
    yield _home(home)


def _tried(check: str, look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except UserError as problem:
        return Finding(check, str(problem), ok=False)


def _usable_cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _memory() -> str:
    if not hasattr(os, "sysconf") or "SC_PHYS_PAGES" not in os.sysconf_names:
        return "memory unknown"
    return f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / GIBIBYTE:.0f} GiB memory"


def _package(name: str) -> Finding:
    """A library's version, read without importing it."""
    try:
        return Finding(name, version(name))
    except PackageNotFoundError:
        return Finding(name, f"is missing: run  pip install {name}", ok=False)


def _weights() -> Finding:
    weights, problems = check_weights()
    return Finding("weights", " ".join(problems) or f"{weights}, as published", not problems)


def _nvidia_driver() -> Finding:
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return Finding("GPU driver", "no NVIDIA driver; the processor does the work")
    query = [tool, "--query-gpu=name,driver_version", "--format=csv,noheader"]
    asked = subprocess.run(query, capture_output=True, text=True, timeout=30, check=False)
    if asked.returncode != 0:
        return Finding("GPU driver", "nvidia-smi fails: reinstall NVIDIA's driver to use the GPU", ok=False)
    return Finding("GPU driver", asked.stdout.strip().replace("\n", "; "))


def _qt_libraries() -> Finding:
    """Whether Qt loads, tried in a process of its own."""
    code = "import PySide6.QtWidgets, PySide6.QtNetwork"
    tried = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    if tried.returncode == 0:
        return Finding("Qt", "loads")
    reason = tried.stderr.strip().rpartition("\n")[2]
    return Finding(
        "Qt", f"does not load ({reason}): run  make run  once as root, or install that library", ok=False
    )


def _home(home: Path) -> Finding:
    """Whether records can be kept, without making the folder."""
    existing = next(folder for folder in (home, *home.parents) if folder.exists())
    if not existing.is_dir() or not os.access(existing, os.W_OK):
        return Finding("folder", f"{home} cannot be written: choose another with --home DIR", ok=False)
    free = shutil.disk_usage(existing).free
    if free < WANTED_SPACE:
        return Finding("folder", f"{home} has {free / GIBIBYTE:.2f} GiB free: free some space", ok=False)
    return Finding("folder", f"{home}, {free / GIBIBYTE:.1f} GiB free")
