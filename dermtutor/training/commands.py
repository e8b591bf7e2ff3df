"""``dermtutor train`` and ``dermtutor evaluate``."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dermtutor.paths import weights_dir

if TYPE_CHECKING:
    from dermtutor.training.material import HeldOut


def _report(line: str) -> None:
    click.echo(line, err=True)


# What training asks of the C library: keep freed memory (pages given back and faulted in again cost half the time of a
# step), huge pages, and threads that wait without spinning, so that a machine in use stays usable.
_ENVIRONMENT = {
    "MALLOC_MMAP_MAX_": "0",
    "MALLOC_TRIM_THRESHOLD_": "100000000000",
    "MALLOC_TOP_PAD_": "268435456",
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
    "OMP_WAIT_POLICY": "passive",
}


def _allocate_frugally() -> None:
    """Start this command again with ``_ENVIRONMENT``, which is read only when a process starts (Linux)."""
    if not sys.platform.startswith("linux") or any(name in os.environ for name in _ENVIRONMENT):
        return
    os.execve(sys.executable, [sys.executable, "-m", "dermtutor", *sys.argv[1:]], os.environ | _ENVIRONMENT)


@click.command("train")
@click.option("--data", type=click.Path(path_type=Path), required=True, help="Folder of the photographs.")
@click.option(
    "--dermoscopy",
    type=click.Path(path_type=Path),
    help="Folder of dermoscopic photographs to learn as well.",
)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder of the run.")
@click.option(
    "--minutes", type=float, required=True, help="Minutes of training in all, resumptions included."
)
@click.option("--images", type=int, default=0, help="End once so many images were seen, if that is sooner.")
@click.option(
    "--resolution",
    type=click.Choice(["64", "128", "256"]),
    default="256",
    show_default=True,
    help="Where growing ends.",
)
@click.option(
    "--grow-at",
    type=(click.FloatRange(0, 1), click.FloatRange(0, 1)),
    default=(0.2, 0.5),
    show_default=True,
    help="Shares of the minutes after which it grows; a GPU wants to grow sooner, such as 0.11 0.31.",
)
@click.option(
    "--device",
    type=click.Choice(["auto", "cpu", "cuda"]),
    default="auto",
    show_default=True,
    help="Where to compute: an NVIDIA GPU where there is one, otherwise the processor.",
)
@click.option("--resume", is_flag=True, help="Continue the run in this folder.")
@click.option("--start", type=click.Path(path_type=Path), help="Weights to begin a new run with.")
@click.option(
    "--setting",
    "other",
    multiple=True,
    metavar="NAME=VALUE",
    help="Another value of a setting, such as guide_weight=0; may be given several times.",
)
@click.option(
    "--export",
    "weights",
    type=click.Path(path_type=Path),
    help="When the minutes are spent, learn the masks and write the weights to this folder.",
)
@click.option(
    "--latest", is_flag=True, help="Write the latest average, not that of the lowest validation KID."
)
@click.option("--version", "version", default="0.1.0", show_default=True, help="Version of exported weights.")
def train_command(
    data: Path,
    dermoscopy: Path | None,
    out: Path,
    minutes: float,
    images: int,
    resolution: str,
    grow_at: tuple[float, float],
    device: str,
    resume: bool,
    start: Path | None,
    other: tuple[str, ...],
    weights: Path | None,
    latest: bool,
    version: str,
) -> None:
    """Train the learned generator on licensed photographs."""
    _allocate_frugally()
    import torch

    from dermtutor.generation.device import choose_device
    from dermtutor.training.plan import Plan
    from dermtutor.training.run import Run
    from dermtutor.training.settings import Settings, changed

    chosen = choose_device(device if device != "auto" or torch.cuda.is_available() else "cpu")
    _report(f"training on {chosen.name}")
    # Every step has the same shapes, so the fastest kernels are worth a search.
    torch.backends.cudnn.benchmark = chosen.is_gpu
    run = Run(
        data,
        out,
        Plan.to(int(resolution), minutes, images, grow_at),
        changed(Settings(), other),
        resume,
        _report,
        start,
        dermoscopy,
        chosen.torch_device,
    )
    run.train()
    if weights is not None:
        run.export(weights, version, latest)


@click.command("evaluate")
@click.option("--data", type=click.Path(path_type=Path), required=True, help="Folder of the photographs.")
@click.option(
    "--weights",
    type=click.Path(path_type=Path),
    default=None,
    help="Folder of the weights; the shipped ones without.",
)
@click.option(
    "--run",
    "run_folder",
    type=click.Path(path_type=Path),
    help="Instead of weights, compare the average in this run's folder, at its resolution; writes no card.",
)
@click.option(
    "--split",
    type=click.Choice(["validation", "test", "both"]),
    default="both",
    show_default=True,
    help="Whose photographs to compare with.",
)
@click.option(
    "--pairs",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write a picture of the 50 generated pictures most like a training photograph, above those photographs.",
)
@click.option(
    "--quick", is_flag=True, help="Few pictures: checks the command, not the weights; writes no card."
)
@click.option(
    "--only-transfer",
    is_flag=True,
    help="Measure lesions on photographs alone; the other figures stay as the last evaluation left them.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def evaluate_command(
    data: Path,
    weights: Path | None,
    run_folder: Path | None,
    split: HeldOut,
    pairs: Path | None,
    quick: bool,
    only_transfer: bool,
    as_json: bool,
) -> None:
    """Compare generated pictures with photographs of patients that training did not see, and write MODEL_CARD.md."""
    from dermtutor.generation.weights import load_manifest
    from dermtutor.paths import write_atomically
    from dermtutor.training.evaluate import evaluate, evaluate_transfer
    from dermtutor.training.model_card import model_card

    if run_folder is not None:
        from dermtutor.training.compare_run import compare_run, in_words

        found = compare_run(data, run_folder, quick, split, _report)
        click.echo(json.dumps(found) if as_json else in_words(found))
        return
    folder = weights or weights_dir()
    if only_transfer:
        figures = _last_figures(folder)
        figures["transfer"] = evaluate_transfer(data, folder, quick, split, _report)
    else:
        figures = evaluate(data, folder, quick, split, _report, pairs)
    card = model_card(load_manifest(folder), figures, "dermtutor evaluate --data DIR")
    if not quick:
        write_atomically(folder / "MODEL_CARD.md", card.encode())
        write_atomically(folder / "metrics.json", (json.dumps(figures, indent=2) + "\n").encode())
    click.echo(json.dumps(figures) if as_json else card)


def _last_figures(folder: Path) -> dict[str, Any]:
    """What the last evaluation of these weights found. Raises UserError when there was none."""
    from dermtutor.errors import UserError

    try:
        found = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise UserError(
            f"{folder} has no figures of an evaluation to add to; run it without --only-transfer first."
        ) from problem
    return dict(found)
