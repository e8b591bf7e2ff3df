"""``dermtutor dataset``: images, masks and a table to train algorithms with."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click

from dermtutor.bootstrap import open_generator, open_transfer
from dermtutor.cli.cases import device_option, open_conditions, wanted_spec
from dermtutor.cli.common import (
    MAX_SEED,
    Context,
    MonkTonesType,
    answer,
    expect,
    json_option,
    pass_context,
    progress_bar,
)
from dermtutor.domain.case_sets import Photograph
from dermtutor.domain.conditions import Catalogue, Condition
from dermtutor.domain.transfer import SIZES, Region, RegionKind, TransferPlan
from dermtutor.errors import UserError
from dermtutor.services.dataset import IMAGES, MASKS, DataSet, Job, Row, chance, data_card
from dermtutor.services.encoding import EncodedCase, encode_case
from dermtutor.services.photographs import SUFFIXES, PhotographFile, shrunk
from dermtutor.services.ports import CaseGenerator
from dermtutor.services.transfer import Transfer, spec_of
from dermtutor.skin.scales import MonkTone

FOLDER = click.Path(file_okay=False, path_type=Path)
_SEVERITIES = (0.2, 0.8)


@click.command()
@click.option("--conditions", required=True, metavar="A,B", help="Ids, or all, or learned.")
@click.option(
    "--tones", type=MonkTonesType(), default="1-10", show_default=True, help="Such as 1,4,7 or 1-10."
)
@click.option(
    "--per-cell", type=click.IntRange(1, 100_000), default=10, show_default=True,
    help="Images for each condition and tone, or condition and photograph.",
)  # fmt: skip
@click.option("--out", type=FOLDER, required=True, help="Folder for the data set.")
@click.option("--resume", is_flag=True, help="Go on where a run was stopped.")
@click.option("--photos", type=click.Path(file_okay=False, exists=True, path_type=Path),
              help="Put the conditions onto the photographs of healthy skin in this folder.")  # fmt: skip
@click.option("--permission", help="With --photos: who permits their use.")
@click.option("--may-leave", is_flag=True, help="The permission covers photographs that show a face.")
@click.option("--seed", type=click.IntRange(0, MAX_SEED), default=0, show_default=True, help="Which images.")
@click.option("--size", type=click.IntRange(64, 1024), default=256, show_default=True, help="Side in pixels.")
@click.option(
    "--longest", type=click.IntRange(128, 8000), default=1024, show_default=True,
    help="With --photos: longest side, to which larger photographs are shrunk.",
)  # fmt: skip
@device_option
@json_option
@pass_context
def dataset(
    context: Context,
    conditions: str,
    tones: tuple[MonkTone, ...],
    per_cell: int,
    out: Path,
    resume: bool,
    photos: Path | None,
    permission: str | None,
    may_leave: bool,
    seed: int,
    size: int,
    longest: int,
    device: str,
    as_json: bool,
) -> None:
    """Make a labelled data set of synthetic images with masks. It can be stopped with Ctrl-C and gone on with."""
    catalogue, own = open_conditions(context)
    named = _conditions(
        catalogue, catalogue.quizzable() if photos is None else catalogue.nameable, conditions
    )
    generator = open_generator(device, own)
    request: dict[str, object] = {"conditions": named, "per_cell": per_cell, "seed": seed}
    left_out: list[str] = []
    if photos is None:
        cells = _Generated(catalogue, generator, named, tones, per_cell, seed, size)
        request |= {"tones": [tone.value for tone in tones], "size": size}
        jobs = list(cells.jobs())
    else:
        expect(
            bool((permission or "").strip()), "Say with --permission who permits the use of the photographs."
        )
        transfer = open_transfer(catalogue, generator)
        found = _photographs(transfer, photos, longest, may_leave, left_out)
        request |= {"photographs": sorted(found), "longest": longest, "permission": permission}
        placed = _Transferred(
            transfer, catalogue, found, named, per_cell, seed, permission or "", may_leave, longest
        )
        jobs = list(placed.jobs())
    for each in left_out:
        click.echo(each, err=True)
    expect(bool(jobs), "Only faces show these diseases, and no photograph shows one; add a portrait.")
    started = time.perf_counter()
    done = DataSet(out, request | {"weights": generator.weights_version()})
    try:
        with progress_bar("making images") as progress:
            made = done.make(
                jobs,
                resume,
                lambda rows: data_card(rows, generator.weights_version(), permission or "", left_out),
                progress=progress,
            )
    except KeyboardInterrupt:
        raise UserError("Stopped; the same command with --resume goes on where it was.") from None
    seconds = time.perf_counter() - started
    figures = {
        "images": made.total,
        "new": made.new,
        "seconds": round(seconds, 2),
        "images_per_second": round(made.new / seconds, 2),
        "device": generator.device_name() if made.new else "none needed",
        "left_out": len(left_out),
    }
    told = f"{out}: {made.total} images, {made.new} of them new, in {seconds:.0f} s"
    answer(as_json, figures, told)


def _conditions(catalogue: Catalogue, every: Sequence[Condition], text: str) -> list[str]:
    """The ids that an option names, of every condition that can be made."""
    if text == "all":
        return [each.id for each in every]
    if text == "learned":
        return [each.id for each in every if each.image_source == "learned"]
    ids = list(dict.fromkeys(each.strip() for each in text.split(",") if each.strip()))
    expect(bool(ids), "Name at least one condition, or all.")
    known = {each.id for each in every}
    return [each if each in known else catalogue.get(each).id for each in ids]


@dataclass(frozen=True, slots=True)
class _Generated:
    """Images without a photograph: every condition on every tone."""

    catalogue: Catalogue
    generator: CaseGenerator
    conditions: Sequence[str]
    tones: Sequence[MonkTone]
    per_cell: int
    seed: int
    size: int

    def jobs(self) -> Iterator[Job]:
        for condition in self.conditions:
            for tone in self.tones:
                for number in range(self.per_cell):
                    name = f"{condition}-monk-{tone.value:02d}-{number:05d}"
                    yield Job(name, self._maker(name, condition, tone))

    def _maker(self, name: str, condition: str, tone: MonkTone) -> Callable[[], tuple[Row, EncodedCase]]:
        def make() -> tuple[Row, EncodedCase]:
            case_seed = chance(self.seed, name)
            spec = wanted_spec(
                self.catalogue, self.generator, condition, tone, seed=case_seed, site="unspecified",
                severity=round(random.Random(case_seed).uniform(*_SEVERITIES), 3), size=self.size,
            )  # fmt: skip
            case = self.generator.generate(spec)
            row = Row(
                f"{IMAGES}/{name}.png", f"{MASKS}/{name}.png", condition, spec.source.value, str(tone.value),
                f"{case.requested_ita:.2f}", f"{case.measured_ita:.2f}", spec.site, f"{spec.severity:g}",
                str(spec.seed), spec.spec_id,
            )  # fmt: skip
            return row, encode_case(case)

        return make


@dataclass(frozen=True, slots=True)
class _Transferred:
    """Every condition on every photograph that can show it."""

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
        for sha, (file, face) in sorted(self.photographs.items()):
            for condition in self.conditions:
                if not face and condition in [each.id for each in self.catalogue.on_faces]:
                    continue
                for number in range(self.per_cell):
                    name = f"{condition}-{sha[:12]}-{number:05d}"
                    yield Job(name, self._maker(name, sha, file, face, condition))

    def _maker(
        self, name: str, sha: str, file: Path, face: bool, condition: str
    ) -> Callable[[], tuple[Row, EncodedCase]]:
        def make() -> tuple[Row, EncodedCase]:
            photograph = shrunk(self.transfer.open(file), self.longest)
            expect(photograph.sha == sha, f"{file} changed meanwhile; start the data set anew.")
            permitted = Photograph(sha, self.permission, face=face, may_leave=self.may_leave or not face)
            plan = self._plan(photograph, condition, chance(self.seed, name), permitted)
            made = self.transfer.render(photograph, plan)
            spec, lesion = spec_of(made), plan.placements[0]
            row = Row(
                f"{IMAGES}/{name}.png", f"{MASKS}/{name}.png", condition, spec.source.value,
                str(spec.tone.value), "", f"{made.tone.ita:.2f}", spec.site, f"{lesion.severity:g}",
                str(lesion.seed), spec.spec_id, sha, plan.plan_id,
            )  # fmt: skip
            return row, self.transfer.encoded(made)

        return make

    def _plan(
        self, photograph: PhotographFile, condition: str, seed: int, permitted: Photograph
    ) -> TransferPlan:
        """A lesion of a size, severity and turn that the seed draws, somewhere on the largest even patch of skin; on a
        face, where anatomy puts the disease.
        """
        dice = random.Random(seed)
        patterns = self.transfer.engine.face_patterns(condition) if permitted.face else ()
        if patterns:
            on_face = self.transfer.placement(
                condition, seed, Region(RegionKind.FACE), dice.choice([name for name, _ in patterns])
            )
            worse = replace(
                self.transfer.placed(photograph, on_face), severity=round(dice.uniform(*_SEVERITIES), 3)
            )
            return TransferPlan(permitted, photograph.width, photograph.height, (worse,))
        placement = self.transfer.placed(photograph, self.transfer.placement(condition, seed))
        size = max(placement.size * dice.uniform(0.55, 1.0), SIZES[0])
        room = (placement.size - size) / 2 * min(photograph.width, photograph.height)
        placement = replace(
            placement,
            x=_share(placement.x + dice.uniform(-room, room) / photograph.width),
            y=_share(placement.y + dice.uniform(-room, room) / photograph.height),
            size=round(size, 4),
            severity=round(dice.uniform(*_SEVERITIES), 3),
            rotation=round(dice.uniform(0, 360), 1),
            mirrored=dice.random() < 0.5,
        )
        return TransferPlan(permitted, photograph.width, photograph.height, (placement,))


def _share(value: float) -> float:
    return round(min(max(value, 0.0), 1.0), 5)


def _photographs(
    transfer: Transfer, folder: Path, longest: int, may_leave: bool, left_out: list[str]
) -> dict[str, tuple[Path, bool]]:
    """The photographs of a folder by their SHA-256, and whether a face can be seen; a sentence for each left out."""
    found: dict[str, tuple[Path, bool]] = {}
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
        found[photograph.sha] = (file, face)
    expect(
        bool(found),
        f"{folder} holds no photograph that can be used; choose a folder of JPEG, PNG or HEIC files.",
    )
    return found
