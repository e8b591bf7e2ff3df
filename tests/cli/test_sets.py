"""``dermtutor set`` and ``dermtutor quiz --set``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
BUILD = (
    "set",
    "build",
    "Moles",
    "--conditions",
    "melanoma,vitiligo",
    "--tones",
    "2,9",
    "--number",
    "8",
    "--seed",
    "3",
)


@pytest.fixture
def built(dermtutor: Run) -> dict[str, Any]:
    ran = dermtutor(*BUILD, "--by", "Ada", "--sites", "trunk", "--json")
    assert ran.code == 0, ran.err
    facts: dict[str, Any] = json.loads(ran.out)
    return facts


def test_build_list_info_verify(dermtutor: Run, built: dict[str, Any], home: Path) -> None:
    assert {name: built[name] for name in ("name", "version", "made", "cases")} == {
        "name": "Moles", "version": 1, "made": 8, "cases": 8,
    }  # fmt: skip
    (listed,) = json.loads(dermtutor("set", "list", "--json").out)
    assert (listed["cases"], listed["drafted"], listed["author"], listed["wanted"]) == (8, 8, "Ada", 0)
    facts = json.loads(dermtutor("set", "info", "moles", "--json").out)
    assert facts["coverage"]["melanoma"]["9"] == 2
    assert facts["agreement"] is None
    told = dermtutor("set", "info", "moles").out
    assert "vitiligo" in told
    assert "No case has been judged by two reviewers yet." in told
    assert dermtutor("set", "verify", "moles").out == "All 16 files are sound.\n"
    next((home / "media").glob("*.png")).write_bytes(b"altered")
    ran = dermtutor("set", "verify", "moles", "--json")
    assert ran.code == 1
    assert len(json.loads(ran.out)["lost"]) == 1


def test_balance_and_going_on(dermtutor: Run, built: dict[str, Any]) -> None:
    ran = dermtutor("set", "build", "moles", "--balance", "--tones", "2,5", "--per-cell", "2", "--json")
    assert json.loads(ran.out)["made"] == 4
    assert json.loads(dermtutor("set", "build", "moles", "--json").out)["made"] == 0
    assert (
        dermtutor("set", "build", "Freckles").err == "No case set is called 'Freckles'; there are: Moles.\n"
    )


def test_a_site_at_which_nothing_occurs_is_refused_before_a_set_is_begun(dermtutor: Run) -> None:
    ran = dermtutor(*BUILD, "--sites", "trunk,moon")
    assert ran.code == 1
    assert ran.err.startswith("None of these conditions occurs at 'moon'; choose from ")
    assert dermtutor("set", "list").out == "There are no case sets.\n"


def test_of_two_sets_of_one_name_the_id_is_asked_for(
    dermtutor: Run, built: dict[str, Any], tmp_path: Path
) -> None:
    file, elsewhere = tmp_path / "moles.dermset", ("--home", str(tmp_path / "elsewhere"))
    dermtutor("set", "export", "Moles", "--format", "dermset", "--out", str(file))
    other = (
        "set",
        "build",
        "Moles",
        "--conditions",
        "vitiligo",
        "--tones",
        "5",
        "--number",
        "1",
        "--by",
        "Bea",
    )
    assert dermtutor(*elsewhere, *other).out == "1 case made; Moles has 1.\n"
    assert dermtutor(*elsewhere, "set", "import", str(file)).code == 0
    ran = dermtutor(*elsewhere, "set", "info", "Moles")
    assert "Several case sets are called 'Moles'" in ran.err
    assert f"{built['set']} by Ada" in ran.err
    assert dermtutor(*elsewhere, "set", "info", built["set"]).code == 0


def test_a_quiz_on_a_set(dermtutor: Run, built: dict[str, Any], tmp_path: Path) -> None:
    sheet = tmp_path / "answers.csv"
    sheet.write_text("chosen,confidence,seconds\n" + "1,3,5\n" * 8)
    ran = dermtutor("quiz", "--set", "Moles", "--answers", str(sheet), "--learner", "Bea", "--json")
    assert json.loads(ran.out)["asked"] == 8
    exam = ("quiz", "--set", "Moles", "--answers", str(sheet), "--learner", "Bea", "--mode", "exam")
    assert "has 0 accepted cases, not 8" in dermtutor(*exam).err
    ran = dermtutor("quiz", "--answers", str(sheet), "--learner", "Bea")
    assert (ran.code, "either conditions or a case set" in ran.err) == (2, True)
    assert json.loads(dermtutor("report", "--learner", "Bea", "--set", "Moles", "--json").out)


def test_a_quiz_on_the_file_of_a_set(dermtutor: Run, built: dict[str, Any], tmp_path: Path) -> None:
    file, sheet = tmp_path / "moles.dermset", tmp_path / "answers.csv"
    assert dermtutor("set", "export", "Moles", "--format", "dermset", "--out", str(file)).code == 0
    sheet.write_text("chosen,confidence,seconds\n" + "1,3,5\n" * 8)
    elsewhere = "--home", str(tmp_path / "elsewhere"), "quiz", "--set", str(file), "--answers", str(sheet)
    for taken in range(1, 3):  # the second time the set is there
        ran = dermtutor(*elsewhere, "--learner", "Bea", "--json")
        assert json.loads(ran.out)["asked"] == 8
        report = dermtutor(
            "--home", str(tmp_path / "elsewhere"), "report", "--learner", "Bea", "--set", "Moles", "--json"
        )
        assert json.loads(report.out)["figures"]["total"]["n"] == 8 * taken
    file.write_bytes(file.read_bytes()[:-100])
    ran = dermtutor(*elsewhere, "--learner", "Bea")
    assert (ran.code, ran.err.count("\n")) == (1, 1)


def test_building_a_set_is_measured(dermtutor: Run) -> None:
    facts = json.loads(dermtutor("bench", "--set", "--cases", "5", "--json").out)["set"]
    assert facts["cases"] == 5
    assert facts["peak_memory_mb"] > 10
