"""Results from one home to another by the command line."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from pypdf import PdfReader

from tests.cli.conftest import Ran

Run = Callable[..., Ran]


@pytest.fixture
def sent(painted: None, dermtutor: Run, tmp_path: Path) -> Path:
    """Ada's results from a home of her own."""
    answers = tmp_path / "answers.csv"
    answers.write_text("chosen,confidence\n" + "1,4\n2,2\n" * 3, encoding="utf-8")
    home = tmp_path / "ada"
    ran = dermtutor(
        "--home", home, "quiz", "--conditions", "vitiligo,rosacea,urticaria", "--tones", "2,9",
        "--answers", answers, "--learner", "Ada", "--seed", 1,
    )  # fmt: skip
    assert ran.code == 0, ran.err
    file = tmp_path / "ada.dermresults"
    ran = dermtutor("--home", home, "records", "export", "--learner", "ada", "--results", file, "--json")
    facts = json.loads(ran.out)
    assert facts["answers"] == 6
    assert "Ada" not in facts["name"]
    return file


def test_results_are_imported_once_and_removed(sent: Path, dermtutor: Run) -> None:
    report = json.loads(dermtutor("records", "import", sent, "--json").out)
    assert [(each["answers"], each["new"]) for each in report["imported"]] == [(6, 6)]
    again = dermtutor("records", "import", sent)
    assert "nothing new, all 6 answers were there" in again.out
    (learner,) = json.loads(dermtutor("records", "imported", "--json").out)
    assert learner["answers"] == 6
    assert learner["name"] in dermtutor("records", "imported").out
    assert json.loads(dermtutor("records", "check", "--json").out)["counts"]["imported answers"] == 6
    removed = dermtutor("records", "delete", "--imported", "--learner", learner["name"], "--yes")
    assert "6 answers" in removed.out
    assert json.loads(dermtutor("records", "imported", "--json").out) == []


def test_a_refused_file_is_one_sentence_and_the_rest_is_imported(
    sent: Path, dermtutor: Run, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.dermresults"
    bad.write_bytes(sent.read_bytes()[:-3])
    alone = dermtutor("records", "import", bad)
    assert alone.code == 1
    assert alone.sentence.startswith("bad.dermresults was not imported. It was altered or cut short")
    ran = dermtutor("records", "import", bad, sent, "--json")
    assert ran.code == 1
    report = json.loads(ran.out)
    assert [each["new"] for each in report["imported"]] == [6]
    assert [each["file"] for each in report["refused"]] == ["bad.dermresults"]


def test_an_export_names_one_file(sent: Path, dermtutor: Run, tmp_path: Path) -> None:
    for files in ((), ("--out", tmp_path / "a", "--results", tmp_path / "b")):
        ran = dermtutor("--home", tmp_path / "ada", "records", "export", "--learner", "Ada", *files)
        assert "Name one file" in ran.sentence


def test_the_report_of_imported_results(sent: Path, dermtutor: Run, tmp_path: Path) -> None:
    assert "no answers" in dermtutor("report", "--cohort").sentence
    assert "import results" in dermtutor("report", "--cohort", "--of", "imported").sentence
    (learner,) = json.loads(dermtutor("records", "import", sent, "--json").out)["imported"]
    pdf, xlsx, table = (tmp_path / f"cohort.{kind}" for kind in ("pdf", "xlsx", "csv"))
    ran = dermtutor("report", "--cohort", "--pdf", pdf, "--xlsx", xlsx, "--csv", table)
    assert ran.code == 0, ran.err
    assert "Imported results" in ran.out
    assert "too few" in ran.out
    pages = [page.extract_text() for page in PdfReader(pdf).pages]
    assert [
        text in page for text, page in zip(("Imported results", "Learners", "Monk tone", "Items"), pages)
    ] == [True] * 4
    book = openpyxl.load_workbook(xlsx)
    rows = list(book["Answers"].iter_rows(values_only=True))
    lines = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    assert len(lines) == len(rows) - 1 == 6
    heads = rows[0]
    for line, row in zip(lines, rows[1:]):
        told = dict(zip(heads, row))
        assert line["learner"] == told["learner"] == learner["name"]
        assert line["chosen"] in line["options_shown"].split(" | ")
        assert int(line["correct"]) == told["correct"] == (line["chosen"] == line["right"])
        assert (len(line["item"]), len(line["case"])) == (32, 64)
    told = json.loads(dermtutor("report", "--cohort", "--json").out)
    assert told["figures"]["total"]["n"] == 6
    assert sum(each["facility"]["n"] for each in told["items"]["items"]) == 6
    assert told["items"]["reliability"]["alpha"] is None
    named = dermtutor("report", "--cohort", "--pseudonyms", "--csv", table)
    assert named.code == 0
    assert "Learner 1" in table.read_text(encoding="utf-8")


def test_the_learners_here_are_reported_on_as_before(sent: Path, dermtutor: Run, tmp_path: Path) -> None:
    home = tmp_path / "ada"
    here = json.loads(dermtutor("--home", home, "report", "--cohort", "--json").out)
    assert here["cohort"]["learners"][0]["learner"] == "Ada"
    dermtutor("--home", home, "records", "import", sent)
    assert "Imported results" in dermtutor("--home", home, "report", "--cohort").out
    assert "All learners" in dermtutor("--home", home, "report", "--cohort", "--of", "here").out
    ran = dermtutor("--home", home, "report", "--cohort", "--of", "here", "--csv", tmp_path / "no.csv")
    assert "leave out --csv" in ran.sentence
