"""Putting a disease onto a photograph of healthy skin: plans, images, and the case that comes of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from dermtutor.domain.case_sets import Photograph
from dermtutor.domain.cases import CaseSpec, Source
from dermtutor.domain.conditions import HEALTHY_SKIN, Catalogue, Condition
from dermtutor.domain.records import CaseRecord
from dermtutor.domain.transfer import EVERYWHERE, SIZES, Placement, Region, RegionKind, TransferPlan
from dermtutor.errors import UserError
from dermtutor.services.encoding import EncodedCase, encode_transfer
from dermtutor.services.photographs import PhotographFile, read_photograph
from dermtutor.services.ports import CancelToken, Progress
from dermtutor.skin.scales import MonkTone

_ROOM: Final = 1.1
"""A patch is larger than its region by this, so that the region ends a lesion, not the patch."""

Masks = Mapping[str, NDArray[np.uint8]]
"""The masks that regions name, (H, W) uint8, by their SHA-256."""


@dataclass(frozen=True, slots=True)
class MeasuredTone:
    """The tone of a photograph's skin: ITA in degrees, and 10th and 90th percentile over parts of the photograph.

    ``nearest`` is the Monk tone whose photographed colour is nearest, ``darkest`` and ``lightest`` those of the two
    percentiles; ``skin_share`` the share of the photograph that was taken for skin.
    """

    ita: float
    ita_low: float
    ita_high: float
    nearest: MonkTone
    darkest: MonkTone
    lightest: MonkTone
    skin_share: float

    @property
    def in_words(self) -> str:
        """The measurement with its scale and what it does not say."""
        if self.darkest == self.lightest:
            tones = f"about {self.nearest}"
        else:
            tones = f"about Monk {self.lightest.value} to {self.darkest.value}"
        return (
            f"ITA {self.ita:.0f}° (parts of the photograph {self.ita_low:.0f}° to {self.ita_high:.0f}°), {tones}. "
            "Light and camera shift it by an unknown amount."
        )


@dataclass(frozen=True, slots=True, eq=False)
class Transferred:
    """A photograph with its lesions. ``image`` (H, W, 3) uint8 sRGB, ``mask`` (H, W) uint8 over all lesions.

    ``source`` is what the lesions were laid on: the photograph's pixels, or those on another tone. Where the mask is 0
    the image is that, byte for byte. ``tone`` was measured on it. ``weights`` is the SHA-256 of the weights file.
    """

    plan: TransferPlan
    image: NDArray[np.uint8]
    mask: NDArray[np.uint8]
    source: NDArray[np.uint8]
    tone: MeasuredTone
    weights: str
    seconds: float

    @property
    def changed_pixels(self) -> int:
        """How many pixels differ from the source."""
        return int(np.count_nonzero((self.image != self.source).any(axis=-1)))

    @property
    def outside_max_difference(self) -> int:
        """The largest difference from the source outside the mask, in bytes."""
        outside = self.mask == 0
        if not outside.any():
            return 0
        return int(np.abs(self.image[outside].astype(np.int16) - self.source[outside]).max())


class TransferEngine(Protocol):
    """Lays lesions onto photographs. May be called from any one thread at a time."""

    def weights_version(self) -> str:
        """Name and version of the weights."""
        ...

    def recipe_version(self, condition: str) -> str:
        """Version of the recipe of a condition, empty when there is none."""
        ...

    def measure(self, photograph: PhotographFile) -> MeasuredTone:
        """The tone of the photograph's skin."""
        ...

    def best_place(self, photograph: PhotographFile) -> tuple[float, float, float]:
        """The largest even patch of skin: its middle, and its side as a share of the shorter side."""
        ...

    def regions(self, photograph: PhotographFile) -> tuple[str, ...]:
        """Names of the regions of the face. Raises UserError where there is no face."""
        ...

    def face_patterns(self, condition: str) -> tuple[tuple[str, str], ...]:
        """Name and title of the ways in which a condition takes the face; empty when no recipe says."""
        ...

    def face_version(self, condition: str) -> str:
        """Version of the recipe of a condition on the face, empty when there is none."""
        ...

    def shows_face(self, photograph: PhotographFile) -> bool:
        """Whether a face can be seen, as far as faces can be found here."""
        ...

    def extent(
        self, photograph: PhotographFile, region: Region, masks: Masks
    ) -> tuple[float, float, float, float]:
        """The box around a region: left, top, width, height as shares. Raises UserError for one beside it all."""
        ...

    def render(
        self,
        photograph: PhotographFile,
        plan: TransferPlan,
        masks: Masks,
        cancel: CancelToken | None = None,
        progress: Progress | None = None,
    ) -> Transferred:
        """The photograph with the plan's lesions. Raises UserError when the plan does not fit, Cancelled on request."""
        ...


class Transfer:
    """The use case: from a photograph and a plan to an image, its files and its case."""

    def __init__(self, catalogue: Catalogue, build: Callable[[], TransferEngine]) -> None:
        """``build`` makes the engine when it is first needed: few who start the program use photographs."""
        self._catalogue = catalogue
        self._build = build

    @cached_property
    def engine(self) -> TransferEngine:
        """What lays lesions onto photographs."""
        return self._build()

    def open(self, path: Path) -> PhotographFile:
        """The photograph of a file. Raises UserError for anything else."""
        return read_photograph(path)

    def conditions(self) -> tuple[Condition, ...]:
        """The diseases that can be put onto a photograph, by name; own ones as they are now."""
        every = (each for each in self._catalogue.nameable if each.id != HEALTHY_SKIN)
        return tuple(sorted(every, key=lambda each: each.name))

    def placement(
        self, condition: str, seed: int, region: Region = EVERYWHERE, pattern: str = ""
    ) -> Placement:
        """A lesion of a condition, made by the weights or the recipe of now.

        Over the whole face (a face region without parts) a condition that has a recipe for faces is drawn where anatomy
        puts it; ``pattern`` names the way, empty the first. Raises UserError for an unknown condition or pattern, and
        for one that is only drawn on faces when another region is asked for.
        """
        patterns = dict(self.engine.face_patterns(condition))
        if patterns and region.kind is RegionKind.FACE and not region.parts:
            if pattern and pattern not in patterns:
                raise UserError(
                    f"{condition} takes the face in no way called {pattern!r}; there are {_listed(patterns)}."
                )
            return Placement(
                condition,
                Source.RECIPE,
                seed,
                region=region,
                weights_version=self.engine.weights_version(),
                recipe_version=self.engine.face_version(condition),
                pattern=pattern or next(iter(patterns)),
            )
        for each in self._catalogue.on_faces:
            if each.id == condition:
                raise UserError(
                    f"{each.name} is only drawn on faces; choose a photograph of a face and the region face."
                )
        source = self._catalogue.get(condition).image_source
        drawn = source is Source.RECIPE
        return Placement(
            condition,
            source,
            seed,
            region=region,
            weights_version=self.engine.weights_version(),
            recipe_version=self.engine.recipe_version(condition) if drawn else "",
        )

    def placed(
        self, photograph: PhotographFile, placement: Placement, masks: Masks | None = None
    ) -> Placement:
        """The lesion over its region; without one, on the largest even patch of skin."""
        if placement.region == EVERYWHERE:
            x, y, side = self.engine.best_place(photograph)
            return replace(placement, x=x, y=y, size=_bounded(side))
        left, top, width, height = self.engine.extent(photograph, placement.region, masks or {})
        side = max(width * photograph.width, height * photograph.height)
        size = _bounded(_ROOM * side / min(photograph.width, photograph.height))
        return replace(placement, x=left + width / 2, y=top + height / 2, size=size)

    def render(
        self,
        photograph: PhotographFile,
        plan: TransferPlan,
        masks: Masks | None = None,
        cancel: CancelToken | None = None,
        progress: Progress | None = None,
    ) -> Transferred:
        """The photograph with the plan's lesions, at the photograph's resolution.

        Raises UserError when the plan is another photograph's, names no permission, or cannot be drawn any more.
        """
        if plan.photograph.sha != photograph.sha:
            raise UserError("This plan was made for another photograph; choose the one it belongs to.")
        if not plan.photograph.permission.strip():
            raise UserError("Say who permits the use of this photograph before anything is made from it.")
        if not plan.placements and plan.tone is None:
            raise UserError("Nothing is placed yet; choose a condition and where it lies on the photograph.")
        return self.engine.render(photograph, plan, masks or {}, cancel, progress)

    def encoded(self, made: Transferred) -> EncodedCase:
        """The PNG files of the image and its mask, with their provenance."""
        return encode_transfer(made.image, made.mask, spec_of(made), made.plan, made.weights, made.tone.ita)

    def case(
        self, made: Transferred, keep: Callable[[bytes], str], now: datetime
    ) -> tuple[CaseRecord, Photograph]:
        """The case of an image, ready for a case set; ``keep`` keeps a file and returns its SHA-256."""
        files = self.encoded(made)
        record = CaseRecord(
            spec=spec_of(made),
            image_sha=keep(files.png),
            mask_sha=keep(files.mask_png),
            requested_ita=made.tone.ita,
            measured_ita=made.tone.ita,
            flags=(),
            weights=made.weights,
            reviewed=False,
            created_at=now,
        )
        return record, made.plan.photograph


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


def _bounded(size: float) -> float:
    return min(max(size, SIZES[0]), SIZES[1])


def spec_of(made: Transferred) -> CaseSpec:
    """The spec of a transfer's case: its first lesion is the diagnosis, its origin the plan."""
    plan = made.plan
    tone = plan.tone or made.tone.nearest
    size = max(plan.width, plan.height)
    if not plan.placements:  # the person on another tone, without a disease
        return CaseSpec(HEALTHY_SKIN, tone, 0, Source.TRANSFER, size=size, origin=plan.plan_id)
    first = plan.placements[0]
    return CaseSpec(
        condition=first.condition,
        tone=tone,
        seed=first.seed,
        source=Source.TRANSFER,
        severity=first.severity,
        size=size,
        weights_version=first.weights_version,
        recipe_version=first.recipe_version,
        origin=plan.plan_id,
    )
