"""Recipes are read whole or refused with a sentence that names file, place and reason."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dermtutor.errors import UserError
from dermtutor.generation.recipes import Recipe, load_recipe, load_recipes
from dermtutor.generation.recipes.terms import Span

SMALL = """\
id = "test-disease"
version = "1.0"
review = "unreviewed"
summary = "A round patch."
field_mm = [50, 60]

[[sources]]
key = "book"
title = "A book"

[[lesion]]
name = "patch"
primary = "patch"

[lesion.distribution]
pattern = "scattered"
count = { range = [1, 3], severity = 0.5 }

[lesion.shape]
diameter_mm = [10, 20]

[[lesion.colour]]
chromophore = "melanin"
amount = 0.3

[[lesion.surface]]
kind = "fine-scale"
cover = [0.2, 0.5]
opacity = [0.3, 0.5]
flake_mm = [0.5, 1.0]

[[tone_rule]]
from_tone = 4
full_tone = 8
because = "It looks grey on dark skin."
source = "book"
livid = 0.5
"""

relaxed = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def read(folder: Path, text: str | bytes) -> Recipe:
    path = folder / "test-disease.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return load_recipe(path)


def refusal(folder: Path, text: str | bytes) -> str:
    with pytest.raises(UserError) as caught:
        read(folder, text)
    message = str(caught.value)
    assert "test-disease.toml" in message
    assert len(message) < 700
    return message


def changed(old: str, new: str) -> str:
    assert old in SMALL
    return SMALL.replace(old, new, 1)


def line_of(part: str, text: str) -> str:
    number = next(n for n, line in enumerate(text.splitlines(), start=1) if line.startswith(part))
    return f"line {number}:"


def test_every_shipped_recipe_is_read(recipes: dict[str, Recipe]) -> None:
    assert len(recipes) >= 48
    for name, recipe in recipes.items():
        assert recipe.id == name
        assert recipe.version
        assert recipe.review == "unreviewed"
        assert recipe.sources
        assert recipe.tone_rule


def test_a_small_recipe_is_read(tmp_path: Path) -> None:
    recipe = read(tmp_path, SMALL)
    assert recipe.lesion[0].distribution.count == Span(1, 3, 0.5)
    assert recipe.lesion[0].colour[0].amount == Span(0.3, 0.3)
    assert dataclasses.is_dataclass(recipe.lesion[0].surface[0])


def test_windows_line_ends_are_read(tmp_path: Path) -> None:
    assert read(tmp_path, SMALL.replace("\n", "\r\n")) == read(tmp_path, SMALL)


@pytest.mark.parametrize(
    ("old", "new", "place", "reason"),
    [
        ('primary = "patch"', 'primary = "pach"', "primary", "did you mean “patch”"),
        ('primary = "patch"', "primary = 3", "primary", "known terms"),
        ("diameter_mm = [10, 20]", "diameter_mm = [20, 10]", "diameter_mm", "impossible range"),
        ("diameter_mm = [10, 20]", "diameter_mm = [10, 20, 30]", "diameter_mm", "a pair [low, high]"),
        ("diameter_mm = [10, 20]", "diameter_mm = [0, 20]", "diameter_mm", "between 0.05 and 300 mm"),
        ("diameter_mm = [10, 20]", "diameter_mm = [1, nan]", "diameter_mm", "must be a number"),
        ("diameter_mm = [10, 20]", "diameter_mm = [1, inf]", "diameter_mm", "must be a number"),
        ("diameter_mm = [10, 20]", "diameter_mm = true", "diameter_mm", "must be a number"),
        ("diameter_mm = [10, 20]", 'diameter_mm = "large"', "diameter_mm", "must be a number"),
        ("diameter_mm = [10, 20]", "diametre_mm = [10, 20]", "diametre_mm", "did you mean “diameter_mm”"),
        ("range = [1, 3]", "range = [1, 1000000]", "count", "between 0 and 400"),
        ("range = [1, 3]", "range = [1, 2.5]", "count", "whole number"),
        ("severity = 0.5 }", "severity = 2 }", "count", "between 0 and 1"),
        ("severity = 0.5 }", "sevirity = 0.5 }", "count", "knows “range” and “severity”"),
        ('chromophore = "melanin"', 'chromophore = "chlorophyll"', "chromophore", "known terms"),
        ("amount = 0.3", "amount = 30", "amount", "between -2 and 2"),
        ('kind = "fine-scale"', 'kind = "fish-scale"', "kind", "did you mean"),
        ("from_tone = 4", "from_tone = 11", "from_tone", "between 1 and 10"),
        ("from_tone = 4", "from_tone = 8", "full_tone", "darker tone"),
        ('source = "book"', 'source = "dream"', "source", "no key under [[sources]]"),
        ('version = "1.0"', 'version = "new"', "version", "must be a version"),
        ('review = "unreviewed"', 'review = "reviewed"', "review", "names its reviewer"),
        ('id = "test-disease"', 'id = "other"', "id", "name of the file"),
        ('id = "test-disease"', 'id = "../x"', "id", "name of the file"),
        ("field_mm = [50, 60]", "field_mm = [1, 2]", "field_mm", "between 10 and 600 mm"),
    ],
)
def test_a_wrong_value_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, place: str, reason: str
) -> None:
    text = changed(old, new)
    message = refusal(tmp_path, text)
    assert reason in message
    assert place in message
    assert line_of(place, text) in message


def test_a_missing_key_is_named(tmp_path: Path) -> None:
    assert "lacks the key “primary”" in refusal(tmp_path, changed('primary = "patch"\n', ""))
    assert "“version” is missing" in refusal(tmp_path, changed('version = "1.0"\n', ""))
    assert "lacks the key “kind”" in refusal(tmp_path, changed('kind = "fine-scale"\n', ""))


def test_a_lesion_is_what_it_is_called(tmp_path: Path) -> None:
    assert "call a macule of that size a patch" in refusal(tmp_path, changed('"patch"\n\n', '"macule"\n\n'))
    assert "a plaque is raised" in refusal(tmp_path, changed('"patch"\n\n', '"plaque"\n\n'))
    relief = '\n[lesion.relief]\nprofile = "dome"\nheight_mm = 1\n\n[[tone_rule]]'
    assert "which is flat" in refusal(tmp_path, changed("\n[[tone_rule]]", relief))


def test_too_many_lesions_together_are_refused(tmp_path: Path) -> None:
    text = changed("range = [1, 3]", "range = [1, 400]").replace(
        'pattern = "scattered"', 'pattern = "grouped"\nper_group = [1, 400]'
    )
    assert "more than 600 lesions" in refusal(tmp_path, text)


def test_too_many_parts_are_refused(tmp_path: Path) -> None:
    part = '\n[[lesion.colour]]\nchromophore = "melanin"\namount = 0.1\n'
    assert "at most 16" in refusal(
        tmp_path, changed("\n[[lesion.surface]]", part * 20 + "\n[[lesion.surface]]")
    )


def test_a_lesion_keeps_to_an_earlier_one_only(tmp_path: Path) -> None:
    assert "no earlier lesion" in refusal(tmp_path, changed('"scattered"', '"scattered"\nwithin = "patch"'))
    assert "needs the lesion whose border" in refusal(tmp_path, changed('"scattered"', '"along-border"'))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "id = ",
        "[[[",
        b"\xff\xfe\x00",
        b"\x00" * 50,
        "a" * 300_000,
        "x = [" * 900,
        "lesion = 3\n" + SMALL[:120],
    ],
)
def test_what_is_no_recipe_is_refused(tmp_path: Path, text: str | bytes) -> None:
    refusal(tmp_path, text)


def test_a_missing_file_and_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        load_recipe(tmp_path / "none.toml")
    with pytest.raises(UserError, match="no recipe folder"):
        load_recipes(tmp_path / "none")


def test_one_bad_file_refuses_the_folder(tmp_path: Path) -> None:
    (tmp_path / "test-disease.toml").write_text(SMALL)
    (tmp_path / "worse.toml").write_text("id = 1")
    with pytest.raises(UserError, match=r"worse\.toml"):
        load_recipes(tmp_path)


def tables(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if isinstance(value, dict):
        yield path
        for key, entry in value.items():
            yield from tables(entry, (*path, key))
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from tables(entry, (*path, index))


def as_toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {as_toml(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(as_toml, value)) + "]"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return str(value).lower() if isinstance(value, bool) else repr(value)


def document(table: dict[str, Any]) -> str:
    return "\n".join(f"{key} = {as_toml(value)}" for key, value in table.items())


@relaxed
@given(st.data())
def test_an_unknown_key_anywhere_is_refused(tmp_path: Path, data: st.DataObject) -> None:
    table = tomllib.loads(SMALL)
    path = data.draw(st.sampled_from(list(tables(table))))
    target: Any = table
    for part in path:
        target = target[part]
    name = data.draw(st.from_regex(r"[a-z]{3,12}", fullmatch=True))
    if name in {"angle", "below", "band", "relief", "name", "surface", "colour"}:
        return
    target[f"x{name}"] = 1
    refusal(tmp_path, document(table))


@relaxed
@given(low=st.floats(-1e6, 1e6), high=st.floats(-1e6, 1e6))
def test_a_range_is_read_exactly_when_it_is_possible(tmp_path: Path, low: float, high: float) -> None:
    text = changed("diameter_mm = [10, 20]", f"diameter_mm = [{low!r}, {high!r}]")
    if 0.05 <= low <= high <= 300:
        assert read(tmp_path, text).lesion[0].shape.diameter_mm == Span(low, high)
    else:
        refusal(tmp_path, text)


@relaxed
@given(st.integers(0, len(SMALL) - 1), st.integers(1, 40), st.text(max_size=6))
def test_a_damaged_recipe_is_a_recipe_or_a_refusal(tmp_path: Path, start: int, length: int, new: str) -> None:
    text = (SMALL[:start] + new + SMALL[start + length :]).encode("utf-8", "surrogatepass")
    try:
        recipe = read(tmp_path, text)
    except UserError as error:
        message = str(error)
    else:
        message = f"{recipe.id}.toml"
    assert "test-disease.toml" in message
