"""A change to a recipe's text says exactly what was asked for, and leaves comments and layout alone."""

from __future__ import annotations

import copy
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dermtutor.domain.recipe_text import insert_table, move, remove, set_value
from dermtutor.domain.toml_layout import Document
from dermtutor.domain.toml_writing import document_text, toml
from dermtutor.paths import assets_dir

FILES = [
    *sorted((assets_dir() / "recipes").glob("*.toml")),
    *sorted((assets_dir() / "templates").glob("*.toml")),
]
TEXTS = [file.read_text(encoding="utf-8") for file in FILES]

TEXT = """\
# About the whole.
id = "x"  # the id
summary = '''Two
[lines] # no comment'''
field_mm = [
    50,  # least
    60,
]

# About the first lesion.
[[lesion]]
name = "first"

[lesion.shape]
diameter_mm = { range = [1, 2], severity = 0.5 }  # in millimetres

# Red.
[[lesion.colour]]
chromophore = "haemoglobin"

# Brown.
[[lesion.colour]]
chromophore = "melanin"

# About the second lesion.
[[lesion]]
name = "second"
"""


def read(text: str) -> dict[str, Any]:
    return tomllib.loads(text)


def test_a_value_changes_and_its_comment_stays() -> None:
    new = set_value(TEXT, ("lesion", 0, "shape", "diameter_mm"), [3, 4.5])
    assert new == TEXT.replace("{ range = [1, 2], severity = 0.5 }", "[3, 4.5]")
    new = set_value(TEXT, ("id",), 'a "quoted"\nid')
    assert '\nid = "a \\"quoted\\"\\nid"  # the id\n' in new


def test_values_over_several_lines_are_replaced_whole() -> None:
    assert set_value(TEXT, ("field_mm",), 5) == TEXT.replace("[\n    50,  # least\n    60,\n]", "5")
    assert "[lines]" not in set_value(TEXT, ("summary",), "short")


def test_a_missing_key_comes_after_the_others_of_its_table() -> None:
    assert '\n]\nreview = "unreviewed"\n\n# About the first' in set_value(TEXT, ("review",), "unreviewed")
    assert 'name = "second"\nprimary = "papule"\n' in set_value(TEXT, ("lesion", 1, "primary"), "papule")


def test_a_missing_table_is_made_where_its_siblings_are() -> None:
    new = set_value(TEXT, ("lesion", 0, "relief", "height_mm"), 1)
    assert read(new)["lesion"][0]["relief"] == {"height_mm": 1}
    assert new.index("[lesion.relief]") < new.index("# About the second lesion.")
    new = set_value(TEXT, ("lesion", 0, "relief", "height_mm"), 1, order=("shape", "relief", "colour"))
    assert new.index("[lesion.shape]") < new.index("[lesion.relief]") < new.index("# Red.")


def test_a_comment_right_above_a_table_goes_where_the_table_goes() -> None:
    new = move(TEXT, ("lesion", 0, "colour", 1), 0)
    assert new.index("# Brown.") < new.index("melanin") < new.index("# Red.") < new.index("haemoglobin")
    new = move(TEXT, ("lesion", 0), 1)
    assert [each["name"] for each in read(new)["lesion"]] == ["second", "first"]
    assert new.index("# About the second") < new.index("# About the first") < new.index("# Brown.")
    new = remove(TEXT, ("lesion", 0, "colour", 0))
    assert "# Red." not in new
    assert "# Brown." in new
    gone = TEXT.replace('# Red.\n[[lesion.colour]]\nchromophore = "haemoglobin"\n\n', "")
    assert new == gone


def test_inserting_before_and_after() -> None:
    new = insert_table(TEXT, ("lesion", 0, "colour", 1), {"chromophore": "livid", "amount": [0.1, 0.2]})
    assert [each["chromophore"] for each in read(new)["lesion"][0]["colour"]] == [
        "haemoglobin", "livid", "melanin",
    ]  # fmt: skip
    assert "# Brown.\n[[lesion.colour]]" in new
    new = insert_table(TEXT, ("lesion", 2), {"name": "third", "shape": {"diameter_mm": 1}})
    assert read(new)["lesion"][2] == {"name": "third", "shape": {"diameter_mm": 1}}
    new = insert_table(TEXT, ("lesion", 1, "surface", 0), {"kind": "gloss"})
    assert read(new)["lesion"][1]["surface"] == [{"kind": "gloss"}]


def test_the_last_entry_takes_its_list_with_it() -> None:
    once = remove(TEXT, ("lesion", 0, "colour", 0))
    assert "colour" not in read(remove(once, ("lesion", 0, "colour", 0)))["lesion"][0]


def test_an_unusual_layout_is_written_anew_but_says_the_same() -> None:
    inline = 'id = "x"\nlesion = [{ name = "a", shape = { diameter_mm = 3 } }, { name = "b" }]\n'
    new = set_value(inline, ("lesion", 0, "shape", "diameter_mm"), 4)
    assert read(new) == {"id": "x", "lesion": [{"name": "a", "shape": {"diameter_mm": 4}}, {"name": "b"}]}
    assert "[[lesion]]" in new
    assert read(move(inline, ("lesion", 0), 1))["lesion"][1]["name"] == "a"


@pytest.mark.parametrize("text", TEXTS, ids=[file.stem for file in FILES])
def test_every_value_of_the_shipped_recipes_is_found_on_its_line(text: str) -> None:
    document = Document(text)

    def leaves(value: Any, key: tuple[str | int, ...] = ()) -> Any:
        if isinstance(value, dict) and "range" not in value:
            for name, entry in value.items():
                yield from leaves(entry, (*key, name))
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            for number, entry in enumerate(value):
                yield from leaves(entry, (*key, number))
        else:
            yield key

    for key in leaves(read(text)):
        line = document.line_of(key)
        assert line is not None
        assert text.splitlines()[line - 1].startswith(f"{key[-1]} = ")


scalars = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    st.floats(-1e6, 1e6).map(lambda number: float(f"{number:.9g}")),
    st.integers(-400, 400),
    st.lists(st.integers(0, 9), max_size=3),
)


@given(scalars)
def test_every_value_is_written_so_that_it_is_read_again(value: object) -> None:
    assert read(f"x = {toml(value)}")["x"] == value


@pytest.mark.parametrize("text", TEXTS, ids=[file.stem for file in FILES])
def test_a_whole_document_written_anew_says_the_same(text: str) -> None:
    assert read(document_text(read(text))) == read(text)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_row_of_changes_says_what_the_same_changes_to_the_table_say(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(TEXTS))
    table = read(text)
    first_line = text.split("\n", 1)[0]
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(table["lesion"]) - 1))
        lesion = table["lesion"][place]
        colours = lesion.setdefault("colour", [])
        what = data.draw(st.sampled_from(["set", "new", "insert", "move", "remove"]))
        if what == "set":
            lesion["shape"]["diameter_mm"] = [1, 2]
            text = set_value(text, ("lesion", place, "shape", "diameter_mm"), [1, 2])
        elif what == "new":
            lesion.setdefault("relief", {})["tension"] = 0.5
            text = set_value(text, ("lesion", place, "relief", "tension"), 0.5)
        elif what == "insert":
            at = data.draw(st.integers(0, len(colours)))
            colours.insert(at, {"chromophore": "livid", "amount": {"range": [0.1, 0.2], "severity": 1}})
            text = insert_table(text, ("lesion", place, "colour", at), copy.deepcopy(colours[at]))
        elif what == "move":
            to = data.draw(st.integers(0, len(table["lesion"]) - 1))
            table["lesion"].insert(to, table["lesion"].pop(place))
            text = move(text, ("lesion", place), to)
        elif colours:
            del colours[0]
            text = remove(text, ("lesion", place, "colour", 0))
        for each in table["lesion"]:
            if not each.get("colour", True):
                del each["colour"]
        assert read(text) == table
    assert text.split("\n", 1)[0] == first_line  # nothing was written anew


def test_files_are_there() -> None:
    assert all(isinstance(file, Path) for file in FILES)
    assert len(TEXTS) >= 7
