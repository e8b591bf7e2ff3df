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
from dermtutor.training.augment import augment
from dermtutor.training.backbone import POOLED_SIZE, load_backbone
from dermtutor.training.checkpoint import (
    module_tensors,
    optimiser_tensors,
    restore_module,
    restore_optimiser,
)
from dermtutor.training.discriminator import ClassGuide, Discriminator
from dermtutor.training.photographs import CLASSES
from dermtutor.training.sampling import Batch, Sampler
from dermtutor.training.settings import Settings
from dermtutor.training.straight_lines import straight_lines

Module = TypeVar("Module", bound=nn.Module)

CROP_SIDE = 128
"""Pictures above this side are also judged by a crop of it at full resolution."""

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
        crops = self.settings.crop_judge and network.resolution > CROP_SIDE
        self.judges = nn.ModuleList(
            _channels_last(
                Discriminator(
                    len(CLASSES),
                    network.place_size,
                    self.backbone.feature_channels,
                    self.settings.group_deviations,
                )
            )
            for _ in range(2 if crops else 1)
        )
        self._make_optimisers()

    def _make_optimisers(self) -> None:
        # The mask head learns in a stage of its own, from a segmentation network.
        self.generator.to_mask.requires_grad_(False)
        if not self.settings.mapping:
            self._leave_out_mapping()
        rate = self.settings.learning_rate
        self.generator_optimiser = torch.optim.Adam(
            [p for p in self.generator.parameters() if p.requires_grad], rate, (0.0, 0.99)
        )
        self._judged = [p for p in self.judges.parameters() if p.requires_grad]
        self.judge_optimiser = torch.optim.Adam(self._judged, self.settings.judges_learning_rate, (0.0, 0.99))

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
                features = self.backbone.features(self._augmented(self._whole(batch.images)))
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
            corner = tuple(torch.randint(32, 97, (2,), generator=self.rng).tolist())
            fake_features = [self._features(view) for view in self._views(fake, corner)]
        with torch.no_grad():
            real_features = [self._features(view) for view in self._views(batch.images, corner)]

        loss, right, wrong = self._judge_loss(real_features, fake_features, batch)
        self.judge_optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        self.judge_optimiser.step()

        self._judges_learn(False)
        realism = torch.stack([-logits.mean() for logits in self._judge(fake_features, batch)]).sum()
        guide = F.cross_entropy(
            self.guide(fake_features[0]).float(), batch.labels, label_smoothing=self.settings.guide_smoothing
        )
        lines = self._lines(fake)
        if not waits:
            self.generator_optimiser.zero_grad(set_to_none=True)
            weighted = self.settings.guide_weight * guide + self.settings.line_weight * lines
            (realism + weighted).backward()  # type: ignore[no-untyped-call]
            self.generator_optimiser.step()
            self._follow()
        self._judges_learn(True)
        self.images_seen += count
        return StepFigures(loss.item(), realism.item(), guide.item(), lines.item(), right, wrong)

    def _lines(self, fake: Tensor) -> Tensor:
        """Straight lines; of coarser pictures they cannot be told from the borders of lesions."""
        return straight_lines(fake) if fake.shape[-1] > CROP_SIDE else fake.new_zeros(())

    def _judges_learn(self, learn: bool) -> None:
        for parameter in self._judged:
            parameter.requires_grad_(learn)

    def _features(self, view: Tensor) -> list[Tensor]:
        return self.backbone.features(self._augmented(view))

    def _augmented(self, view: Tensor) -> Tensor:
        return augment(view, self.settings.augmentations, self.rng)

    def _whole(self, images: Tensor) -> Tensor:
        side = self.settings.judged_side
        return images if images.shape[-1] <= side else F.interpolate(images, (side, side), mode="area")

    def _views(self, images: Tensor, corner: tuple[int, ...]) -> list[Tensor]:
        views = [self._whole(images)]
        if len(self.judges) > 1:
            y, x = corner
            views.append(images[..., y : y + CROP_SIDE, x : x + CROP_SIDE])
        return views

    def _judge(self, features: list[list[Tensor]], batch: Batch) -> list[Tensor]:
        return [
            judge(maps, batch.labels, batch.place).float()
            for judge, maps in zip(self.judges, features, strict=True)
        ]

    def _judge_loss(
        self, real: list[list[Tensor]], fake: list[list[Tensor]], batch: Batch
    ) -> tuple[Tensor, float, float]:
        real_logits = self._judge(real, batch)
        fake_logits = self._judge([[maps.detach() for maps in view] for view in fake], batch)
        terms = [F.relu(1 - logits).mean() for logits in real_logits]
        terms += [F.relu(1 + logits).mean() for logits in fake_logits]
        right = float((real_logits[0] > 0).float().mean())
        return torch.stack(terms).sum(), right, float((fake_logits[0] < 0).float().mean())

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
        old, old_average, judge = self.generator, self.average, self.judges[0]
        stage = old.config.resolution // NetworkConfig(CLASSES).resolution
        channels = self.settings.grown_channels[stage.bit_length() - 1]
        self._build(old.config.grown(channels))
        for new, former in ((self.generator, old), (self.average, old_average)):
            new.load_state_dict(former.state_dict(), strict=False)
            newest = new.to_rgb[str(new.config.resolution)]
            nn.init.normal_(newest.weight, std=0.02)  # type: ignore[arg-type]
            nn.init.zeros_(newest.bias)  # type: ignore[arg-type]
        for copy_ in self.judges:
            copy_.load_state_dict(judge.state_dict())
        self.stage_began = self.images_seen

    def tensors(self) -> dict[str, Tensor]:
        """Everything a checkpoint needs that is a tensor."""
        return {
            **module_tensors("generator", self.generator),
            **module_tensors("average", self.average),
            **module_tensors("judges", self.judges),
            **module_tensors("guide", self.guide),
            **optimiser_tensors("generator_optimiser", self.generator_optimiser),
            **optimiser_tensors("judge_optimiser", self.judge_optimiser),
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
        }

    def restore(self, tensors: dict[str, Tensor], state: dict[str, Any]) -> None:
        """Continue where ``tensors`` and ``state`` left off."""
        self._build(NetworkConfig.from_json(state["network"]))
        self.images_seen, self.stage_began = state["images_seen"], state["stage_began"]
        self.waits_until = state["waits_until"]
        restore_module("generator", self.generator, tensors)
        restore_module("average", self.average, tensors)
        restore_module("judges", self.judges, tensors)
        restore_module("guide", self.guide, tensors)
        restore_optimiser("generator_optimiser", self.generator_optimiser, tensors)
        restore_optimiser("judge_optimiser", self.judge_optimiser, tensors)
        self.guide.requires_grad_(False)
        self.rng.set_state(tensors["rng"])


def _long_ago(settings: Settings) -> int:
    """So many images before now, for the average to have its whole half-life."""
    return round(settings.ema_thousands * 1000 / _AVERAGED_SHARE)


def _channels_last(module: Module) -> Module:
    return module.to(memory_format=torch.channels_last)  # type: ignore[call-overload,no-any-return]
