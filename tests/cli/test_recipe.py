"""``dermtutor recipe``: from the first line to a file that others can use."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from dermtutor.paths import assets_dir
from tests.provenance import read_provenance

Run = Callable[..., Any]
SHIPPED = sorted((assets_dir() / "recipes").glob("*.toml"))

pytestmark = pytest.mark.usefixtures("painted")


@pytest.fixture
def begun(dermtutor: Run, tmp_path: Path) -> Path:
    """A new recipe's file."""
    file = tmp_path / "my-rash.toml"
    assert dermtutor("recipe", "new", "my-rash", "--out", file).code == 0
    return file


@pytest.fixture
def added(dermtutor: Run, begun: Path) -> Path:
    """A new recipe among one's own."""
    assert dermtutor("recipe", "add", begun).code == 0
    return begun


class TestNew:
    def test_a_recipe_to_begin_from_is_sound(self, dermtutor: Run, begun: Path) -> None:
        assert dermtutor("recipe", "check", begun).out == f"{begun} is sound.\n"
        assert "# " in begun.read_text()

    @pytest.mark.parametrize("existing", ["plaque-psoriasis", "file"])
    def test_from_another(self, dermtutor: Run, tmp_path: Path, begun: Path, existing: str) -> None:
        source = str(begun) if existing == "file" else existing
        out = tmp_path / "other.toml"
        ran = dermtutor("recipe", "new", "other", "--from", source, "--out", out, "--json")
        assert json.loads(ran.out) == {"id": "other", "file": str(out)}
        assert dermtutor("recipe", "check", out).code == 0
        assert dermtutor("recipe", "add", out).code == 0

    def test_a_copy_of_a_shipped_condition_has_its_text_and_no_review(
        self, dermtutor: Run, tmp_path: Path
    ) -> None:
        out = tmp_path / "mine.toml"
        dermtutor("recipe", "new", "mine", "--from", "vitiligo", "--out", out)
        text = out.read_text()
        assert 'icd11 = "ED63.0"' in text
        assert 'name = "Vitiligo (copy)"' in text
        assert "# Vitiligo: chalk-white" in text

    def test_what_is_there_is_not_written_over(self, dermtutor: Run, begun: Path) -> None:
        begun.write_text("precious")
        assert "--out" in dermtutor("recipe", "new", "my-rash", "--out", begun).sentence
        assert begun.read_text() == "precious"

    @pytest.mark.parametrize("recipe_id", ["melanoma", "vitiligo", "Not An Id", "../x"])
    def test_an_id_that_cannot_be(self, dermtutor: Run, tmp_path: Path, recipe_id: str) -> None:
        ran = dermtutor("recipe", "new", recipe_id, "--out", tmp_path / "x.toml")
        assert ran.code == 1
        assert "id" in ran.sentence
        assert not (tmp_path / "x.toml").exists()

    def test_from_nothing(self, dermtutor: Run, tmp_path: Path) -> None:
        assert "recipe list" in dermtutor("recipe", "new", "a", "--from", "nothing").sentence


class TestCheck:
    def test_the_shipped_ones_are_sound(self, dermtutor: Run) -> None:
        ran = dermtutor("recipe", "check", *SHIPPED, "--json")
        assert (ran.code, json.loads(ran.out)) == (0, [])

    def test_everything_wrong_in_every_file_with_line_and_reason(
        self, dermtutor: Run, begun: Path, tmp_path: Path
    ) -> None:
        text = begun.read_text().replace("[15, 30]", "[30, 15]").replace('"haemoglobin"', '"red"')
        begun.write_text(text)
        binary = tmp_path / "binary.toml"
        binary.write_bytes(b"\x00\xff")
        missing = tmp_path / "missing.toml"
        ran = dermtutor("recipe", "check", begun, binary, missing, "--json")
        found = json.loads(ran.out)
        assert ran.code == 1
        assert [each["file"] for each in found] == ["my-rash.toml"] * 2 + ["binary.toml", "missing.toml"]
        lines = text.splitlines()
        assert lines[found[0]["line"] - 1].startswith("diameter_mm")
        assert lines[found[1]["line"] - 1].startswith("chromophore")
        assert found[0]["key"] == "lesion.1.shape.diameter_mm"
        told = dermtutor("recipe", "check", begun)
        assert told.code == 1
        assert told.out.count("\n") == 2

    def test_no_file_is_wrong_usage(self, dermtutor: Run) -> None:
        assert dermtutor("recipe", "check").code == 2


class TestRender:
    def test_a_sheet_with_every_tone_that_says_what_it_is(
        self, dermtutor: Run, begun: Path, tmp_path: Path
    ) -> None:
        out = tmp_path / "sheet.png"
        ran = dermtutor(
            "recipe",
            "render",
            begun,
            "--tones",
            "2,5,8,10",
            "--seed",
            3,
            "--size",
            128,
            "--out",
            out,
            "--json",
        )
        facts = json.loads(ran.out)
        assert [each["tone"] for each in facts["tones"]] == [2, 5, 8, 10]
        assert (facts["seed"], facts["review"], facts["version"]) == (3, "unreviewed", "1.0")
        said = read_provenance(out.read_bytes())
        assert "drawn from a recipe" in said["Description"]
        assert said["Comment"] == "Drawn from a recipe, not learned · my-rash 1.0 · unreviewed · seed 3"
        sheet = np.asarray(Image.open(io.BytesIO(out.read_bytes())))
        assert sheet.shape[1] == 16 + 4 * (128 + 16)
        assert sheet.shape[0] > 128 + 32
        # Under each picture there is ink: its label.
        for column in range(4):
            left = 16 + column * (128 + 16)
            assert (sheet[16 + 128 : 16 + 128 + 20, left : left + 60] < 100).any()

    def test_an_installed_recipe_by_its_id(self, dermtutor: Run, tmp_path: Path) -> None:
        out = tmp_path / "sheet.png"
        assert dermtutor("recipe", "render", "vitiligo", "--tones", "1-10", "--out", out).code == 0
        assert out.is_file()

    def test_a_bad_one_is_told_and_nothing_written(self, dermtutor: Run, begun: Path, tmp_path: Path) -> None:
        begun.write_text(begun.read_text().replace("[15, 30]", "[30, 15]"))
        ran = dermtutor("recipe", "render", begun, "--out", tmp_path / "x.png")
        assert ran.code == 1
        assert "impossible range" in ran.sentence
        assert not (tmp_path / "x.png").exists()


class TestOwn:
    def test_it_joins_conditions_generate_and_twins(
        self, dermtutor: Run, added: Path, tmp_path: Path
    ) -> None:
        listed = {each["id"]: each for each in json.loads(dermtutor("conditions", "--json").out)}
        mine = listed["my-rash"]
        assert (mine["source"], mine["reviewed"], mine["own"]) == ("recipe", False, True)
        assert "own" not in listed["vitiligo"]
        out = tmp_path / "case.png"
        ran = dermtutor("generate", "--condition", "my-rash", "--tone", 4, "--out", out, "--json")
        assert json.loads(ran.out)["source"] == "recipe"
        ran = dermtutor(
            "twins", "--condition", "my-rash", "--tones", "1,9", "--out", tmp_path / "t", "--json"
        )
        assert len(json.loads(ran.out)) == 2

    def test_list_says_whose_and_how_reviewed(self, dermtutor: Run, added: Path) -> None:
        listed = json.loads(dermtutor("recipe", "list", "--json").out)
        assert listed[0]["id"] == "my-rash"
        assert [each["origin"] for each in listed] == ["own"] + ["shipped"] * len(SHIPPED)
        assert "My rash" in dermtutor("recipe", "list").out

    def test_a_review_names_who_and_when_until_something_changes(
        self, dermtutor: Run, added: Path, home: Path, tmp_path: Path
    ) -> None:
        kept = json.loads(dermtutor("recipe", "review", "my-rash", "--by", " Dr  Name ", "--json").out)
        assert (kept["reviewed"], kept["reviewed_by"]) == (True, "Dr Name")
        assert len(kept["reviewed_on"]) == 10
        file = home / "recipes" / "my-rash.toml"
        assert "# A new recipe" in file.read_text()
        file.write_text(file.read_text().replace("[15, 30]", "[15, 31]"))
        listed = json.loads(dermtutor("recipe", "list", "--json").out)[0]
        assert (listed["reviewed"], listed["reviewed_by"]) == (False, "")
        assert "changed since its review" in dermtutor("recipe", "list").out

    def test_a_review_needs_a_name(self, dermtutor: Run, added: Path) -> None:
        assert "name" in dermtutor("recipe", "review", "my-rash", "--by", "  ").sentence
        assert "only your own" in dermtutor("recipe", "review", "vitiligo", "--by", "Dr A").sentence

    def test_shared_by_one_and_taken_by_another(self, dermtutor: Run, added: Path, tmp_path: Path) -> None:
        shared = tmp_path / "download (1).toml"
        assert dermtutor("recipe", "share", "my-rash", "--out", shared).code == 0
        other = tmp_path / "colleague"
        assert dermtutor("--home", other, "recipe", "add", shared).code == 0
        assert (other / "recipes" / "my-rash.toml").read_bytes() == added.read_bytes()
        assert "already" in dermtutor("--home", other, "recipe", "add", shared).sentence

    def test_removed_and_gone_from_the_conditions(self, dermtutor: Run, added: Path) -> None:
        assert dermtutor("recipe", "remove", "my-rash").code == 0
        assert "my-rash" not in dermtutor("conditions").out
        assert "no recipe called" in dermtutor("recipe", "remove", "my-rash").sentence
        assert "shipped" in dermtutor("recipe", "remove", "vitiligo").sentence

    @pytest.mark.parametrize("content", [b"\x00" * 9, b"id =", b"a" * 300_000])
    def test_a_bad_file_is_not_added(
        self, dermtutor: Run, tmp_path: Path, home: Path, content: bytes
    ) -> None:
        (tmp_path / "bad.toml").write_bytes(content)
        ran = dermtutor("recipe", "add", tmp_path / "bad.toml")
        assert ran.code == 1
        assert "bad.toml" in ran.sentence
        assert not (home / "recipes").exists()

    def test_a_damaged_one_is_told_once_and_the_rest_works(
        self, dermtutor: Run, added: Path, home: Path, tmp_path: Path
    ) -> None:
        (home / "recipes" / "broken.toml").write_text('id = "broken"\nversion = 1\n')
        ran = dermtutor("conditions")
        assert ran.code == 0
        assert "my-rash" in ran.out
        assert ran.err.count("\n") == 1
        assert "broken.toml, line" in ran.err or "broken.toml:" in ran.err
        out = tmp_path / "case.png"
        assert dermtutor("generate", "--condition", "my-rash", "--tone", 4, "--out", out).code == 0
