"""What a recipe says, in dermatology's terms. Values only: `parse` reads them, the other modules draw them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Final

from dermtutor.generation.recipes.surfaces import Surface
from dermtutor.generation.recipes.teaching import Teaching
from dermtutor.generation.recipes.terms import (
    ONE,
    ZERO,
    Chromophore,
    Count,
    Degrees,
    Density,
    Form,
    HeightMillimetres,
    Limits,
    Millimetres,
    Pattern,
    PositiveMillimetres,
    PrimaryLesion,
    Ratio,
    ReliefProfile,
    Review,
    Share,
    Span,
    Zone,
)

NOT_A_KEY: Final = {"key": False}
"""Marks a field that no key of the same name fills."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement of the recipe comes from."""

    key: str
    title: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Distribution:
    """Where the lesions lie. ``within`` names an earlier lesion that they keep inside of.

    ``count`` is the number of lesions, or of groups when ``per_group`` is above one. ``spacing`` is the least
    distance of two centres in units of their radii together: below 1 they may run together. ``band_mm`` is
    the width of a band (linear, dermatomal, along the crease of a flexure), the spread of a group, the width of a
    net's meshes, or the depth of the strip along a border. ``off_centre`` is how far the whole lies from the middle
    of the picture, as a share of the half side.
    """

    pattern: Pattern
    count: Count = ONE
    per_group: Count = ONE
    spacing: Annotated[Span, Limits(0.0, 4.0)] = Span(1.0, 1.3)
    band_mm: Millimetres = Span(10.0, 20.0)
    angle: Degrees = Span(-180.0, 180.0)
    off_centre: Share = Span(0.0, 0.3)
    within: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """Outline and size. ``variation`` spreads the sizes of one patient (log-normal: many small, few large).

    ``irregularity`` is the depth of the border's wander as a share of the radius, ``ragged_mm`` that of its
    finest raggedness in millimetres; ``lobes`` builds each lesion from that many overlapping rounds: a
    polycyclic or scalloped outline. ``form`` is round, polygon (flat sides, as of lichen planus) or band (a line
    of some width, as of a scratch or a burrow: a large ``elongation`` makes it long). ``aligned`` is how far the
    long axes keep to the distribution's ``angle``: 0 not at all, 1 all alike.
    """

    diameter_mm: PositiveMillimetres
    variation: Share = ZERO
    elongation: Ratio = ONE
    irregularity: Share = Span(0.05, 0.15)
    ragged_mm: Annotated[Span, Limits(0.0, 5.0, "mm")] = Span(0.05, 0.15)
    lobes: Annotated[Span, Limits(1, 12, whole=True)] = ONE
    border_mm: Annotated[Span, Limits(0.05, 60.0, "mm")] = Span(0.4, 0.8)
    form: Form = "round"
    aligned: Share = ZERO


@dataclass(frozen=True, slots=True)
class Colour:
    """More (or, negative, less) of one chromophore in one zone of the lesion.

    ``zone_mm`` is the width of the zone for ``edge``, ``inside-edge``, ``ring`` and ``halo``, ``at`` where the
    middle of a ring lies, from 0 at the border to 1 in the centre; ``mottling`` the unevenness, ``mottle_mm`` its
    size; ``breaks`` how much of the zone is missing in places (an edge that is active only in part); ``tendency``
    how much it differs from one lesion of the patient to the next.
    """

    chromophore: Chromophore
    amount: Density
    zone: Zone = "whole"
    zone_mm: Millimetres = Span(4.0, 6.0)
    mottling: Share = Span(0.1, 0.2)
    mottle_mm: PositiveMillimetres = Span(2.0, 5.0)
    breaks: Share = ZERO
    tendency: Share = ZERO
    at: Share = Span(0.4, 0.6)


@dataclass(frozen=True, slots=True)
class Relief:
    """The height of the lesion above the skin. Light and shade follow from it.

    ``shoulder_mm`` is how wide the slope is; ``unevenness`` a share of the height; ``umbilication`` the depth
    of a central dell as a share of the height, ``umbilicated`` the share of lesions that have one (the larger
    ones first); ``tension`` how far the skin lines are stretched flat, or, below 0, how far they are coarsened.
    """

    profile: ReliefProfile
    height_mm: HeightMillimetres
    shoulder_mm: PositiveMillimetres = Span(0.6, 1.2)
    unevenness: Share = Span(0.0, 0.1)
    umbilication: Share = ZERO
    umbilicated: Share = ZERO
    tension: Annotated[Span, Limits(-1.0, 1.0)] = ZERO


@dataclass(frozen=True, slots=True)
class Lesion:
    """One kind of primary lesion of the disease, drawn in the order of the file."""

    name: str
    primary: PrimaryLesion
    distribution: Distribution
    shape: Shape
    colour: tuple[Colour, ...] = ()
    relief: Relief | None = None
    surface: tuple[Surface, ...] = ()


@dataclass(frozen=True, slots=True)
class ToneRule:
    """What is different on darker skin, beyond what the light's way through melanin does by itself.

    No effect on tones up to ``from_tone``, full effect from ``full_tone`` on, in between in proportion.
    ``livid``: share of the red that turns violaceous; ``residual_melanin``, ``dermal_melanin``: pigment that
    comes with inflammation, in optical density per unit of redness; ``haze``: light (linear) that thickened
    skin scatters back per unit of redness, grey to violet against dark skin; ``rim_melanin``: a darker rim
    around depigmentation; ``scale_grey``: how far scale looks grey instead of white; ``sheen``: added shine
    of raised lesions. ``because`` says why, ``source`` names a source of the recipe.
    """

    from_tone: Annotated[int, Limits(1, 10, whole=True)]
    full_tone: Annotated[int, Limits(1, 10, whole=True)]
    because: str
    source: str
    livid: Annotated[float, Limits(0.0, 1.0)] = 0.0
    residual_melanin: Annotated[float, Limits(-1.0, 1.0)] = 0.0
    dermal_melanin: Annotated[float, Limits(0.0, 1.0)] = 0.0
    rim_melanin: Annotated[float, Limits(0.0, 1.0)] = 0.0
    haze: Annotated[float, Limits(0.0, 0.05)] = 0.0
    scale_grey: Annotated[float, Limits(0.0, 1.0)] = 0.0
    sheen: Annotated[float, Limits(0.0, 1.0)] = 0.0


@dataclass(frozen=True, slots=True)
class Variant:
    """One stage, site or subtype of the condition: the recipe's lesions with what is different in it.

    ``share`` weighs how often a seed draws it. In a file a variant states only what differs; see `variants`.
    """

    name: str
    summary: str
    share: float
    field_mm: Span
    lesion: tuple[Lesion, ...]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one condition looks. ``id`` is the condition's; ``field_mm`` the width of skin that a picture shows.

    ``variants`` are complete; a recipe whose file states none has none, and its own lesions are drawn.
    ``condition`` is what trainees read, for a condition that has no file of its own among the shipped ones.
    ``reviewed_by`` and ``reviewed_on`` (a date such as 2026-03-01) name who looked at it when, ``reviewed_content``
    the hash of what was looked at.
    """

    id: str
    version: str
    review: Review
    summary: str
    field_mm: Annotated[Span, Limits(10.0, 600.0, "mm")]
    sources: tuple[Source, ...]
    lesion: tuple[Lesion, ...]
    tone_rule: tuple[ToneRule, ...] = ()
    reviewed_by: str = ""
    reviewed_on: str = ""
    reviewed_content: str = ""
    condition: Teaching | None = None
    variants: tuple[Variant, ...] = field(default=(), metadata=NOT_A_KEY)
