"""Reads recipe files. Whatever is wrong is told with file, line and reason, and nothing half-read gets out.

The dataclasses of `model` are the schema; `toml_text` reads the text, `reader` the values, and `checks` what no single
value shows.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from dermtutor.domain.recipes import Key, RecipeRefused
from dermtutor.errors import UserError
from dermtutor.generation.recipes.checks import Notes, check_lesions, check_whole
from dermtutor.generation.recipes.model import Recipe, Variant
from dermtutor.generation.recipes.reader import Reader
from dermtutor.generation.recipes.toml_text import lines_of_keys, read_text, read_toml
from dermtutor.generation.recipes.variants import variant_entries

_Whole = TypeVar("_Whole")


def load_recipe(path: Path) -> Recipe:
    """The recipe in a TOML file whose name is the condition's id. Raises UserError naming file, line and reason."""
    return read_recipe(read_text(path), path.name, path.stem)


def load_recipes(folder: Path) -> dict[str, Recipe]:
    """All ``*.toml`` of a folder by condition id, in the order of their names. One bad file refuses them all."""
    if not folder.is_dir():
        raise UserError(
            f"There is no recipe folder at {folder}; reinstall the program or name another folder."
        )
    return {recipe.id: recipe for recipe in map(load_recipe, sorted(folder.glob("*.toml")))}


def read_recipe(text: str, file: str, stem: str | None) -> Recipe:
    """The recipe in a text. ``file`` is what messages call it, ``stem`` the id that it must have (None: any).

    Raises RecipeRefused with everything that is wrong, as far as it can be told at once.
    """
    table = read_toml(text, file)
    lines = dict(lines_of_keys(text))
    reader = Reader(file, lines)
    variants = table.pop("variant", None)
    recipe: Recipe = reader.dataclass(Recipe, table, ())
    try:
        check_whole(reader, recipe, stem)
        if variants is not None:
            read = _variants(reader, lines, recipe, table["lesion"], variants)
            recipe = dataclasses.replace(recipe, variants=read)
    except RecipeRefused as refusal:
        reader.notes += refusal.findings
    if reader.notes:
        raise RecipeRefused(dict.fromkeys(reader.notes))
    return recipe


def read_whole(kind: type[_Whole], text: str, file: str, check: Callable[[Notes, _Whole], None]) -> _Whole:
    """A text read as another dataclass in the vocabulary of recipes; ``check`` notes what no single value shows.

    Raises RecipeRefused with everything that is wrong, as far as it can be told at once.
    """
    table = read_toml(text, file)
    reader = Reader(file, dict(lines_of_keys(text)))
    whole: _Whole = reader.dataclass(kind, table, ())
    check(reader, whole)
    if reader.notes:
        raise RecipeRefused(dict.fromkeys(reader.notes))
    return whole


def _variants(
    reader: Reader, lines: Mapping[Key, int], recipe: Recipe, lesions: list[dict[str, Any]], entries: object
) -> tuple[Variant, ...]:
    """The variants that a file states, each complete and checked like the recipe itself."""
    read: list[Variant] = []
    for entry in variant_entries(reader, lines, entries, lesions):
        # The reader of a variant knows where each of its parts stands, in the variant or in the recipe.
        own = Reader(reader.file, entry.lines)
        variant = entry.read(own, recipe)
        check_lesions(own, variant.lesion)
        reader.notes += own.notes
        read.append(variant)
    return tuple(read)
