"""How long a run lasts, when it grows, and what came before it."""

from __future__ import annotations

from dataclasses import dataclass

BASE_RESOLUTION = 64
GROW_AT = (0.2, 0.5)
"""Shares of a run's time after which it grows: on a processor the smaller sides cost much less."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How long a run lasts and how its time is shared. ``minutes`` counts training only, over all resumptions.

    ``images`` ends it earlier, once so many were seen; 0: only the minutes count. At the last resolution a run ends
    early when ``patience`` checkpoints in a row brought no lower validation KID.
    """

    minutes: float
    grow_at: tuple[float, ...] = GROW_AT
    checkpoint_minutes: float = 10.0
    log_steps: int = 50
    patience: int = 6
    images: int = 0

    @classmethod
    def to(
        cls, resolution: int, minutes: float, images: int = 0, grow_at: tuple[float, float] = GROW_AT
    ) -> Plan:
        """A plan that grows to 64, 128 or 256 px, when these shares of the minutes are spent."""
        stages = (resolution // BASE_RESOLUTION).bit_length() - 1
        return cls(minutes, grow_at[:stages], images=images)


@dataclass(frozen=True, slots=True)
class Before:
    """What the weights that a run began with had seen: images, and minutes of training."""

    images: int = 0
    minutes: float = 0.0
