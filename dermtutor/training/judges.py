"""The discriminators of a run: what they see, how they learn, and when others take their place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from dermtutor.generation.networks import NetworkConfig
from dermtutor.training.augment import augment
from dermtutor.training.backbone import EfficientNetLite
from dermtutor.training.discriminator import Discriminator
from dermtutor.training.sampling import Batch
from dermtutor.training.settings import Settings

FINE_SIDE = 128
"""Pictures above this side are also judged at full resolution."""

Views = list[list[Tensor]]
"""Feature maps at four scales of each view of a batch."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The discriminators' loss, and the shares of real and of generated images judged rightly; one number each."""

    loss: Tensor
    real_right: Tensor
    fake_right: Tensor


class Judges:
    """Discriminators for whole pictures and, of large ones, others for squares of them, on frozen features.

    ``images_seen`` is how many images the run has seen; every random draw of a step comes from ``rng``.
    """

    def __init__(
        self,
        backbone: EfficientNetLite,
        network: NetworkConfig,
        settings: Settings,
        rng: torch.Generator,
        images_seen: int,
    ) -> None:
        self._backbone, self._network, self._settings, self._rng = backbone, network, settings, rng
        self.since = images_seen
        self._make()

    def _make(self) -> None:
        """Discriminators with random mixtures of the features: all of the first view, then all of the second."""
        self._views = 2 if self._settings.crop_side and self._network.resolution > FINE_SIDE else 1
        count = self._views * self._settings.judge_mixtures
        self.networks = nn.ModuleList(self._discriminator() for _ in range(count))
        self._learning = [each for each in self.networks.parameters() if each.requires_grad]
        self.optimiser = optimiser_of(self._learning, self._settings.judges_learning_rate)

    def _discriminator(self) -> nn.Module:
        made = Discriminator(
            len(self._network.classes),
            self._network.place_size,
            self._backbone.feature_channels,
            self._settings.group_deviations,
        )
        return made.to(self._rng.device, memory_format=torch.channels_last)  # type: ignore[call-overload,no-any-return]

    def due(self, images_seen: int) -> bool:
        """Whether others are to take their place."""
        return 0 < self._settings.judges_last <= images_seen - self.since

    def renew(self, images_seen: int) -> None:
        """Discriminators that see what these have overlooked.

        Their draw depends on what was seen alone, so a resumed run makes the same ones.
        """
        self.since = images_seen
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(self._settings.seed + images_seen)
            self._make()

    def take_after(self, former: Judges) -> None:
        """Know what the former ones' judges of whole pictures had learned."""
        mixtures = self._settings.judge_mixtures
        for i, each in enumerate(self.networks):
            each.load_state_dict(former.networks[i % mixtures].state_dict())

    def corner(self) -> Tensor:
        """(2,) where this step's squares begin: not in the outermost quarter of the places that there are."""
        room = max(self._network.resolution - self._settings.crop_side, 0)
        margin = room // 4
        return torch.randint(margin, room - margin + 1, (2,), generator=self._rng, device=self._rng.device)

    def views(self, images: Tensor, corner: Tensor) -> Views:
        """Features of augmented views of images (N, 3, R, R): whole, and where squares are judged the square."""
        seen = [self.whole(images)]
        if self._views > 1:
            seen.append(self._square(images, corner))
        return [self._backbone.features(self.augmented(view)) for view in seen]

    def whole(self, images: Tensor) -> Tensor:
        """Images at no more than the side that is judged."""
        side = self._settings.judged_side
        return images if images.shape[-1] <= side else F.interpolate(images, (side, side), mode="area")

    def _square(self, images: Tensor, corner: Tensor) -> Tensor:
        side = self._settings.crop_side
        if side >= images.shape[-1]:
            return images
        y, x = corner[:, None] + torch.arange(side, device=images.device)
        return images.index_select(2, y).index_select(3, x)

    def augmented(self, images: Tensor) -> Tensor:
        """Images as the discriminators see them."""
        return augment(images, self._settings.augmentations, self._rng)

    def learn(self, real: Views, fake: Views, batch: Batch) -> Verdict:
        """One step of the hinge loss."""
        real_logits = self._logits(real, batch)
        fake_logits = self._logits([[maps.detach() for maps in view] for view in fake], batch)
        terms = [F.relu(1 - logits).mean() for logits in real_logits]
        terms += [F.relu(1 + logits).mean() for logits in fake_logits]
        loss = torch.stack(terms).sum() / self._settings.judge_mixtures
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimiser.step()
        right = [(logits.detach() > 0).float().mean() for logits in (real_logits[0], -fake_logits[0])]
        return Verdict(loss.detach(), *right)

    def unrealism(self, fake: Views, batch: Batch) -> Tensor:
        """The generator's loss: how little its images are taken for real."""
        terms = [-logits.mean() for logits in self._logits(fake, batch)]
        return torch.stack(terms).sum() / self._settings.judge_mixtures

    @contextmanager
    def held(self) -> Iterator[None]:
        """Within, gradients pass through but nothing of theirs is learned."""
        for parameter in self._learning:
            parameter.requires_grad_(False)
        try:
            yield
        finally:
            for parameter in self._learning:
                parameter.requires_grad_(True)

    def _logits(self, views: Views, batch: Batch) -> list[Tensor]:
        mixtures = self._settings.judge_mixtures
        return [
            judge(views[i // mixtures], batch.labels, batch.place).float()
            for i, judge in enumerate(self.networks)
        ]


def optimiser_of(learning: list[nn.Parameter], rate: float) -> torch.optim.Adam:
    """Adam for adversarial training; on a GPU in one kernel, which may be recorded."""
    on_gpu = learning[0].device.type == "cuda"
    return torch.optim.Adam(learning, rate, (0.0, 0.99), fused=on_gpu or None, capturable=on_gpu)
