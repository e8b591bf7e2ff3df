"""The images of a data set, as jobs: conditions on tones, or conditions on photographs of healthy skin.

What an image looks like is drawn from the data set's seed and the image's name alone, so that a run that was stopped
goes on with the same images.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

from dermtutor.domain.case_sets import Photograph
from dermtutor.domain.cases import CaseSpec
from dermtutor.domain.conditions import Catalogue
from dermtutor.domain.transfer import SIZES, Placement, Region, RegionKind, TransferPlan
from dermtutor.errors import UserError
from dermtutor.services.case_supply import as_installed
from dermtutor.services.dataset import IMAGES, MASKS, Job, Row, chance
from dermtutor.services.encoding import EncodedCase, encode_case
from dermtutor.services.photographs import SUFFIXES, PhotographFile, shrunk
from dermtutor.services.ports import CaseGenerator
from dermtutor.services.transfer import Transfer, spec_of
from dermtutor.skin.scales import MonkTone

_SEVERITIES: Final = (0.2, 0.8)
_SIZES: Final = (0.55, 1.0)
"""Sizes of a lesion on a photograph, as shares of the room there is for it."""


@dataclass(frozen=True, slots=True)
class GeneratedImages:
    """``per_cell`` images without a photograph for every condition on every tone, of ``size`` pixels a side."""

    catalogue: Catalogue
    generator: CaseGenerator
    conditions: Sequence[str]
    tones: Sequence[MonkTone]
    per_cell: int
    seed: int
    size: int

    def jobs(self) -> Iterator[Job]:
        """One image after another. Raises UserError, as each job does, for an unknown condition."""
        for condition in self.conditions:
            for tone in self.tones:
                for number in range(self.per_cell):
                    name = f"{condition}-monk-{tone.value:02d}-{number:05d}"
                    yield Job(name, partial(self._made, name, condition, tone))

    def _made(self, name: str, condition: str, tone: MonkTone) -> tuple[Row, EncodedCase]:
        seed = chance(self.seed, name)
        severity = round(random.Random(seed).uniform(*_SEVERITIES), 3)
        source = self.catalogue.get(condition).image_source
        spec = CaseSpec(condition, tone, seed, source, severity=severity, size=self.size)
        case = self.generator.generate(as_installed(spec, self.generator))
        return _row(name, case.spec, f"{case.requested_ita:.2f}", case.measured_ita), encode_case(case)


@dataclass(frozen=True, slots=True)
class FoundPhotographs:
    """The photographs of a folder: file and whether it shows a face, by SHA-256; a sentence for each left out."""

    usable: Mapping[str, tuple[Path, bool]]
    left_out: tuple[str, ...]


def find_photographs(transfer: Transfer, folder: Path, longest: int, may_leave: bool) -> FoundPhotographs:
    """The photographs of a folder that can be used; one with a face only where it ``may_leave``.

    Raises UserError when there is none.
    """
    usable: dict[str, tuple[Path, bool]] = {}
    left_out: list[str] = []
    for file in sorted(folder.iterdir()):
        if file.suffix.lower() not in SUFFIXES:
            continue
        try:
            photograph = shrunk(transfer.open(file), longest)
        except UserError as problem:
            left_out.append(str(problem))
            continue
        face = transfer.engine.shows_face(photograph)
        if face and not may_leave:
            left_out.append(f"{file.name} shows a face; give --may-leave when the permission covers that.")
            continue
        usable[photograph.sha] = (file, face)
    if not usable:
        raise UserError(
            f"{folder} holds no photograph that can be used; choose a folder of JPEG, PNG or HEIC files."
        )
    return FoundPhotographs(usable, tuple(left_out))


@dataclass(frozen=True, slots=True)
class TransferredImages:
    """``per_cell`` images for every condition on every photograph that can show it.

    Photographs are shrunk to ``longest`` pixels; ``permission`` says who permits their use, ``may_leave`` whether that
    covers faces.
    """

    transfer: Transfer
    catalogue: Catalogue
    photographs: Mapping[str, tuple[Path, bool]]
    conditions: Sequence[str]
    per_cell: int
    seed: int
    permission: str
    may_leave: bool
    longest: int

    def jobs(self) -> Iterator[Job]:
        """One image after another; none where only faces show the conditions and no photograph shows one."""
        only_faces = {each.id for each in self.catalogue.on_faces}
        for sha, (file, face) in sorted(self.photographs.items()):
            for condition in self.conditions:
                if not face and condition in only_faces:
                    continue
                for number in range(self.per_cell):
                    name = f"{condition}-{sha[:12]}-{number:05d}"
                    yield Job(name, partial(self._made, name, condition, sha, file, face))

    def _made(self, name: str, condition: str, sha: str, file: Path, face: bool) -> tuple[Row, EncodedCase]:
        photograph = shrunk(self.transfer.open(file), self.longest)
        if photograph.sha != sha:
            raise UserError(f"{file} changed meanwhile; start the data set anew.")
        permitted = Photograph(sha, self.permission, face=face, may_leave=self.may_leave or not face)
        lesion = self._lesion(photograph, condition, chance(self.seed, name), face)
        plan = TransferPlan(permitted, photograph.width, photograph.height, (lesion,))
        made = self.transfer.render(photograph, plan)
        row = _row(name, spec_of(made), "", made.tone.ita)
        return replace(row, photograph=sha, plan=plan.plan_id), self.transfer.encoded(made)

    def _lesion(self, photograph: PhotographFile, condition: str, seed: int, face: bool) -> Placement:
        """A lesion as the seed draws it: on a face where anatomy puts it, else on the largest even patch of skin."""
        dice = random.Random(seed)
        patterns = self.transfer.engine.face_patterns(condition) if face else ()
        if not patterns:
            return _somewhere(
                dice, self.transfer.placed(photograph, self.transfer.placement(condition, seed)), photograph
            )
        pattern = dice.choice([name for name, _ in patterns])
        on_face = self.transfer.placement(condition, seed, Region(RegionKind.FACE), pattern)
        return replace(self.transfer.placed(photograph, on_face), severity=_severity(dice))


def _somewhere(dice: random.Random, room: Placement, photograph: PhotographFile) -> Placement:
    """A lesion of some size, severity and turn within the patch that has ``room`` for it."""
    size = max(room.size * dice.uniform(*_SIZES), SIZES[0])
    play = (room.size - size) / 2 * min(photograph.width, photograph.height)
    return replace(
        room,
        x=_share(room.x + dice.uniform(-play, play) / photograph.width),
        y=_share(room.y + dice.uniform(-play, play) / photograph.height),
        size=round(size, 4),
        severity=_severity(dice),
        rotation=round(dice.uniform(0, 360), 1),
        mirrored=dice.random() < 0.5,
    )


def _severity(dice: random.Random) -> float:
    return round(dice.uniform(*_SEVERITIES), 3)


def _share(value: float) -> float:
    return round(min(max(value, 0.0), 1.0), 5)


def _row(name: str, spec: CaseSpec, ita_requested: str, ita_measured: float) -> Row:
    return Row(
        image=f"{IMAGES}/{name}.png",
        mask=f"{MASKS}/{name}.png",
        condition=spec.condition,
        source=spec.source.value,
        tone_monk=str(spec.tone.value),
        ita_requested=ita_requested,
        ita_measured=f"{ita_measured:.2f}",
        site=spec.site,
        severity=f"{spec.severity:g}",
        seed=str(spec.seed),
        spec_id=spec.spec_id,
    )
