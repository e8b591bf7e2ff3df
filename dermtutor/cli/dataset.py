"""``dermtutor dataset``: images, masks and a table to train algorithms with."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict, Unpack

import click

from dermtutor.bootstrap import open_generator, open_transfer
from dermtutor.bootstrap.lazy_generator import Generation
from dermtutor.cli.cases import device_option, open_conditions
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
from dermtutor.domain.conditions import Catalogue, Condition
from dermtutor.errors import UserError
from dermtutor.services.dataset import DataSet, Job, Made, Row, data_card
from dermtutor.services.dataset_jobs import GeneratedImages, TransferredImages, find_photographs
from dermtutor.services.ports import CaseGenerator
from dermtutor.skin.scales import MonkTone

FOLDER = click.Path(file_okay=False, path_type=Path)


class _Options(TypedDict):
    """The options that decide the images."""

    conditions: str
    tones: tuple[MonkTone, ...]
    per_cell: int
    permission: str | None
    may_leave: bool
    seed: int
    size: int
    longest: int


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the options ask for: the request as the folder keeps it, its images, and a sentence for each photograph
    that cannot be used.
    """

    request: Mapping[str, object]
    jobs: tuple[Job, ...]
    permission: str = ""
    left_out: tuple[str, ...] = ()


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
    out: Path,
    resume: bool,
    photos: Path | None,
    device: str,
    as_json: bool,
    **options: Unpack[_Options],
) -> None:
    """Make a labelled data set of synthetic images with masks. It can be stopped with Ctrl-C and gone on with."""
    catalogue, own = open_conditions(context)
    generator = open_generator(device, own)
    asked = (
        _generated(catalogue, generator, options)
        if photos is None
        else _transferred(catalogue, generator, photos, options)
    )
    for each in asked.left_out:
        click.echo(each, err=True)
    expect(bool(asked.jobs), "Only faces show these diseases, and no photograph shows one; add a portrait.")
    started = time.perf_counter()
    made = _make(asked, DataSet(out, asked.request), resume, generator.weights_version())
    seconds = time.perf_counter() - started
    figures = {
        "images": made.total,
        "new": made.new,
        "seconds": round(seconds, 2),
        "images_per_second": round(made.new / seconds, 2),
        "device": generator.device_name() if made.new else "none needed",
        "left_out": len(asked.left_out),
    }
    told = f"{out}: {made.total} images, {made.new} of them new, in {seconds:.0f} s"
    answer(as_json, figures, told)


def _generated(catalogue: Catalogue, generator: CaseGenerator, options: _Options) -> _Asked:
    """Every condition on every tone."""
    named = _conditions(catalogue, catalogue.quizzable(), options["conditions"])
    tones, size = options["tones"], options["size"]
    images = GeneratedImages(catalogue, generator, named, tones, options["per_cell"], options["seed"], size)
    request = _request(named, generator, options) | {"tones": [tone.value for tone in tones], "size": size}
    return _Asked(request, tuple(images.jobs()))


def _transferred(catalogue: Catalogue, generator: Generation, folder: Path, options: _Options) -> _Asked:
    """Every condition on every photograph of a folder."""
    named = _conditions(catalogue, catalogue.nameable, options["conditions"])
    permission, longest = options["permission"], options["longest"]
    if permission is None or not permission.strip():
        raise UserError("Say with --permission who permits the use of the photographs.")
    transfer = open_transfer(catalogue, generator)
    found = find_photographs(transfer, folder, longest, options["may_leave"])
    images = TransferredImages(
        transfer, catalogue, found.usable, named, options["per_cell"], options["seed"], permission,
        options["may_leave"], longest,
    )  # fmt: skip
    request = _request(named, generator, options) | {
        "photographs": sorted(found.usable),
        "longest": longest,
        "permission": permission,
    }
    return _Asked(request, tuple(images.jobs()), permission, found.left_out)


def _request(named: Sequence[str], generator: CaseGenerator, options: _Options) -> dict[str, object]:
    """What decides the images of any data set."""
    return {
        "conditions": named,
        "per_cell": options["per_cell"],
        "seed": options["seed"],
        "weights": generator.weights_version(),
    }


def _make(asked: _Asked, target: DataSet, resume: bool, weights: str) -> Made:
    def card(rows: Sequence[Row]) -> str:
        return data_card(rows, weights, asked.permission, asked.left_out)

    try:
        with progress_bar("making images") as progress:
            return target.make(asked.jobs, resume, card, progress=progress)
    except KeyboardInterrupt:
        raise UserError("Stopped; the same command with --resume goes on where it was.") from None


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
