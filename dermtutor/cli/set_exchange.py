"""``dermtutor set export|import|verify|trust``: case sets as files, for other computers and other programs."""

from __future__ import annotations

from pathlib import Path

import click

from dermtutor.bootstrap import build_services, open_exchange
from dermtutor.cli.common import Context, answer, described, json_option, pass_context, progress_bar
from dermtutor.exchange.forms import SUFFIXES, Form
from dermtutor.exchange.service import Exported, Verified
from dermtutor.services.ports import Progress

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("export")
@click.argument("name", metavar="SET")
@click.option(
    "--format", "form", required=True, type=click.Choice([each.value for each in Form]), help="What to write."
)
@click.option("--out", type=_FILE, required=True, help="File to write.")
@click.option("--signer", default="", help="Name in a signed case-set file; without it the author's.")
@json_option
@pass_context
def export_set(context: Context, name: str, form: str, out: Path, signer: str, as_json: bool) -> None:
    """Write a case set for others. SET is its name, or a case-set file. The key of a hand-out is written beside it."""
    with progress_bar("exporting") as progress:
        made = _exported(context, name, Form(form), out, signer, progress)
    answer(as_json, _export_facts(made), _export_told(made))


def _exported(
    context: Context, name: str, form: Form, out: Path, signer: str, progress: Progress
) -> Exported:
    if is_file(name):  # the records stay closed, so this works beside an open window
        exchange = open_exchange(context.folders)
        imported = exchange.verify(Path(name)).imported
        return exchange.export_set(
            imported.case_set, imported.media, form, out, signer=signer, progress=progress
        )
    services = build_services(context.folders)
    try:
        found = services.case_sets.named(name)
        return services.set_exchange.send(found.set_id, form, out, signer=signer, progress=progress)
    finally:
        services.close()


@click.command("import")
@click.argument("file", metavar="F", type=_FILE)
@json_option
@pass_context
def import_set(context: Context, file: Path, as_json: bool) -> None:
    """Take the set of a case-set file into the records, after every byte of it was verified; whole or not at all."""
    services = build_services(context.folders)
    try:
        with progress_bar("importing") as progress:
            verified = services.set_exchange.take(file, progress)
    finally:
        services.close()
    answer(as_json, verified_facts(verified), f"{verified_told(verified)}\n\nThe set is here now.")


@click.command()
@click.argument("file", metavar="F", type=_FILE)
@click.option("--as", "name", required=True, metavar="NAME", help="Whose key it is.")
@json_option
@pass_context
def trust(context: Context, file: Path, name: str, as_json: bool) -> None:
    """Name the key that signed a case-set file, after its owner told you the same fingerprint."""
    exchange = open_exchange(context.folders)
    signer = exchange.verify(file).imported.signer
    exchange.known.remember(signer.public_key, name)
    facts = {"name": name.strip(), "fingerprint": signer.fingerprint}
    answer(as_json, facts, f"The key {signer.fingerprint} is known as {name.strip()} now.")


def verify_file(context: Context, file: Path, as_json: bool) -> None:
    """Check a case-set file completely and say who signed it. Nothing is taken from it."""
    verified = open_exchange(context.folders).verify(file)
    answer(as_json, verified_facts(verified), verified_told(verified))


def is_file(name: str) -> bool:
    """Whether a set is named by its file."""
    return name.lower().endswith(SUFFIXES[Form.DERMSET]) or Path(name).is_file()


def _export_facts(made: Exported) -> dict[str, object]:
    return {
        "format": made.form.value,
        "files": [{"file": str(file), "sha256": sha} for file, sha in made.files.items()],
        "cases": made.cases,
        "left_out": {
            "faces": made.left_out.faces,
            "not_permitted": made.left_out.not_permitted,
            "rejected": made.left_out.rejected,
        },
    }


def _export_told(made: Exported) -> str:
    names = " and ".join(str(file) for file in made.files)
    cases = "1 case" if made.cases == 1 else f"{made.cases} cases"
    return f"{names}: {cases}. {made.left_out}".rstrip()


def verified_facts(verified: Verified) -> dict[str, object]:
    """What is known of a sound file, as JSON holds it."""
    imported, signer = verified.imported, verified.imported.signer
    return {
        "set_id": imported.case_set.set_id,
        "name": imported.case_set.name,
        "author": imported.case_set.author,
        "version": imported.case_set.version,
        "cases": len(imported.case_set.cases),
        "pictures": len(imported.sizes),
        "bytes": sum(imported.sizes.values()),
        "signer": {
            "name": signer.name,
            "fingerprint": signer.fingerprint,
            "known_as": verified.known_as,
            "own": verified.own,
        },
    }


def verified_told(verified: Verified) -> str:
    """What is known of a sound file, in words."""
    imported = verified.imported
    facts = {
        "Set": f"{imported.case_set.name}, version {imported.case_set.version}",
        "Author": imported.case_set.author or "not named",
        "Cases": len(imported.case_set.cases),
        "Pictures": f"{len(imported.sizes)}, all as they were signed",
        "Signature": verified.signed_by,
    }
    return described(facts)
