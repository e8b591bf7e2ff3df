"""``dermtutor transfer``: a disease on a photograph of healthy skin."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import TypedDict, Unpack

import click
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dermtutor.bootstrap import open_generator, open_transfer
from dermtutor.cli.cases import device_option, open_conditions
from dermtutor.cli.common import (
    MAX_SEED,
    Context,
    MonkToneType,
    answer,
    expect,
    json_option,
    pass_context,
    progress_bar,
    write_output,
)
from dermtutor.domain.case_sets import Photograph
from dermtutor.domain.transfer import SIZES, Placement, Region, RegionKind, TransferPlan
from dermtutor.errors import UserError
from dermtutor.services.photographs import PhotographFile, shrunk
from dermtutor.services.transfer import Masks, Transfer, Transferred
from dermtutor.skin.scales import MonkTone

FILE = click.Path(dir_okay=False, path_type=Path)
SHARE = click.FloatRange(0.0, 1.0)


class _Options(TypedDict):
    """The options that describe a lesion and say who permits the photograph."""

    condition: tuple[str, ...]
    region: str
    at: tuple[float, float] | None
    diameter: float | None
    rotation: float
    mirrored: bool
    severity: float
    seed: int
    pattern: str
    tone: MonkTone | None
    permission: str | None
    credit: str
    shows_face: bool
    may_leave: bool


@click.command()
@click.option("--photo", type=FILE, required=True, help="JPEG, PNG or HEIC file of healthy skin.")
@click.option(
    "--condition", multiple=True, metavar="ID", help="As listed by dermtutor conditions; may be repeated."
)
@click.option(
    "--region",
    default="auto",
    show_default=True,
    metavar="WHERE",
    help="auto (the largest even patch of skin), face, x,y,w,h in pixels, or a mask's PNG file.",
)
@click.option(
    "--at", nargs=2, type=SHARE, metavar="X Y", help="Middle of the lesion, 0 to 1 from left and top."
)
@click.option(
    "--diameter", type=click.FloatRange(*SIZES), help="Side of the lesion's patch per shorter side."
)
@click.option("--rotation", type=float, default=0.0, show_default=True, help="Degrees, clockwise.")
@click.option("--mirrored", is_flag=True, help="Mirror the lesion.")
@click.option("--severity", type=SHARE, default=0.5, show_default=True, help="0 to 1.")
@click.option("--seed", type=click.IntRange(0, MAX_SEED), default=0, show_default=True, help="Which lesion.")
@click.option(
    "--pattern", default="", help="On the region face: how the disease takes it [default: the first way]."
)
@click.option("--tone", type=MonkToneType(), help="First bring the person to this Monk tone.")
@click.option("--permission", help="Who permits the use of this photograph.")
@click.option("--credit", default="", help="How its author wants to be named.")
@click.option("--shows-face", is_flag=True, help="A face can be seen: the picture stays out of exports.")
@click.option("--may-leave", is_flag=True, help="The permission covers exports even of a face.")
@click.option(
    "--plan", type=FILE, help="Make what this saved plan says; the options of a lesion are not used."
)
@click.option("--save-plan", type=FILE, help="JSON file to write the plan to.")
@click.option("--out", type=FILE, required=True, help="PNG file to write.")
@click.option("--mask", "mask_out", type=FILE, help="PNG file for the mask: 0 outside, 255 inside.")
@device_option
@json_option
@pass_context
def transfer(
    context: Context,
    photo: Path,
    plan: Path | None,
    save_plan: Path | None,
    out: Path,
    mask_out: Path | None,
    device: str,
    as_json: bool,
    **options: Unpack[_Options],
) -> None:
    """Put a disease onto a photograph of healthy skin. Outside the mask every pixel stays as it is.

    The file that is written says that it is a composite, how it was made, and who permitted the photograph's use.
    """
    catalogue, own = open_conditions(context)
    case = open_transfer(catalogue, open_generator(device, own))
    photograph = case.open(photo)
    where, masks = _region(options["region"], photograph)
    if plan is not None:
        wanted = _saved(plan)
        photograph = shrunk(photograph, max(wanted.width, wanted.height))  # as a data set does
    else:
        wanted = _planned(case, photograph, where, masks, options)
    with progress_bar("transferring") as progress:
        made = case.render(photograph, wanted, masks, progress=progress)
    files = case.encoded(made)
    write_output(out, files.png)
    if mask_out is not None:
        write_output(mask_out, files.mask_png)
    if save_plan is not None:
        write_output(save_plan, wanted.canonical_json().encode())
    answer(as_json, facts(made, photo, out), _told(made, out))


def _planned(
    case: Transfer, photograph: PhotographFile, where: Region, masks: Masks, options: _Options
) -> TransferPlan:
    """The plan that the options describe."""
    conditions, tone, permission = options["condition"], options["tone"], options["permission"] or ""
    expect(bool(conditions) or tone is not None, "Name a disease with --condition, or a tone with --tone.")
    expect(bool(permission.strip()), "Say with --permission who permits the use of this photograph.")
    lesions = []
    for number, condition in enumerate(conditions):
        lesion = case.placement(condition, options["seed"] + number, where, options["pattern"])
        lesions.append(_as_asked(case.placed(photograph, lesion, masks), options))
    face = options["shows_face"] or case.engine.shows_face(photograph)
    may_leave = options["may_leave"] or not face
    permitted = Photograph(photograph.sha, permission, options["credit"], face=face, may_leave=may_leave)
    return TransferPlan(permitted, photograph.width, photograph.height, tuple(lesions), tone)


def _as_asked(lesion: Placement, options: _Options) -> Placement:
    """The lesion with the place, size and turn that the options name."""
    x, y = options["at"] or (lesion.x, lesion.y)
    return replace(
        lesion,
        x=x,
        y=y,
        size=options["diameter"] or lesion.size,
        rotation=options["rotation"] % 360,
        mirrored=options["mirrored"],
        severity=options["severity"],
    )


def _region(text: str, photograph: PhotographFile) -> tuple[Region, dict[str, NDArray[np.uint8]]]:
    """The region that an option names, and the mask it needs."""
    if text == "auto":
        return Region(), {}
    if text == "face":
        return Region(RegionKind.FACE), {}
    if Path(text).suffix.lower() == ".png":
        return _mask(Path(text))
    try:
        left, top, width, height = (float(each) for each in text.split(","))
    except ValueError:
        raise UserError(
            f"{text} is no region; give auto, face, x,y,w,h in pixels, or the PNG file of a mask."
        ) from None
    across, down = photograph.width, photograph.height
    inside = 0 <= left < across and 0 <= top < down and width >= 1 and height >= 1
    expect(
        inside and left + width <= across and top + height <= down,
        f"The region {text} does not lie on the photograph, which has {across} × {down} pixels.",
    )
    box = (left / across, top / down, width / across, height / down)
    return Region(RegionKind.RECTANGLE, box=box), {}


def _mask(file: Path) -> tuple[Region, dict[str, NDArray[np.uint8]]]:
    try:
        content = file.read_bytes()
        with Image.open(file, formats=["PNG"]) as image:
            mask = np.asarray(image.convert("L"))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as problem:
        raise UserError(f"{file} is no mask that can be read; give a PNG file, white inside.") from problem
    sha = hashlib.sha256(content).hexdigest()
    return Region(RegionKind.MASK, mask_sha=sha), {sha: mask}


def _saved(file: Path) -> TransferPlan:
    try:
        return TransferPlan.from_json(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise UserError(f"{file} is no plan of a transfer; give one that --save-plan wrote.") from problem


def facts(made: Transferred, photo: Path, out: Path) -> dict[str, object]:
    """What is known of a transfer, as JSON holds it. Angles in degrees."""
    return {
        "source": str(photo),
        "width": made.plan.width,
        "height": made.plan.height,
        "changed_pixels": made.changed_pixels,
        "outside_max_difference": made.outside_max_difference,
        "seconds": round(made.seconds, 3),
        "file": str(out),
        "photograph": made.plan.photograph.sha,
        "plan": made.plan.plan_id,
        "conditions": [each.condition for each in made.plan.placements],
        "ita_measured": round(made.tone.ita, 1),
        "ita_low": round(made.tone.ita_low, 1),
        "ita_high": round(made.tone.ita_high, 1),
        "tone_nearest": made.tone.nearest.value,
        "tone_requested": None if made.plan.tone is None else made.plan.tone.value,
        "weights": made.weights,
    }


def _told(made: Transferred, out: Path) -> str:
    """A few lines about a transfer for a terminal."""
    names = ", ".join(each.condition for each in made.plan.placements) or "no disease"
    onto = "" if made.plan.tone is None else f" on the person brought to {made.plan.tone}"
    return (
        f"{out}: {names}{onto}, {made.changed_pixels} pixels changed, outside the mask by at most "
        f"{made.outside_max_difference}, {made.seconds:.2f} s\nSkin: {made.tone.in_words}"
    )
