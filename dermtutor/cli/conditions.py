"""``dermtutor conditions``: what can be generated."""

from __future__ import annotations

import click

from dermtutor.cli.cases import open_conditions
from dermtutor.cli.common import Context, answer, json_option, pass_context, table


@click.command()
@json_option
@pass_context
def conditions(context: Context, as_json: bool) -> None:
    """List the conditions, how their images are made, and whether a clinician has reviewed their texts."""
    catalogue, _ = open_conditions(context)
    known = catalogue.quizzable()
    data = [
        {
            "id": each.id,
            "name": each.name,
            "icd11": each.icd11,
            "modality": each.modality,
            "dermoscopy": each.dermoscopy is not None,
            "source": each.source,
            "reviewed": each.reviewed,
        }
        | ({"own": True} if each.own else {})
        for each in known
    ]
    rows = [
        [each.id, each.name, each.icd11, f"own {each.source}" if each.own else each.source,
         "yes" if each.reviewed else "no"]
        for each in known
    ]  # fmt: skip
    answer(as_json, data, table(rows, ("id", "name", "ICD-11", "source", "reviewed")))
