"""``bench``, ``doctor`` and ``weights verify``: figures that were measured, findings that say what to do."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from dermtutor.cli import doctor as doctor_module
from dermtutor.cli import measures
from dermtutor.cli.measures import Times, ToneError, tone_facts
from dermtutor.domain.cases import Source
from dermtutor.errors import EnvironmentProblem
from dermtutor.skin.scales import MonkTone

Run = Callable[..., Any]


def weights_module(monkeypatch: pytest.MonkeyPatch, findings: Sequence[str], missing: bool = False) -> None:
    """The commands find these findings where they would check the real weights."""

    @dataclass(frozen=True)
    class Manifest:
        title: str = "painted 1"

    def load_manifest(folder: Path) -> Manifest:
        if missing:
            raise EnvironmentProblem(f"There are no weights in {folder}; put them there.")
        return Manifest()

    module = ModuleType("dermtutor.generation.weights")
    module.load_manifest = load_manifest  # type: ignore[attr-defined]
    module.verify_weights = lambda folder: list(findings)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "dermtutor.generation.weights", module)


class TestWeights:
    def test_sound_ones_are_done(self, dermtutor: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        weights_module(monkeypatch, [])
        ran = dermtutor("weights", "verify", "--json")
        assert ran.code == 0
        assert json.loads(ran.out) == {"weights": "painted 1", "sound": True, "findings": []}

    def test_altered_ones_are_a_failure_with_its_findings(
        self, dermtutor: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        weights_module(monkeypatch, ["g.safetensors differs from its SHA-256"])
        ran = dermtutor("weights", "verify")
        assert (ran.code, ran.out) == (1, "g.safetensors differs from its SHA-256\n")

    def test_missing_ones_are_one_sentence(self, dermtutor: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        weights_module(monkeypatch, [], missing=True)
        ran = dermtutor("weights", "verify")
        assert ran.code == 1
        assert "no weights" in ran.sentence


@pytest.mark.usefixtures("painted")
class TestDoctor:
    def test_says_what_is_here(self, dermtutor: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        weights_module(monkeypatch, [])
        findings = {each["check"]: each for each in json.loads(dermtutor("doctor", "--json").out)["findings"]}
        assert findings["device"]["value"] == "paint box (auto)"
        assert findings["Qt"] == {"check": "Qt", "value": "loads", "ok": True}
        assert findings["folder"]["ok"]

    def test_what_is_in_the_way_is_marked_and_the_rest_still_told(
        self, dermtutor: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        weights_module(monkeypatch, [], missing=True)
        (tmp_path / "file").write_text("")
        ran = dermtutor("--home", tmp_path / "file" / "home", "doctor")
        marked = [line for line in ran.out.splitlines() if line.startswith("!!")]
        assert ran.code == 0
        assert any("no weights" in line for line in marked)
        assert any("--home" in line for line in marked)
        assert "Python" in ran.out

    def test_making_no_folder(self, dermtutor: Run, monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
        weights_module(monkeypatch, [])
        dermtutor("doctor")
        assert not home.exists()

    def test_a_full_disk(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setattr(doctor_module, "WANTED_SPACE", 1 << 60)
        assert not doctor_module._home(tmp_path).ok


@pytest.mark.usefixtures("painted")
class TestBench:
    def test_tones_are_measured_on_generated_cases(self, dermtutor: Run) -> None:
        figures = json.loads(dermtutor("bench", "--tones", "--cases", 40, "--json").out)["tones"]
        assert figures["cases"] == 40
        assert figures["median_degrees"] == 0.25
        assert figures["share_within"] == 1.0
        assert set(figures["share_within_by_source"]) == {"learned", "recipe"}

    def test_a_quiz_of_its_own_leaves_the_persons_records_alone(self, home: Path) -> None:
        shares: list[float] = []
        figures = measures.quiz(4, shares.append)
        assert shares == [0.25, 0.5, 0.75, 1.0]
        assert all(each["n"] == 4 for each in figures.values())  # type: ignore[index]
        assert not home.exists()

    @pytest.mark.slow
    @pytest.mark.usefixtures("qapp")
    @pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True)
    def test_the_window_is_used_on_records_of_its_own(self, dermtutor: Run, home: Path) -> None:
        ran = dermtutor("bench", "--window", "--answers", 1000, "--json")
        assert ran.code == 0, ran.err
        figures = json.loads(ran.out)["window"]
        uses = {"start", "statistics", "other_theme", "theme_over_map", "pages", "quiz", "recipe_form"}
        assert set(figures["gaps"]) == uses
        assert all(
            0 <= each["p99_ms"] <= each["longest_ms"] and each["n"] > 0 for each in figures["gaps"].values()
        )
        assert figures["next_image"]["n"] == 4
        assert figures["garbage_collector"]["n"] > 0
        assert not home.exists()

    @pytest.mark.slow
    def test_everything_in_words(self, dermtutor: Run) -> None:
        ran = dermtutor("bench", "--cases", 3)
        assert ran.code == 0
        for name in ("generation.learned.median_ms", "generation.recipe.p95_ms", "quiz.answer_kept.median_ms",
                     "start_up.first_paint.median_ms"):  # fmt: skip
            assert name in ran.out
        assert ran.out.splitlines()[-1].split() == ["start_up.heavy_libraries_loaded", "none"]


class TestFigures:
    def test_a_percentile_is_a_time_that_was_measured(self) -> None:
        facts = Times(tuple(each / 1000 for each in range(1, 101))).facts()
        assert facts == {"n": 100, "median_ms": 50.5, "p95_ms": 95.0, "worst_ms": 100.0}

    def test_one_time_is_its_own_median(self) -> None:
        assert Times((0.002,)).facts() == {"n": 1, "median_ms": 2.0, "p95_ms": 2.0, "worst_ms": 2.0}

    def test_a_case_outside_that_was_not_flagged_is_counted(self) -> None:
        errors = [
            ToneError(MonkTone(1), Source.LEARNED, 0.2, flagged=False),
            ToneError(MonkTone(1), Source.LEARNED, 1.0, flagged=False),
            ToneError(MonkTone(9), Source.RECIPE, 1.4, flagged=True),
            ToneError(MonkTone(9), Source.RECIPE, 3.0, flagged=False),
        ]
        facts = tone_facts(errors)
        assert facts["share_within"] == 0.5
        assert facts["outside_not_flagged"] == 1
        assert facts["share_within_by_tone"] == {"1": 1.0, "9": 0.0}
