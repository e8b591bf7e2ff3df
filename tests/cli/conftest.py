"""The command line with a generator that paints instead of computing: these tests are about the commands."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from dermtutor.cli import main
from dermtutor.domain.cases import CaseSpec, Source
from dermtutor.domain.recipes import DrawRequest
from dermtutor.errors import UserError
from dermtutor.services.ports import CancelToken, CaseChecks, GeneratedCase, Progress
from dermtutor.skin.scales import MonkTone


class PaintingGenerator:
    """A disc that the seed places, on a ground that the tone colours."""

    def __init__(
        self, weights_dir: Path, recipes_dir: Path, device: str = "auto", own: Callable[[], Any] = dict
    ) -> None:
        assert recipes_dir.name == "recipes"
        self.own = own
        self.device = device

    def weights_version(self) -> str:
        return "painted 1"

    def weights_hash(self) -> str:
        return "0" * 64

    def recipe_version(self, condition: str) -> str:
        return f"{condition} 1"

    def device_name(self) -> str:
        return f"paint box ({self.device})"

    def generate(
        self, spec: CaseSpec, cancel: CancelToken | None = None, progress: Progress | None = None
    ) -> GeneratedCase:
        if spec.severity == 1.0:
            raise UserError("This severity cannot be painted; choose another.")
        rows, columns = np.mgrid[: spec.size, : spec.size]
        centre = np.random.default_rng(spec.seed).uniform(0.3, 0.7, 2) * spec.size
        mask = np.where(np.hypot(rows - centre[0], columns - centre[1]) < spec.size / 6, 255, 0).astype(
            np.uint8
        )
        ground = 250 - 20 * spec.tone.value
        image = np.full((spec.size, spec.size, 3), ground, np.uint8)
        image[mask > 0] //= 2
        checks = CaseChecks(
            tone_within_tolerance=spec.tone.value != 10, not_blank=True, lesion_visible_size=True
        )
        return GeneratedCase(spec, image, mask, 50.0, 50.25, checks, "0" * 64, self.device_name(), 0.001)

    def twins(
        self,
        spec: CaseSpec,
        tones: Sequence[MonkTone],
        cancel: CancelToken | None = None,
        progress: Progress | None = None,
    ) -> tuple[GeneratedCase, ...]:
        return tuple(self.generate(spec.on_tone(tone)) for tone in tones)

    def preview(self, wanted: DrawRequest, cancel: CancelToken | None = None) -> Iterator[GeneratedCase]:
        for tone in wanted.tones:
            spec = CaseSpec("preview", tone, wanted.seed, Source.RECIPE, severity=wanted.severity)
            yield self.generate(replace(spec, size=wanted.size))


@pytest.fixture
def painted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands find this generator where they would import the real one."""
    module = ModuleType("dermtutor.generation.generator")
    module.Generator = PaintingGenerator  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "dermtutor.generation.generator", module)


@dataclass(frozen=True)
class Ran:
    """What one run of the command line left behind."""

    code: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        """The one sentence on stderr; fails the test when there are more lines, or something on stdout as well."""
        assert self.out == ""
        assert self.err.count("\n") == 1
        assert "Traceback" not in self.err
        return self.err.strip()


@pytest.fixture
def dermtutor(capfd: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Runs the command line in this process."""

    def run(*arguments: object) -> Ran:
        capfd.readouterr()
        code = main([str(each) for each in arguments])
        out, err = capfd.readouterr()
        return Ran(code, out, err)

    return run
