"""Reading condition files."""

from __future__ import annotations

from pathlib import Path

import pytest

from dermtutor.domain.cases import Source
from dermtutor.domain.conditions import ToneFinding, Variant, load_catalogue
from dermtutor.errors import EnvironmentProblem, UserError

SOUND = """
id = "urticaria"
name = "Urticaria"
icd11 = "EB00"
icd11_title = "Spontaneous urticaria"
modality = "clinical photograph"
source = "recipe"
look_alikes = ["tinea-corporis"]
[[on_dark]]
text = "Skin-coloured raised wheals."
sources = ["fenton2020"]
[[sources]]
key = "fenton2020"
title = "Medical students' ability"
detail = "2020"
"""


def _write(folder: Path, text: str, name: str = "a.toml") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_a_sound_file(tmp_path: Path) -> None:
    catalogue = load_catalogue(_write(tmp_path / "c", SOUND))
    urticaria = catalogue.get("urticaria")
    assert urticaria.on_dark == (ToneFinding("dark", "Skin-coloured raised wheals.", ("fenton2020",)),)
    assert urticaria.image_source is Source.RECIPE
    assert not urticaria.reviewed
    assert catalogue.look_alikes("urticaria") == ()
    assert catalogue.recipes() == (urticaria,)
    assert catalogue.learned() == ()


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('name = "Urticaria"', "", "'name' is missing"),
        ('source = "recipe"', 'source = "guess"', "'guess' is none of"),
        ('icd11 = "EB00"', "icd11 = 3", "3 is not a text"),
        ('look_alikes = ["tinea-corporis"]', 'look_alikes = "tinea"', "must be a list of texts"),
        ('sources = ["fenton2020"]', 'sources = ["nobody"]', "cites unknown sources: nobody"),
        ('id = "urticaria"', 'id = "urticaria"\ncolour = "red"', "unknown keys: colour"),
        ('id = "urticaria"', "id = ", "Invalid value"),
        ('source = "recipe"', 'source = "recipe"\ngroup = "rashes"', "'rashes' is none of inflammatory"),
        ("[[on_dark]]", '[[variant]]\nid = "annular"\n[[on_dark]]', "'name' and 'text'"),
    ],
)
def test_an_unsound_file_is_named_with_its_reason(tmp_path: Path, old: str, new: str, reason: str) -> None:
    folder = _write(tmp_path / "c", SOUND.replace(old, new, 1))
    with pytest.raises(EnvironmentProblem, match=reason) as told:
        load_catalogue(folder)
    assert "a.toml" in str(told.value)


def test_no_files_and_twice_the_same(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="No conditions were found"):
        load_catalogue(tmp_path / "nowhere")
    _write(tmp_path / "c", SOUND)
    with pytest.raises(EnvironmentProblem, match="same condition"):
        load_catalogue(_write(tmp_path / "c", SOUND, "b.toml"))


def test_an_unknown_id_lists_what_there_is(tmp_path: Path) -> None:
    catalogue = load_catalogue(_write(tmp_path / "c", SOUND))
    with pytest.raises(UserError, match="choose one of urticaria"):
        catalogue.get("xyz")


def test_a_group_and_variants(tmp_path: Path) -> None:
    forms = '[[variant]]\nid = "annular"\nname = "Annular"\ntext = "Rings."\n[[on_dark]]'
    text = SOUND.replace('source = "recipe"', 'source = "recipe"\ngroup = "inflammatory"')
    urticaria = load_catalogue(_write(tmp_path / "c", text.replace("[[on_dark]]", forms))).get("urticaria")
    assert urticaria.group == "inflammatory"
    assert urticaria.variants == (Variant("annular", "Annular", "Rings."),)
    assert load_catalogue(_write(tmp_path / "d", SOUND)).get("urticaria").group == "other"


def test_without_its_recipe_a_condition_cannot_be_asked(tmp_path: Path) -> None:
    folder = _write(tmp_path / "c", SOUND)
    _write(folder, SOUND.replace('"urticaria"', '"melanoma"').replace('"recipe"', '"learned"'), "b.toml")
    assert [each.id for each in load_catalogue(folder, recipes=()).conditions] == ["melanoma"]
    assert len(load_catalogue(folder, recipes={"urticaria"}).conditions) == 2


def test_what_only_faces_show_has_its_texts_and_cannot_be_asked_for(tmp_path: Path) -> None:
    folder = _write(tmp_path / "c", SOUND)
    butterfly = SOUND.replace('"urticaria"', '"butterfly"').replace('"Urticaria"', '"Butterfly rash"')
    _write(folder, butterfly.replace("tinea-corporis", "urticaria"), "b.toml")
    catalogue = load_catalogue(folder, {"urticaria"}, {"urticaria", "butterfly"})
    assert [each.id for each in catalogue.quizzable()] == ["urticaria"]
    assert [each.id for each in catalogue.nameable] == ["urticaria", "butterfly"]
    assert "butterfly" not in catalogue
    assert catalogue.described("butterfly").name == "Butterfly rash"
    assert [each.id for each in catalogue.look_alikes("butterfly")] == ["urticaria"]
    with pytest.raises(UserError, match="No condition is called 'butterfly'"):
        catalogue.get("butterfly")
