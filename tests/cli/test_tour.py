"""``dermtutor tour``: every page is pictured, and the answers are real ones."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from dermtutor.bootstrap import open_maintenance
from dermtutor.paths import Folders

Run = Callable[..., Any]

pytestmark = [
    pytest.mark.usefixtures("painted", "qapp"),
    pytest.mark.slow,
    pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True),
    pytest.mark.timeout(400),  # it visits every page there is
]


def test_pictures_every_page_and_stores_its_answers(dermtutor: Run, tmp_path: Path, home: Path) -> None:
    ran = dermtutor("--home", tmp_path / "own", "tour", "--out", tmp_path / "pictures", "--json")
    assert ran.code == 0, ran.err
    answer = json.loads(ran.out)
    pages = [Path(each).stem.partition("-")[2] for each in answer["pictures"]]
    assert {"welcome", "start", "set-up", "question", "feedback-right", "feedback-wrong", "summary", "progress",
            "progress-table", "about"} <= set(pages)  # fmt: skip
    for picture in answer["pictures"]:
        with Image.open(picture) as image:
            assert len(image.convert("RGB").getcolors(1 << 24) or []) > 10, picture
    maintenance, close = open_maintenance(Folders(tmp_path / "own"))
    try:
        report = maintenance.check()
    finally:
        close()
    assert report.sound
    assert report.counts["answers"] == answer["answers"] > 0
    assert not home.exists()


def test_a_folder_that_cannot_be_made_is_one_sentence(dermtutor: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ran = dermtutor("tour", "--out", tmp_path / "file" / "below")
    assert ran.code == 1
    assert "name another" in ran.sentence
