"""``dermtutor records``: check, back up and restore the record database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from dermtutor.bootstrap import open_maintenance
from dermtutor.cli.common import Context, answer, described, json_option, pass_context
from dermtutor.services.maintenance import Maintenance
from dermtutor.services.ports import Backup


@click.group()
def records() -> None:
    """Check, back up or restore the records. Close the window first."""


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


@contextmanager
def _maintenance(context: Context) -> Iterator[Maintenance]:
    maintenance, close = open_maintenance(context.folders)
    try:
        yield maintenance
    finally:
        close()


def _facts(made: Backup) -> dict[str, object]:
    return {"path": str(made.path), "made_at": made.made_at.isoformat(), "answers": made.answers}
