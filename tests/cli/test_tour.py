"""``dermtutor tour``: whose records it uses, and what it answers. What it pictures is tested in tests/ui."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dermtutor.paths import Folders
from dermtutor.ui import tour
from dermtutor.ui.opening import OpenServices
from dermtutor.ui.tour import TourResult

Run = Callable[..., Any]

pytestmark = pytest.mark.usefixtures("painted")


@pytest.fixture
def homes(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Where each tour had its records; in its place, somebody signs up and takes one picture."""
    used: list[Path] = []

    def run_tour(out: Path, open_services: OpenServices, folders: Folders) -> TourResult:
        services = open_services()
        try:
            used.append(folders.home)
            services.profiles.create(tour.LEARNER)
        finally:
            services.close()
        return TourResult((out / "01-start.png", out / "02-set-up.png"), 33)

    monkeypatch.setattr(tour, "run_tour", run_tour)
    return used


def test_answers_with_its_pictures_and_keeps_the_records_of_a_named_home(
    dermtutor: Run, tmp_path: Path, home: Path, homes: list[Path]
) -> None:
    ran = dermtutor("--home", tmp_path / "own", "tour", "--out", tmp_path / "pictures", "--json")
    assert ran.code == 0, ran.err
    pictures = [str(tmp_path / "pictures" / name) for name in ("01-start.png", "02-set-up.png")]
    assert json.loads(ran.out) == {"pictures": pictures, "answers": 33}
    assert homes == [tmp_path / "own"]
    assert Folders(tmp_path / "own").database.exists()
    assert not home.exists()


def test_without_a_named_home_the_records_are_thrown_away(
    dermtutor: Run, tmp_path: Path, home: Path, homes: list[Path]
) -> None:
    ran = dermtutor("tour", "--out", tmp_path / "pictures")
    assert ran.code == 0, ran.err
    assert "2 pictures are in" in ran.out
    assert not homes[0].exists()
    assert not home.exists()


def test_a_folder_that_cannot_be_made_is_one_sentence(dermtutor: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ran = dermtutor("tour", "--out", tmp_path / "file" / "below")
    assert ran.code == 1
    assert "name another" in ran.sentence
