from __future__ import annotations

from typing import Any

import pytest

from dermtutor.skin.scales import FitzpatrickType, MonkTone


def test_there_are_ten_monk_tones_lightest_first() -> None:
    tones = MonkTone.all()
    assert [tone.value for tone in tones] == list(range(1, 11))
    assert tones[0] < tones[9]
    assert (tones[0].swatch, tones[9].swatch, str(tones[9])) == ("#f6ede4", "#292420", "Monk 10")


@pytest.mark.parametrize("value", [0, 11, -1, 2.0, True, "3", None, FitzpatrickType.III])
def test_nothing_but_a_whole_number_from_1_to_10_becomes_a_monk_tone(value: Any) -> None:
    with pytest.raises(ValueError, match="from 1 to 10"):
        MonkTone(value)


@pytest.mark.parametrize("value", [MonkTone(3), 0, 7, "III"])
def test_another_scale_is_not_a_fitzpatrick_type(value: Any) -> None:
    with pytest.raises(ValueError, match="not a valid"):
        FitzpatrickType(value)


def test_scales_are_never_equal_and_never_ordered_against_each_other() -> None:
    monk: Any = MonkTone(3)
    assert monk != FitzpatrickType.III
    assert monk != 3
    with pytest.raises(TypeError):
        bool(monk < FitzpatrickType.VI)
