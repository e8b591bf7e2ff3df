"""``dermtutor set import-photographs``: a set with its credits, or one sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dermtutor.cli import main
from tests.services.photograph_folder import LINE, make_folder


def test_a_folder_becomes_a_set_with_credits(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = make_folder(tmp_path / "ward", [LINE, LINE | {"file": "two.jpg", "credit": "B. Author"}])
    asked = ["--home", str(home), "set", "import-photographs", str(folder), "--name", "Ward", "--by", "Eva"]
    assert main([*asked, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["name"], told["cases"], told["accepted"]) == ("Ward", 2, 0)
    assert told["credits"][1] == {"file": "two.jpg", "credit": "B. Author", "licence": "CC BY 4.0"}
    assert main(asked) == 1
    assert capsys.readouterr().err == "A case set is called 'Ward' already; choose another name.\n"
    (folder / "two.jpg").unlink()
    assert main([*asked[:-3], "Other", "--by", "Eva"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("Line 3 of photographs.csv, two.jpg: there is no such file")
    assert said.count("\n") == 1


def test_the_help_names_every_column(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["set", "import-photographs", "--help"]) == 0
    assert "patient: any mark that the photographs of one patient share" in " ".join(
        capsys.readouterr().out.split()
    )
