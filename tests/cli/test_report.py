"""``dermtutor report``, ``records export`` and ``records delete``, ``bench --database``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from pypdf import PdfReader

from dermtutor.bootstrap import build_services
from dermtutor.paths import Folders
from tests.cli.conftest import Ran
from tests.services.month import Trainee

Run = Callable[..., Ran]


@pytest.fixture
def worked(home: Path, painted: None) -> None:
    services = build_services(Folders(home))
    for name, seed in (("Ada", 3), ("Bea", 1)):
        Trainee(services.quiz, services.profiles.create(name), seed).work(days=2, questions=8)
    services.close()


def test_a_learners_report(worked: None, dermtutor: Run, tmp_path: Path) -> None:
    pdf, xlsx = tmp_path / "ada.pdf", tmp_path / "ada.xlsx"
    ran = dermtutor("report", "--learner", "ada", "--pdf", pdf, "--xlsx", xlsx)
    assert ran.code == 0
    assert "Accuracy: " in ran.out
    assert f"{pdf} is written." in ran.out
    assert len(PdfReader(pdf).pages) == 1
    assert xlsx.read_bytes()[:2] == b"PK"
    told = json.loads(dermtutor("report", "--learner", "Ada", "--json").out)
    assert told["learner"] == "Ada"
    total = told["figures"]["total"]
    assert total["n"] == sum(each["proportion"]["n"] for each in told["figures"]["by_tone"])
    assert {"value", "low", "high"} <= set(total)


def test_a_cohorts_report(worked: None, dermtutor: Run, tmp_path: Path) -> None:
    pdf = tmp_path / "all.pdf"
    ran = dermtutor("report", "--cohort", "--pseudonyms", "--pdf", pdf, "--json")
    told = json.loads(ran.out)
    assert [each["learner"] for each in told["cohort"]["learners"]] == ["Learner 1", "Learner 2"]
    text = " ".join(page.extract_text() for page in PdfReader(pdf).pages)
    assert "Learner 1" in text
    assert "Ada" not in text


def test_filters(worked: None, dermtutor: Run) -> None:
    every = json.loads(dermtutor("report", "--cohort", "--json").out)["figures"]["total"]["n"]
    drawn = json.loads(dermtutor("report", "--cohort", "--source", "recipe", "--json").out)
    assert 0 < drawn["figures"]["total"]["n"] < every
    assert drawn["filter"]["source"] == "recipe"
    ran = dermtutor("report", "--learner", "Ada", "--days", 1)
    assert ran.code == 1
    assert "There are no answers to report on" in ran.sentence


@pytest.mark.parametrize("arguments", [(), ("--learner", "Ada", "--cohort")])
def test_it_has_to_be_said_whose(worked: None, dermtutor: Run, arguments: tuple[str, ...]) -> None:
    assert "--cohort for all" in dermtutor("report", *arguments).sentence


def test_unknown_learner_and_unwritable_file(worked: None, dermtutor: Run, tmp_path: Path) -> None:
    assert "there are: Ada, Bea" in dermtutor("report", "--learner", "Eva").sentence
    ran = dermtutor("report", "--learner", "Ada", "--pdf", tmp_path / "no" / "such.pdf")
    assert "name another file" in ran.sentence


def test_export_and_delete(worked: None, dermtutor: Run, tmp_path: Path) -> None:
    out = tmp_path / "ada.json"
    ran = dermtutor("records", "export", "--learner", "Ada", "--out", out, "--json")
    rows = json.loads(ran.out)["rows"]
    assert rows["answers"] == len(json.loads(out.read_text(encoding="utf-8"))["tables"]["answers"]) > 0
    done = json.loads(dermtutor("records", "delete", "--learner", "Ada", "--yes", "--json").out)
    assert done["rows"]["answers"] == rows["answers"]
    assert done["backups"] >= 1
    assert "there are: Bea" in dermtutor("report", "--learner", "Ada").sentence
    ran = dermtutor("records", "delete", "--learner", "Bea", "--yes")
    assert "Bea is deleted" in ran.out


def test_a_learner_becomes_an_educator(worked: None, dermtutor: Run, home: Path) -> None:
    assert dermtutor("records", "role", "--learner", "bea", "educator").out == "Bea is an educator now.\n"
    services = build_services(Folders(home))
    assert services.profiles.named("Bea").role == "educator"
    services.close()
    assert dermtutor("records", "role", "--learner", "Eva", "trainee").code == 1


def test_bench_measures_the_statistics(dermtutor: Run) -> None:
    figures = json.loads(dermtutor("bench", "--database", "--answers", 2000, "--json").out)["statistics"]
    assert figures["answers"] == 2000
    assert set(figures["filters"]) == {"all", "last_30_days", "learned", "practice", "reviewed_only"}
    assert figures["painted"]["n"] == 5


def test_bench_says_how_often_known_gaps_are_found(dermtutor: Run) -> None:
    figures = json.loads(dermtutor("bench", "--gaps", "--runs", 1, "--json").out)["gaps"]
    assert {"a class", "few answers"} < set(figures)
    assert {"points", "odds", "bootstrap", "truth"} < set(figures["a class"])


def test_bench_takes_results_in(painted: None, dermtutor: Run) -> None:
    figures = json.loads(dermtutor("bench", "--imports", "--answers", 4000, "--json").out)["imports"]
    assert (figures["answers"], figures["learners"]) == (4000, 200)
    assert figures["import_ms"] > 0
