"""Checkpoints: every tensor in one safetensors file, every number in one JSON file beside it, replaced atomically."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

LATEST = "checkpoint.safetensors"
"""The file from which a run goes on."""
BEST = "best.safetensors"
"""The file with the best averaged generator so far."""
_STATE_KEY = "state"


def save_checkpoint(
    folder: Path, tensors: dict[str, Tensor], state: dict[str, Any], name: str = LATEST
) -> None:
    """Write both as one file; an earlier checkpoint stays until the new one is whole on disk."""
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f".{name}.new"
    unshared = {name: tensor.detach().cpu().clone().contiguous() for name, tensor in tensors.items()}
    save_file(unshared, temporary, metadata={_STATE_KEY: json.dumps(state)})
    with temporary.open("rb+") as file:
        os.fsync(file.fileno())
    temporary.replace(folder / name)


def has_checkpoint(folder: Path, name: str = LATEST) -> bool:
    """Whether ``folder`` holds a checkpoint."""
    return (folder / name).is_file()


def load_checkpoint(folder: Path, name: str = LATEST) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """The tensors and the state of ``save_checkpoint``."""
    from safetensors import safe_open

    path = folder / name
    with safe_open(path, framework="pt") as file:
        state = json.loads(file.metadata()[_STATE_KEY])
    return load_file(path), state


def module_tensors(name: str, module: nn.Module) -> dict[str, Tensor]:
    """A module's state under ``name``."""
    return {f"{name}/{key}": value for key, value in module.state_dict().items()}


def restore_module(name: str, module: nn.Module, tensors: dict[str, Tensor]) -> None:
    """Put back what ``module_tensors`` took."""
    module.load_state_dict(_under(name, tensors))


def optimiser_tensors(name: str, optimiser: torch.optim.Optimizer) -> dict[str, Tensor]:
    """An optimiser's moments under ``name``, by parameter number."""
    return {
        f"{name}/{number}/{key}": torch.as_tensor(value)
        for number, moments in optimiser.state_dict()["state"].items()
        for key, value in moments.items()
    }


def restore_optimiser(name: str, optimiser: torch.optim.Optimizer, tensors: dict[str, Tensor]) -> None:
    """Put back what ``optimiser_tensors`` took; the groups keep their present settings."""
    moments: dict[int, dict[str, Tensor]] = {}
    for key, value in _under(name, tensors).items():
        number, field = key.split("/")
        moments.setdefault(int(number), {})[field] = value
    optimiser.load_state_dict({"state": moments, "param_groups": optimiser.state_dict()["param_groups"]})


def _under(name: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    prefix = f"{name}/"
    return {key.removeprefix(prefix): value for key, value in tensors.items() if key.startswith(prefix)}
