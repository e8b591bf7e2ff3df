"""The adversarial training: one step, growing, the moving average, and what a checkpoint holds."""

from __future__ import annotations

import contextlib
import copy
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from dermtutor.domain.sites import REGIONS
from dermtutor.generation.device import processor_has_bfloat16
from dermtutor.generation.networks import Generator, NetworkConfig
from dermtutor.training.backbone import POOLED_SIZE, load_backbone
from dermtutor.training.checkpoint import (
    module_tensors,
    optimiser_tensors,
    restore_module,
    restore_optimiser,
)
from dermtutor.training.discriminator import ClassGuide
from dermtutor.training.drawing import drawn_maps
from dermtutor.training.judges import FINE_SIDE, Judges, Views, optimiser_of
from dermtutor.training.photographs import CLASSES
from dermtutor.training.recording import RecordedStep
from dermtutor.training.sampling import Batch, Draw, Sampler
from dermtutor.training.settings import Settings
from dermtutor.training.straight_lines import straight_lines

Module = TypeVar("Module", bound=nn.Module)

# The average's half-life is at most this share of what was seen at the resolution.
_AVERAGED_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class StepFigures:
    """Losses of one step, straight lines of its pictures, and the share of both kinds that was judged rightly.

    Each is one number on the training's device: reading it waits for the step.
    """

    discriminator: Tensor
    generator: Tensor
    guide: Tensor
    lines: Tensor
    real_right: Tensor
    fake_right: Tensor


class Trainer:
    """Generator, its moving average, discriminators and optimisers, stepped together on ``device``.

    Every random draw of a step comes from ``rng`` there and ``sampling_rng`` on the processor, so that a run put back
    from a checkpoint goes on exactly.
    """

    def __init__(
        self, settings: Settings, network: NetworkConfig | None = None, device: torch.device | None = None
    ) -> None:
        torch.manual_seed(settings.seed)
        self.settings = settings
        self.device = device or torch.device("cpu")
        self.rng = torch.Generator(self.device).manual_seed(settings.seed)
        self.sampling_rng = torch.Generator().manual_seed(settings.seed)
        self.images_seen = 0
        self.stage_began = 0
        self.waits_until = 0
        self.backbone = load_backbone(settings.judge_network).to(self.device)
        # Frozen weights are not cast anew in every step where all arithmetic is in bfloat16.
        self._judging = copy.deepcopy(self.backbone).bfloat16() if self._on_gpu else self.backbone
        self.guide = ClassGuide(self._judging, POOLED_SIZE, len(CLASSES)).to(self.device)
        self._build(network or first_network(settings))

    def _build(self, network: NetworkConfig) -> None:
        self.generator = _channels_last(Generator(network).to(self.device))
        self.average = copy.deepcopy(self.generator).eval().requires_grad_(False)
        self.judges = Judges(self._judging, network, self.settings, self.rng, self.images_seen)
        self._make_optimiser()
        self._recorded: dict[bool, RecordedStep] = {}

    @property
    def _on_gpu(self) -> bool:
        return self.device.type == "cuda"

    def _make_optimiser(self) -> None:
        # The mask head learns in a stage of its own, from a segmentation network.
        self.generator.to_mask.requires_grad_(False)
        if not self.settings.mapping:
            self._leave_out_mapping()
        learning = [p for p in self.generator.parameters() if p.requires_grad]
        self.generator_optimiser = optimiser_of(learning, self.settings.learning_rate)
        # How far the average moves in a step; kept where the step is computed.
        self._share = torch.zeros((), device=self.device)

    def _leave_out_mapping(self) -> None:
        """Nothing is added to the condition, for ever."""
        for network in (self.generator, self.average):
            network.mapping.requires_grad_(False)
            last = network.mapping[-1]
            assert isinstance(last, nn.Linear)
            nn.init.zeros_(last.weight)
            nn.init.zeros_(last.bias)

    def begin_with(self, trained: Generator) -> None:
        """Take over a trained generator, also as its average; the discriminators begin afresh."""
        self._build(trained.config)
        for network in (self.generator, self.average):
            network.load_state_dict(trained.state_dict())
        self.waits_until = self.settings.judges_lead
        # What it takes over is an average of long standing, so it goes on at full length.
        self.stage_began = self.images_seen - _long_ago(self.settings)

    def train_guide(self, sampler: Sampler) -> None:
        """Fit the class guide on the pooled features of augmented photographs, drawn once, as the judges see them."""
        self.guide.requires_grad_(True)
        pooled, labels = [], []
        for _ in range(self.settings.guide_batches):
            batch = sampler.batch(self.settings.batch)
            with torch.no_grad(), self.precision():
                seen = self.judges.augmented(self.judges.whole(batch.images))
                pooled.append(self._judging.pool(self._judging.features(seen)[-1]).float())
            labels.append(batch.labels)
        inputs, targets = torch.cat(pooled), torch.cat(labels)
        optimiser = torch.optim.AdamW(self.guide.parameters(), 1e-3, weight_decay=0.05)
        for _ in range(self.settings.guide_steps):
            rows = torch.randint(0, len(targets), (64,), generator=self.rng, device=self.device)
            loss = F.cross_entropy(self.guide.classify(F.dropout(inputs[rows], 0.3)), targets[rows])
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
        self.guide.requires_grad_(False)

    def step(self, sampler: Sampler) -> StepFigures:
        """One update of discriminators and generator from the same generated images."""
        if self.judges.due(self.images_seen):
            self.judges.renew(self.images_seen)
            self._recorded.clear()
            self.waits_until = self.images_seen + self.settings.judges_lead
        waits = self.images_seen < self.waits_until
        self._share.fill_(1 - self._kept())
        draw = sampler.draw(self.settings.batch)
        figures = (
            self._step(sampler, draw, waits) if not self._on_gpu else self._replayed(sampler, draw, waits)
        )
        self.images_seen += self.settings.batch
        return figures

    def _replayed(self, sampler: Sampler, draw: Draw, waits: bool) -> StepFigures:
        if waits not in self._recorded:
            self._recorded[waits] = RecordedStep(
                lambda given: self._step(sampler, given, waits), self.device, self.rng
            )
        return self._recorded[waits](draw)

    def precision(self) -> contextlib.AbstractContextManager[object]:
        """bfloat16 for convolutions where it is multiplied natively; weights stay in float32."""
        if self._on_gpu or processor_has_bfloat16():
            return torch.autocast(self.device.type, torch.bfloat16)
        return contextlib.nullcontext()

    def _step(self, sampler: Sampler, draw: Draw, waits: bool) -> StepFigures:
        batch = sampler.shown(draw)
        with self.precision():
            return self._learn(batch, waits)

    def _learn(self, batch: Batch, waits: bool) -> StepFigures:
        count = len(batch.labels)
        latent = torch.randn(count, self.generator.config.latent_size, generator=self.rng, device=self.device)
        noise = self.generator.draw_noise(count, self.rng)
        with torch.set_grad_enabled(not waits):
            condition = self.generator.condition(latent, batch.labels, batch.place)
            fake = self.generator.picture(self.generator.features(condition, noise))
            corner = self.judges.corner()
            fake_views = self.judges.views(fake, corner)
        with torch.no_grad():
            real_views = self.judges.views(batch.images, corner)
        verdict = self.judges.learn(real_views, fake_views, batch)
        with self.judges.held():
            figures = self._generator_losses(fake, fake_views, batch)
            if not waits:
                self._improve(figures)
        realism, guide, lines = (each.detach() for each in figures)
        return StepFigures(verdict.loss, realism, guide, lines, verdict.real_right, verdict.fake_right)

    def _generator_losses(self, fake: Tensor, views: Views, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
        """Realism, right class, and straight lines."""
        guide = F.cross_entropy(
            self.guide(views[0]).float(), batch.labels, label_smoothing=self.settings.guide_smoothing
        )
        return self.judges.unrealism(views, batch), guide, self._lines(fake)

    def _improve(self, losses: tuple[Tensor, Tensor, Tensor]) -> None:
        """One step of the generator, and of its average after it."""
        realism, guide, lines = losses
        self.generator_optimiser.zero_grad(set_to_none=True)
        total = realism + self.settings.guide_weight * guide + self.settings.line_weight * lines
        total.backward()  # type: ignore[no-untyped-call]
        self.generator_optimiser.step()
        self._follow()

    def _lines(self, fake: Tensor) -> Tensor:
        """Straight lines; of coarser pictures they cannot be told from the borders of lesions."""
        return straight_lines(fake) if fake.shape[-1] > FINE_SIDE else fake.new_zeros(())

    def _kept(self) -> float:
        """The share of the average that a step leaves; its half-life grows with what was seen at this resolution."""
        seen = (self.images_seen - self.stage_began) / 1000
        thousands = max(min(self.settings.ema_thousands, _AVERAGED_SHARE * seen), 0.5)
        return float(0.5 ** (self.settings.batch / (thousands * 1000)))

    @torch.no_grad()
    def _follow(self) -> None:
        """Move the average towards the generator."""
        for slow, fast in zip(self.average.parameters(), self.generator.parameters(), strict=True):
            slow.lerp_(fast, self._share)

    def settle_average(self, sampler: Sampler) -> None:
        """Measure anew what the average's layers normalise by, on its own pictures.

        The generator's statistics do not fit the averaged weights: with them the average is clearly worse.
        """
        norms = [part for part in self.average.modules() if isinstance(part, nn.BatchNorm2d)]
        rng = torch.Generator().manual_seed(0)
        for norm in norms:
            norm.reset_running_stats()
            norm.momentum = None  # the mean of all batches
        self.average.train()
        with torch.no_grad(), self.precision():
            for _ in range(self.settings.settling_batches):
                drawn_maps(self.average, *sampler.wanted(self.settings.batch, rng), rng)
        self.average.eval()

    def grow(self) -> None:
        """Twice the resolution: a new block beside the up-sampled picture; past 128 px a second discriminator."""
        old, old_average, judges = self.generator, self.average, self.judges
        stage = old.config.resolution // NetworkConfig(CLASSES).resolution
        channels = self.settings.grown_channels[stage.bit_length() - 1]
        self._build(old.config.grown(channels))
        for new, former in ((self.generator, old), (self.average, old_average)):
            new.load_state_dict(former.state_dict(), strict=False)
            newest = new.to_rgb[str(new.config.resolution)]
            nn.init.normal_(newest.weight, std=0.02)  # type: ignore[arg-type]
            nn.init.zeros_(newest.bias)  # type: ignore[arg-type]
        self.judges.take_after(judges)
        self.stage_began = self.images_seen

    def tensors(self) -> dict[str, Tensor]:
        """Everything a checkpoint needs that is a tensor."""
        return {
            **module_tensors("generator", self.generator),
            **module_tensors("average", self.average),
            **module_tensors("judges", self.judges.networks),
            **module_tensors("guide", self.guide),
            **optimiser_tensors("generator_optimiser", self.generator_optimiser),
            **optimiser_tensors("judge_optimiser", self.judges.optimiser),
            "rng": self.rng.get_state(),
            "sampling_rng": self.sampling_rng.get_state(),
        }

    def state(self) -> dict[str, Any]:
        """Everything a checkpoint needs that is not a tensor."""
        return {
            "settings": asdict(self.settings),
            "network": self.generator.config.to_json(),
            "images_seen": self.images_seen,
            "stage_began": self.stage_began,
            "waits_until": self.waits_until,
            "judged_since": self.judges.since,
        }

    def restore(self, tensors: dict[str, Tensor], state: dict[str, Any]) -> None:
        """Continue where ``tensors`` and ``state`` left off."""
        self._build(NetworkConfig.from_json(state["network"]))
        self.images_seen, self.stage_began = state["images_seen"], state["stage_began"]
        self.waits_until = state["waits_until"]
        self.judges.since = state.get("judged_since", 0)
        restore_module("generator", self.generator, tensors)
        restore_module("average", self.average, tensors)
        restore_module("judges", self.judges.networks, tensors)
        restore_module("guide", self.guide, tensors)
        restore_optimiser("generator_optimiser", self.generator_optimiser, tensors)
        restore_optimiser("judge_optimiser", self.judges.optimiser, tensors)
        self.guide.requires_grad_(False)
        self.rng.set_state(tensors["rng"])
        self.sampling_rng.set_state(tensors["sampling_rng"])


def first_network(settings: Settings) -> NetworkConfig:
    """What a run from nothing begins with."""
    return NetworkConfig(
        CLASSES, class_strength=settings.class_strength, channels=settings.channels, regions=REGIONS
    )


def _long_ago(settings: Settings) -> int:
    """So many images before now, for the average to have its whole half-life."""
    return round(settings.ema_thousands * 1000 / _AVERAGED_SHARE)


def _channels_last(module: Module) -> Module:
    return module.to(memory_format=torch.channels_last)  # type: ignore[call-overload,no-any-return]
