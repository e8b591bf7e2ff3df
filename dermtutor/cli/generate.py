"""``dermtutor generate``: one case image."""

from __future__ import annotations

from pathlib import Path
from typing import Unpack

import click

from dermtutor.cli.cases import CaseOptions, asked_for, case_options, facts, told
from dermtutor.cli.common import (
    Context,
    MonkToneType,
    answer,
    json_option,
    pass_context,
    progress_bar,
    write_output,
)
from dermtutor.services.encoding import encode_case
from dermtutor.skin.scales import MonkTone

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@case_options
@click.option("--tone", type=MonkToneType(), required=True, help="Monk skin tone, 1 (lightest) to 10.")
@click.option("--out", type=FILE, required=True, help="PNG file to write.")
@click.option("--mask", type=FILE, help="PNG file for the lesion mask: 0 outside, 255 inside.")
@json_option
@pass_context
def generate(
    context: Context,
    device: str,
    tone: MonkTone,
    out: Path,
    mask: Path | None,
    as_json: bool,
    **case: Unpack[CaseOptions],
) -> None:
    """Make one case image. The file itself says that it is synthetic and how it was made."""
    generator, spec = asked_for(context, device, tone, **case)
    with progress_bar("generating") as progress:
        made = generator.generate(spec, progress=progress)
    files = encode_case(made)
    write_output(out, files.png)
    if mask is not None:
        write_output(mask, files.mask_png)
    answer(as_json, facts(made, out), told(made, out))
