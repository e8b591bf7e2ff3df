"""The weights are what their manifest says, or they are not parsed."""

from __future__ import annotations

import dataclasses
import json
import pickle
from pathlib import Path

import pytest

from dermtutor.errors import EnvironmentProblem
from dermtutor.generation.device import processor
from dermtutor.generation.learned import LearnedLesions
from dermtutor.generation.weights import (
    MANIFEST,
    Manifest,
    load_manifest,
    read_verified,
    sha256_of,
    verify_weights,
    write_weights,
)
from dermtutor.paths import weights_dir


@pytest.fixture
def shipped() -> Manifest:
    return load_manifest(weights_dir())


@pytest.fixture
def copied(tmp_path: Path, shipped: Manifest) -> Path:
    write_weights(tmp_path / "weights", (weights_dir() / shipped.file).read_bytes(), shipped)
    return tmp_path / "weights"


def test_shipped_weights_match_their_manifest() -> None:
    assert verify_weights(weights_dir()) == ()


def test_shipped_weights_are_small_enough_to_be_cloned(shipped: Manifest) -> None:
    assert (weights_dir() / shipped.file).stat().st_size < 40_000_000


def test_manifest_survives_writing_and_reading(shipped: Manifest) -> None:
    assert Manifest.from_json(shipped.to_json()) == shipped


@pytest.mark.parametrize("position", [0, 8, 5000, -1])
def test_one_flipped_bit_is_found(copied: Path, shipped: Manifest, position: int) -> None:
    content = bytearray((copied / shipped.file).read_bytes())
    content[position] ^= 1
    (copied / shipped.file).write_bytes(bytes(content))
    (finding,) = verify_weights(copied)
    assert shipped.file in str(finding)
    with pytest.raises(EnvironmentProblem, match="Install DermTutor again"):
        read_verified(copied, shipped)


def test_truncated_and_missing_weights_are_found(copied: Path, shipped: Manifest) -> None:
    content = (copied / shipped.file).read_bytes()
    (copied / shipped.file).write_bytes(content[:-1])
    assert "bytes" in str(verify_weights(copied)[0])
    (copied / shipped.file).unlink()
    assert "missing" in str(verify_weights(copied)[0])


def test_a_pickle_in_the_place_of_weights_is_refused_even_with_a_fitting_manifest(
    copied: Path, shipped: Manifest
) -> None:
    content = pickle.dumps({"weight": [1.0]})
    forged = dataclasses.replace(shipped, size=len(content), sha256=sha256_of(content))
    write_weights(copied, content, forged)
    with pytest.raises(EnvironmentProblem):
        LearnedLesions(copied, forged, processor())


def test_weights_of_other_shapes_are_refused(copied: Path, shipped: Manifest) -> None:
    other = dataclasses.replace(shipped, network=shipped.network | {"latent_size": 96})
    with pytest.raises(EnvironmentProblem, match="do not fit"):
        LearnedLesions(copied, other, processor())


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"format": 2}', "{", '{"format": 1, "name": "x"}'],
)
def test_an_unreadable_manifest_is_one_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / MANIFEST).write_text(text, encoding="utf-8")
    with pytest.raises(EnvironmentProblem, match="cannot be read"):
        load_manifest(tmp_path)


@pytest.mark.parametrize("name", ["../other.safetensors", "/etc/passwd", "a/b.safetensors", "..", ""])
def test_a_manifest_cannot_point_outside_its_folder(tmp_path: Path, shipped: Manifest, name: str) -> None:
    fields = json.loads(shipped.to_json()) | {"file": name}
    (tmp_path / MANIFEST).write_text(json.dumps(fields), encoding="utf-8")
    with pytest.raises(EnvironmentProblem):
        load_manifest(tmp_path)


def test_weights_from_before_body_regions_were_counted_know_of_none(
    tmp_path: Path, shipped: Manifest
) -> None:
    fields = json.loads(shipped.to_json())
    del fields["regions"]
    (tmp_path / MANIFEST).write_text(json.dumps(fields), encoding="utf-8")
    assert load_manifest(tmp_path).regions == {}


@pytest.mark.parametrize("regions", [{"melanoma": ["much"]}, {"melanoma": 1}, ["melanoma"]])
def test_shares_of_body_regions_are_numbers(tmp_path: Path, shipped: Manifest, regions: object) -> None:
    fields = json.loads(shipped.to_json()) | {"regions": regions}
    (tmp_path / MANIFEST).write_text(json.dumps(fields), encoding="utf-8")
    with pytest.raises(EnvironmentProblem, match="cannot be read"):
        load_manifest(tmp_path)


def test_missing_manifest_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="missing"):
        load_manifest(tmp_path)
