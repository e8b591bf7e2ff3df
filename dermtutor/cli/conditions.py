"""``dermtutor conditions``: what can be generated."""

from __future__ import annotations

import click

from dermtutor.bootstrap import open_catalogue
from dermtutor.cli.common import answer, json_option, table


@click.command()
@json_option
def conditions(as_json: bool) -> None:
    """List the conditions, how their images are made, and whether a clinician has reviewed their texts."""
    known = open_catalogue().quizzable()
    data = [
        {
            "id": each.id,
            "name": each.name,
            "icd11": each.icd11,
            "modality": each.modality,
            "source": each.source,
            "reviewed": each.reviewed,
        }
        for each in known
    ]
    rows = [[each.id, each.name, each.icd11, each.source, "yes" if each.reviewed else "no"] for each in known]
    answer(as_json, data, table(rows, ("id", "name", "ICD-11", "source", "reviewed")))
