"""``dermtutor set`` on files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dermtutor.cli import main
from dermtutor.exchange.dermset import read_dermset
from tests.exchange.making import Shelf, made_set, rejected, write


def _run(capfd: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    capfd.readouterr()
    code = main([str(each) for each in arguments])
    out, err = capfd.readouterr()
    return code, out, err


def test_a_file_is_verified_trusted_and_exported(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    shelf = Shelf()
    case_set = made_set(shelf, 3)
    case_set = type(case_set)(
        "s", "s", 1, "Week", "Ada", case_set.created_at, (*case_set.cases[:2], rejected(case_set.cases[2]))
    )
    path = write(case_set, shelf, tmp_path)
    code, out, _ = _run(capfd, "set", "verify", path)
    assert code == 0
    assert "unknown here" in out
    assert _run(capfd, "set", "trust", path, "--as", "Ada of the clinic")[0] == 0
    code, out, _ = _run(capfd, "set", "verify", path, "--json")
    assert json.loads(out)["signer"]["known_as"] == "Ada of the clinic"
    assert json.loads(out)["cases"] == 3
    code, out, _ = _run(
        capfd, "set", "export", "--format", "moodle", "--out", tmp_path / "q.xml", path, "--json"
    )
    assert code == 0
    assert json.loads(out)["left_out"] == {"faces": 0, "not_permitted": 0, "rejected": 1}
    assert (tmp_path / "q.xml").read_bytes().startswith(b"<?xml")


def test_a_file_is_imported_once_and_exported_by_its_name(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    shelf = Shelf()
    path = write(made_set(shelf, 3), shelf, tmp_path)
    code, out, _ = _run(capfd, "set", "import", path)
    assert code == 0
    assert "The set is here now." in out
    code, out, err = _run(capfd, "set", "import", path)
    assert (code, out) == (1, "")
    assert "here already" in err
    name = "First week: all tones"
    code, out, _ = _run(
        capfd, "set", "export", name, "--format", "gift", "--out", tmp_path / "x.txt", "--json"
    )
    assert json.loads(out)["cases"] == 3
    assert _run(capfd, "set", "verify", name)[0] == 0


def test_a_bad_file_is_one_sentence(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bad.dermset"
    path.write_bytes(b"PK\3\4 no case set at all, although it begins like one")
    code, out, err = _run(capfd, "set", "verify", path)
    assert (code, out) == (1, "")
    assert err.count("\n") == 1
    assert "bad.dermset was not taken" in err


def test_a_set_travels_from_one_home_to_another(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    shelf = Shelf()
    sent = write(made_set(shelf, 3), shelf, tmp_path)
    home = ("--home", tmp_path / "home")
    code, out, err = _run(capfd, *home, "set", "import", sent, "--json")
    assert code == 0, err
    name = json.loads(out)["name"]
    assert _run(capfd, *home, "set", "verify", name)[0] == 0
    again = tmp_path / "again.dermset"
    assert _run(capfd, *home, "set", "export", "--format", "dermset", "--out", again, name)[0] == 0
    assert read_dermset(again).case_set == read_dermset(sent).case_set
    code, _, err = _run(capfd, *home, "set", "import", sent)
    assert code == 1
    assert "here already" in err
