"""Lesions on photographs: how they are judged, and that the model card says what was measured."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from numpy.typing import NDArray

from dermtutor.errors import UserError
from dermtutor.generation.weights import load_manifest
from dermtutor.paths import weights_dir
from dermtutor.training import transferred
from dermtutor.training.backbone import EfficientNetLite
from dermtutor.training.commands import evaluate_command
from dermtutor.training.material import Group, Material, splits_of
from dermtutor.training.model_card import model_card


def pictures(labels: NDArray[np.int64], seed: int) -> Group:
    """Pictures that are told apart by which of their pixels are bright."""
    rng = np.random.default_rng(seed)
    flat = rng.integers(0, 60, (len(labels), 48))
    for row, label in zip(flat, labels, strict=True):
        row[8 * label : 8 * label + 8] += 150
    planes = flat.reshape(-1, 4, 4, 3).astype(np.uint8)
    return Group(planes, labels, tuple(f"patient-{n % 10}" for n in range(len(labels))))


@pytest.fixture
def judged_by_pixels(monkeypatch: pytest.MonkeyPatch) -> dict[str, EfficientNetLite]:
    def as_they_are(network: EfficientNetLite, group: NDArray[np.uint8]) -> NDArray[np.float32]:
        return group.reshape(len(group), -1).astype(np.float32)

    monkeypatch.setattr(transferred, "features_of", as_they_are)
    return dict.fromkeys(("A", "B"))  # type: ignore[arg-type]


def test_what_looks_the_same_on_photographs_is_named_the_same(
    judged_by_pixels: dict[str, EfficientNetLite],
) -> None:
    labels = np.arange(60) % 6
    training, generated = pictures(labels, 1), pictures(labels, 2)
    material = Material(training, training, generated)
    found = transferred.transfer_figures(material, generated, generated, judged_by_pixels)
    assert found["pictures"] == 60
    assert found["patients"] == 10
    space = found["spaces"]["A"]
    assert space["transferred_named_rightly"] == space["generated_named_rightly"] > 0.9
    assert space["same_name"] == 1
    assert space["difference"] == 0
    assert space["difference_interval"] == (0, 0)


def test_lesions_that_get_lost_are_counted(judged_by_pixels: dict[str, EfficientNetLite]) -> None:
    labels = np.arange(60) % 6
    training, generated = pictures(labels, 1), pictures(labels, 2)
    lost = Group(
        np.where(labels[:, None, None, None] >= 3, generated.pictures[:1], generated.pictures),
        labels,
        generated.patients,
    )
    material = Material(training, training, generated)
    found = transferred.transfer_figures(material, lost, generated, judged_by_pixels)["spaces"]["A"]
    assert found["transferred_named_rightly"] == pytest.approx(0.5, abs=0.1)
    assert found["difference"] < -0.4
    assert found["by_class"]["melanoma"]["transferred"] == 0
    assert found["by_class"]["melanoma"]["generated"] > 0.8


def test_the_first_of_each_class() -> None:
    group = pictures(np.array([0, 0, 0, 1, 2, 2, 2]), 0).first(2)
    assert group.labels.tolist() == [0, 0, 1, 2, 2]
    assert group.patients == ("patient-0", "patient-1", "patient-3", "patient-4", "patient-5")
    assert splits_of("both") == ("validation", "test")
    assert splits_of("test") == ("test",)


def test_nothing_is_added_to_figures_that_are_not_there(tmp_path: Path) -> None:
    ran = CliRunner().invoke(
        evaluate_command, ["--data", str(tmp_path), "--weights", str(tmp_path), "--only-transfer"]
    )
    assert isinstance(ran.exception, UserError)
    assert "without --only-transfer" in str(ran.exception)


def test_the_shipped_card_is_what_the_shipped_figures_say() -> None:
    folder = weights_dir()
    figures = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    written = (folder / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert written == model_card(load_manifest(folder), figures, "dermtutor evaluate --data DIR")
