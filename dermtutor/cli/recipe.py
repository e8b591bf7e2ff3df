"""``dermtutor recipe``: authored lesions, from the first line to a file that others can use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from dermtutor.bootstrap import open_recipes
from dermtutor.cli.cases import device_option
from dermtutor.cli.common import (
    MAX_SEED,
    Context,
    MonkTonesType,
    answer,
    expect,
    json_option,
    pass_context,
    progress_bar,
    table,
    write_output,
)
from dermtutor.domain.cases import Source
from dermtutor.domain.recipes import DrawRequest, Finding, RecipeEntry, key_in_words
from dermtutor.errors import UserError
from dermtutor.paths import assets_dir
from dermtutor.services.encoding import encode_picture
from dermtutor.services.recipe_sheet import contact_sheet, said_below
from dermtutor.services.recipes import Recipes
from dermtutor.skin.scales import MonkTone

FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def recipe() -> None:
    """Write, check, draw and share recipes: how a disease looks, in dermatology's own words."""


@recipe.command("list")
@json_option
@pass_context
def list_recipes(context: Context, as_json: bool) -> None:
    """List your own recipes and those that are shipped."""
    entries = open_recipes(context.folders).entries()
    rows = [
        [each.id, each.name, each.version, each.origin,
         str(each.findings[0]) if each.findings else each.review_in_words]
        for each in entries
    ]  # fmt: skip
    answer(
        as_json,
        [_facts(each) for each in entries],
        table(rows, ("id", "name", "version", "origin", "review")),
    )


@recipe.command()
@click.argument("recipe_id", metavar="ID")
@click.option("--from", "existing", metavar="EXISTING", help="Begin from this recipe: an id or a file.")
@click.option("--out", type=FILE, help="File to write; without it ID.toml in this folder.")
@json_option
@pass_context
def new(context: Context, recipe_id: str, existing: str | None, out: Path | None, as_json: bool) -> None:
    """Begin a recipe: a file to change in any text editor, or in the window."""
    recipes = open_recipes(context.folders)
    if existing is None:
        text = recipes.begin(recipe_id)
    else:
        text = recipes.copy(_text(recipes, existing), recipe_id, shipped_id=existing)
    target = out or Path(f"{recipe_id}.toml")
    _complain(recipes.check(text, target.name))
    expect(not target.exists(), f"{target} is there already; name another file with --out.")
    write_output(target, text.encode())
    answer(
        as_json,
        {"id": recipe_id, "file": str(target)},
        f"{target} is begun. Change it, look at it with  dermtutor recipe render, then  dermtutor recipe add.",
    )


@recipe.command()
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="F...")
@json_option
@pass_context
@click.pass_context
def check(ctx: click.Context, context: Context, files: tuple[Path, ...], as_json: bool) -> None:
    """Say everything that is wrong with recipe files, with line and reason. Exit code 1 when something is."""
    recipes = open_recipes(context.folders)
    findings = [finding for file in files for finding in _findings(recipes, file)]
    sound = f"{len(files)} sound." if len(files) > 1 else f"{files[0]} is sound."
    answer(as_json, [_finding(each) for each in findings], "\n".join(str(each) for each in findings) or sound)
    if findings:
        ctx.exit(1)


@recipe.command()
@click.argument("file", metavar="F")
@click.option(
    "--tones", type=MonkTonesType(), default="2,5,8,10", show_default=True, help="Such as 1,4,7 or 1-10."
)
@click.option("--seed", type=click.IntRange(0, MAX_SEED), default=0, show_default=True, help="Which patient.")
@click.option("--severity", type=click.FloatRange(0.0, 1.0), default=0.5, show_default=True, help="0 to 1.")
@click.option("--size", type=click.IntRange(64, 1024), default=256, show_default=True, help="Side in pixels.")
@device_option
@click.option("--out", type=FILE, required=True, help="PNG file to write.")
@json_option
@pass_context
def render(
    context: Context,
    file: str,
    tones: tuple[MonkTone, ...],
    seed: int,
    severity: float,
    size: int,
    device: str,
    out: Path,
    as_json: bool,
) -> None:
    """Draw one patient of a recipe on several tones, as one labelled sheet. F is a file or the id of a recipe."""
    recipes = open_recipes(context.folders, device)
    text = _text(recipes, file)
    entry = recipes.entry(text, Path(file))
    cases = []
    with progress_bar("drawing") as progress:
        for case in recipes.preview(DrawRequest(text, seed, severity, tones, size)):
            cases.append(case)
            progress(len(cases) / len(tones))
    sheet = contact_sheet(cases, entry, seed, assets_dir() / "fonts")
    said = said_below(entry, seed)
    provenance = {"Recipe": f"{entry.id} {entry.drawing}", "Comment": said, "Weights": cases[0].weights}
    write_output(out, encode_picture(sheet, Source.RECIPE, provenance))
    facts = {
        "id": entry.id,
        "version": entry.version,
        "drawing": entry.drawing,
        "review": entry.review_in_words,
        "seed": seed,
        "severity": severity,
        "tones": [
            {"tone": case.spec.tone.value, "ita_requested": round(case.requested_ita, 2),
             "ita_measured": round(case.measured_ita, 2)}
            for case in cases
        ],
        "seconds": round(sum(case.seconds for case in cases), 4),
        "device": cases[0].device,
        "file": str(out),
    }  # fmt: skip
    answer(as_json, facts, f"{out}: {said}")


@recipe.command()
@click.argument("file", type=FILE, metavar="F")
@json_option
@pass_context
def add(context: Context, file: Path, as_json: bool) -> None:
    """Check a file and copy it to your own recipes, from where it joins the quiz."""
    entry = open_recipes(context.folders).add(file)
    answer(as_json, _facts(entry), f"{entry.name} is yours now, in {entry.file}.")


@recipe.command()
@click.argument("recipe_id", metavar="ID")
@json_option
@pass_context
def remove(context: Context, recipe_id: str, as_json: bool) -> None:
    """Delete one of your own recipes. Answers to its cases are kept."""
    open_recipes(context.folders).remove(recipe_id)
    answer(as_json, {"id": recipe_id}, f"{recipe_id} is removed.")


@recipe.command()
@click.argument("recipe_id", metavar="ID")
@click.option("--out", type=FILE, required=True, help="File to write.")
@json_option
@pass_context
def share(context: Context, recipe_id: str, out: Path, as_json: bool) -> None:
    """Write one of your own recipes as a file for others, who take it with recipe add."""
    write_output(out, open_recipes(context.folders).shared(recipe_id).encode())
    answer(as_json, {"id": recipe_id, "file": str(out)}, f"{out} holds {recipe_id}.")


@recipe.command()
@click.argument("recipe_id", metavar="ID")
@click.option("--by", "name", required=True, metavar="NAME", help="The clinician who looked at the drawings.")
@json_option
@pass_context
def review(context: Context, recipe_id: str, name: str, as_json: bool) -> None:
    """Record that a named clinician looked at one of your recipes as it is. A later change makes it unreviewed."""
    recipes = open_recipes(context.folders)
    signed = recipes.reviewed(recipes.shared(recipe_id), name)
    entry = recipes.keep(signed, f"{recipe_id}.toml", was=recipe_id)
    answer(as_json, _facts(entry), f"{entry.name}: {entry.review_in_words}.")


def _text(recipes: Recipes, name: str) -> str:
    """The text of a file, or else of the recipe with that id."""
    return recipes.read(Path(name)) if Path(name).is_file() or Path(name).suffix else recipes.text(name)


def _findings(recipes: Recipes, file: Path) -> tuple[Finding, ...]:
    try:
        return recipes.check_file(file)
    except UserError as problem:
        return (Finding(file.name, None, (), str(problem).rstrip(".")),)


def _complain(findings: tuple[Finding, ...]) -> None:
    if findings:
        raise UserError(str(findings[0]))


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "file": finding.file,
        "line": finding.line,
        "key": key_in_words(finding.key),
        "reason": finding.reason,
    }


def _facts(entry: RecipeEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "name": entry.name,
        "version": entry.version,
        "drawing": entry.drawing,
        "origin": entry.origin,
        "reviewed": entry.reviewed,
        "reviewed_by": entry.reviewed_by,
        "reviewed_on": entry.reviewed_on,
        "file": str(entry.file),
        "findings": [_finding(each) for each in entry.findings],
    }
