"""Training in a short form on made-up photographs: exact resumption, growing, masks, weights that load, a card."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path

import pytest
import torch
from click.testing import CliRunner

from dermtutor.domain.cases import CaseSpec, Source
from dermtutor.errors import UserError
from dermtutor.generation.generator import Generator
from dermtutor.generation.networks import NetworkConfig
from dermtutor.generation.weights import verify_weights
from dermtutor.paths import assets_dir
from dermtutor.skin.scales import MonkTone
from dermtutor.training.checkpoint import load_checkpoint, save_checkpoint
from dermtutor.training.commands import evaluate_command
from dermtutor.training.export import export_weights, training_record
from dermtutor.training.photographs import CLASSES
from dermtutor.training.plan import Plan
from dermtutor.training.prepared import cached_bank
from dermtutor.training.run import Run
from dermtutor.training.trainer import Settings, Trainer

SMALL = Settings(
    batch=8,
    photograph_side=160,
    guide_batches=2,
    guide_steps=10,
    grown_channels=(8, 8),
    segmenter_steps=2,
    mask_steps=2,
    mask_pictures=24,
)


def quiet(_line: str) -> None:
    pass


def steps(run: Run, count: int) -> None:
    for _ in range(count):
        run.trainer.step(run.sampler)


@pytest.fixture(scope="module")
def prepared(photographs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the photographs prepared, which takes longer than a few steps."""
    folder = tmp_path_factory.mktemp("prepared")
    cached_bank(photographs, SMALL.photograph_side, folder)
    return folder


@pytest.fixture
def begun(photographs: Path, prepared: Path, tmp_path: Path) -> Run:
    out = tmp_path / "run"
    shutil.copytree(prepared, out)
    run = Run(photographs, out, Plan(1.0), SMALL, resume=False, report=quiet)
    steps(run, 2)
    return run


def state_of(trainer: Trainer) -> dict[str, torch.Tensor]:
    return {name: tensor.clone() for name, tensor in trainer.tensors().items()}


def test_a_resumed_run_goes_on_exactly(begun: Run, photographs: Path) -> None:
    save_checkpoint(begun.out, begun.trainer.tensors(), {"trainer": begun.trainer.state(), "seconds": 1.0})
    steps(begun, 2)
    resumed = Run(photographs, begun.out, Plan(1.0), SMALL, resume=True, report=quiet)
    steps(resumed, 2)
    ours, theirs = state_of(begun.trainer), state_of(resumed.trainer)
    assert ours.keys() == theirs.keys()
    assert [name for name in ours if not torch.equal(ours[name], theirs[name])] == []


def test_training_leaves_the_smallest_numbers_to_others(begun: Run) -> None:
    begun.plan = Plan(minutes=0.0)
    begun.train()
    assert torch.tensor(5e-324, dtype=torch.float64).mul(1).item() > 0


def test_a_run_is_not_overwritten_by_mistake(begun: Run, photographs: Path) -> None:
    save_checkpoint(begun.out, begun.trainer.tensors(), {"trainer": begun.trainer.state(), "seconds": 1.0})
    with pytest.raises(UserError, match="--resume"):
        Run(photographs, begun.out, Plan(1.0), SMALL, resume=False, report=quiet)


def test_a_checkpoint_that_could_not_be_written_leaves_the_former(tmp_path: Path) -> None:
    save_checkpoint(tmp_path, {"a": torch.ones(3)}, {"step": 1})
    with pytest.raises(TypeError):
        save_checkpoint(tmp_path, {"a": torch.zeros(3)}, {"step": object()})
    tensors, state = load_checkpoint(tmp_path)
    assert state == {"step": 1}
    assert torch.equal(tensors["a"], torch.ones(3))


def test_training_moves_every_part_and_growing_keeps_the_coarse_picture(begun: Run) -> None:
    trainer = begun.trainer
    before = state_of(trainer)
    steps(begun, 1)
    after = trainer.tensors()
    for part in (
        "generator/blocks.0.conv.weight",
        "average/blocks.0.conv.weight",
        "judges/0.heads.0.realism.bias",
    ):
        assert not torch.equal(before[part], after[part])
    latent, label, place = torch.randn(1, 128), torch.tensor([2]), torch.zeros(1, 4)
    noise = trainer.average.draw_noise(1, torch.Generator().manual_seed(1))
    with torch.no_grad():
        small, _ = trainer.average(latent, label, place, noise)
        trainer.grow()
        larger = trainer.average
        noise = [*noise, torch.zeros(1, 1, 128, 128)]
        big, mask = larger(latent, label, place, noise)
    assert big.shape == (1, 3, 128, 128)
    assert mask.shape == (1, 1, 128, 128)
    shrunk = torch.nn.functional.avg_pool2d(big, 2)
    assert (shrunk - small).abs().mean() < 0.1


@pytest.mark.slow
def test_exported_weights_draw_cases_and_get_a_card(begun: Run, photographs: Path, tmp_path: Path) -> None:
    weights = tmp_path / "weights"
    begun.export(weights, "9.9.9")
    assert verify_weights(weights) == ()
    case = Generator(weights, assets_dir() / "recipes").generate(
        CaseSpec("melanoma", MonkTone(8), 3, Source.LEARNED)
    )
    assert case.image.shape == (256, 256, 3)
    result = CliRunner().invoke(
        evaluate_command,
        ["--data", str(photographs), "--weights", str(weights), "--quick", "--json"],
        catch_exceptions=False,
    )
    found = json.loads(result.stdout)
    assert result.exit_code == 0
    assert set(found["spaces"]) == {"A", "B"}
    assert found["spaces"]["A"]["right_disease"]["real_to_real"] > 0.5
    assert 0 <= found["origin"]["balanced_accuracy"] <= 1
    assert "plaque-psoriasis" in found["origin"]["drawn"]
    assert found["transfer"]["pictures"] == 12
    assert 0 <= found["transfer"]["spaces"]["B"]["same_name"] <= 1
    assert not (weights / "MODEL_CARD.md").exists()


def test_a_new_run_begins_with_published_weights(
    begun: Run, photographs: Path, prepared: Path, tmp_path: Path
) -> None:
    weights = tmp_path / "weights"
    seen = {"images_seen": 40, "minutes": 2.5}
    export_weights(begun.trainer.average, begun.sampler, weights, "9.9.9", seen)
    shutil.copytree(prepared, tmp_path / "second")
    settings = dataclasses.replace(SMALL, judges_lead=8, class_strength=3.0)
    second = Run(photographs, tmp_path / "second", Plan(1.0), settings, False, quiet, start=weights)
    told = training_record(second.trainer.state(), 60.0, "CPU", 0.8, 5)["settings"]
    assert told["judges_lead"] == 8
    assert told["class_strength"] == SMALL.class_strength  # that of the network it began with
    assert [*told["channels"], *told["grown_channels"]] == list(second.trainer.generator.config.channels)
    assert (second.before.images, second.before.minutes) == (40, 2.5)
    generator, judges = second.trainer.generator, second.trainer.judges.networks
    for name, value in begun.trainer.average.state_dict().items():
        assert torch.allclose(value.float(), generator.state_dict()[name].float(), rtol=1e-2, atol=1e-3), name
    drawn, judged = _parameters(generator), _parameters(judges)
    steps(second, 1)
    assert torch.equal(_parameters(generator), drawn)  # the discriminators lead
    assert not torch.equal(_parameters(judges), judged)
    steps(second, 1)
    assert not torch.equal(_parameters(generator), drawn)


def test_new_discriminators_take_over_and_lead_and_a_resumed_run_makes_the_same(
    photographs: Path, prepared: Path, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    shutil.copytree(prepared, out)
    settings = dataclasses.replace(SMALL, judges_last=16, judges_lead=8)
    run = Run(photographs, out, Plan(1.0), settings, resume=False, report=quiet)
    steps(run, 2)
    former = run.trainer.judges.networks
    mixed = former[0].cross_channel[0].weight.clone()
    save_checkpoint(out, run.trainer.tensors(), {"trainer": run.trainer.state(), "seconds": 1.0})
    drawn = _parameters(run.trainer.generator)
    steps(run, 1)
    assert not torch.equal(run.trainer.judges.networks[0].cross_channel[0].weight, mixed)
    assert torch.equal(_parameters(run.trainer.generator), drawn)
    steps(run, 1)
    assert not torch.equal(_parameters(run.trainer.generator), drawn)
    resumed = Run(photographs, out, Plan(1.0), settings, resume=True, report=quiet)
    steps(resumed, 2)
    ours, theirs = state_of(run.trainer), state_of(resumed.trainer)
    assert [name for name in ours if not torch.equal(ours[name], theirs[name])] == []


def test_the_average_is_normalised_by_what_it_draws(begun: Run) -> None:
    steps(begun, 2)
    average = begun.trainer.average
    weights, before = _parameters(average), _buffers(average)
    begun.trainer.settle_average(begun.sampler)
    settled = _buffers(average)
    assert not torch.allclose(settled, before)
    begun.trainer.settle_average(begun.sampler)
    assert torch.equal(_buffers(average), settled)
    assert torch.equal(_parameters(average), weights)
    assert not average.training


def _parameters(module: torch.nn.Module) -> torch.Tensor:
    return torch.cat([each.detach().flatten().clone() for each in module.parameters()])


def test_network_sizes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="px"):
        NetworkConfig(CLASSES, resolution=256)


def _buffers(module: torch.nn.Module) -> torch.Tensor:
    return torch.cat([each.detach().flatten().float().clone() for each in module.buffers()])
