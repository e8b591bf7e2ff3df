"""``dermtutor report``: the statistics of a learner or of all learners, in words, JSON, PDF or a spreadsheet."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypedDict, Unpack

import click

from dermtutor.bootstrap import build_services
from dermtutor.cli.common import Context, answer, expect, json_option, pass_context
from dermtutor.domain.cases import Source
from dermtutor.reports import words
from dermtutor.reports.cohort_tables import reliability_said
from dermtutor.reports.report import Report, plain, save
from dermtutor.services.answer_columns import AnswerFilter

_FILE = click.Path(dir_okay=False, path_type=Path)


class _Which(TypedDict):
    """The options that say which answers count."""

    days: int | None
    source: str | None
    mode: str | None
    case_set: str | None
    reviewed: bool


@click.command()
@click.option("--learner", "name", help="Whose statistics.")
@click.option("--cohort", is_flag=True, help="Those of all learners.")
@click.option(
    "--of",
    type=click.Choice(["imported", "here"]),
    help="With --cohort: the imported results, or the learners of this computer [default: imported, if there are any].",
)
@click.option(
    "--pdf", type=_FILE, help="Write one page for a learner, two or, of imported results, four for a cohort."
)
@click.option("--xlsx", type=_FILE, help="Write a spreadsheet with every table.")
@click.option("--csv", type=_FILE, help="Write every answer of imported results, keyed by item.")
@click.option("--pseudonyms", is_flag=True, help="Number the learners of a cohort instead of naming them.")
@click.option("--days", type=click.IntRange(1), help="Only answers of the last so many days.")
@click.option(
    "--source",
    type=click.Choice([each.value for each in Source]),
    help="Only such images; real: photographs.",
)
@click.option("--mode", help="Only quizzes of this mode.")
@click.option("--set", "case_set", help="Only cases of this set.")
@click.option("--reviewed", is_flag=True, help="Only reviewed cases.")
@json_option
@pass_context
def report(
    context: Context,
    name: str | None,
    cohort: bool,
    of: str | None,
    pdf: Path | None,
    xlsx: Path | None,
    csv: Path | None,
    pseudonyms: bool,
    as_json: bool,
    **which: Unpack[_Which],
) -> None:
    """Report the statistics of one learner or of all: the figures of the statistics page, with n and intervals."""
    expect(
        (name is None) == cohort, "Say whose statistics: --learner NAME for one learner, or --cohort for all."
    )
    files = {kind: path for kind, path in (("pdf", pdf), ("xlsx", xlsx), ("csv", csv)) if path is not None}
    services = build_services(context.folders)
    try:
        learner = None if name is None else services.profiles.named(name)
        if learner is None and of != "here" and (of or services.results.learners()):
            lines = xlsx is not None or csv is not None
            made = services.reporting.cohort_report(_chosen(which), pseudonyms=pseudonyms, answers=lines)
        else:
            expect(
                csv is None, "Answers line by line are of imported results: leave out --csv, or import some."
            )
            made = services.reporting.report(learner, _chosen(which), pseudonyms=pseudonyms)
    finally:
        services.close()
    for kind, path in files.items():
        save(made, path, kind)
    answer(as_json, plain(made), _said(made, list(files.values())))


def _chosen(which: _Which) -> AnswerFilter:
    since = datetime.now(UTC) - timedelta(days=which["days"]) if which["days"] else None
    return AnswerFilter(since, None, which["mode"], which["case_set"], which["source"], which["reviewed"])


def _said(made: Report, files: list[Path]) -> str:
    figures = made.figures
    gap = f"{words.gap_verdict(figures.gap.most_careful)} {words.pairs_verdict(figures.gap)}"
    lines = [
        f"{made.title}, answers that count: {words.filter_said(made.chosen)}",
        f"Accuracy: {words.scored(figures.total)}",
        f"Light and dark skin: {gap}".rstrip(),
        *(
            []
            if made.analysis is None
            else [reliability_said(made.analysis.reliability, single=made.analysis.single)]
        ),
        *([] if figures.real is None else [f"Synthetic and real images: {words.real_verdict(figures.real)}"]),
        *(words.need_said(need) for need in figures.needs if need.missing),
        *(f"{path} is written." for path in files),
    ]
    return "\n".join(lines)
