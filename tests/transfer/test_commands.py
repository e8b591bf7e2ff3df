"""``dermtutor transfer`` and ``dermtutor dataset --photos``, with drawn lesions, which need no network."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dermtutor.cli import main
from tests.transfer.pictures import png_of, skin_photograph

LONG = {"source", "width", "height", "changed_pixels", "outside_max_difference", "seconds"}


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    file = tmp_path / "arm.png"
    file.write_bytes(png_of(skin_photograph()))
    return file


def said(capfd: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    capfd.readouterr()
    code = main([str(each) for each in arguments])
    out, err = capfd.readouterr()
    return code, out, err


def pixels(file: Path) -> np.ndarray:
    with Image.open(io.BytesIO(file.read_bytes())) as image:
        return np.asarray(image)


def test_a_disease_on_a_photograph(capfd: pytest.CaptureFixture[str], photo: Path, tmp_path: Path) -> None:
    out, mask, plan = tmp_path / "out.png", tmp_path / "mask.png", tmp_path / "plan.json"
    code, told, _ = said(
        capfd, "transfer", "--photo", photo, "--condition", "vitiligo", "--seed", 3, "--permission", "mine",
        "--out", out, "--mask", mask, "--save-plan", plan, "--json",
    )  # fmt: skip
    facts = json.loads(told)
    assert code == 0
    assert set(facts) >= LONG
    assert facts["outside_max_difference"] == 0
    assert facts["changed_pixels"] > 100
    inside = pixels(mask) > 0
    assert np.array_equal(pixels(out)[~inside], skin_photograph()[~inside])
    again = tmp_path / "again.png"
    code, _, _ = said(capfd, "transfer", "--photo", photo, "--plan", plan, "--out", again)
    assert code == 0
    assert again.read_bytes() == out.read_bytes()


def test_a_region_in_pixels_holds_it(capfd: pytest.CaptureFixture[str], photo: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.png"
    code, _, _ = said(
        capfd, "transfer", "--photo", photo, "--condition", "vitiligo", "--region", "40,60,120,100",
        "--permission", "mine", "--out", out,
    )  # fmt: skip
    assert code == 0
    rows, columns = np.nonzero((pixels(out) != skin_photograph()).any(axis=-1))
    assert rows.min() >= 60
    assert rows.max() < 160
    assert columns.min() >= 40
    assert columns.max() < 160


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--condition", "vitiligo"), "--permission"),
        (("--permission", "mine"), "--condition"),
        (("--condition", "vitiligo", "--permission", "mine", "--region", "300,200,90,90"), "does not lie"),
        (("--condition", "vitiligo", "--permission", "mine", "--region", "cheek"), "no region"),
        (("--condition", "vitiligo", "--permission", "mine", "--region", "gone.png"), "no mask"),
        (("--plan", "gone.json"), "no plan"),
    ],
)
def test_one_sentence_for_what_is_wrong(
    capfd: pytest.CaptureFixture[str], photo: Path, tmp_path: Path, options: tuple[str, ...], words: str
) -> None:
    code, out, err = said(capfd, "transfer", "--photo", photo, "--out", tmp_path / "out.png", *options)
    assert (code, out) == (1, "")
    assert words in err
    assert err.count("\n") == 1


def test_a_folder_of_photographs_becomes_a_data_set(
    capfd: pytest.CaptureFixture[str], photo: Path, tmp_path: Path
) -> None:
    (photo.parent / "broken.jpg").write_bytes(b"\xff\xd8\xff broken")
    code, told, err = said(
        capfd, "dataset", "--conditions", "vitiligo,lentigo", "--per-cell", 1, "--photos", photo.parent,
        "--permission", "=mine", "--out", tmp_path / "set", "--json",
    )  # fmt: skip
    assert code == 0
    assert json.loads(told)["images"] == 2
    assert "broken.jpg" in err
    rows = list(csv.DictReader((tmp_path / "set" / "cases.csv").read_text(encoding="utf-8").splitlines()))
    assert {row["condition"] for row in rows} == {"vitiligo", "lentigo"}
    assert all(row["source"] == "transfer" and row["plan"] and row["photograph"] for row in rows)
    mask = pixels(tmp_path / "set" / rows[0]["mask"])
    image = pixels(tmp_path / "set" / rows[0]["image"])
    assert np.array_equal(image[mask == 0], skin_photograph()[mask == 0])
