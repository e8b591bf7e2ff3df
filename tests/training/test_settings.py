"""Other values for a run's settings by name, and that each of them reaches the training."""

from __future__ import annotations

import contextlib
import json
import math
import shutil
from dataclasses import asdict, fields
from pathlib import Path

import pytest
import torch
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from dermtutor.errors import UserError
from dermtutor.training.augment import AUGMENTATIONS, augment
from dermtutor.training.checkpoint import load_checkpoint
from dermtutor.training.commands import evaluate_command
from dermtutor.training.compare_run import in_words
from dermtutor.training.plan import Plan
from dermtutor.training.prepared import cached_bank
from dermtutor.training.run import Run
from dermtutor.training.sampling import Sampler
from dermtutor.training.settings import Settings, changed

NAMES = [field.name for field in fields(Settings)]
SMALL = changed(Settings(), ["batch=8", "photograph_side=160", "guide_batches=2", "guide_steps=5"])


@given(st.lists(st.sampled_from(NAMES), unique=True))
def test_usual_values_written_out_change_nothing(names: list[str]) -> None:
    usual = asdict(Settings())
    written = []
    for name in names:
        value = usual[name]
        text = ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
        written.append(f"{name}={text.lower()}")
    assert changed(Settings(), written) == Settings()


@given(st.text(max_size=12), st.text(max_size=12))
def test_whatever_is_written_is_a_value_or_refused_in_a_sentence(name: str, text: str) -> None:
    for pair in (f"{name}={text}", f"guide_weight={text}", f"mapping={text}", f"grown_channels={text}"):
        with contextlib.suppress(UserError):
            found = changed(Settings(), [pair])
            assert isinstance(found.mapping, bool)
            assert math.isfinite(found.guide_weight)
            assert all(isinstance(each, int) for each in found.grown_channels)


@pytest.mark.parametrize(
    ("pair", "expected"),
    [
        ("guide_weight=0", {"guide_weight": 0.0}),
        ("mapping=false", {"mapping": False}),
        ("augmentations=shift", {"augmentations": ("shift",)}),
        ("augmentations=", {"augmentations": ()}),
        ("grown_channels=8,4", {"grown_channels": (8, 4)}),
        ("judge_network=lite1", {"judge_network": "lite1"}),
    ],
)
def test_a_value_is_read_as_its_setting_wants_it(pair: str, expected: dict[str, object]) -> None:
    assert asdict(changed(Settings(), [pair])) == asdict(Settings()) | expected


def test_settings_come_back_from_a_checkpoint_as_they_were() -> None:
    kept = json.loads(json.dumps(asdict(SMALL)))
    assert Settings.from_json(kept) == SMALL
    del kept["mapping"]  # a run begun before this setting was there
    assert Settings.from_json(kept) == SMALL


@pytest.fixture(scope="module")
def prepared(photographs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prepared")
    cached_bank(photographs, 160, folder)
    return folder


def begin(photographs: Path, prepared: Path, out: Path, *pairs: str) -> Run:
    shutil.copytree(prepared, out)
    return Run(
        photographs,
        out,
        Plan(1e-4, grow_at=()),
        changed(SMALL, pairs),
        resume=False,
        report=lambda line: None,
    )


def weights_after_two_steps(run: Run) -> torch.Tensor:
    for _ in range(2):
        run.trainer.step(run.sampler)
    return torch.cat([each.detach().flatten() for each in run.trainer.generator.parameters()])


@pytest.fixture(scope="module")
def usual(photographs: Path, prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> torch.Tensor:
    return weights_after_two_steps(begin(photographs, prepared, tmp_path_factory.mktemp("usual") / "run"))


@pytest.mark.parametrize(
    "pair",
    [
        "group_deviations=0",
        "mapping=false",
        "judge_network=lite2",
        "augmentations=",
        "judged_side=48",
        "guide_weight=0",
        "judge_mixtures=2",
        "channels=320,320,256,160,48",
    ],
)
def test_a_changed_setting_trains_and_makes_other_weights(
    photographs: Path, prepared: Path, tmp_path: Path, usual: torch.Tensor, pair: str
) -> None:
    other = weights_after_two_steps(begin(photographs, prepared, tmp_path / "other", pair))
    assert torch.isfinite(other).all()
    assert not torch.equal(other, usual)


def test_without_mapping_the_condition_is_what_is_asked(
    photographs: Path, prepared: Path, tmp_path: Path
) -> None:
    run = begin(photographs, prepared, tmp_path / "run", "mapping=false")
    for _ in range(2):
        run.trainer.step(run.sampler)
    network = run.trainer.generator
    assert float(network.mapping(torch.randn(3, network.config.condition_size)).abs().max()) == 0


def test_one_discriminator_where_crops_are_not_judged(
    photographs: Path, prepared: Path, tmp_path: Path
) -> None:
    run = begin(photographs, prepared, tmp_path / "run", "crop_side=0")
    for _ in range(2):
        run.trainer.grow()
    assert run.trainer.generator.config.resolution == 256
    assert len(run.trainer.judges.networks) == 1


def test_every_view_has_its_discriminators_and_growing_hands_on_what_they_learned(
    photographs: Path, prepared: Path, tmp_path: Path
) -> None:
    run = begin(photographs, prepared, tmp_path / "run", "judge_mixtures=2", "crop_side=256")
    trainer = run.trainer
    for _ in range(2):
        trainer.grow()
    networks = trainer.judges.networks
    mixed = [each.cross_channel[0].weight for each in networks]
    assert len(networks) == 4
    assert torch.equal(mixed[0], mixed[2])
    assert torch.equal(mixed[1], mixed[3])
    assert not torch.equal(mixed[0], mixed[1])
    run.sampler = Sampler(cached_bank(photographs, 160, run.out), 256, trainer.sampling_rng, trainer.device)
    figures = trainer.step(run.sampler)
    assert all(torch.isfinite(getattr(figures, field.name)) for field in fields(figures))


def test_colour_changes_half_of_the_pictures() -> None:
    images = torch.rand(400, 3, 8, 8) - 0.5
    changed = augment(images, ("colour",), torch.Generator().manual_seed(3))
    share = float((changed != images).flatten(1).any(1).float().mean())
    assert 0.4 < share < 0.6


@given(st.integers(0, 2**31))
def test_a_shift_keeps_the_picture_and_mirrors_what_comes_in(seed: int) -> None:
    picture = torch.arange(32.0)[None, None, :, None] * 100 + torch.arange(32.0)
    shifted = augment(picture.repeat(1, 3, 1, 1), ("shift",), torch.Generator().manual_seed(seed))[0, 0]
    rows, columns = shifted[:, 16] // 100, shifted[16] % 100
    for line in (rows, columns):
        steps = line.diff().abs()
        assert bool((steps == 1).all())
        assert abs(float(line[16]) - 16) <= 4


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs an NVIDIA GPU")
def test_a_gpu_replays_what_the_first_steps_did(photographs: Path, prepared: Path, tmp_path: Path) -> None:
    shutil.copytree(prepared, tmp_path / "run")
    run = Run(
        photographs,
        tmp_path / "run",
        Plan(1e-4, grow_at=()),
        SMALL,
        resume=False,
        report=lambda line: None,
        device=torch.device("cuda"),
    )
    for _ in range(12):
        before = run.trainer.generator.blocks[0].conv.weight.clone()
        figures = run.trainer.step(run.sampler)
        assert torch.isfinite(figures.generator)
        assert not torch.equal(run.trainer.generator.blocks[0].conv.weight, before)


def test_chosen_augmentations_alone_change_a_picture() -> None:
    images, rng = torch.rand(4, 3, 32, 32), torch.Generator().manual_seed(3)
    assert torch.equal(augment(images, (), rng), images)
    for name in AUGMENTATIONS:
        assert not torch.equal(augment(images, (name,), torch.Generator().manual_seed(3)), images)
    with pytest.raises(ValueError, match="mirror"):
        augment(images, ("mirror",), rng)


def test_a_run_is_compared_at_its_own_resolution(photographs: Path, prepared: Path, tmp_path: Path) -> None:
    run = begin(photographs, prepared, tmp_path / "run")
    run.train()
    assert load_checkpoint(run.out)
    asked = ["--data", str(photographs), "--run", str(run.out), "--quick"]
    found = CliRunner().invoke(evaluate_command, [*asked, "--json"], catch_exceptions=False)
    figures = json.loads(found.stdout)
    assert figures["resolution"] == 64
    assert set(figures["spaces"]) == {"A", "B"}
    assert figures["spaces"]["A"]["kid"] > figures["spaces"]["A"]["kid_floor_training_photographs"]
    assert f"KID {figures['spaces']['A']['kid']:.3f}" in in_words(figures)


def test_a_plan_ends_at_its_images_and_grows_to_its_resolution(
    photographs: Path, prepared: Path, tmp_path: Path
) -> None:
    run = begin(photographs, prepared, tmp_path / "run")
    run.plan = Plan.to(64, minutes=60, images=24)
    run.train()
    assert run.trainer.images_seen == 24
    assert run.trainer.generator.config.resolution == 64
    assert [len(Plan.to(side, 1.0).grow_at) for side in (64, 128, 256)] == [0, 1, 2]
    assert Plan.to(128, 1.0, grow_at=(0.1, 0.3)).grow_at == (0.1,)


def test_a_folder_without_a_run_is_refused(photographs: Path, tmp_path: Path) -> None:
    refused = CliRunner().invoke(
        evaluate_command, ["--data", str(photographs), "--run", str(tmp_path)], standalone_mode=False
    )
    assert isinstance(refused.exception, UserError)
