"""``dermtutor records``: check, back up, restore or replace the record database; export or delete a learner's data."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click

from dermtutor.bootstrap import Services, build_services, open_maintenance
from dermtutor.cli.common import (
    Context,
    answer,
    described,
    expect,
    json_option,
    pass_context,
    progress_bar,
    table,
    write_output,
)
from dermtutor.domain.learners import ROLES
from dermtutor.domain.results import ImportedLearner
from dermtutor.reports import words
from dermtutor.reports.words import deletion_said
from dermtutor.services.maintenance import Maintenance
from dermtutor.services.ports_keeping import Backup

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def records() -> None:
    """Check, back up or restore the records, export or delete a learner's. Close the window first."""


@records.command()
@json_option
@pass_context
@click.pass_context
def check(ctx: click.Context, context: Context, as_json: bool) -> None:
    """Count what is kept and what is damaged. Exit code 1 when something is."""
    with _maintenance(context) as maintenance:
        report = maintenance.check()
    counted = described(report.counts)
    damage = described(report.damage) if report.damage else "No damage was found."
    answer(
        as_json,
        {"sound": report.sound, "counts": report.counts, "damage": report.damage},
        f"{counted}\n{damage}",
    )
    if not report.sound:
        ctx.exit(1)


@records.command()
@json_option
@pass_context
def backup(context: Context, as_json: bool) -> None:
    """Make a backup now."""
    with _maintenance(context) as maintenance:
        made = maintenance.backup_now()
    answer(as_json, _facts(made), f"{made.path} holds {made.answers} answers.")


@records.command()
@click.option(
    "--from", "backup_file", type=click.Path(dir_okay=False, path_type=Path), help="Default: the newest."
)
@json_option
@pass_context
def restore(context: Context, backup_file: Path | None, as_json: bool) -> None:
    """Put a backup in place of the records; what it replaces is kept."""
    with _maintenance(context) as maintenance:
        restored = maintenance.restore(backup_file)
    aside = restored.set_aside
    kept = f" The records before it are kept in {aside}." if aside else ""
    answer(
        as_json,
        _facts(restored.backup) | {"set_aside": str(aside) if aside else None},
        f"{restored.backup.path} is in place, with {restored.backup.answers} answers.{kept}",
    )


@records.command("begin-afresh")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@pass_context
def begin_afresh(context: Context, yes: bool, as_json: bool) -> None:
    """Set the records aside, as where they are damaged and no backup is left, and begin empty ones."""
    if not yes:
        click.confirm("Set the records aside and begin empty ones?", abort=True, err=True)
    with _maintenance(context) as maintenance:
        aside = maintenance.begin_afresh()
    kept = f"The records before it are kept in {aside}." if aside else "There were no records yet."
    answer(
        as_json, {"set_aside": str(aside) if aside else None}, f"The next use begins empty records. {kept}"
    )


@records.command()
@click.option("--learner", "name", required=True, help="Whose data.")
@click.option("--out", type=_FILE, help="Write everything that is kept, as JSON, for the learner.")
@click.option("--results", type=_FILE, help="Write the answers as a signed file, for the educator.")
@click.option("--as", "shown", default="", help="With --results: the name others see [default: a pseudonym].")
@json_option
@pass_context
def export(
    context: Context, name: str, out: Path | None, results: Path | None, shown: str, as_json: bool
) -> None:
    """Write a learner's data to a file: all of it (--out), or the results for an educator (--results)."""
    expect((out is None) != (results is None), "Name one file: --out F.json or --results F.dermresults.")
    if results is not None:
        _export_results(context, name, results, shown, as_json)
        return
    assert out is not None
    with _services(context) as services:
        learner = services.profiles.named(name)
        content = services.own_data.export(learner)
    write_output(out, content)
    counts = {table: len(rows) for table, rows in json.loads(content)["tables"].items()}
    answer(as_json, {"path": str(out), "rows": counts}, f"{described(counts)}\n{out} holds all of it.")


def _export_results(context: Context, name: str, target: Path, shown: str, as_json: bool) -> None:
    with _services(context) as services:
        made = services.results.export(services.profiles.named(name), shown)
    write_output(target, made.content)
    facts = {"path": str(target), "name": made.name, "answers": made.answers}
    answer(as_json, facts, words.results_sent(made.name, made.answers, target))


@records.command("import")
@click.argument("files", nargs=-1, required=True, type=_FILE)
@json_option
@pass_context
@click.pass_context
def import_(ctx: click.Context, context: Context, files: tuple[Path, ...], as_json: bool) -> None:
    """Take learners' results in, each file whole or not at all. Exit code 1 when one was refused."""
    with _services(context) as services, progress_bar("results") as progress:
        report = services.results.take(files, progress=progress)
    if as_json or report.imported:
        answer(as_json, asdict(report), "\n".join(words.result_taken(each) for each in report.imported))
    for refused in report.refused:
        click.echo(words.result_refused(refused), err=True)
    if report.refused:
        ctx.exit(1)


@records.command()
@json_option
@pass_context
def imported(context: Context, as_json: bool) -> None:
    """List the learners whose results were imported."""
    with _services(context) as services:
        found = services.results.learners()
    rows = [[each.name, str(each.answers), f"{each.newest_at:%Y-%m-%d}", each.key, each.id] for each in found]
    facts = [
        {"id": each.id, "name": each.name, "answers": each.answers, "key": each.key,
         "newest_at": each.newest_at.isoformat()}
        for each in found
    ]  # fmt: skip
    answer(as_json, facts, table(rows, ("learner", "answers", "written", "signed by", "id")))


@records.command()
@click.option("--learner", "name", required=True, help="Whose data.")
@click.option("--imported", is_flag=True, help="Only what was imported of somebody, by name or id.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@pass_context
def delete(context: Context, name: str, imported: bool, yes: bool, as_json: bool) -> None:
    """Delete everything that is kept of a learner, in the backups too. It cannot be undone."""
    with _services(context) as services:
        person = services.results.named(name) if imported else services.profiles.named(name)
        if not yes:
            click.confirm(
                f"Delete everything kept of {person.name}, in the backups too?", abort=True, err=True
            )
        if isinstance(person, ImportedLearner):
            done = services.results.remove(person)
        else:
            done = services.own_data.delete(person)
    found = done.forgotten
    facts = {
        "learner": person.name,
        "done_at": done.done_at.isoformat(),
        "rows": dict(found.rows),
        "images": found.images,
        "backups": found.backups,
        "unread": [str(path) for path in found.unread],
    }
    answer(as_json, facts, deletion_said(done))


@records.command()
@click.option("--learner", "name", required=True, help="Whose role.")
@click.argument("role", type=click.Choice(ROLES))
@pass_context
def role(context: Context, name: str, role: str) -> None:
    """Make a learner an educator, who sees the statistics of all, or a trainee again."""
    with _services(context) as services:
        changed = services.profiles.change_role(services.profiles.named(name), role)
    click.echo(f"{changed.name} is {'an' if role == 'educator' else 'a'} {role} now.")


@contextmanager
def _services(context: Context) -> Iterator[Services]:
    services = build_services(context.folders)
    try:
        yield services
    finally:
        services.close()


@contextmanager
def _maintenance(context: Context) -> Iterator[Maintenance]:
    maintenance, close = open_maintenance(context.folders)
    try:
        yield maintenance
    finally:
        close()


def _facts(made: Backup) -> dict[str, object]:
    return {"path": str(made.path), "made_at": made.made_at.isoformat(), "answers": made.answers}
