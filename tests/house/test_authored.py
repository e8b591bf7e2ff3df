"""The conditions that are drawn from recipes: all there, each with what a learner needs, text and drawing at one."""

from __future__ import annotations

import pytest

from dermtutor.domain.conditions import load_catalogue
from dermtutor.generation.recipes import load_recipes
from dermtutor.paths import assets_dir

# Condition and its ICD-11 code.
AUTHORED = {
    "plaque-psoriasis": "EA90.0",
    "guttate-psoriasis": "EA90.1",
    "atopic-eczema": "EA80",
    "nummular-eczema": "EA82",
    "seborrhoeic-dermatitis": "EA81",
    "allergic-contact-dermatitis": "EK00",
    "lichen-planus": "EA91",
    "pityriasis-rosea": "EA10",
    "pityriasis-versicolor": "1F2D.0",
    "urticaria": "EB00",
    "granuloma-annulare": "EE80.0",
    "tinea-corporis": "1F28.Y",
    "impetigo": "1B72",
    "cellulitis": "1B70",
    "folliculitis": "1B74",
    "molluscum-contagiosum": "1E76",
    "common-wart": "1E80",
    "herpes-simplex": "1F00.0",
    "herpes-zoster": "1E91",
    "varicella": "1E90",
    "mpox": "1E71",
    "scabies": "1G04.0",
    "erythema-migrans": "1C1G.0",
    "acne": "ED80",
    "rosacea": "ED90.0",
    "melasma": "ED60.1",
    "post-inflammatory-hyperpigmentation": "ED60.2",
    "vitiligo": "ED63.0",
    "lentigo": "ED61",
    "keloid": "EE60.0",
    "hypertrophic-scar": "EE60.1",
    "cherry-angioma": "2F25",
    "dermatofibroma": "2F23.0",
    "epidermoid-cyst": "EK70.0",
    "xanthelasma": "9A06.4",
    "purpura-vasculitis": "4A44.B0",
    "bullous-pemphigoid": "EB41.0",
    "discoid-lupus": "EB51.0",
    "morphoea": "EB61",
    "sarcoidosis": "4B20.5",
    "mycosis-fungoides": "2B01",
    "tuberculoid-leprosy": "1B20.0",
    "secondary-syphilis": "1A61.3",
    "erythema-multiforme": "EB12",
    "hidradenitis-suppurativa": "ED92.0",
    "neurofibroma": "2F24",
    "striae": "EE40.1",
    "freckles": "ED61.0",
}
CATALOGUE = load_catalogue(assets_dir() / "conditions")
RECIPES = load_recipes(assets_dir() / "recipes")


def test_the_recipes_are_those_that_were_asked_for() -> None:
    assert set(RECIPES) == set(AUTHORED)
    assert CATALOGUE.get("healthy-skin").name


@pytest.mark.parametrize("name", AUTHORED)
def test_each_has_its_code_and_all_that_is_taught(name: str) -> None:
    condition = CATALOGUE.get(name)
    assert condition.icd11 == AUTHORED[name]
    assert condition.icd11_title
    assert condition.synonyms
    assert len(condition.look_alikes) >= 3
    assert len(condition.features) >= 2
    assert len(condition.why) > 40
    assert all(finding.sources for finding in (*condition.on_light, *condition.on_dark))


@pytest.mark.parametrize("name", AUTHORED)
def test_each_has_two_variants_or_more_that_text_and_drawing_share(name: str) -> None:
    drawn = {variant.name for variant in RECIPES[name].variants}
    assert len(drawn) >= 2
    assert drawn <= {variant.id for variant in CATALOGUE.get(name).variants}


@pytest.mark.parametrize("name", AUTHORED)
def test_what_is_drawn_on_dark_skin_rests_on_a_source_of_the_text(name: str) -> None:
    on_dark = {source for finding in CATALOGUE.get(name).on_dark for source in finding.sources}
    assert {rule.source for rule in RECIPES[name].tone_rule} <= on_dark
