"""The shipped condition files: complete, consistent, sourced."""

from __future__ import annotations

import re
import tomllib

import pytest

from dermtutor.bootstrap import open_catalogue
from dermtutor.domain.conditions import GROUPS, Condition, load_catalogue
from dermtutor.paths import assets_dir

# The vocabulary of SkinCon (Daneshjou et al., 2022), which the features are written in.
SKINCON = set(
    """Vesicle, Papule, Macule, Plaque, Abscess, Pustule, Bulla, Patch, Nodule, Ulcer, Crust, Erosion, Excoriation,
    Atrophy, Exudate, Purpura/Petechiae, Fissure, Induration, Xerosis, Telangiectasia, Scale, Scar, Friable, Sclerosis,
    Pedunculated, Exophytic/Fungating, Warty/Papillomatous, Dome-shaped, Flat topped, Brown(Hyperpigmentation),
    Translucent, White(Hypopigmentation), Purple, Yellow, Black, Erythema, Comedo, Lichenification, Blue, Umbilicated,
    Poikiloderma, Salmon, Wheal, Acuminate, Burrow, Gray, Pigmented, Cyst""".replace("\n    ", " ").split(
        ", "
    )
)
SITES = {"scalp", "face", "neck", "trunk", "upper-limb", "hands", "lower-limb", "feet", "genital"}
CATALOGUE = load_catalogue(assets_dir() / "conditions")
RECIPES = {file.stem for file in (assets_dir() / "recipes").glob("*.toml")}
# Distributions that a patch of skin cannot show; their own titles describe them.
FACE_ONLY_FORMS = {"melasma": {"centrofacial", "malar", "mandibular"}}
FACES = {file.stem for file in (assets_dir() / "faces").glob("*.toml")}


def test_the_conditions_named_for_the_command_line_are_all_there() -> None:
    learned = {"healthy-skin", "basal-cell-carcinoma", "squamous-cell-carcinoma", "actinic-keratosis",
               "seborrhoeic-keratosis", "melanocytic-naevus", "melanoma"}  # fmt: skip
    assert {each.id for each in CATALOGUE.learned()} == learned
    assert {"plaque-psoriasis", "vitiligo", "tinea-corporis", "lichen-planus", "tuberculoid-leprosy"} <= {
        each.id for each in CATALOGUE.recipes()
    }


def test_only_conditions_whose_images_can_be_made_are_offered() -> None:
    offered = open_catalogue()
    assert {each.id for each in offered.recipes()} == RECIPES
    assert {each.id for each in offered.learned()} == {each.id for each in CATALOGUE.learned()}


def test_what_is_offered_has_three_look_alikes_that_are_offered_too() -> None:
    offered = open_catalogue()
    assert [c.id for c in offered.conditions if len(offered.look_alikes(c.id)) < 3] == []


def test_what_is_only_drawn_on_faces_has_a_text_but_is_not_asked_of_a_patch_of_skin() -> None:
    assert {each.id for each in CATALOGUE.recipes()} >= FACES
    assert {"acute-cutaneous-lupus", "perioral-dermatitis"} == FACES - RECIPES
    assert not (FACES - RECIPES) & {each.id for each in open_catalogue().conditions}


def test_every_recipe_has_its_text() -> None:
    assert {each.id for each in CATALOGUE.recipes()} >= RECIPES


@pytest.mark.parametrize("recipe", sorted(RECIPES))
def test_every_form_that_is_drawn_is_described(recipe: str) -> None:
    table = tomllib.loads((assets_dir() / "recipes" / f"{recipe}.toml").read_text(encoding="utf-8"))
    described = {variant.id for variant in CATALOGUE.get(recipe).variants}
    assert {variant["name"] for variant in table.get("variant", ())} <= described


@pytest.mark.parametrize("face", sorted(FACES))
def test_every_form_that_is_drawn_on_a_face_is_described(face: str) -> None:
    table = tomllib.loads((assets_dir() / "faces" / f"{face}.toml").read_text(encoding="utf-8"))
    described = {variant.id for variant in CATALOGUE.get(face).variants}
    undescribed = {pattern["name"] for pattern in table["pattern"]} - described
    assert undescribed <= FACE_ONLY_FORMS.get(face, set())


def test_groups_hold_everything_that_can_be_asked_once() -> None:
    grouped = CATALOGUE.grouped()
    assert [group for group, _ in grouped] == list(GROUPS)
    assert sorted(c.id for _, members in grouped for c in members) == sorted(
        c.id for c in CATALOGUE.conditions
    )
    assert all(list(members) == sorted(members, key=lambda c: c.name.lower()) for _, members in grouped)


@pytest.mark.parametrize("condition", CATALOGUE.conditions, ids=lambda each: each.id)
class TestEachCondition:
    def test_can_be_asked_for_with_three_distractors(self, condition: Condition) -> None:
        assert len(set(condition.look_alikes)) == len(condition.look_alikes) >= 4
        assert condition.id not in condition.look_alikes
        assert all(other in CATALOGUE for other in condition.look_alikes)

    def test_is_filed_under_its_own_id_and_names_its_group(self, condition: Condition) -> None:
        file = assets_dir() / "conditions" / f"{condition.id}.toml"
        assert tomllib.loads(file.read_text(encoding="utf-8"))["group"] == condition.group

    def test_describes_its_forms(self, condition: Condition) -> None:
        if condition.source == "recipe":
            assert len({variant.id for variant in condition.variants}) == len(condition.variants) >= 2
        assert all(variant.name and 0 < len(variant.text) <= 160 for variant in condition.variants)

    def test_is_found_on_known_sites(self, condition: Condition) -> None:
        assert condition.sites
        assert set(condition.sites) <= SITES

    def test_teaches_both_ends_of_the_tone_scale_from_named_sources(self, condition: Condition) -> None:
        assert condition.summary
        assert condition.why
        for finding in (*condition.on_light, *condition.on_dark):
            assert finding.sources, finding.text
        assert condition.on_light
        assert condition.on_dark

    def test_names_no_source_twice_and_gives_each_its_detail(self, condition: Condition) -> None:
        keys = [reference.key for reference in condition.sources]
        assert len(keys) == len(set(keys))
        assert all(reference.title and reference.detail for reference in condition.sources)

    def test_uses_the_standard_morphology_terms(self, condition: Condition) -> None:
        assert set(condition.features) <= SKINCON

    def test_has_a_well_formed_code_with_its_title(self, condition: Condition) -> None:
        if condition.id == "healthy-skin":  # no disease
            assert condition.icd11 == condition.icd11_title == ""
        else:
            assert re.fullmatch(r"[1-9A-Z][A-Z][0-9A-Z]{2}(\.[0-9A-Z]{1,2})?", condition.icd11)
            assert condition.icd11_title

    def test_is_not_called_reviewed(self, condition: Condition) -> None:
        """No clinician has signed any content off; a file may only claim it together with who and when."""
        assert not condition.reviewed

    def test_is_short_enough_to_be_read_after_an_answer(self, condition: Condition) -> None:
        findings = (*condition.on_light, *condition.on_dark)
        assert all(
            len(text) <= 300 for text in (condition.summary, condition.why, *(each.text for each in findings))
        )
        assert all(len(text) <= 140 for text in (condition.history, *condition.red_flags))

    def test_has_a_history_that_does_not_give_the_name_away(self, condition: Condition) -> None:
        assert bool(condition.history) is (condition.id != "healthy-skin")
        for name in (condition.name, *condition.synonyms):
            assert not re.search(rf"\b{re.escape(name)}\b", condition.history, re.IGNORECASE), name


def test_look_alikes_are_offered_in_both_directions_at_least_for_the_first() -> None:
    """What is most like A should itself be offered A, or the confusion matrix is one-sided."""
    for condition in CATALOGUE.conditions:
        if condition.id == "healthy-skin":
            continue
        most_alike = CATALOGUE.get(condition.look_alikes[0])
        assert most_alike.id == "healthy-skin" or condition.id in most_alike.look_alikes
