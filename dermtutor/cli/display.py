"""Can a window be shown here? Asked before Qt is, because Qt aborts the process where there is no display."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

NO_DISPLAY = "No window can open without a display; `dermtutor tour --out FOLDER` takes pictures of every page instead."


def display_problem(environment: Mapping[str, str] = os.environ) -> str | None:
    """One sentence when no window can be shown, None when one can or when Qt was told another platform."""
    if sys.platform != "linux" or environment.get("QT_QPA_PLATFORM"):
        return None
    wayland, x11 = environment.get("WAYLAND_DISPLAY"), environment.get("DISPLAY")
    if not wayland and not x11:
        return NO_DISPLAY
    if wayland and _answers(_wayland_socket(wayland, environment)):
        return None
    if x11 and _x11_answers(x11):
        return None
    return f"The display {x11 or wayland} does not answer; start it or unset DISPLAY and WAYLAND_DISPLAY."


def _wayland_socket(name: str, environment: Mapping[str, str]) -> str:
    return str(Path(environment.get("XDG_RUNTIME_DIR", "/run")) / name)


def _x11_answers(display: str) -> bool:
    """True when a local X server listens; a remote one is believed, for asking it could take long."""
    host, _, rest = display.rpartition(":")
    number = rest.partition(".")[0]
    if host not in ("", "unix") or not number.isdigit():
        return not display.startswith(":")
    path = f"/tmp/.X11-unix/X{number}"  # where every X server listens
    return _answers(path) or _answers(f"\0{path}")


def _answers(address: str) -> bool:
    """True when something listens on the Unix socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(1.0)
        try:
            client.connect(address)
        except OSError:
            return False
    return True
