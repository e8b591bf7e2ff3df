"""``dermtutor tour``: the real windows without a screen, a short quiz, a picture of every page."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import click

from dermtutor.bootstrap import build_services
from dermtutor.cli.common import Context, answer, json_option, output_folder, pass_context
from dermtutor.paths import Folders


@click.command()
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder for the pictures."
)
@json_option
@pass_context
def tour(context: Context, out: Path, as_json: bool) -> None:
    """Start the real application without a screen, take a short quiz, save a picture of every page.

    The answers go to the records of --home; without it, to records that are thrown away afterwards.
    """
    folder = output_folder(out)
    from dermtutor.ui.tour import run_tour

    with _home(context) as folders:
        result = run_tour(folder, partial(build_services, folders), folders)
    pictures = [str(each) for each in result.pictures]
    told = "\n".join(
        (*pictures, f"{len(pictures)} pictures are in {folder}; {result.answers} answers were stored.")
    )
    answer(as_json, {"pictures": pictures, "answers": result.answers}, told)


@contextmanager
def _home(context: Context) -> Iterator[Folders]:
    """The folders that were named, or some of the tour's own: a tour never mixes its guest into a person's records."""
    if context.home is not None:
        yield context.folders
        return
    with tempfile.TemporaryDirectory(prefix="dermtutor-tour-") as folder:
        yield Folders(Path(folder))
