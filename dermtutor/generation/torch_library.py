"""Loads torch's compiled library so that other threads go on meanwhile."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import sys
from pathlib import Path
from typing import Final

_LIBRARIES: Final = (("libtorch_global_deps.so", os.RTLD_GLOBAL), ("libtorch.so", os.RTLD_LOCAL))
"""In the order and with the visibility that torch itself gives them."""


def preload_torch() -> None:
    """Load what ``import torch`` loads, before it: Python keeps its interpreter to itself while it imports a library.

    That one takes a sixth of a second, for which a window would stand still. A call of a foreign function lets the
    interpreter go. Only on Linux and for builds without CUDA, whose libraries torch must find by itself; elsewhere,
    and where anything is missing, nothing happens and the import does it all.
    """
    found = importlib.util.find_spec("torch") if "torch" not in sys.modules else None
    if sys.platform != "linux" or found is None or found.origin is None:
        return
    folder = Path(found.origin).parent / "lib"
    if any(folder.glob("libtorch_cuda*")):
        return
    load = ctypes.CDLL(None).dlopen
    load.argtypes, load.restype = (ctypes.c_char_p, ctypes.c_int), ctypes.c_void_p
    for name, visibility in _LIBRARIES:
        load(os.fsencode(folder / name), os.RTLD_NOW | visibility)
