"""``dermtutor quiz``: answers from a file, kept like any others."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dermtutor.bootstrap import build_services
from dermtutor.paths import Folders

Run = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("painted")


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "answers.csv"
    path.write_text("chosen,confidence,seconds\n1,4,3\n2,2,5.5\n1,5,2\n", encoding="utf-8")
    return path


def test_a_quiz_from_a_file(dermtutor: Run, sheet: Path, home: Path) -> None:
    command = ("quiz", "--conditions", "melanoma,recipes", "--tones", "2,9", "--answers", sheet, "--learner", "Ada",
               "--seed", 4, "--json")  # fmt: skip
    ran = dermtutor(*command)
    assert ran.code == 0, ran.err
    said = json.loads(ran.out)
    assert said["asked"] == 3
    again = json.loads(dermtutor(*command).out)
    assert again["correct"] == said["correct"]
    assert again["session"] != said["session"]
    services = build_services(Folders(home))
    try:
        (learner,) = services.profiles.learners()
        assert services.quiz.summary(said["session"]).score.k == said["correct"]
        assert services.progress.overview(learner.id).total.n == 6
    finally:
        services.close()


def test_an_exam_from_a_file(dermtutor: Run, sheet: Path) -> None:
    ran = dermtutor(
        "quiz", "--conditions", "learned", "--answers", sheet, "--learner", "Ada", "--mode", "exam"
    )
    assert ran.code == 0, ran.err
    assert "of 3 right, kept for Ada." in ran.out


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("--conditions", "gout"), "No condition is called 'gout'"),
        (("--mode", "review"), "use the window"),
        (("--mode", "forms"), "form A or form B"),
        (("--answers", "nowhere.csv"), "cannot be read"),
        (("--learner", " "), "Type a name"),
    ],
)
def test_what_cannot_be_is_one_sentence(
    dermtutor: Run, sheet: Path, change: tuple[str, str], sentence: str
) -> None:
    ran = dermtutor("quiz", "--conditions", "melanoma", "--answers", sheet, "--learner", "Ada", *change)
    assert ran.code == 1
    assert sentence in ran.sentence
