"""``dermtutor weights``: are the generator's weights the ones that were published?"""

from __future__ import annotations

import click

from dermtutor.bootstrap import check_weights
from dermtutor.cli.common import answer, json_option


@click.group()
def weights() -> None:
    """Check the generator's weights."""


@weights.command()
@json_option
@click.pass_context
def verify(ctx: click.Context, as_json: bool) -> None:
    """Compare the weights with their manifest: names, sizes, SHA-256. Exit code 1 when something differs."""
    version, findings = check_weights()
    sound = f"The weights {version} are exactly those of their manifest."
    data = {"weights": version, "sound": not findings, "findings": list(findings)}
    answer(as_json, data, "\n".join(findings) if findings else sound)
    if findings:
        ctx.exit(1)
