"""Cases from the shipped weights and recipes: the same spec is the same picture, on the tone that was asked for."""

from __future__ import annotations

import dataclasses
import itertools
import subprocess
import sys
import threading
from dataclasses import replace

import numpy as np
import pytest

from dermtutor.domain.cases import CaseSpec, Modality, Source
from dermtutor.errors import UserError
from dermtutor.generation.device import processor
from dermtutor.generation.generator import Generator
from dermtutor.generation.learned import CanonicalPicture, LearnedLesions
from dermtutor.generation.weights import load_manifest
from dermtutor.paths import assets_dir, weights_dir
from dermtutor.services.ports import Cancelled
from dermtutor.skin.scales import MonkTone

LEARNED = (
    "basal-cell-carcinoma",
    "squamous-cell-carcinoma",
    "actinic-keratosis",
    "seborrhoeic-keratosis",
    "melanocytic-naevus",
    "melanoma",
    "healthy-skin",
)
DERMOSCOPIC = ("melanocytic-naevus-dermoscopy", "melanoma-dermoscopy")
DRAWN = (
    "plaque-psoriasis",
    "vitiligo",
    "tinea-corporis",
    "urticaria",
    "molluscum-contagiosum",
    "herpes-zoster",
)


@pytest.fixture(scope="module")
def generator() -> Generator:
    return Generator(weights_dir(), assets_dir() / "recipes", device="cpu")


def spec_of(condition: str, tone: int = 5, seed: int = 1, **more: object) -> CaseSpec:
    source = Source.RECIPE if condition in DRAWN else Source.LEARNED
    return CaseSpec(condition, MonkTone(tone), seed, source, **more)  # type: ignore[arg-type]


def test_the_shipped_weights_know_the_learned_conditions() -> None:
    assert load_manifest(weights_dir()).conditions == LEARNED + DERMOSCOPIC
    assert load_manifest(weights_dir()).resolution == 256


@pytest.mark.parametrize("condition", LEARNED + DRAWN)
def test_every_condition_makes_a_picture_that_depends_on_its_spec_alone(
    generator: Generator, condition: str
) -> None:
    spec = spec_of(condition, tone=6)
    first, other = generator.generate(spec), generator.generate(spec_of(condition, tone=6, seed=2))
    again = Generator(weights_dir(), assets_dir() / "recipes", device="cpu").generate(spec)
    assert first.image.shape == (256, 256, 3)
    assert first.image.dtype == np.uint8
    assert first.mask.shape == (256, 256)
    assert np.array_equal(first.image, again.image)
    assert np.array_equal(first.mask, again.mask)
    assert not np.array_equal(first.image, other.image)


@pytest.mark.parametrize("condition", LEARNED + DRAWN)
def test_tone_twins_share_the_lesion_and_meet_their_tones(generator: Generator, condition: str) -> None:
    twins = generator.twins(spec_of(condition), MonkTone.all())
    assert all(np.array_equal(twin.mask, twins[0].mask) for twin in twins)
    assert [twin.spec.tone.value for twin in twins] == list(range(1, 11))
    for twin in twins:
        met = abs(twin.measured_ita - twin.requested_ita) <= 1.0
        assert twin.checks.tone_within_tolerance == met
    assert sum(twin.checks.tone_within_tolerance for twin in twins) >= 9


def test_a_drawn_case_names_its_variant_and_the_review_of_its_recipe(generator: Generator) -> None:
    case, learned = generator.generate(spec_of("vitiligo")), generator.generate(spec_of("melanoma"))
    assert case.variant in {"patches", "repigmenting", "confetti"}
    assert case.recipe_review == "not reviewed"
    assert (learned.variant, learned.recipe_review) == ("", "")


def test_a_twin_is_the_case_of_its_own_spec(generator: Generator) -> None:
    twins = generator.twins(spec_of("melanoma"), (MonkTone(2), MonkTone(9)))
    alone = generator.generate(spec_of("melanoma", tone=9))
    assert np.array_equal(twins[1].image, alone.image)
    assert twins[1].spec == alone.spec


def test_at_least_95_of_100_random_cases_meet_their_tone(generator: Generator) -> None:
    rng = np.random.default_rng(7)
    met = 0
    for i in range(100):
        condition = str(rng.choice(LEARNED + DRAWN))
        case = generator.generate(spec_of(condition, tone=i % 10 + 1, seed=int(rng.integers(2**40))))
        met += case.checks.tone_within_tolerance
    assert met >= 95


def test_a_similar_lesion_is_nearer_than_any_other(generator: Generator) -> None:
    spec = spec_of("melanoma", seed=7)
    whole = generator.generate(spec).image.astype(float)
    alike = [generator.similar(spec, seed) for seed in range(4)]
    others = [spec_of("melanoma", seed=seed) for seed in range(20, 28)]

    def far(other: CaseSpec) -> float:
        return float(np.abs(generator.generate(other).image - whole).mean())

    assert len({each.spec_id for each in (spec, *alike)}) == 5
    assert all(CaseSpec.from_json(each.canonical_json()) == each for each in alike)
    assert max(map(far, alike)) < float(np.median([far(each) for each in others]))
    assert min(map(far, alike)) > 1  # no copy
    assert generator.similar(alike[0], 9).near == 7  # one family


def test_a_similar_drawn_case_is_of_the_same_variant(generator: Generator) -> None:
    spec = CaseSpec("plaque-psoriasis", MonkTone(5), 4, Source.RECIPE)
    wanted = generator.generate(spec).variant
    for seed in range(3):
        alike = generator.similar(spec, seed)
        assert alike.seed != spec.seed
        assert generator.generate(alike).variant == wanted


def test_a_dermoscopic_case_is_another_picture_of_the_same_condition(generator: Generator) -> None:
    spec = spec_of("melanoma", tone=8, seed=18)
    dermoscopic = replace(spec, modality=Modality.DERMOSCOPY)
    assert CaseSpec.from_json(dermoscopic.canonical_json()) == dermoscopic
    assert "modality" not in spec.canonical_json()
    clinical, seen = generator.generate(spec), generator.generate(dermoscopic)
    assert seen.checks.tone_within_tolerance
    assert not np.array_equal(seen.image, clinical.image)


def test_truncated_lesions_are_nearer_to_each_other(generator: Generator) -> None:
    def apart(truncation: float) -> float:
        made = [
            generator.generate(spec_of("melanocytic-naevus", seed=seed, truncation=truncation)).image
            for seed in range(6)
        ]
        pairs = itertools.pairwise(made)
        return float(np.mean([np.abs(a.astype(int) - b.astype(int)).mean() for a, b in pairs]))

    assert apart(0.0) < apart(0.5) < apart(1.0)


def test_healthy_skin_has_no_lesion(generator: Generator) -> None:
    case = generator.generate(spec_of("healthy-skin"))
    assert not case.mask.any()
    assert case.checks.lesion_visible_size


def test_learned_lesions_of_one_condition_differ_in_place_and_size(generator: Generator) -> None:
    masks = [generator.generate(spec_of("melanocytic-naevus", seed=s)).mask > 127 for s in range(12)]
    areas = np.array([mask.mean() for mask in masks])
    centres = np.array([np.argwhere(mask).mean(0) for mask in masks if mask.any()])
    assert len(centres) >= 10
    assert areas.std() / areas.mean() > 0.2
    assert centres.std(0).min() > 5


@pytest.mark.parametrize("size", [128, 512])
def test_other_sizes(generator: Generator, size: int) -> None:
    for condition in ("melanoma", "vitiligo"):
        case = generator.generate(spec_of(condition, size=size))
        assert case.image.shape == (size, size, 3)
        assert case.mask.shape == (size, size)


@pytest.mark.parametrize(
    "spec",
    [
        spec_of("no-such-condition"),
        CaseSpec("vitiligo", MonkTone(3), 1, Source.LEARNED),
        CaseSpec("melanoma", MonkTone(3), 1, Source.RECIPE),
        spec_of("melanoma", severity=1.5),
        spec_of("vitiligo", modality=Modality.DERMOSCOPY),
        spec_of("basal-cell-carcinoma", modality=Modality.DERMOSCOPY),
        spec_of("melanoma", severity=float("nan")),
        spec_of("melanoma", truncation=1.5),
        spec_of("melanoma", size=100_000),
    ],
)
def test_what_cannot_be_generated_is_said_in_a_sentence(generator: Generator, spec: CaseSpec) -> None:
    with pytest.raises(UserError):
        generator.generate(spec)


def test_an_unknown_device_is_said_in_a_sentence() -> None:
    with pytest.raises(UserError, match="auto"):
        Generator(weights_dir(), assets_dir() / "recipes", device="abacus").device_name()


def test_cancelling_stops_between_tones(generator: Generator) -> None:
    token = threading.Event()
    done: list[float] = []

    def progress(share: float) -> None:
        done.append(share)
        token.set()

    with pytest.raises(Cancelled):
        generator.twins(spec_of("melanoma"), MonkTone.all(), token, progress)
    assert done == [0.1]


def test_versions_are_known_without_torch() -> None:
    program = (
        "import sys; from dermtutor.generation.generator import Generator; "
        "from dermtutor.paths import assets_dir, weights_dir; "
        "g = Generator(weights_dir(), assets_dir() / 'recipes'); "
        "assert g.weights_version() and g.recipe_version('vitiligo') and not g.recipe_version('melanoma'); "
        "assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize("condition", ["basal-cell-carcinoma", "melanoma"])
def test_half_precision_changes_nothing_visible(condition: str) -> None:
    manifest = load_manifest(weights_dir())
    full, half = (
        LearnedLesions(weights_dir(), manifest, dataclasses.replace(processor(), half=half))
        for half in (False, True)
    )
    apart = np.abs(full.picture(condition, 3, 0.5).image.astype(int) - half.picture(condition, 3, 0.5).image)
    assert apart.max() <= 4
    assert (apart > 2).mean() < 0.001


def test_a_lesion_without_a_site_is_of_a_region_of_its_conditions_photographs() -> None:
    def lesions(shares: dict[str, tuple[float, ...]]) -> LearnedLesions:
        return LearnedLesions(
            weights_dir(), dataclasses.replace(load_manifest(weights_dir()), regions=shares), processor()
        )

    def same(first: CanonicalPicture, second: CanonicalPicture) -> bool:
        return np.array_equal(first.image, second.image)

    trunk, nowhere = lesions({"melanoma": (0.0, 1.0, 0.0, 0.0)}), lesions({})
    on_trunk = nowhere.picture("melanoma", 3, 0.5, site="trunk")
    assert same(trunk.picture("melanoma", 3, 0.5), on_trunk)
    assert not same(nowhere.picture("melanoma", 3, 0.5), on_trunk)
    assert same(
        trunk.picture("melanoma", 3, 0.5, site="face"), nowhere.picture("melanoma", 3, 0.5, site="face")
    )
    assert same(trunk.picture("melanocytic-naevus", 3, 0.5), nowhere.picture("melanocytic-naevus", 3, 0.5))
    halves = lesions({"melanoma": (0.5, 0.5, 0.0, 0.0)})
    drawn = [halves.picture("melanoma", seed, 0.5) for seed in range(8)]
    sites = [
        [site for site in ("face", "trunk") if same(each, nowhere.picture("melanoma", seed, 0.5, site=site))]
        for seed, each in enumerate(drawn)
    ]
    assert {len(each) for each in sites} == {1}
    assert {site for each in sites for site in each} == {"face", "trunk"}


def test_the_skin_below_a_drawn_lesion_is_that_of_its_site(generator: Generator) -> None:
    face, trunk = (generator.generate(spec_of("vitiligo", seed=5, site=site)) for site in ("face", "trunk"))
    assert np.array_equal(face.mask, trunk.mask)
    assert not np.array_equal(face.image, trunk.image)
