"""The guide beside the recipes names every key and every term that a recipe may hold."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from dermtutor.generation.recipes import model, surfaces, teaching, terms

TABLES = [
    each
    for module in (model, surfaces, teaching)
    for each in vars(module).values()
    if dataclasses.is_dataclass(each) and each.__module__ == module.__name__
]
LISTS = (
    terms.Pattern,
    terms.PrimaryLesion,
    terms.Form,
    terms.Chromophore,
    terms.Zone,
    terms.ReliefProfile,
    terms.Review,
)
KINDS = [term for each in get_args(surfaces.Surface) for term in get_args(get_type_hints(each)["kind"])]


@pytest.fixture(scope="module")
def guide(recipe_folder: Path) -> str:
    return (recipe_folder / "README.md").read_text(encoding="utf-8")


def test_every_key_is_explained(guide: str) -> None:
    keys = {
        field.name
        for table in TABLES
        for field in dataclasses.fields(table)
        if field.metadata.get("key", True)
    }
    missing = {
        key for key in keys if f"`{key}" not in guide and f".{key}]" not in guide and f"[{key}]" not in guide
    }
    assert missing == set()


def test_every_term_is_named(guide: str) -> None:
    known = {term for each in LISTS for term in get_args(each)} | set(KINDS)
    assert {term for term in known if term not in guide} == set()
