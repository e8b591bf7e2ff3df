"""What changes with the tone besides the light's way through melanin, which the density model does by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dermtutor.generation.fields import Field
from dermtutor.generation.recipes.model import ToneRule
from dermtutor.skin.scales import MonkTone


@dataclass(frozen=True, slots=True)
class ToneEffect:
    """The rules of a recipe summed up for one tone; the fields are those of `ToneRule`."""

    livid: float = 0.0
    residual_melanin: float = 0.0
    dermal_melanin: float = 0.0
    rim_melanin: float = 0.0
    haze: float = 0.0
    scale_grey: float = 0.0
    sheen: float = 0.0


def tone_effect(rules: Iterable[ToneRule], tone: MonkTone) -> ToneEffect:
    """The effect on one tone: none up to a rule's ``from_tone``, full from its ``full_tone`` on."""
    total = dict.fromkeys(ToneEffect.__dataclass_fields__, 0.0)
    for rule in rules:
        weight = (tone.value - rule.from_tone) / (rule.full_tone - rule.from_tone)
        weight = min(max(weight, 0.0), 1.0)
        for name in total:
            total[name] += weight * getattr(rule, name)
    shares = {name: min(total[name], 1.0) for name in ("livid", "scale_grey", "sheen")}
    return ToneEffect(**(total | shares))


def on_tone(chromophores: Mapping[str, Field], effect: ToneEffect) -> dict[str, Field]:
    """The amounts of the chromophores with a tone's rules applied; where the amounts lie is not changed."""
    amounts = dict(chromophores)
    red = amounts.pop("haemoglobin", None)
    if red is None:
        return amounts
    amounts["haemoglobin"] = red * (1 - effect.livid)
    for name, factor in (
        ("livid", effect.livid),
        ("melanin", effect.residual_melanin),
        ("dermal-melanin", effect.dermal_melanin),
    ):
        if factor:
            amounts[name] = amounts[name] + factor * red if name in amounts else factor * red
    return amounts
