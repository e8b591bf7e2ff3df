"""The lesion layer: everything a disease adds to skin, before any tone is chosen.

Nothing in this module or in what fills a layer knows the tone: it is drawn once and rendered on any of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from dermtutor.generation.fields import Field, Places, add_at
from dermtutor.generation.recipes.canvas import Canvas
from dermtutor.generation.recipes.model import Lesion
from dermtutor.generation.recipes.noise import Grain
from dermtutor.generation.recipes.shapes import Outline


@dataclass(frozen=True, slots=True)
class Deposit:
    """Opaque matter on the skin.

    ``places`` (N,): the pixels it lies on; the fields are (N,). ``alpha``: how far it
    hides the skin; ``colour``: its own, in linear light; ``texture``: its brightness; ``tilt_x``, ``tilt_y``:
    its slope. ``below`` (0 to 1): how far it lies under the epidermis and is seen through its melanin.
    """

    places: Places
    alpha: Field
    colour: tuple[float, float, float]
    texture: Field
    tilt_x: Field
    tilt_y: Field
    is_scale: bool = False
    below: float = 0.0


@dataclass(slots=True)
class LesionLayer:
    """The sum of all lesions. Fields are (H, W).

    ``chromophores``: optical density added, by name. ``depigmented``: share of the skin's melanin gone. ``height``:
    millimetres. ``tension``: share of the skin lines stretched flat (negative: coarsened). ``gloss`` and
    ``sharpness`` of the shine. ``lens``: how far a blister gathers light, with ``lens_x``, ``lens_y`` the place
    inside it. ``mask``: 0 to 1. ``deposits``: lowest first.
    """

    canvas: Canvas
    chromophores: dict[str, Field] = field(default_factory=dict)
    depigmented: Field = field(init=False)
    height: Field = field(init=False)
    tension: Field = field(init=False)
    gloss: Field = field(init=False)
    sharpness: Field = field(init=False)
    lens: Field = field(init=False)
    lens_x: Field = field(init=False)
    lens_y: Field = field(init=False)
    mask: Field = field(init=False)
    deposits: list[Deposit] = field(default_factory=list)

    def __post_init__(self) -> None:
        for name in (
            "depigmented",
            "height",
            "tension",
            "gloss",
            "sharpness",
            "lens",
            "lens_x",
            "lens_y",
            "mask",
        ):
            setattr(self, name, self.canvas.zeros())

    def add(self, chromophore: str, places: Places, amount: Field) -> None:
        """Adds optical density (N,) of a chromophore at some pixels."""
        present = self.chromophores.get(chromophore)
        if present is None:
            present = self.chromophores[chromophore] = self.canvas.zeros()
        add_at(present, places, amount)


# How unevenly pigment fills a lesion: a share per standard deviation.
_UNEVEN = np.float32(0.14)


@dataclass(frozen=True, slots=True)
class Patient:
    """One lesion kind while it is drawn: where it lies, and the numbers that this patient got.

    ``spots`` is the outline at the pixels near a lesion, ``filling`` (N,) how much of a pigment fills it there, about
    1: no lesion is of one colour all over. ``most_vessels``: how many places are tried for a vessel.
    """

    canvas: Canvas
    lesion: Lesion
    outline: Outline
    severity: float
    most_vessels: int = 160
    spots: Outline = field(init=False)
    filling: Field = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "spots", self.outline.at(self.outline.near))
        typical = max((each.radius for each in self.outline.instances), default=1.0)
        uneven = self.noise(("filling",), 1.1 * typical, "medium", self.spots)
        object.__setattr__(self, "filling", 1 + _UNEVEN * np.clip(uneven, -2.5, 2.5))

    def noise(self, name: tuple[str | int, ...], scale_mm: float, grain: Grain, spots: Outline) -> Field:
        """Noise (N,) at some pixels of the lesions, in a stream of this kind's own; see `Canvas.noise`."""
        return self.canvas.noise_at((self.lesion.name, *name), scale_mm, grain, spots.near, spots.window)
