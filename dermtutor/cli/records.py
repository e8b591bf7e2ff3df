"""``dermtutor records``: check, back up and restore the record database; export or delete one learner's data."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from dermtutor.bootstrap import Services, build_services, open_maintenance
from dermtutor.cli.common import Context, answer, described, json_option, pass_context, write_output
from dermtutor.domain.learners import ROLES
from dermtutor.reports.words import deletion_said
from dermtutor.services.maintenance import Maintenance
from dermtutor.services.ports import Backup


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


@records.command()
@click.option("--learner", "name", required=True, help="Whose data.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="JSON file.")
@json_option
@pass_context
def export(context: Context, name: str, out: Path, as_json: bool) -> None:
    """Write everything that is kept of a learner to a file."""
    with _services(context) as services:
        learner = services.profiles.named(name)
        content = services.own_data.export(learner)
    write_output(out, content)
    counts = {table: len(rows) for table, rows in json.loads(content)["tables"].items()}
    answer(as_json, {"path": str(out), "rows": counts}, f"{described(counts)}\n{out} holds all of it.")


@records.command()
@click.option("--learner", "name", required=True, help="Whose data.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@pass_context
def delete(context: Context, name: str, yes: bool, as_json: bool) -> None:
    """Delete everything that is kept of a learner, in the backups too. It cannot be undone."""
    with _services(context) as services:
        learner = services.profiles.named(name)
        if not yes:
            click.confirm(
                f"Delete everything kept of {learner.name}, in the backups too?", abort=True, err=True
            )
        done = services.own_data.delete(learner)
    found = done.forgotten
    facts = {
        "learner": learner.name,
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
