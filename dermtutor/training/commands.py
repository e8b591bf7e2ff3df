"""``dermtutor train`` and ``dermtutor evaluate``."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("train")
@click.option("--data", type=click.Path(path_type=Path), required=True, help="Folder of the photographs.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder of the run.")
@click.option("--minutes", type=float, required=True, help="Minutes of training in all, resumptions included.")
@click.option("--resume", is_flag=True, help="Continue the run in this folder.")
@click.option("--batch", type=int, default=32, show_default=True, help="Images a step, a multiple of four.")
@click.option("--base-share", type=float, default=0.6, show_default=True, help="Share of the time at 128 px.")
def train_command(data: Path, out: Path, minutes: float, resume: bool, batch: int, base_share: float) -> None:
    """Train the learned generator on licensed photographs."""
    from dermtutor.training.run import Plan, Run
    from dermtutor.training.trainer import Settings

    Run(
        data,
        out,
        Plan(minutes, base_share=base_share),
        Settings(batch=batch),
        resume,
        report=lambda line: click.echo(line, err=True),
    ).train()
