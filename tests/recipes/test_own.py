"""A person's own recipes: read one by one, joined to the catalogue, versioned by what they draw, never in the way."""

from __future__ import annotations

import dataclasses
import os
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from dermtutor.bootstrap import open_catalogue, open_recipe_folder
from dermtutor.domain.recipe_text import remove, set_value
from dermtutor.domain.recipes import FieldSchema, Finding, RecipeRefused, TableSchema
from dermtutor.domain.toml_writing import document_text
from dermtutor.errors import UserError
from dermtutor.generation.recipes import draw, model, read_recipe
from dermtutor.generation.recipes.fingerprint import content_hash, drawing_version, review_holds
from dermtutor.generation.recipes.own import RecipeFolder
from dermtutor.generation.recipes.schema import recipe_schema
from dermtutor.generation.recipes.terms import Limits, Span
from dermtutor.generation.recipes.variants import VARIANT_KEYS
from dermtutor.paths import Folders, assets_dir
from dermtutor.skin.scales import MonkTone

TEMPLATE = (assets_dir() / "templates" / "recipe.toml").read_text(encoding="utf-8")
TAKEN = ("melanoma", "vitiligo", "plaque-psoriasis")

quick = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def named(recipe_id: str) -> str:
    return set_value(TEMPLATE, ("id",), recipe_id)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    folder.mkdir()
    return folder


def opened(own: Path) -> RecipeFolder:
    return RecipeFolder(assets_dir() / "recipes", own, TAKEN)


class TestTheFolder:
    def test_none_is_no_trouble(self, tmp_path: Path) -> None:
        folder = opened(tmp_path / "nowhere")
        assert folder.own() == ()
        assert len(folder.shipped()) >= 6

    def test_a_recipe_joins_the_catalogue_as_ones_own_and_unreviewed(self, home: Path) -> None:
        folders = Folders(home)
        folders.recipes.mkdir(parents=True)
        (folders.recipes / "my-rash.toml").write_text(named("my-rash"))
        catalogue = open_catalogue()
        open_recipe_folder(folders, catalogue)
        mine = catalogue.get("my-rash")
        assert (mine.own, mine.reviewed, mine.source) == (True, False, "recipe")
        assert mine in catalogue.quizzable()
        assert not catalogue.get("vitiligo").own

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"\x00\xff\xfe" * 200,
            b"id = ",
            b"x" * 300_000,
            b"a = [" * 5000,
            b"n = " + b"9" * 6000,
            TEMPLATE.encode() + b'\nunknown = "key"\n',
            named("another-id").encode(),
            remove(named("broken"), ("condition",)).encode(),
        ],
    )
    def test_a_damaged_file_leaves_the_others_alone(self, own: Path, content: bytes) -> None:
        (own / "broken.toml").write_bytes(content)
        (own / "sound.toml").write_text(named("sound"))
        folder = opened(own)
        assert set(folder.recipes()) == {"sound"}
        damaged = next(entry for entry in folder.own() if entry.findings)
        assert damaged.id == "broken"
        assert "broken.toml" in str(damaged.findings[0])
        assert str(damaged.findings[0]).count("\n") == 0

    def test_a_file_of_100_megabytes_is_refused_without_reading_it(self, own: Path) -> None:
        with (own / "huge.toml").open("wb") as file:
            file.truncate(100_000_000)
        assert "larger than 200 kB" in str(opened(own).own()[0].findings[0])

    def test_a_folder_and_a_pipe_in_the_place_of_files(self, own: Path) -> None:
        (own / "folder.toml").mkdir()
        if hasattr(os, "mkfifo"):
            os.mkfifo(own / "pipe.toml")
        assert all("is no file" in str(entry.findings[0]) for entry in opened(own).own())

    def test_a_damaged_one_with_an_odd_name_can_be_read_and_removed(self, own: Path) -> None:
        (own / "my rash (1).toml").write_text(named("my-rash"))
        folder = opened(own)
        assert "name of the file" in str(folder.own()[0].findings[0])
        assert folder.text("my rash (1)") == named("my-rash")
        folder.remove("my rash (1)")
        assert folder.own() == ()

    @pytest.mark.parametrize("recipe_id", ["melanoma", "vitiligo", "herpes-zoster"])
    def test_a_shipped_id_is_never_shadowed(self, own: Path, recipe_id: str) -> None:
        (own / f"{recipe_id}.toml").write_text(named(recipe_id))
        folder = opened(own)
        assert folder.recipes() == {}
        assert "shipped condition" in str(folder.own()[0].findings[0])
        with pytest.raises(RecipeRefused, match="shipped condition"):
            folder.put(named(recipe_id), "f.toml")

    @pytest.mark.parametrize("recipe_id", ["con", "../up", "a/b", "", "A", "a--b", "x" * 200, "com1"])
    def test_an_id_that_cannot_name_a_file_is_refused(self, own: Path, recipe_id: str) -> None:
        with pytest.raises(RecipeRefused):
            opened(own).put(named(recipe_id), "f.toml")
        assert list(own.parent.rglob("*.toml")) == []

    def test_what_is_kept_is_read_at_once_and_removed_again(self, own: Path) -> None:
        folder = opened(own)
        entry = folder.put(named("my-rash"), "whatever.toml")
        assert entry.file == own / "my-rash.toml"
        assert folder.text("my-rash") == named("my-rash")
        assert set(folder.recipes()) == {"my-rash"}
        folder.remove("my-rash")
        assert folder.own() == ()
        with pytest.raises(UserError, match="no recipe called"):
            folder.remove("my-rash")
        with pytest.raises(UserError, match="shipped"):
            folder.remove("vitiligo")

    @pytest.mark.parametrize("recipe_id", ["../own/sound", "none", "/etc/passwd", ""])
    def test_only_ids_name_texts(self, own: Path, recipe_id: str) -> None:
        (own / "sound.toml").write_text(named("sound"))
        with pytest.raises(UserError):
            opened(own).text(recipe_id)

    def test_a_folder_that_cannot_be_written_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        with pytest.raises(UserError, match="cannot be kept"):
            opened(tmp_path / "file" / "own").put(named("my-rash"), "f.toml")


class TestVersions:
    def test_a_changed_drawing_is_another_version_and_a_changed_comment_is_not(self) -> None:
        before = read_recipe(TEMPLATE, "f", None)
        comment = read_recipe("# more\n" + TEMPLATE, "f", None)
        words = read_recipe(set_value(TEMPLATE, ("condition", "name"), "Other"), "f", None)
        drawn = read_recipe(set_value(TEMPLATE, ("lesion", 0, "shape", "variation"), 0.4), "f", None)
        assert drawing_version(before) == drawing_version(comment) == drawing_version(words)
        assert drawing_version(drawn) != drawing_version(before)
        assert content_hash(words) != content_hash(before) == content_hash(comment)
        assert re.fullmatch(r"1\.0\+[0-9a-f]{10}", drawing_version(before))

    def test_a_key_at_its_usual_value_says_what_a_missing_one_says(self) -> None:
        usual = set_value(TEMPLATE, ("lesion", 0, "shape", "elongation"), 1)
        assert drawing_version(read_recipe(usual, "f", None)) == drawing_version(
            read_recipe(TEMPLATE, "f", None)
        )

    def test_a_review_holds_for_what_was_seen_and_no_longer(self) -> None:
        text = TEMPLATE
        signed = content_hash(read_recipe(text, "f", None))
        for key, value in (("review", "reviewed"), ("reviewed_by", "Dr A"), ("reviewed_content", signed)):
            text = set_value(text, (key,), value)
        assert review_holds(read_recipe(text, "f", None))
        assert not review_holds(read_recipe(set_value(text, ("summary",), "Other."), "f", None))


class TestTheSchema:
    def test_it_has_every_key_of_the_model(self) -> None:
        """A field that is added to the model is in the schema, and so in the form, without a second list."""

        def told(table: TableSchema) -> set[tuple[str, str]]:
            below = [told(inner) for field in table.fields for inner in field.tables]
            return {(table.name, field.name) for field in table.fields}.union(*below)

        tables = [each for each in vars(model).values() if isinstance(each, type) and each is not Span]
        keys = {
            (each.__name__, field.name)
            for each in tables
            # A variant is no table of its own: it states what differs, in the words of the others.
            if dataclasses.is_dataclass(each)
            and each.__module__ != Limits.__module__
            and each is not model.Variant
            for field in dataclasses.fields(each)
            if field.metadata.get("key", True)
        }
        assert keys <= told(recipe_schema())

    def test_a_variant_has_the_keys_that_its_reader_knows(self) -> None:
        variant = recipe_schema().field("variant")
        assert variant is not None
        assert [field.name for field in variant.tables[0].fields] == list(VARIANT_KEYS)

    def test_limits_terms_and_usual_values_are_those_of_the_model(self) -> None:
        lesion = recipe_schema().field("lesion")
        assert lesion is not None
        shape = lesion.tables[0].field("shape")
        assert shape is not None
        diameter = shape.tables[0].field("diameter_mm")
        assert diameter is not None
        assert (diameter.low, diameter.high, diameter.unit, diameter.required) == (0.05, 300, "mm", True)
        variation = shape.tables[0].field("variation")
        assert variation is not None
        assert variation.default == (0.0, 0.0)
        surface = lesion.tables[0].field("surface")
        assert surface is not None
        assert {kind for table in surface.tables for kind in table.kinds} >= {"silver-scale", "gloss", "core"}
        assert len(surface.tables) == len(get_args(model.Surface))


# Mutated recipes: whatever is changed, the text is a recipe that can be drawn or is refused in a sentence.

SHIPPED = [
    TEMPLATE,
    *(file.read_text(encoding="utf-8") for file in sorted((assets_dir() / "recipes").glob("*.toml"))),
]
PLACES: list[Callable[[Any], Any]] = [
    lambda value: None,
    lambda value: "",
    lambda value: "unheard-of",
    lambda value: -1,
    lambda value: 1e9,
    lambda value: [9, 1],
    lambda value: [1, 2, 3],
    lambda value: {"range": [2, 1]},
    lambda value: {"range": value, "severity": 7},
    lambda value: True,
    lambda value: [[]],
    lambda value: [value] * 40,
    lambda value: float("nan"),
    lambda value: "x" * 5000,
]


def leaves(value: Any, key: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict) and value:
        return [key, *(leaf for name, entry in value.items() for leaf in leaves(entry, (*key, name)))]
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [key, *(leaf for number, entry in enumerate(value) for leaf in leaves(entry, (*key, number)))]
    return [key]


def findings_of(text: str) -> tuple[Finding, ...]:
    try:
        read_recipe(text, "mutant.toml", None)
    except RecipeRefused as refusal:
        return refusal.findings
    return ()


@quick
@given(st.data())
def test_a_mutated_recipe_is_drawn_or_refused_and_never_half_loaded(own: Path, data: st.DataObject) -> None:
    table = tomllib.loads(data.draw(st.sampled_from(SHIPPED)))
    for _ in range(data.draw(st.integers(1, 3))):
        *parents, last = data.draw(st.sampled_from([leaf for leaf in leaves(table) if leaf]))
        target: Any = table
        for part in parents:
            target = target[part]
        new = data.draw(st.sampled_from(PLACES))(target[last])
        if new is None:
            del target[last]
        else:
            target[last] = new
    text = document_text(table)
    folder = opened(own)
    for file in own.glob("*.toml"):
        file.unlink()
    (own / "sound.toml").write_text(named("sound"))
    folder.refresh()
    found = findings_of(text)
    if found:
        assert all(str(each).startswith("mutant.toml") and each.reason for each in found)
        assert len(str(found[0])) < 700
        with pytest.raises(RecipeRefused):
            folder.put(text, "mutant.toml")
    else:
        assert read_recipe(text, "mutant.toml", None).lesion
    assert "sound" in folder.recipes()
    assert folder.check(named("x-1"), "x") == ()


@quick
@given(st.sampled_from(SHIPPED), st.integers(0, 4000), st.integers(0, 60), st.text(max_size=8))
def test_a_text_with_a_hole_or_something_foreign_in_it_is_told_by_line(
    text: str, start: int, length: int, new: str
) -> None:
    start %= len(text)
    damaged = text[:start] + new + text[start + length :]
    found = findings_of(damaged)
    lines = damaged.count("\n") + 1
    assert all(each.line is None or 1 <= each.line <= lines for each in found)
    assert all("\n" not in each.reason for each in found)


def test_all_that_is_wrong_is_told_at_once() -> None:
    text = TEMPLATE.replace('"haemoglobin"', '"heamoglobin"').replace("[15, 30]", "[30, 15]")
    text = text.replace("from_tone = 4", "from_tone = 14").replace('name = "plaque"\n', "")
    with pytest.raises(RecipeRefused) as caught:
        read_recipe(text, "f.toml", None)
    told = {finding.key for finding in caught.value.findings}
    assert told == {
        ("lesion", 0), ("lesion", 0, "shape", "diameter_mm"), ("lesion", 0, "colour", 0, "chromophore"),
        ("tone_rule", 0, "from_tone"),
    }  # fmt: skip
    lines = text.splitlines()
    at = {finding.key[-1]: lines[(finding.line or 1) - 1] for finding in caught.value.findings}
    assert at["diameter_mm"].startswith("diameter_mm")
    assert at["from_tone"].startswith("from_tone")


def test_the_example_to_begin_from_is_a_recipe_that_draws(skin: NDArray[np.uint8]) -> None:
    recipe = read_recipe(TEMPLATE, "recipe.toml", None)
    drawn = draw(recipe, skin, 1, 0.5, MonkTone(5))
    assert 0.01 < (drawn.mask_u8 > 127).mean() < 0.9


def test_field_schemas_are_values() -> None:
    assert FieldSchema("diameter_mm", "range", required=True).title == "Diameter"
    assert FieldSchema("icd11_title", "text", required=False).title == "ICD-11 title"
