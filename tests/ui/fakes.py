"""A generator that paints in a few milliseconds, so that the windows can be tested without weights."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from dermtutor.domain.cases import CaseSpec, Source
from dermtutor.domain.recipes import DrawRequest
from dermtutor.errors import UserError
from dermtutor.services.ports import Cancelled, CancelToken, CaseChecks, GeneratedCase, Progress
from dermtutor.skin.scales import MonkTone
from dermtutor.skin.tones import photographed_tone, requested_ita


class FakeGenerator:
    """Satisfies ``CaseGenerator``. ``seconds`` is how long each image takes; ``error`` is raised instead of one."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds
        self.error: Exception | None = None
        self.threads: set[str] = set()
        self.made: list[CaseSpec] = []
        self.gate: threading.Event | None = None
        self.previews: list[DrawRequest] = []
        self.hook: Callable[[CaseSpec], None] | None = None

    def weights_version(self) -> str:
        return "painted 1"

    def recipe_version(self, condition: str) -> str:
        return "1"

    def device_name(self) -> str:
        return "the processor"

    def weights_hash(self) -> str:
        return "0" * 64

    def generate(
        self, spec: CaseSpec, cancel: CancelToken | None = None, progress: Progress | None = None
    ) -> GeneratedCase:
        self.threads.add(str(threading.get_ident()))
        self._work(cancel)
        if self.error is not None:
            raise self.error
        if self.hook is not None:
            self.hook(spec)
        self.made.append(spec)
        image, mask = paint(spec)
        ita = requested_ita(spec.tone)
        checks = CaseChecks(spec.seed % 7 != 0, not_blank=True, lesion_visible_size=True)
        off = 0.2 if checks.tone_within_tolerance else 3.4
        return GeneratedCase(spec, image, mask, ita, ita + off, checks, "0" * 64, "cpu", self.seconds)

    def twins(
        self,
        spec: CaseSpec,
        tones: Sequence[MonkTone],
        cancel: CancelToken | None = None,
        progress: Progress | None = None,
    ) -> tuple[GeneratedCase, ...]:
        return tuple(self.generate(spec.on_tone(tone), cancel) for tone in tones)

    def similar(self, spec: CaseSpec, seed: int) -> CaseSpec:
        return replace(spec, seed=seed, near=spec.seed)

    def preview(self, wanted: DrawRequest, cancel: CancelToken | None = None) -> Iterator[GeneratedCase]:
        self.previews.append(wanted)
        for tone in wanted.tones:
            spec = CaseSpec("preview", tone, wanted.seed, Source.RECIPE, severity=wanted.severity)
            yield self.generate(spec, cancel)

    def _work(self, cancel: CancelToken | None) -> None:
        if self.gate is not None:
            self.gate.wait(20)
        end = time.monotonic() + self.seconds
        while time.monotonic() < end:
            if cancel is not None and cancel.is_set():
                raise Cancelled
            time.sleep(0.002)


def paint(spec: CaseSpec, side: int = 128) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Skin of the tone with a darker lesion whose place and shape come from the seed alone."""
    draw = np.random.default_rng(spec.seed % 2**32)
    y, x = np.mgrid[0:side, 0:side] / side - 0.5
    cx, cy = draw.uniform(-0.12, 0.12, 2)
    angle = np.arctan2(y - cy, x - cx)
    edge = 0.2 + 0.03 * np.sin(3 * angle + draw.uniform(0, 6)) + 0.02 * np.sin(5 * angle + draw.uniform(0, 6))
    inside = np.clip((edge - np.hypot(x - cx, y - cy)) * 40 + 0.5, 0, 1)
    skin = np.array(photographed_tone(spec.tone).srgb, float)
    grain = draw.normal(0, 0.025, (side, side, 1)) + 0.06 * (x + y)[..., None]
    lesion = skin * draw.uniform((0.5, 0.3, 0.3), (0.85, 0.6, 0.6)) + (24, 6, 8)
    picture = (skin * (1 - inside[..., None]) + lesion * inside[..., None]) * (1 + grain)
    return np.clip(picture, 0, 255).astype(np.uint8), (inside * 255).astype(np.uint8)


class WeightsMissing(UserError):
    """What a generator without weights says."""
