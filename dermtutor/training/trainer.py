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
from dermtutor.training.judges import CROP_SIDE, Judges, Views
from dermtutor.training.photographs import CLASSES
from dermtutor.training.sampling import Batch, Sampler
from dermtutor.training.settings import Settings
from dermtutor.training.straight_lines import straight_lines

Module = TypeVar("Module", bound=nn.Module)

# The average's half-life is at most this share of what was seen at the resolution.
_AVERAGED_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class StepFigures:
    """Losses of one step, straight lines of its pictures, and the share of both kinds that was judged rightly."""

    discriminator: float
    generator: float
    guide: float
    lines: float
    real_right: float
    fake_right: float


class Trainer:
    """Generator, its moving average, discriminators and optimisers, stepped together.

    Every random draw of a step comes from ``rng``, so that a run put back from a checkpoint goes on exactly.
    """

    def __init__(self, settings: Settings, network: NetworkConfig | None = None) -> None:
        torch.manual_seed(settings.seed)
        self.settings = settings
        self.rng = torch.Generator().manual_seed(settings.seed)
        self.images_seen = 0
        self.stage_began = 0
        self.waits_until = 0
        self.backbone = load_backbone(settings.judge_network)
        self.guide = ClassGuide(self.backbone, POOLED_SIZE, len(CLASSES))
        self._build(
            network or NetworkConfig(CLASSES, class_strength=settings.class_strength, regions=REGIONS)
        )

    def _build(self, network: NetworkConfig) -> None:
        self.generator = _channels_last(Generator(network))
        self.average = copy.deepcopy(self.generator).eval().requires_grad_(False)
        self.judges = Judges(self.backbone, network, self.settings, self.rng, self.images_seen)
        self._make_optimiser()

    def _make_optimiser(self) -> None:
        # The mask head learns in a stage of its own, from a segmentation network.
        self.generator.to_mask.requires_grad_(False)
        if not self.settings.mapping:
            self._leave_out_mapping()
        rate = self.settings.learning_rate
        self.generator_optimiser = torch.optim.Adam(
            [p for p in self.generator.parameters() if p.requires_grad], rate, (0.0, 0.99)
        )

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
        """Fit the class guide on the pooled features of augmented photographs, drawn once."""
        pooled, labels = [], []
        for _ in range(self.settings.guide_batches):
            batch = sampler.batch(self.settings.batch)
            with torch.no_grad():
                seen = self.judges.augmented(self.judges.whole(batch.images))
                features = self.backbone.features(seen)
                pooled.append(self.backbone.pool(features[-1]))
            labels.append(batch.labels)
        inputs, targets = torch.cat(pooled), torch.cat(labels)
        optimiser = torch.optim.AdamW(self.guide.parameters(), 1e-3, weight_decay=0.05)
        for _ in range(self.settings.guide_steps):
            rows = torch.randint(0, len(targets), (64,), generator=self.rng)
            loss = F.cross_entropy(self.guide.classify(F.dropout(inputs[rows], 0.3)), targets[rows])
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
        self.guide.requires_grad_(False)

    def step(self, batch: Batch) -> StepFigures:
        """One update of discriminators and generator from the same generated images."""
        if self.judges.due(self.images_seen):
            self.judges.renew(self.images_seen)
            self.waits_until = self.images_seen + self.settings.judges_lead
        with self.precision():
            return self._step(batch)

    def precision(self) -> contextlib.AbstractContextManager[object]:
        """bfloat16 for convolutions where the processor multiplies it natively; weights stay in float32."""
        if processor_has_bfloat16():
            return torch.autocast("cpu", torch.bfloat16)
        return contextlib.nullcontext()

    def _step(self, batch: Batch) -> StepFigures:
        count = len(batch.labels)
        waits = self.images_seen < self.waits_until
        latent = torch.randn(count, self.generator.config.latent_size, generator=self.rng)
        noise = self.generator.draw_noise(count, self.rng)
        with torch.set_grad_enabled(not waits):
            condition = self.generator.condition(latent, batch.labels, batch.place)
            fake = self.generator.picture(self.generator.features(condition, noise))
            corner = self.judges.corner()
            fake_views = self.judges.views(fake, corner)
        with torch.no_grad():
            real_views = self.judges.views(batch.images, corner)
        loss, right, wrong = self.judges.learn(real_views, fake_views, batch)
        with self.judges.held():
            figures = self._generator_losses(fake, fake_views, batch)
            if not waits:
                self._improve(figures)
        self.images_seen += count
        realism, guide, lines = (each.item() for each in figures)
        return StepFigures(loss, realism, guide, lines, right, wrong)

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
        return straight_lines(fake) if fake.shape[-1] > CROP_SIDE else fake.new_zeros(())

    @torch.no_grad()
    def _follow(self) -> None:
        """Move the average towards the generator; its half-life grows with what was seen at this resolution."""
        seen = (self.images_seen - self.stage_began) / 1000
        thousands = max(min(self.settings.ema_thousands, _AVERAGED_SHARE * seen), 0.5)
        keep = 0.5 ** (self.settings.batch / (thousands * 1000))
        for slow, fast in zip(self.average.parameters(), self.generator.parameters(), strict=True):
            slow.lerp_(fast, 1 - keep)

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
                labels, place = sampler.wanted(self.settings.batch, rng)
                latent = torch.randn(len(labels), self.average.config.latent_size, generator=rng)
                condition = self.average.condition(latent, labels, place)
                self.average.features(condition, self.average.draw_noise(len(labels), rng))
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


def _long_ago(settings: Settings) -> int:
    """So many images before now, for the average to have its whole half-life."""
    return round(settings.ema_thousands * 1000 / _AVERAGED_SHARE)


def _channels_last(module: Module) -> Module:
    return module.to(memory_format=torch.channels_last)  # type: ignore[call-overload,no-any-return]
