"""What a PNG file says about itself, and that it says it losslessly."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from dermtutor.domain.cases import CaseSpec, Source
from dermtutor.services.encoding import encode_case
from dermtutor.services.ports import GeneratedCase
from dermtutor.skin.scales import MonkTone
from tests.provenance import read_provenance
from tests.services.fakes import FakeGenerator


def _case(source: Source = Source.LEARNED) -> GeneratedCase:
    return FakeGenerator().generate(CaseSpec("melanoma", MonkTone(7), 2**63 - 1, source))


def test_the_pictures_come_back_unchanged() -> None:
    case = _case()
    encoded = encode_case(case)
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(encoded.png))), case.image)
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(encoded.mask_png))), case.mask)


def test_the_same_case_gives_the_same_file() -> None:
    assert encode_case(_case()) == encode_case(_case())


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        (Source.LEARNED, "trainedAlgorithmicMedia"),
        (Source.RECIPE, "compositeWithTrainedAlgorithmicMedia"),
    ],
)
def test_every_file_says_that_it_is_synthetic(source: Source, kind: str) -> None:
    case = _case(source)
    for png in (encode_case(case).png, encode_case(case).mask_png):
        text = read_provenance(png)
        uri = f"http://cv.iptc.org/newscodes/digitalsourcetype/{kind}"
        assert text["DigitalSourceType"] == uri
        assert f'Iptc4xmpExt:DigitalSourceType="{uri}"' in text["XML:com.adobe.xmp"]
        assert text["Description"].startswith("Synthetic image. It shows no patient")
        assert CaseSpec.from_json(text["Spec"]) == case.spec
        assert (text["SpecId"], text["Weights"]) == (case.spec.spec_id, case.weights)
        assert text["Software"] == "DermTutor"


def test_a_drawn_case_names_its_recipe_its_review_and_its_variant() -> None:
    case = replace(
        FakeGenerator().generate(CaseSpec("vitiligo", MonkTone(7), 3, Source.RECIPE, recipe_version="1.1")),
        variant="confetti",
        recipe_review="not reviewed",
    )
    text = read_provenance(encode_case(case).png)
    assert (text["Recipe"], text["Variant"]) == ("vitiligo 1.1, not reviewed", "confetti")
    assert not {"Recipe", "Variant"} & read_provenance(encode_case(_case()).png).keys()
