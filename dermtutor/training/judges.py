"""The discriminators of a run: what they see, how they learn, and when others take their place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from dermtutor.generation.networks import NetworkConfig
from dermtutor.training.augment import augment
from dermtutor.training.backbone import EfficientNetLite
from dermtutor.training.discriminator import Discriminator
from dermtutor.training.sampling import Batch
from dermtutor.training.settings import Settings

CROP_SIDE = 128
"""Pictures above this side are also judged by a crop of it at full resolution."""

_CORNERS = (32, 97)
"""Where the crop of a picture of 256 px may begin."""

Views = list[list[Tensor]]
"""Feature maps at four scales of each view of a batch."""


class Judges:
    """One discriminator for whole pictures and, of large ones, one for crops, on frozen features.

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
        """Discriminators with random mixtures of the features."""
        crops = self._settings.crop_judge and self._network.resolution > CROP_SIDE
        self.networks = nn.ModuleList(self._discriminator() for _ in range(2 if crops else 1))
        self._learning = [each for each in self.networks.parameters() if each.requires_grad]
        rate = self._settings.judges_learning_rate
        self.optimiser = torch.optim.Adam(self._learning, rate, (0.0, 0.99))

    def _discriminator(self) -> nn.Module:
        made = Discriminator(
            len(self._network.classes),
            self._network.place_size,
            self._backbone.feature_channels,
            self._settings.group_deviations,
        )
        return made.to(memory_format=torch.channels_last)  # type: ignore[call-overload,no-any-return]

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
        """Know what the former ones' judge of whole pictures had learned."""
        for each in self.networks:
            each.load_state_dict(former.networks[0].state_dict())

    def corner(self) -> tuple[int, int]:
        """Where this step's crops begin."""
        y, x = torch.randint(*_CORNERS, (2,), generator=self._rng).tolist()
        return y, x

    def views(self, images: Tensor, corner: tuple[int, int]) -> Views:
        """Features of augmented views of images (N, 3, R, R): whole, and where crops are judged the crop."""
        seen = [self.whole(images)]
        if len(self.networks) > 1:
            y, x = corner
            seen.append(images[..., y : y + CROP_SIDE, x : x + CROP_SIDE])
        return [self._backbone.features(self.augmented(view)) for view in seen]

    def whole(self, images: Tensor) -> Tensor:
        """Images at no more than the side that is judged."""
        side = self._settings.judged_side
        return images if images.shape[-1] <= side else F.interpolate(images, (side, side), mode="area")

    def augmented(self, images: Tensor) -> Tensor:
        """Images as the discriminators see them."""
        return augment(images, self._settings.augmentations, self._rng)

    def learn(self, real: Views, fake: Views, batch: Batch) -> tuple[float, float, float]:
        """One step of the hinge loss: the loss, and the shares of real and of generated images judged rightly."""
        real_logits = self._logits(real, batch)
        fake_logits = self._logits([[maps.detach() for maps in view] for view in fake], batch)
        terms = [F.relu(1 - logits).mean() for logits in real_logits]
        terms += [F.relu(1 + logits).mean() for logits in fake_logits]
        loss = torch.stack(terms).sum()
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimiser.step()
        right = float((real_logits[0] > 0).float().mean())
        return loss.item(), right, float((fake_logits[0] < 0).float().mean())

    def unrealism(self, fake: Views, batch: Batch) -> Tensor:
        """The generator's loss: how little its images are taken for real."""
        return torch.stack([-logits.mean() for logits in self._logits(fake, batch)]).sum()

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
        return [
            judge(maps, batch.labels, batch.place).float()
            for judge, maps in zip(self.networks, views, strict=True)
        ]
