"""``conditions``, ``generate`` and ``twins``: answers, files, and one sentence for every wrong input."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.provenance import read_provenance

Run = Callable[..., Any]


class TestConditions:
    def test_lists_every_condition_with_the_promised_keys(self, dermtutor: Run) -> None:
        ran = dermtutor("conditions", "--json")
        listed = json.loads(ran.out)
        assert ran.code == 0
        promised = ("id", "name", "icd11", "modality", "dermoscopy", "source", "reviewed")
        assert {tuple(each) for each in listed} == {promised}
        assert {each["id"] for each in listed if each["dermoscopy"]} == {"melanocytic-naevus", "melanoma"}
        assert {each["source"] for each in listed} == {"learned", "recipe"}
        assert "plaque-psoriasis" in [each["id"] for each in listed]

    def test_in_words_for_a_person(self, dermtutor: Run) -> None:
        assert "Basal cell carcinoma" in dermtutor("conditions").out


@pytest.mark.usefixtures("painted")
class TestGenerate:
    def test_writes_the_image_and_the_mask_and_answers(self, dermtutor: Run, tmp_path: Path) -> None:
        out, mask = tmp_path / "case.png", tmp_path / "mask.png"
        ran = dermtutor(
            "generate", "--condition", "melanoma", "--tone", 7, "--seed", 3, "--size", 128,
            "--out", out, "--mask", mask, "--device", "cpu", "--json",
        )  # fmt: skip
        answer = json.loads(ran.out)
        assert (ran.code, ran.err) == (0, "")
        assert answer | {"spec_id": "", "seconds": 0} == {
            "spec_id": "", "condition": "melanoma", "tone": 7, "seed": 3, "source": "learned",
            "modality": "clinical", "width": 128,
            "height": 128, "ita_requested": 50.0, "ita_measured": 50.25, "seconds": 0, "device": "paint box (cpu)",
            "weights": "0" * 64, "flags": [], "file": str(out),
        }  # fmt: skip
        assert np.asarray(Image.open(out)).shape == (128, 128, 3)
        assert set(np.unique(np.asarray(Image.open(mask)))) == {0, 255}
        assert read_provenance(out.read_bytes())["SpecId"] == answer["spec_id"]

    def test_the_same_spec_gives_the_same_file(self, dermtutor: Run, tmp_path: Path) -> None:
        for name in ("a", "b"):
            dermtutor(
                "generate", "--condition", "vitiligo", "--tone", 2, "--seed", 5, "--out", tmp_path / name
            )
        assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()

    def test_a_failed_check_is_said(self, dermtutor: Run, tmp_path: Path) -> None:
        ran = dermtutor(
            "generate", "--condition", "melanoma", "--tone", 10, "--out", tmp_path / "x.png", "--json"
        )
        assert len(json.loads(ran.out)["flags"]) == 1

    def test_an_unknown_condition_names_close_ones(self, dermtutor: Run, tmp_path: Path) -> None:
        ran = dermtutor("generate", "--condition", "melanomma", "--tone", 1, "--out", tmp_path / "x.png")
        assert ran.code == 1
        assert "melanoma" in ran.sentence
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("tone", ["11", "0", "-1", "III", "5.5", ""])
    def test_a_tone_that_is_not_on_the_scale(self, tone: str, dermtutor: Run, tmp_path: Path) -> None:
        ran = dermtutor("generate", "--condition", "melanoma", "--tone", tone, "--out", tmp_path / "x.png")
        assert ran.code == 2
        assert "1 to 10" in ran.sentence

    @pytest.mark.parametrize(
        ("option", "value"),
        [
            ("--seed", "-1"),
            ("--seed", str(2**63)),
            ("--severity", "1.5"),
            ("--size", "9"),
            ("--device", "tpu"),
        ],
    )
    def test_other_values_out_of_range(self, option: str, value: str, dermtutor: Run, tmp_path: Path) -> None:
        ran = dermtutor(
            "generate", "--condition", "melanoma", "--tone", 1, "--out", tmp_path / "x", option, value
        )
        assert ran.code == 2
        assert option in ran.sentence

    def test_a_failure_in_the_generator_is_its_sentence(self, dermtutor: Run, tmp_path: Path) -> None:
        out = tmp_path / "x.png"
        ran = dermtutor("generate", "--condition", "melanoma", "--tone", 1, "--severity", 1, "--out", out)
        assert ran.code == 1
        assert ran.sentence == "This severity cannot be painted; choose another."

    def test_a_file_that_cannot_be_written(self, dermtutor: Run, tmp_path: Path) -> None:
        out = tmp_path / "nowhere" / "x.png"
        ran = dermtutor("generate", "--condition", "melanoma", "--tone", 1, "--out", out)
        assert ran.code == 1
        assert str(out) in ran.sentence

    def test_missing_options_are_wrong_usage(self, dermtutor: Run) -> None:
        ran = dermtutor("generate", "--condition", "melanoma")
        assert ran.code == 2
        assert "--help" in ran.sentence


@pytest.mark.usefixtures("painted")
class TestTwins:
    def test_one_file_for_each_tone_of_the_same_lesion(self, dermtutor: Run, tmp_path: Path) -> None:
        ran = dermtutor(
            "twins",
            "--condition",
            "urticaria",
            "--seed",
            9,
            "--tones",
            "10,1,4-5,4",
            "--out",
            tmp_path / "t",
            "--json",
        )
        answers = json.loads(ran.out)
        assert [each["tone"] for each in answers] == [1, 4, 5, 10]
        assert all(Path(each["file"]).is_file() for each in answers)
        specs = [json.loads(_spec(Path(each["file"]))) | {"tone": 0} for each in answers]
        assert all(spec == specs[0] for spec in specs)

    @pytest.mark.parametrize("tones", ["0-3", "11", "5-2", "a", "1,,2", ""])
    def test_a_list_that_is_none(self, tones: str, dermtutor: Run, tmp_path: Path) -> None:
        ran = dermtutor("twins", "--condition", "urticaria", "--tones", tones, "--out", tmp_path / "t")
        assert ran.code == 2
        assert "1-10" in ran.sentence

    def test_a_folder_that_cannot_be_made(self, dermtutor: Run, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        ran = dermtutor(
            "twins", "--condition", "urticaria", "--tones", 1, "--out", tmp_path / "file" / "below"
        )
        assert ran.code == 1
        assert "name another" in ran.sentence


def _spec(file: Path) -> str:
    return read_provenance(io.BytesIO(file.read_bytes()).getvalue())["Spec"]
