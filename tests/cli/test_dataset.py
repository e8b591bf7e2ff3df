"""``dataset`` without photographs: the folder, the answer, one sentence for every wrong input."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dermtutor.domain.transfer import TransferPlan
from dermtutor.paths import assets_dir
from tests.provenance import read_provenance

Run = Callable[..., Any]
HEADS = "image,mask,condition,source,tone_monk,ita_requested,ita_measured,site,severity,seed,spec_id"


@pytest.mark.usefixtures("painted")
class TestDataset:
    def test_every_condition_on_every_tone(self, dermtutor: Run, tmp_path: Path) -> None:
        out = tmp_path / "set"
        wanted = (
            "dataset",
            "--conditions",
            "melanoma,vitiligo",
            "--tones",
            "2,9",
            "--per-cell",
            2,
            "--out",
            out,
        )
        ran = dermtutor(*wanted, "--json")
        assert ran.code == 0
        assert set(json.loads(ran.out)) >= {"images", "seconds", "images_per_second", "device"}
        text = (out / "cases.csv").read_text(encoding="utf-8")
        assert text.startswith(HEADS)
        rows = list(csv.DictReader(text.splitlines()))
        assert len(rows) == 8
        assert {(row["condition"], row["tone_monk"]) for row in rows} == {
            (condition, tone) for condition in ("melanoma", "vitiligo") for tone in ("2", "9")
        }
        assert len({row["seed"] for row in rows}) == 8
        assert read_provenance((out / rows[0]["image"]).read_bytes())["SpecId"] == rows[0]["spec_id"]
        again = dermtutor(*wanted, "--resume", "--json")
        assert json.loads(again.out)["new"] == 0

    @pytest.mark.parametrize(
        ("options", "words"),
        [
            (("--conditions", "melanomma"), "melanoma"),
            (("--conditions", ","), "at least one"),
            (("--conditions", "melanoma", "--photos", "."), "--permission"),
        ],
    )
    def test_one_sentence_for_what_is_wrong(
        self, dermtutor: Run, tmp_path: Path, options: tuple[str, ...], words: str
    ) -> None:
        ran = dermtutor("dataset", *options, "--out", tmp_path / "set")
        assert ran.code == 1
        assert words in ran.sentence

    def test_a_folder_without_photographs(self, dermtutor: Run, tmp_path: Path) -> None:
        (tmp_path / "photos").mkdir()
        ran = dermtutor(
            "dataset", "--conditions", "melanoma", "--out", tmp_path / "set", "--permission", "mine",
            "--photos", tmp_path / "photos",
        )  # fmt: skip
        assert "no photograph" in ran.sentence

    def test_faces_get_their_diseases_where_anatomy_has_them(self, dermtutor: Run, tmp_path: Path) -> None:
        photos, out = tmp_path / "photos", tmp_path / "set"
        photos.mkdir()
        for name in ("portrait-hopper.jpg", "skin-monk-8.jpg"):
            shutil.copy(assets_dir() / "examples" / name, photos)
        wanted = (
            "dataset", "--conditions", "acute-cutaneous-lupus", "--photos", photos, "--permission", "public domain",
            "--longest", 512, "--per-cell", 1, "--out", out,
        )  # fmt: skip
        alone = dermtutor(*wanted)
        assert [words in alone.err for words in ("--may-leave", "Only faces show")] == [True, True]
        made = dermtutor(*wanted, "--may-leave", "--json")
        assert json.loads(made.out)["images"] == 1
        with (out / "cases.csv").open(encoding="utf-8") as file:
            (row,) = csv.DictReader(file)
        plan = TransferPlan.from_json(read_provenance((out / row["image"]).read_bytes())["Plan"])
        assert plan.placements[0].pattern
        assert plan.photograph.may_leave
