"""``dermtutor set import-photographs``: licensed photographs of patients as a case set of their own."""

from __future__ import annotations

from pathlib import Path

import click

from dermtutor.bootstrap import build_services
from dermtutor.cli.common import Context, answer, json_option, pass_context, progress_bar, table
from dermtutor.domain.photograph_list import COLUMNS
from dermtutor.services.real_images import LIST_NAME

_COLUMNS = "\n".join(f"  {name}: {meaning}" for name, meaning in COLUMNS.items())


@click.command(
    "import-photographs",
    epilog="The list is a CSV file in UTF-8 with the columns file, condition, licence, credit, tone or fitzpatrick; "
    "site, age, patient and export may be left out.\n\n\b\n" + _COLUMNS,
)
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--name", required=True, help="What the new set is called.")
@click.option(
    "--by", required=True, metavar="NAME", help="Who brings the photographs; it stays with the set."
)
@click.option(
    "--list",
    "list_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help=f"The list of what they show, by default {LIST_NAME} in FOLDER.",
)
@click.option("--accept", is_flag=True, help="Accept every case on that person's word, as exams need it.")
@json_option
@pass_context
def import_photographs(
    context: Context, folder: Path, name: str, by: str, list_file: Path | None, accept: bool, as_json: bool
) -> None:
    """Make a case set of the licensed photographs in FOLDER. One line that is off refuses the whole.

    Answers on photographs are counted apart from those on synthetic images, and compared with them.
    """
    services = build_services(context.folders)
    try:
        with progress_bar("photographs") as progress:
            made, named = services.real_images.make_set(
                folder, name, by, list_file=list_file, accept=accept, progress=progress
            )
    finally:
        services.close()
    facts = {
        "set": made.set_id,
        "name": made.name,
        "cases": len(made.cases),
        "accepted": len(made.cases) if accept else 0,
        "credits": [{"file": each.file, "credit": each.credit, "licence": each.licence} for each in named],
    }
    rows = [(each.file, each.credit, each.licence) for each in named]
    words = f"{len(made.cases)} photographs are the set {made.name}.\n\n"
    answer(as_json, facts, words + table(rows, ("file", "credit", "licence")))
