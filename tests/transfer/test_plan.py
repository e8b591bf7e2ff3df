"""A plan of a transfer is one text with one id, read back as it was or refused."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermtutor.domain.case_sets import Photograph
from dermtutor.domain.cases import Source
from dermtutor.domain.transfer import Placement, Region, RegionKind, Stroke, TransferPlan
from dermtutor.skin.scales import MonkTone

BRUSHED = Region(RegionKind.STROKES, strokes=(Stroke(0.05, ((0.1, 0.2), (0.3, 0.4))),))
REGIONS = (
    Region(),
    BRUSHED,
    Region(RegionKind.RECTANGLE, box=(0.1, 0.1, 0.5, 0.4)),
    Region(RegionKind.MASK, mask_sha="ab" * 32),
    Region(RegionKind.FACE, parts=("cheeks", "nose")),
)
placements = st.builds(
    Placement,
    condition=st.sampled_from(("melanoma", "vitiligo")),
    source=st.sampled_from((Source.LEARNED, Source.RECIPE)),
    seed=st.integers(0, 2**63 - 1),
    x=st.floats(0, 1),
    y=st.floats(0, 1),
    size=st.floats(0.02, 2),
    severity=st.floats(0, 1),
    rotation=st.floats(-360, 360),
    mirrored=st.booleans(),
    region=st.sampled_from(REGIONS),
)
plans = st.builds(
    TransferPlan,
    photograph=st.builds(Photograph, sha=st.just("cd" * 32), permission=st.text(max_size=40)),
    width=st.integers(64, 9000),
    height=st.integers(64, 9000),
    placements=st.lists(placements, max_size=3).map(tuple),
    tone=st.none() | st.integers(1, 10).map(MonkTone),
)


@given(plans)
def test_a_plan_is_read_back_as_it_was(plan: TransferPlan) -> None:
    again = TransferPlan.from_json(plan.canonical_json())
    assert again == plan
    assert again.plan_id == plan.plan_id


PLAN = TransferPlan(
    Photograph("cd" * 32, "by her"), 100, 100, (Placement("melanoma", Source.LEARNED, 1, region=BRUSHED),)
)


def test_any_change_is_another_plan() -> None:
    other = replace(PLAN, placements=(replace(PLAN.placements[0], rotation=1.0),))
    permitted = replace(PLAN, photograph=replace(PLAN.photograph, permission="by him"))
    assert len({PLAN.plan_id, other.plan_id, permitted.plan_id}) == 3


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"format": 2}', "null", PLAN.canonical_json().replace('"x":0.5', '"x":7'),
     PLAN.canonical_json().replace('"radius":0.05', '"radius":"wide"'),
     PLAN.canonical_json().replace('"source":"learned"', '"source":"real"')],
)  # fmt: skip
def test_what_is_no_plan_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        TransferPlan.from_json(text)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda x: st.lists(x) | st.dictionaries(st.text(), x),
    )
)
def test_any_other_json_is_refused(value: object) -> None:
    with pytest.raises(ValueError):
        TransferPlan.from_json(json.dumps(value))
