"""``dermtutor twins``: the same lesion on several tones."""

from __future__ import annotations

from pathlib import Path
from typing import Unpack

import click

from dermtutor.cli.cases import CaseOptions, asked_for, case_options, facts, told
from dermtutor.cli.common import (
    Context,
    MonkTonesType,
    answer,
    json_option,
    output_folder,
    pass_context,
    progress_bar,
    write_output,
)
from dermtutor.services.encoding import encode_case
from dermtutor.skin.scales import MonkTone


@click.command()
@case_options
@click.option(
    "--tones", type=MonkTonesType(), default="1-10", show_default=True, help="Such as 1,4,7,10 or 1-10."
)
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder for the PNG files."
)
@json_option
@pass_context
def twins(
    context: Context,
    device: str,
    tones: tuple[MonkTone, ...],
    out: Path,
    as_json: bool,
    **case: Unpack[CaseOptions],
) -> None:
    """Make the same lesion on several Monk tones, one PNG file each."""
    generator, spec = asked_for(context, device, tones[0], **case)
    folder = output_folder(out)
    with progress_bar("generating") as progress:
        cases = generator.twins(spec, tones, progress=progress)
    files = [folder / f"{spec.condition}-{spec.seed}-monk-{made.spec.tone.value:02d}.png" for made in cases]
    for made, file in zip(cases, files, strict=True):
        write_output(file, encode_case(made).png)
    known = list(zip(cases, files, strict=True))
    answer(as_json, [facts(*pair) for pair in known], "\n".join(told(*pair) for pair in known))
