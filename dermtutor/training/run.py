"""A training run: stages by the clock, checkpoints, a log and sheets, all in one folder."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from dermtutor.errors import UserError
from dermtutor.generation.learned import load_network
from dermtutor.generation.weights import load_manifest
from dermtutor.training.checkpoint import (
    BEST,
    has_checkpoint,
    load_checkpoint,
    module_tensors,
    restore_module,
    save_checkpoint,
)
from dermtutor.training.drawing import as_bytes, drawn_pictures
from dermtutor.training.export import export_weights, training_record
from dermtutor.training.masks import train_masks
from dermtutor.training.photographs import CLASSES
from dermtutor.training.plan import BASE_RESOLUTION, Before, Plan
from dermtutor.training.prepared import cached_bank
from dermtutor.training.sampling import Sampler
from dermtutor.training.settings import Settings
from dermtutor.training.trainer import StepFigures, Trainer
from dermtutor.training.validation import Validator

Report = Callable[[str], None]

SHEET_COLUMNS = 8


class Run:
    """One folder in which a generator is trained; safe to kill, resumed to the exact step of its checkpoint."""

    def __init__(
        self,
        data: Path,
        out: Path,
        plan: Plan,
        settings: Settings,
        resume: bool,
        report: Report,
        start: Path | None = None,
        dermoscopy: Path | None = None,
        device: torch.device | None = None,
    ) -> None:
        """``start`` is a folder of weights to begin a new run with; a resumed run has its own.

        ``dermoscopy`` is a folder of dermoscopic photographs, taken as further classes.
        """
        if has_checkpoint(out) and not resume:
            raise UserError(
                f"{out} already holds a run; add --resume to continue it, or name another folder."
            )
        self.data, self.dermoscopy = data, dermoscopy
        self.out, self.plan, self.report = out, plan, report
        out.mkdir(parents=True, exist_ok=True)
        self.seconds = 0.0
        self.before = Before()
        self.best: float | None = None
        self.since_best = 0
        self._validator: Validator | None = None
        if has_checkpoint(out):
            tensors, state = load_checkpoint(out)
            self.trainer = Trainer(Settings.from_json(state["trainer"]["settings"]), device=device)
            self.trainer.restore(tensors, state["trainer"])
            self.seconds = state["seconds"]
            self.before = Before(**state.get("before", {}))
            self.best, self.since_best = state.get("best"), state.get("since_best", 0)
            self.sampler = self._sampler()
            report(f"resumed at {self.trainer.images_seen} images, {self.seconds / 60:.1f} minutes")
        else:
            self.trainer = Trainer(settings, device=device)
            if start is not None:
                manifest = load_manifest(start)
                self.trainer.begin_with(load_network(start, manifest))
                known = manifest.training
                self.before = Before(known.get("images_seen", 0), known.get("minutes", 0.0))
            self._begin_stage()

    def _begin_stage(self) -> None:
        """Photographs at the resolution, and a guide for what the discriminators see of them."""
        self.sampler = self._sampler()
        with flushed_denormals():
            self.trainer.train_guide(self.sampler)

    def _sampler(self) -> Sampler:
        resolution = self.trainer.generator.config.resolution
        settings = self.trainer.settings
        bank = cached_bank(self.data, settings.photograph_side, self.out, self.dermoscopy, settings.cut_outs)
        self.report(f"{len(bank)} photographs at {resolution} px: {np.bincount(bank.labels).tolist()}")
        return Sampler(
            bank,
            resolution,
            self.trainer.sampling_rng,
            self.trainer.device,
            smallest_crop=settings.smallest_crop,
        )

    def train(self) -> None:
        """Until the plan's minutes are spent: at 64 px, then grown to 128 px and to 256 px."""
        with flushed_denormals():
            self._train()

    def _train(self) -> None:
        checkpoint_at = self.seconds + self.plan.checkpoint_minutes * 60
        steps = 0
        while not (self._spent() or self._given_up()):
            started = time.monotonic()
            figures = self.trainer.step(self.sampler)
            self.seconds += time.monotonic() - started
            steps += 1
            if steps % self.plan.log_steps == 0:
                self._log(figures)
            if self.seconds >= checkpoint_at:
                self._checkpoint()
                checkpoint_at = self.seconds + self.plan.checkpoint_minutes * 60
            if self._due_resolution() > self.trainer.generator.config.resolution:
                self._checkpoint()
                self.trainer.grow()
                self.best, self.since_best = None, 0
                self._begin_stage()
        self._checkpoint()

    def _spent(self) -> bool:
        enough = 0 < self.plan.images <= self.trainer.images_seen
        return enough or self.seconds >= self.plan.minutes * 60

    def _given_up(self) -> bool:
        last = self.trainer.generator.config.resolution == BASE_RESOLUTION << len(self.plan.grow_at)
        return last and self.since_best >= self.plan.patience

    def _due_resolution(self) -> int:
        """The resolution that the plan has reached by now."""
        share = self.seconds / (self.plan.minutes * 60)
        return BASE_RESOLUTION << sum(share >= start for start in self.plan.grow_at)

    def export(self, weights_dir: Path, version: str, latest: bool = False) -> None:
        """Learn the masks of an averaged generator and write its weights for the application.

        It is the one with the lowest validation KID, or the ``latest``: the figure is noisy.
        """
        if not latest:
            self.take_best()
        self.report("learning masks")
        started = time.monotonic()
        with flushed_denormals():
            self.trainer.settle_average(self.sampler)
            masks = train_masks(self.trainer, self.sampler)
        self.seconds += time.monotonic() - started
        self.report(f"mask IoU {masks.iou:.3f} on {masks.pictures} generated lesions")
        record = training_record(
            self.trainer.state(), self.seconds, self._device_name(), masks.iou, masks.pictures
        )
        record["images_seen"] += self.before.images
        record["minutes"] = round(record["minutes"] + self.before.minutes, 1)
        manifest = export_weights(self.trainer.average, self.sampler, weights_dir, version, record)
        self.report(f"wrote {weights_dir / manifest.file}")

    def _device_name(self) -> str:
        device = self.trainer.device
        return torch.cuda.get_device_name(device) if device.type == "cuda" else "CPU"

    def _log(self, figures: StepFigures) -> None:
        line: dict[str, Any] = {
            "images": self.trainer.images_seen,
            "minutes": round(self.seconds / 60, 2),
        }
        for field in fields(figures):
            line[field.name] = round(float(getattr(figures, field.name)), 3)
        self._write_log(line)

    def _write_log(self, line: dict[str, Any]) -> None:
        with (self.out / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        self.report(" ".join(f"{key} {value}" for key, value in line.items()))

    def _validate(self) -> None:
        """Measure the average, and keep it as a file of its own when it is the best at this resolution."""
        if self._validator is None:
            self._validator = Validator(self.data, self.trainer.device)
        self.trainer.settle_average(self.sampler)
        distance = self._validator.distance(self.trainer.average, self.sampler)
        self.since_best += 1
        if self.best is None or distance < self.best:
            self.best, self.since_best = distance, 0
            save_checkpoint(self.out, module_tensors("average", self.trainer.average), {}, BEST)
        self._write_log({"images": self.trainer.images_seen, "validation_kid": round(distance, 4)})

    def take_best(self) -> None:
        """Put back the average with the lowest validation KID at this resolution."""
        if self.best is not None and has_checkpoint(self.out, BEST):
            restore_module("average", self.trainer.average, load_checkpoint(self.out, BEST)[0])

    def _checkpoint(self) -> None:
        self._validate()
        state = {
            "trainer": self.trainer.state(),
            "seconds": self.seconds,
            "before": asdict(self.before),
            "best": self.best,
            "since_best": self.since_best,
        }
        save_checkpoint(self.out, self.trainer.tensors(), state)
        sheet = self.out / f"sheet-{self.trainer.images_seen // 1000:04d}k.png"
        Image.fromarray(class_sheet(self.trainer)).save(sheet)
        self.report(f"checkpoint and {sheet.name}")


@contextlib.contextmanager
def flushed_denormals() -> Iterator[None]:
    """Numbers too small for a normal float count as zero within: computing with them is many times slower.

    The setting belongs to the thread and to all its arithmetic, so it is put back for whoever computes next.
    """
    before = torch.tensor(5e-324, dtype=torch.float64).mul(1).item() == 0
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(before)


def class_sheet(trainer: Trainer, columns: int = SHEET_COLUMNS) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Fixed latents through the moving average, one class a row."""
    network = trainer.average
    rng = torch.Generator().manual_seed(1)
    rows: list[Tensor] = []
    for label in range(len(CLASSES)):
        geometry = torch.randn(columns, 4, generator=rng) * 0.5
        geometry[:, 0] = 1
        if CLASSES[label] == "healthy-skin":
            geometry.zero_()
        labels = torch.full((columns,), label)
        rows.append(torch.cat(list(drawn_pictures(network, labels, geometry, rng)), 2))
    return as_bytes(torch.cat(rows, 1)).permute(1, 2, 0).contiguous().numpy()
