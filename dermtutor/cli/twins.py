"""``dermtutor twins``: the same lesion on several tones."""

from __future__ import annotations

from pathlib import Path

import click

from dermtutor.bootstrap import open_generator
from dermtutor.cli.cases import case_options, facts, open_conditions, told, wanted_spec
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
    condition: str,
    seed: int,
    site: str,
    severity: float,
    size: int,
    modality: str,
    truncation: float,
    device: str,
    tones: tuple[MonkTone, ...],
    out: Path,
    as_json: bool,
) -> None:
    """Make the same lesion on several Monk tones, one PNG file each."""
    catalogue, own = open_conditions(context)
    catalogue.get(condition)
    generator = open_generator(device, own)
    spec = wanted_spec(
        catalogue,
        generator,
        condition,
        tones[0],
        seed=seed,
        site=site,
        severity=severity,
        size=size,
        modality=modality,
        truncation=truncation,
    )
    folder = output_folder(out)
    with progress_bar("generating") as progress:
        cases = generator.twins(spec, tones, progress=progress)
    files = [folder / f"{condition}-{seed}-monk-{case.spec.tone.value:02d}.png" for case in cases]
    for case, file in zip(cases, files, strict=True):
        write_output(file, encode_case(case).png)
    known = list(zip(cases, files, strict=True))
    answer(as_json, [facts(*pair) for pair in known], "\n".join(told(*pair) for pair in known))
