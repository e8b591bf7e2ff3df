"""Reads recipe files. Whatever is wrong is told with file, line and reason, and nothing half-read gets out.

The dataclasses of `model` are the schema: their field names are the keys, their annotations the terms and
limits.
"""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

from dermtutor.errors import UserError
from dermtutor.generation.recipes.checks import check_lesions, check_whole
from dermtutor.generation.recipes.model import Recipe
from dermtutor.generation.recipes.reader import Key, Reader, lines_of_keys
from dermtutor.generation.recipes.variants import read_variants

_LARGEST_FILE = 200_000


def load_recipe(path: Path) -> Recipe:
    """The recipe in a TOML file whose name is the condition's id. Raises UserError naming file, line and reason."""
    text = _read(path)
    lines = dict(lines_of_keys(text))
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UserError(
            f"{path.name} is not valid TOML: {error}. Correct that place and load it again."
        ) from None
    except RecursionError:
        raise UserError(f"{path.name} is nested too deeply to be a recipe; write it in tables.") from None
    return _recipe_in(path, table, lines)


def _recipe_in(path: Path, table: dict[str, Any], lines: dict[Key, int]) -> Recipe:
    """The recipe that a file's tables state, its variants complete."""
    reader = Reader(path.name, lines)
    entries = table.pop("variant", [])
    recipe: Recipe = reader.dataclass(Recipe, table, ())
    check_whole(reader, recipe, path.stem)
    variants = read_variants(path.name, lines, entries, table["lesion"], recipe)
    for variant, own in variants:
        check_lesions(own, variant.lesion)
    return replace(recipe, variants=tuple(variant for variant, _ in variants))


def load_recipes(folder: Path) -> dict[str, Recipe]:
    """All ``*.toml`` of a folder by condition id, in the order of their names. One bad file refuses them all."""
    if not folder.is_dir():
        raise UserError(
            f"There is no recipe folder at {folder}; reinstall the program or name another folder."
        )
    return {recipe.id: recipe for recipe in map(load_recipe, sorted(folder.glob("*.toml")))}


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST_FILE + 1)
    except OSError as error:
        raise UserError(f"{path} cannot be read ({error.strerror}); check that the file exists.") from None
    if len(data) > _LARGEST_FILE:
        raise UserError(f"{path.name} is larger than {_LARGEST_FILE // 1000} kB, so it is no recipe.")
    try:
        return data.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise UserError(
            f"{path.name} is not a text file in UTF-8; save it as UTF-8 and load it again."
        ) from None
