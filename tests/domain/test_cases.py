"""Specs and what identifies them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermtutor.domain.cases import CaseSpec, Modality, Source
from dermtutor.skin.scales import MonkTone

SPECS = st.builds(
    CaseSpec,
    condition=st.text(min_size=1),
    tone=st.sampled_from(MonkTone.all()),
    seed=st.integers(0, 2**63 - 1),
    source=st.sampled_from(Source),
    site=st.text(),
    severity=st.floats(0, 1),
    origin=st.text(),
    near=st.none() | st.integers(0, 2**63 - 1),
    truncation=st.floats(0, 1),
    modality=st.sampled_from(Modality),
    weights_version=st.text(),
)


@given(SPECS)
def test_json_and_back(spec: CaseSpec) -> None:
    again = CaseSpec.from_json(spec.canonical_json())
    assert again == spec
    assert again.spec_id == spec.spec_id


@given(SPECS, SPECS)
def test_equal_ids_mean_equal_specs(one: CaseSpec, other: CaseSpec) -> None:
    assert (one.spec_id == other.spec_id) == (one == other)


@given(SPECS)
def test_canonical_json_is_what_other_programs_can_hash(spec: CaseSpec) -> None:
    text = spec.canonical_json()
    assert text == json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"))
    assert json.loads(text)["tone"] == spec.tone.value


def test_twins_differ_in_tone_alone() -> None:
    spec = CaseSpec("melanoma", MonkTone(3), 7, Source.LEARNED)
    twin = spec.on_tone(MonkTone(9))
    assert twin.on_tone(MonkTone(3)) == spec
    assert twin.spec_id != spec.spec_id


def test_a_tone_of_eleven() -> None:
    with pytest.raises(ValueError, match="from 1 to 10, not 11"):
        MonkTone(11)
