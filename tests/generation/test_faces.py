"""Faces: found or refused, their regions, and what the face recipes draw on them."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from dermtutor.domain.recipes import RecipeRefused
from dermtutor.errors import EnvironmentProblem, UserError
from dermtutor.generation.faces import (
    REGIONS,
    FaceFinder,
    FaceRecipes,
    FaceRegions,
    face_layer,
    face_regions,
    read_face_recipe,
    skin_of_person,
)
from dermtutor.generation.faces.anatomy import LIPS, RIGHT_BROW, RIGHT_EYE, mirrored
from dermtutor.generation.recipes.layer import LesionLayer
from dermtutor.generation.transfer.matte import Matte
from dermtutor.generation.weights import FACES, verify_weights
from dermtutor.paths import assets_dir, weights_dir

PORTRAITS = ("portrait-collins", "portrait-hopper")
RECIPES = FaceRecipes(assets_dir() / "faces")
PATTERNS = [(each.id, pattern.name) for each in RECIPES.values() for pattern in each.pattern]
SIDE = 128
FOREHEAD, CHIN, NOSE_TIP, RIGHT_CHEEK, LEFT_CHEEK = 10, 152, 4, 50, 280

Pixels = NDArray[np.uint8]


def picture(path: Path) -> Pixels:
    with Image.open(path) as opened:
        return np.asarray(opened.convert("RGB"))


def portrait(name: str) -> Pixels:
    return picture(assets_dir() / "examples" / f"{name}.jpg")


@pytest.fixture(scope="module")
def finder() -> FaceFinder:
    return FaceFinder(weights_dir() / FACES)


@pytest.fixture(scope="module")
def faces(finder: FaceFinder) -> dict[str, FaceRegions]:
    return {name: face_regions(portrait(name), finder) for name in PORTRAITS}


def at(field: NDArray[np.float32], face: FaceRegions, *landmarks: int) -> float:
    """The largest value of a field of the photograph within a pixel of the middle of some landmarks."""
    x, y = face.landmarks[list(landmarks), :2].mean(axis=0)
    row, column = round(float(y)), round(float(x))
    return float(field[row - 1 : row + 2, column - 1 : column + 2].max())


class TestFinding:
    @pytest.mark.parametrize("name", PORTRAITS)
    def test_a_portrait_has_a_face_that_stands_upright(
        self, faces: dict[str, FaceRegions], name: str
    ) -> None:
        face = faces[name]
        assert face.confidence > 0.9
        heights = face.landmarks[[FOREHEAD, NOSE_TIP, CHIN], 1]
        assert list(heights) == sorted(heights)
        assert face.landmarks[33, 0] < face.landmarks[NOSE_TIP, 0] < face.landmarks[263, 0]

    @pytest.mark.parametrize("name", ["chelsea", "coffee"])
    def test_a_cat_and_a_cup_are_no_faces(self, finder: FaceFinder, name: str) -> None:
        with pytest.raises(UserError, match="No face was found"):
            face_regions(picture(Path(__file__).parent / "pictures" / f"{name}.jpg"), finder)

    @pytest.mark.parametrize("name", ["skin-monk-3", "skin-monk-8"])
    def test_skin_alone_is_no_face(self, finder: FaceFinder, name: str) -> None:
        with pytest.raises(UserError, match="No face was found"):
            face_regions(portrait(name), finder)

    @pytest.mark.parametrize("shape", [(1, 1), (3, 900), (64, 64)])
    def test_pictures_of_nothing_are_refused_at_any_size(
        self, finder: FaceFinder, shape: tuple[int, int]
    ) -> None:
        with pytest.raises(UserError, match="No face was found"):
            face_regions(np.full((*shape, 3), 128, np.uint8), finder)

    def test_a_face_in_the_corner_of_a_large_photograph_is_found(self, finder: FaceFinder) -> None:
        small = Image.fromarray(portrait("portrait-hopper")).resize((341, 400))
        large = np.full((2000, 3000, 3), 90, np.uint8)
        large[1500:1900, 2500:2841] = np.asarray(small)
        face = face_regions(large, finder)
        x, y = face.landmarks[NOSE_TIP, :2]
        assert 2500 < x < 2841
        assert 1500 < y < 1900

    def test_a_tilted_head_is_found(self, finder: FaceFinder) -> None:
        tilted = np.asarray(Image.fromarray(portrait("portrait-hopper")).rotate(25, fillcolor=(90, 90, 90)))
        face = face_regions(tilted, finder)
        across = face.landmarks[263, :2] - face.landmarks[33, :2]
        assert np.degrees(np.arctan2(across[1], across[0])) == pytest.approx(-28, abs=6)

    def test_landmarks_do_not_depend_on_the_size_of_the_photograph(
        self, finder: FaceFinder, faces: dict[str, FaceRegions]
    ) -> None:
        small = faces["portrait-hopper"]
        large = np.asarray(Image.fromarray(portrait("portrait-hopper")).resize((4096, 4800)))
        face = face_regions(large, finder)
        away = np.abs(face.landmarks[:, :2] / 8 - small.landmarks[:, :2])
        assert away.max() < 0.03 * small.side
        assert face.mask(["nose"]).shape == (4800, 4096)

    def test_damaged_weights_are_refused(self, tmp_path: Path) -> None:
        for file in (weights_dir() / FACES).iterdir():
            (tmp_path / file.name).write_bytes(file.read_bytes())
        weights = next(tmp_path.glob("*.safetensors"))
        content = bytearray(weights.read_bytes())
        content[-1] ^= 1
        weights.write_bytes(content)
        with pytest.raises(EnvironmentProblem, match="SHA-256"):
            FaceFinder(tmp_path).find(portrait("portrait-collins"))

    def test_the_shipped_weights_are_those_of_their_manifest(self) -> None:
        assert verify_weights(weights_dir()) == ()


@pytest.mark.parametrize("name", PORTRAITS)
class TestRegions:
    def test_every_region_is_a_soft_mask_of_its_own(self, faces: dict[str, FaceRegions], name: str) -> None:
        for region in REGIONS:
            mask = faces[name].mask([region])
            assert mask.dtype == np.float32
            assert 0 <= mask.min() < 0.01
            assert 0.02 < mask.max() <= 1

    def test_eyes_lips_brows_and_what_is_not_the_face_are_spared(
        self, faces: dict[str, FaceRegions], name: str
    ) -> None:
        face = faces[name]
        everything = face.mask()
        for ring in (RIGHT_EYE, LIPS, RIGHT_BROW):
            assert at(everything, face, *ring) < 0.06
            assert at(everything, face, *mirrored(ring)) < 0.06
        assert everything[:5].max() == everything[-5:].max() == everything[:, :5].max() == 0

    def test_cheeks_nose_and_chin_are_not(self, faces: dict[str, FaceRegions], name: str) -> None:
        face = faces[name]
        for landmark in (RIGHT_CHEEK, LEFT_CHEEK):
            assert at(face.mask(["cheeks"]), face, landmark) > 0.8
        assert at(face.mask(["nose"]), face, NOSE_TIP) > 0.8
        assert at(face.mask(["chin"]), face, 199) > 0.8

    def test_reduced_maps_are_the_masks_at_another_size(
        self, faces: dict[str, FaceRegions], name: str
    ) -> None:
        maps = faces[name].maps(128)
        assert set(maps) == set(REGIONS)
        assert max(maps["nose"].shape) == 128
        whole = Image.fromarray(faces[name].mask(["nose"])).resize(
            maps["nose"].shape[::-1], Image.Resampling.BOX
        )
        assert np.abs(maps["nose"] - np.asarray(whole)).mean() < 0.01


def test_the_fringe_is_spared_and_the_forehead_below_it_is_not(faces: dict[str, FaceRegions]) -> None:
    face = faces["portrait-collins"]
    forehead = face.mask(["forehead"])
    assert at(forehead, face, FOREHEAD) < 0.05
    assert at(forehead, face, 69, 66) > 0.5


def test_glasses_and_hat_are_spared(faces: dict[str, FaceRegions]) -> None:
    face = faces["portrait-hopper"]
    bridge_of_the_glasses, brim = (168,), (FOREHEAD,)
    assert at(face.mask(), face, *bridge_of_the_glasses) < 0.3
    assert at(face.mask(), face, *brim) < 0.3


def test_the_skin_of_a_person_has_lips_and_neck_but_no_eyes_teeth_or_hair(
    faces: dict[str, FaceRegions],
) -> None:
    face, picture = faces["portrait-collins"], portrait("portrait-collins")
    of = skin_of_person(picture, face)
    skin = Matte.of(of.picture, of.taken, of.never, of.px_per_mm, of.box).share(picture, 0)
    lower_lip, teeth = (17,), (13, 14)
    assert at(skin, face, *lower_lip) > 0.9
    assert at(skin, face, RIGHT_CHEEK) == pytest.approx(1, abs=0.01)
    assert at(skin, face, *teeth) < 0.3
    assert at(skin, face, 159, 145) < 0.3
    below_the_chin = face.landmarks[CHIN, :2] + (0, 8)
    assert skin[int(below_the_chin[1]), int(below_the_chin[0])] > 0.9
    assert skin[:55].max() < 0.02
    assert 0.025 < skin.mean() < 0.05


def layer_of(face: FaceRegions, condition: str, pattern: str, severity: float, seed: int = 5) -> LesionLayer:
    return face_layer(RECIPES[condition].pattern_of(pattern), face, seed, severity, SIDE)


@pytest.mark.parametrize(("condition", "pattern"), PATTERNS)
class TestEachPattern:
    def test_draws_more_the_worse_it_is_and_nothing_when_clear(
        self, faces: dict[str, FaceRegions], condition: str, pattern: str
    ) -> None:
        face = faces["portrait-collins"]
        amounts = [
            float(
                sum(
                    np.abs(each).sum()
                    for each in layer_of(face, condition, pattern, grade / 4).chromophores.values()
                )
            )
            for grade in (0, 1, 2, 4)
        ]
        assert amounts[0] == 0 < amounts[1]
        assert amounts == sorted(amounts)

    def test_draws_nothing_on_what_is_spared(
        self, faces: dict[str, FaceRegions], condition: str, pattern: str
    ) -> None:
        face = faces["portrait-collins"]
        layer = layer_of(face, condition, pattern, 1.0)
        spared = np.asarray(Image.fromarray(face.spared).resize((SIDE, SIDE), Image.Resampling.BICUBIC)) >= 1
        assert spared.any()
        fields = [layer.mask, layer.height, layer.gloss, layer.tension, *layer.chromophores.values()]
        assert all(np.abs(each[spared]).max() == 0 for each in fields)
        assert all(each.alpha[spared.take(each.places)].max(initial=0) == 0 for each in layer.deposits)

    def test_the_same_seed_is_the_same_patient(
        self, faces: dict[str, FaceRegions], condition: str, pattern: str
    ) -> None:
        face = faces["portrait-hopper"]
        first, again, other = (layer_of(face, condition, pattern, 0.75, seed).mask for seed in (1, 1, 2))
        assert np.array_equal(first, again)
        assert not np.array_equal(first, other)


class TestTeachingPoints:
    def on(self, face: FaceRegions, region: str, condition: str, pattern: str, chromophore: str) -> float:
        """Mean amount of a chromophore in the middle of a region."""
        inside = face.on_photograph(face.regions[region]) > 0.7  # type: ignore[index]
        layer = layer_of(face, condition, pattern, 1.0)
        amount = np.maximum(layer.chromophores.get(chromophore, layer.canvas.zeros()), 0)
        return float(face.on_photograph(amount)[inside].mean())

    @pytest.mark.parametrize("name", PORTRAITS)
    def test_lupus_spares_the_nasolabial_folds_and_rosacea_does_not(
        self, faces: dict[str, FaceRegions], name: str
    ) -> None:
        face = faces[name]
        lupus, rosacea = ("acute-cutaneous-lupus", "malar"), ("rosacea", "erythematotelangiectatic")
        assert self.on(face, "malar", *lupus, "haemoglobin") > 0.3
        assert self.on(face, "nasolabial-folds", *lupus, "haemoglobin") < 0.06
        assert self.on(face, "malar", *rosacea, "haemoglobin") > 0.3
        assert self.on(face, "nasolabial-folds", *rosacea, "haemoglobin") > 0.2

    def test_seborrhoeic_dermatitis_sits_in_the_folds_that_lupus_spares(
        self, faces: dict[str, FaceRegions]
    ) -> None:
        face = faces["portrait-collins"]
        folds, cheeks = (
            self.on(face, region, "seborrhoeic-dermatitis", "face", "haemoglobin")
            for region in ("nasolabial-folds", "malar")
        )
        assert folds > 0.3 > 5 * cheeks

    def test_each_form_of_melasma_keeps_to_its_part_of_the_face(self, faces: dict[str, FaceRegions]) -> None:
        face = faces["portrait-collins"]
        amounts = {
            (pattern, region): self.on(face, region, "melasma", pattern, "eumelanin")
            for pattern in ("centrofacial", "malar", "mandibular")
            for region in ("malar", "upper-lip", "jaw")
        }
        assert amounts["centrofacial", "upper-lip"] > 0.15 > amounts["malar", "upper-lip"]
        assert amounts["malar", "malar"] > 0.2 > amounts["mandibular", "malar"]
        assert amounts["mandibular", "jaw"] > 0.2 > amounts["malar", "jaw"]

    def test_perioral_dermatitis_leaves_a_rim_beside_the_lips_free(
        self, faces: dict[str, FaceRegions]
    ) -> None:
        face = faces["portrait-hopper"]
        assert self.on(face, "perioral", "perioral-dermatitis", "perioral", "haemoglobin") > 0.15
        layer = layer_of(face, "perioral-dermatitis", "perioral", 1.0)
        red = face.on_photograph(np.maximum(layer.chromophores["haemoglobin"], 0))
        for landmark in LIPS:
            assert at(red, face, landmark) < 0.03

    def test_rosacea_has_no_comedones_and_acne_has(self) -> None:
        kinds = {
            condition: {lesion.primary for pattern in RECIPES[condition].pattern for lesion in pattern.lesion}
            for condition in ("rosacea", "acne")
        }
        assert "comedo" in kinds["acne"] - kinds["rosacea"]


class TestReading:
    TEXT = (assets_dir() / "faces" / "rosacea.toml").read_text(encoding="utf-8")

    @pytest.mark.parametrize(
        ("old", "new", "message"),
        [
            (
                'regions = ["cheeks", "nose", "nasolabial-folds"]',
                'regions = ["cheek"]',
                "did you mean “cheeks”",
            ),
            ('regions = ["cheeks", "nose", "nasolabial-folds"]', "regions = []", "at least one region"),
            ('regions = ["cheeks", "nose", "nasolabial-folds"]', 'regions = "cheeks"', "must be a list"),
            ("border_mm = [16, 24]", "border_mm = [16, 240]", "between 0.5 and 60 mm"),
            ('source = "skin-of-color"', 'source = "nobody"', "no key under [[sources]]"),
            ("grow_mm = [-3, 0]", "growth_mm = [-3, 0]", "is not a key"),
            ('name = "chin-and-brow"', 'name = "flush"', "used twice"),
        ],
    )
    def test_what_is_wrong_is_told_with_its_line(self, old: str, new: str, message: str) -> None:
        text = self.TEXT.replace(old, new, 1)
        with pytest.raises(RecipeRefused) as refused:
            read_face_recipe(text, "rosacea.toml")
        assert message in str(refused.value)
        line = int(re.search(r"line (\d+)", str(refused.value))[1])  # type: ignore[index]
        assert abs(line - 1 - self.TEXT[: self.TEXT.index(old)].count("\n")) <= 6

    def test_a_shape_without_a_distribution_is_refused(self) -> None:
        text = re.sub(r"\[pattern.lesion.distribution\]\n(.+\n)+", "", self.TEXT, count=1)
        with pytest.raises(RecipeRefused, match="only one of distribution and shape"):
            read_face_recipe(text, "rosacea.toml")

    def test_an_unknown_pattern_is_refused_with_the_known_ones(self) -> None:
        with pytest.raises(UserError, match="choose from erythematotelangiectatic, papulopustular"):
            RECIPES["rosacea"].pattern_of("granulomatous")

    def test_a_damaged_file_stops_no_other_recipe(self, tmp_path: Path) -> None:
        (tmp_path / "rosacea.toml").write_text(self.TEXT, encoding="utf-8")
        (tmp_path / "acne.toml").write_text("id =", encoding="utf-8")
        recipes = FaceRecipes(tmp_path)
        assert sorted(recipes) == ["acne", "rosacea"]
        assert recipes["rosacea"] is recipes["rosacea"]
        assert recipes.get("melasma") is None
        with pytest.raises(RecipeRefused, match=r"acne\.toml"):
            recipes.get("acne")
