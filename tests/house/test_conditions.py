"""The shipped condition files: complete, consistent, sourced."""

from __future__ import annotations

import re

import pytest

from dermtutor.domain.conditions import Condition, load_catalogue
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
CATALOGUE = load_catalogue(assets_dir() / "conditions")


def test_the_conditions_named_for_the_command_line_are_all_there() -> None:
    learned = {"healthy-skin", "basal-cell-carcinoma", "squamous-cell-carcinoma", "actinic-keratosis",
               "seborrhoeic-keratosis", "melanocytic-naevus", "melanoma"}  # fmt: skip
    recipes = {
        "plaque-psoriasis",
        "vitiligo",
        "tinea-corporis",
        "urticaria",
        "molluscum-contagiosum",
        "herpes-zoster",
    }
    assert {each.id for each in CATALOGUE.learned()} == learned
    assert {each.id for each in CATALOGUE.recipes()} == recipes


@pytest.mark.parametrize("condition", CATALOGUE.conditions, ids=lambda each: each.id)
class TestEachCondition:
    def test_can_be_asked_for_with_three_distractors(self, condition: Condition) -> None:
        assert len(set(condition.look_alikes)) >= 3
        assert condition.id not in condition.look_alikes
        assert all(other in CATALOGUE for other in condition.look_alikes)

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
        if condition.id == "healthy-skin":
            assert condition.icd11 == ""
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
        assert all(len(flag) <= 140 for flag in condition.red_flags)


def test_look_alikes_are_offered_in_both_directions_at_least_for_the_first() -> None:
    """What is most like A should itself be offered A, or the confusion matrix is one-sided."""
    for condition in CATALOGUE.conditions:
        if condition.id == "healthy-skin":
            continue
        most_alike = CATALOGUE.get(condition.look_alikes[0])
        assert most_alike.id == "healthy-skin" or condition.id in most_alike.look_alikes
