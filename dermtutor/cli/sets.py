"""``dermtutor set``: case sets without a window."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypedDict, Unpack

import click

from dermtutor.bootstrap import Services, build_services
from dermtutor.cli.cases import device_option, named_conditions
from dermtutor.cli.common import (
    MAX_SEED,
    Context,
    MonkTonesType,
    answer,
    described,
    json_option,
    pass_context,
    progress_bar,
    table,
)
from dermtutor.cli.photographs import import_photographs
from dermtutor.cli.set_exchange import export_set, import_set, is_file, trust, verify_file
from dermtutor.domain.case_sets import CaseSet, CaseState, SetSummary
from dermtutor.domain.conditions import Catalogue
from dermtutor.domain.set_agreement import agreement_of
from dermtutor.domain.set_cover import MOST_CASES, BuildPlan, Severity, coverage
from dermtutor.errors import UserError
from dermtutor.reports.words import agreement_said, counted
from dermtutor.services.ports import Progress
from dermtutor.skin.scales import MonkTone

_SEVERITIES = {severity.name.lower(): severity for severity in Severity}


@click.group(name="set")
def case_set() -> None:
    """Case sets: chosen, reviewed and ordered cases."""


for each in (export_set, import_set, trust, import_photographs):
    case_set.add_command(each)


class _Options(TypedDict):
    """The options that say which cases are wanted."""

    conditions: str | None
    tones: tuple[MonkTone, ...]
    sites: str
    severities: tuple[str, ...]
    number: int | None
    balance: bool
    per_cell: int | None
    seed: int | None


@case_set.command()
@click.argument("name")
@click.option("--conditions", metavar="A,B", help="Condition ids, or the groups all, learned, recipes.")
@click.option("--tones", type=MonkTonesType(), default="1-10", show_default=True, help="Monk tones.")
@click.option(
    "--sites", default="", metavar="A,B", help="Body sites to tell with the cases, such as face,trunk."
)
@click.option(
    "--severity", "severities", multiple=True, type=click.Choice(list(_SEVERITIES)), help="[default: all]"
)
@click.option("--number", type=click.IntRange(1, MOST_CASES), help="How many cases, spread evenly.")
@click.option("--balance", is_flag=True, help="Ask for what the set's own conditions lack on these tones.")
@click.option(
    "--per-cell", type=click.IntRange(1), help="With --balance: cases of each condition on each tone."
)
@click.option("--by", default="command line", show_default=True, metavar="NAME", help="Who makes the set.")
@click.option("--seed", type=click.IntRange(0, MAX_SEED), help="The same seed asks for the same cases.")
@device_option
@json_option
@pass_context
def build(
    context: Context, name: str, by: str, device: str, as_json: bool, **options: Unpack[_Options]
) -> None:
    """Make cases of the set NAME, which begins with the first. Without --conditions and --balance it goes on with what
    was asked for before; stopping it with Ctrl+C loses nothing."""
    with _services(context, device) as services:
        set_id = _asked_for(services, name, by, options)
        with progress_bar("cases") as progress:
            made = _build(services, set_id, progress)
        built = services.case_sets.get(set_id)
    facts = {
        "set": set_id,
        "name": built.name,
        "version": built.version,
        "made": made,
        "cases": len(built.cases),
    }
    answer(as_json, facts, f"{counted(made, 'case')} made; {built.name} has {len(built.cases)}.")


def _asked_for(services: Services, name: str, by: str, options: _Options) -> str:
    """Asks the set of that name for the cases that the options describe. Its id; it is begun with the first cases."""
    sets, seed, tones = services.case_sets, options["seed"], options["tones"]
    severities = tuple(_SEVERITIES[each] for each in options["severities"]) or tuple(Severity)
    if options["conditions"] is not None:
        ids = named_conditions(options["conditions"], services.catalogue)
        places = _named_sites(options["sites"], ids, services.catalogue)
        plan = BuildPlan(ids, tones, options["number"] or len(ids) * len(tones), places, severities)
        if all(each.case_set.name.casefold() != name.casefold() for each in sets.summaries()):
            sets.create(name, by)
        set_id = sets.named(name).set_id
        sets.ask_for(set_id, plan, seed)
        return set_id
    set_id = sets.named(name).set_id
    if options["balance"]:
        sets.balance(set_id, tones, options["per_cell"], severities, seed)
    return set_id


def _named_sites(text: str, ids: Sequence[str], catalogue: Catalogue) -> tuple[str, ...]:
    """Body sites by id. Raises UserError for one at which none of the conditions occurs: no case would tell it."""
    places = tuple(filter(None, (site.strip().lower().replace(" ", "-") for site in text.split(","))))
    known = sorted({site for name in ids for site in catalogue.get(name).sites})
    for place in places:
        if place not in known:
            raise UserError(f"None of these conditions occurs at {place!r}; choose from {', '.join(known)}.")
    return places


def _build(services: Services, set_id: str, progress: Progress) -> int:
    wanted = len(services.case_sets.wanted(set_id))
    return services.case_sets.build(set_id, None, lambda _, still: progress(1 - still / wanted))


@case_set.command(name="list")
@json_option
@pass_context
def list_sets(context: Context, as_json: bool) -> None:
    """All case sets with their versions."""
    with _services(context) as services:
        found = services.case_sets.summaries()
    rows = [
        (each.case_set.name, str(each.case_set.version), str(each.total), *_counted(each),
         "used" if each.case_set.frozen else "")
        for each in found
    ]  # fmt: skip
    heads = ("name", "version", "cases", "accepted", "rejected", "to come", "")
    answer(
        as_json, [_summary(each) for each in found], table(rows, heads) if rows else "There are no case sets."
    )


@case_set.command()
@click.argument("name")
@json_option
@pass_context
def info(context: Context, name: str, as_json: bool) -> None:
    """What the set NAME covers, and how far its reviewers agree."""
    with _services(context) as services:
        found = services.case_sets.named(name)
        summary = next(s for s in services.case_sets.summaries() if s.case_set.set_id == found.set_id)
    facts = _summary(summary) | {"coverage": _coverage(found), "agreement": _agreement(found)}
    words = {key: value for key, value in facts.items() if key not in ("coverage", "agreement")}
    cover = [(condition, *map(str, tones.values())) for condition, tones in _coverage(found).items()]
    heads = ("condition", *(str(tone.value) for tone in MonkTone.all()))
    told = f"{described(words)}\n\n{table(cover, heads)}\n\n{agreement_said(agreement_of(found))}"
    answer(as_json, facts, told)


@case_set.command()
@click.argument("name", metavar="SET")
@json_option
@click.pass_context
def verify(ctx: click.Context, name: str, as_json: bool) -> None:
    """Whether every file of the set NAME is there and unaltered; exit code 1 when not. Of a case-set file, whether
    every byte is as it was signed, and by whom."""
    if is_file(name):
        verify_file(ctx.obj, Path(name), as_json)
        return
    with _services(ctx.obj) as services:
        found = services.case_sets.named(name)
        files = [sha for each in found.cases for sha in (each.case.image_sha, each.case.mask_sha)]
        lost = [sha for sha in dict.fromkeys(files) if services.case_sets.image(sha) is None]
    facts = {"set": found.set_id, "cases": len(found.cases), "files": len(set(files)), "lost": lost}
    sound = f"All {counted(len(set(files)), 'file')} are sound."
    words = f"{counted(len(lost), 'file')} lost or altered." if lost else sound
    answer(as_json, facts, words)
    if lost:
        ctx.exit(1)


@contextmanager
def _services(context: Context, device: str = "auto") -> Iterator[Services]:
    services = build_services(context.folders, device)
    try:
        yield services
    finally:
        services.close()


def _counted(summary: SetSummary) -> tuple[str, str, str]:
    counts = summary.counts
    return (
        str(counts.get(CaseState.ACCEPTED, 0)),
        str(counts.get(CaseState.REJECTED, 0)),
        str(summary.wanted),
    )


def _summary(summary: SetSummary) -> dict[str, object]:
    made = summary.case_set
    return {
        "set": made.set_id,
        "name": made.name,
        "version": made.version,
        "author": made.author,
        "created": made.created_at.isoformat(),
        "used": made.used_at.isoformat() if made.used_at else None,
        "cases": summary.total,
        **{state.value: summary.counts.get(state, 0) for state in CaseState},
        "wanted": summary.wanted,
    }


def _coverage(found: CaseSet) -> dict[str, dict[str, int]]:
    """Cases by condition and tone."""
    cells = coverage(found)
    return {
        condition: {
            str(tone.value): sum(cells.get((condition, tone), {}).values()) for tone in MonkTone.all()
        }
        for condition in dict.fromkeys(each.case.spec.condition for each in found.cases)
    }


def _agreement(found: CaseSet) -> dict[str, object] | None:
    said = agreement_of(found)
    if said is None:
        return None
    return {
        "cases": said.cases, "alike": said.alike, "reviewers": list(said.reviewers), "shared": said.shared,
        "kappa": said.kappa, "alpha": said.alpha,
    }  # fmt: skip
