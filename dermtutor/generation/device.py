"""Which device the generator runs on: a GPU when there is one that works, otherwise the processor."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch

from dermtutor.errors import UserError

CHOICES = ("auto", "cpu", "cuda", "mps")


@dataclass(frozen=True, slots=True)
class Device:
    """A torch device with its name in words. ``half`` says that bfloat16 convolutions run natively there."""

    torch_device: torch.device
    name: str
    half: bool

    @property
    def is_gpu(self) -> bool:
        """Whether running out of its memory can be answered by moving to the processor."""
        return self.torch_device.type != "cpu"


def choose_device(wanted: str = "auto") -> Device:
    """The device for ``auto``, ``cpu``, ``cuda`` or ``mps``. Raises UserError for one this machine lacks."""
    if wanted not in CHOICES:
        raise UserError(f"There is no device called {wanted!r}; choose one of {', '.join(CHOICES)}.")
    if wanted in ("auto", "cuda") and torch.cuda.is_available():
        return Device(torch.device("cuda"), torch.cuda.get_device_name(0), half=False)
    if wanted in ("auto", "mps") and torch.backends.mps.is_available():
        return Device(torch.device("mps"), "Apple GPU", half=False)
    if wanted in ("cuda", "mps"):
        raise UserError(
            f"This machine has no working {wanted} device; leave the device to 'auto' or choose 'cpu'."
        )
    return processor()


def processor(why: str = "") -> Device:
    """The processor; ``why`` it is used instead of a GPU, in words, becomes part of its name."""
    half = processor_has_bfloat16()
    threads = torch.get_num_threads()
    name = f"CPU, {threads} thread{'' if threads == 1 else 's'}, {'bfloat16' if half else 'float32'}"
    return Device(torch.device("cpu"), f"{name} ({why})" if why else name, half)


def processor_has_bfloat16() -> bool:
    """Whether the processor multiplies bfloat16 natively (AVX512-BF16 or AMX), so that it is the faster type."""
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8") as file:
            flags = next((line for line in file if line.startswith("flags")), "").split()
    except OSError:
        return False
    return "avx512_bf16" in flags or "amx_bf16" in flags
