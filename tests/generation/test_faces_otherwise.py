"""Faces as photographs have them: turned, mirrored, dark, cut, partly hidden, bearded."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from dermtutor.generation.faces import FaceFinder, FaceRegions, face_regions
from dermtutor.generation.weights import FACES
from dermtutor.paths import assets_dir, weights_dir

Pixels = NDArray[np.uint8]
NAMES = ("portrait-collins", "portrait-hopper")
EYES = (33, 263)
NOSE_TIP, CHIN = 4, 152


def portrait(name: str) -> Pixels:
    with Image.open(assets_dir() / "examples" / f"{name}.jpg") as opened:
        return np.asarray(opened.convert("RGB"))


@pytest.fixture(scope="module")
def finder() -> FaceFinder:
    return FaceFinder(weights_dir() / FACES)


@pytest.fixture(scope="module")
def upright(finder: FaceFinder) -> dict[str, FaceRegions]:
    return {name: face_regions(portrait(name), finder) for name in NAMES}


def eyes_apart(face: FaceRegions) -> float:
    right, left = face.landmarks[list(EYES), :2]
    return float(np.linalg.norm(left - right))


def darkened(picture: Pixels) -> Pixels:
    """In a light that leaves a fifth, as a face of very dark skin in a dim room."""
    return (255 * (picture / 255.0) ** 2.2 * 0.6).astype(np.uint8)


def boxed(picture: Pixels, face: FaceRegions, top: float, bottom: float) -> Pixels:
    """Grey over a part of the face's height."""
    points = face.landmarks[:, :2]
    (left, high), (right, low) = points.min(axis=0), points.max(axis=0)
    hidden = picture.copy()
    rows = slice(int(high + top * (low - high)), int(high + bottom * (low - high)))
    hidden[rows, int(left) : int(right)] = 128
    return hidden


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("degrees", [-30, 30])
def test_turned_by_thirty_degrees_the_landmarks_turn_along(
    finder: FaceFinder, upright: dict[str, FaceRegions], name: str, degrees: int
) -> None:
    picture = portrait(name)
    turned = np.asarray(Image.fromarray(picture).rotate(degrees, Image.Resampling.BICUBIC))
    middle = np.array((picture.shape[1], picture.shape[0])) / 2
    angle = np.radians(-degrees)
    turn = np.array(((np.cos(angle), -np.sin(angle)), (np.sin(angle), np.cos(angle))))
    wanted = (upright[name].landmarks[:, :2] - middle) @ turn.T + middle
    found = face_regions(turned, finder)
    away = np.linalg.norm(found.landmarks[:, :2] - wanted, axis=1)
    assert float(np.median(away)) < 0.03 * eyes_apart(upright[name])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "change",
    [lambda picture: picture[:, ::-1].copy(), darkened, lambda picture: picture[::2, ::2].copy()],
    ids=["mirrored", "dark", "small"],
)
def test_mirrored_dark_and_small_faces_are_found_with_free_cheeks(
    finder: FaceFinder, name: str, change: Callable[[Pixels], Pixels]
) -> None:
    face = face_regions(change(portrait(name)), finder)
    assert face.confidence > 0.9
    malar = face.drawn["malar"] > 0.9
    assert float((1 - face.spared)[malar].mean()) > 0.6


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("top", "bottom"), [(0.6, 1.02), (0.15, 0.42)], ids=["mask", "bar"])
def test_nothing_is_drawn_on_what_hides_a_part(
    finder: FaceFinder, upright: dict[str, FaceRegions], name: str, top: float, bottom: float
) -> None:
    picture = boxed(portrait(name), upright[name], top, bottom)
    face = face_regions(picture, finder)
    hidden = (picture == 128).all(axis=-1)
    free = face.on_photograph(1 - face.spared)
    inside = ~np.asarray(Image.fromarray(~hidden).resize(hidden.shape[::-1]))
    assert float(free[inside].mean()) < 0.12


@pytest.mark.parametrize("name", NAMES)
def test_a_beard_is_spared_and_the_cheeks_above_it_are_not(
    finder: FaceFinder, upright: dict[str, FaceRegions], name: str
) -> None:
    picture, face = portrait(name), upright[name]
    grows = np.maximum.reduce([face.drawn[part] for part in ("chin", "jaw", "upper-lip")])
    grown = face.on_photograph(grows)[..., None]
    rng = np.random.default_rng(1)
    strands = np.clip(rng.normal(1, 0.35, (*picture.shape[:2], 1)), 0.3, 2)
    hair = np.array((34, 27, 23)) * strands
    bearded = (picture * (1 - 0.92 * grown) + hair * 0.92 * grown).astype(np.uint8)
    found = face_regions(bearded, finder)
    free = found.on_photograph(1 - found.spared)
    core = grown[..., 0] > 0.9
    assert float(free[core].mean()) < 0.1
    assert float(face.on_photograph(1 - face.spared)[core].mean()) > 0.4
    cheeks = found.on_photograph(found.regions["malar"]).sum()
    assert cheeks > 0.85 * face.on_photograph(face.regions["malar"]).sum()
