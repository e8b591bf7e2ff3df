"""What shapes a training run besides its photographs, and other values for it by name."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any

from dermtutor.errors import UserError


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that shapes a run besides the photographs; written beside the weights.

    ``photograph_side`` is what photographs are prepared at: the smallest crops of 332 px still have 256.
    A crop's side is at least ``smallest_crop`` of the photograph's.
    ``judges_lead`` is how many images new discriminators learn from before a generator that was trained elsewhere
    follows them: what they say at first would only undo what it knows. After ``judges_last`` images they are made
    anew, and lead again; 0: never. The discriminators see pictures at up to
    ``judged_side`` px, changed by ``augmentations``, in features of ``judge_network``; of pictures above 128 px
    others see a square of ``crop_side`` px at full resolution (0: none). ``judge_mixtures`` of them, with other random
    mixtures of the features, see the same. ``group_deviations`` maps tell each head how alike
    the pictures of a group are. ``class_strength``, ``mapping``, the ``channels``
    of its maps at 4 to 64 px and the ``grown_channels`` above shape a new generator.
    """

    batch: int = 32
    photograph_side: int = 332
    smallest_crop: float = 0.77
    cut_outs: bool = True
    class_strength: float = 0.4
    mapping: bool = True
    learning_rate: float = 2e-4
    judges_learning_rate: float = 2e-4
    judges_lead: int = 4096
    judges_last: int = 0
    judge_network: str = "lite0"
    judged_side: int = 128
    crop_side: int = 128
    judge_mixtures: int = 1
    group_deviations: int = 8
    augmentations: tuple[str, ...] = ("colour", "shift", "cut-out")
    guide_weight: float = 0.25
    guide_batches: int = 40
    guide_steps: int = 300
    guide_smoothing: float = 0.1
    line_weight: float = 0.006
    settling_batches: int = 24
    ema_thousands: float = 10.0
    channels: tuple[int, ...] = (320, 320, 256, 160, 64)
    grown_channels: tuple[int, ...] = (32, 16)
    segmenter_steps: int = 220
    mask_steps: int = 160
    mask_pictures: int = 500
    seed: int = 0

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Settings:
        """Settings as a checkpoint keeps them; what was not known yet has its usual value."""
        tuples = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
        return cls(**values | tuples)


def changed(settings: Settings, pairs: Iterable[str]) -> Settings:
    """``settings`` with other values, each written ``name=value``; a list's values are separated by commas.

    Raises UserError for a name that there is not and for a value of another kind.
    """
    usual = {field.name: field.default for field in fields(Settings)}
    values: dict[str, Any] = {}
    for pair in pairs:
        name, _, text = pair.partition("=")
        if name not in usual:
            raise UserError(f"There is no setting “{name}”; choose one of {', '.join(usual)}.")
        try:
            values[name] = _read(text, usual[name])
        except ValueError:
            raise UserError(
                f"“{text}” is no value for the setting {name}; write it like {_written(usual[name])}."
            ) from None
    return replace(settings, **values)


def _read(text: str, usual: Any) -> Any:
    """A value of the kind of ``usual``. Raises ValueError."""
    if isinstance(usual, bool):
        return {"true": True, "false": False}[text] if text in ("true", "false") else int("")
    if isinstance(usual, tuple):
        return tuple(_read(part, usual[0]) for part in text.split(",") if part)
    value = type(usual)(text)
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(text)
    return value


def _written(value: Any) -> str:
    if isinstance(value, tuple):
        return ",".join(_written(part) for part in value)
    return str(value).lower()
