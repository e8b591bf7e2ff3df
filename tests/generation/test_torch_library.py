"""torch's library can be there before torch is imported."""

from __future__ import annotations

import subprocess
import sys

import pytest

_PRELOADS = """
import sys
from pathlib import Path
from dermtutor.generation.torch_library import preload_torch
preload_torch()
print("torch" in sys.modules, "libtorch_cpu" in Path("/proc/self/maps").read_text())
import torch
print(float(torch.ones(3).sum()))
preload_torch()
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the import does it all")
def test_the_library_is_loaded_before_torch_is_imported() -> None:
    done = subprocess.run([sys.executable, "-c", _PRELOADS], capture_output=True, text=True, check=True)
    assert done.stdout.split() in (
        ["False", "True", "3.0"],
        ["False", "False", "3.0"],
    )  # the latter with CUDA
