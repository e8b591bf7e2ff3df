"""What a recipe may say of a surface: scale, crust, fluid, shine, vessels, lines, papillae, follicles, hair."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias

from dermtutor.generation.recipes.terms import (
    ONE,
    ZERO,
    Density,
    Limits,
    Millimetres,
    PositiveMillimetres,
    Share,
    Span,
    Zone,
)


@dataclass(frozen=True, slots=True)
class Scale:
    """Loose horn. ``cover`` is the share of the zone that is scaly, ``opacity`` how far it hides the skin."""

    kind: Literal["silver-scale", "greasy-scale", "fine-scale", "collarette"]
    cover: Share
    opacity: Share
    flake_mm: PositiveMillimetres
    zone: Zone = "whole"
    zone_mm: Millimetres = Span(4.0, 6.0)
    inset_mm: Millimetres = ZERO
    thickness_mm: Annotated[Span, Limits(0.0, 3.0, "mm")] = Span(0.1, 0.2)
    patch_mm: PositiveMillimetres = Span(8.0, 14.0)


@dataclass(frozen=True, slots=True)
class Crust:
    """What has dried or hardened on a lesion: exudate, blood, dead tissue, horn. ``affected``: share that bears it."""

    kind: Literal["honey-crust", "blood-crust", "eschar", "horn"]
    cover: Share
    affected: Share = ONE
    thickness_mm: Annotated[Span, Limits(0.0, 3.0, "mm")] = Span(0.2, 0.5)


@dataclass(frozen=True, slots=True)
class Fluid:
    """A blister's content seen through its roof. The shares of turbid and bloody blisters; the rest are clear."""

    kind: Literal["fluid"]
    clarity: Share = Span(0.5, 0.8)
    turbid: Share = Span(0.1, 0.3)
    bloody: Share = ZERO


@dataclass(frozen=True, slots=True)
class Gloss:
    """Shine of a tense or moist surface. ``sharpness`` 0 is a satin sheen, 1 a wet point of light."""

    kind: Literal["gloss"]
    strength: Share
    sharpness: Share = Span(0.4, 0.6)


@dataclass(frozen=True, slots=True)
class Core:
    """What the middle of a lesion holds: a pale core, a dark plug or a point of pus.

    ``width`` is its share of the diameter, ``whiteness`` how far it hides what lies below.
    """

    kind: Literal["core", "dark-plug", "pus-point"]
    width: Share
    whiteness: Share
    affected: Share = ONE


@dataclass(frozen=True, slots=True)
class Islands:
    """Dots of pigment around follicles inside a depigmented patch; ``coverage`` is the share of the patch."""

    kind: Literal["follicular-islands"]
    diameter_mm: PositiveMillimetres
    spacing_mm: PositiveMillimetres
    coverage: Share


@dataclass(frozen=True, slots=True)
class Vessels:
    """Telangiectases: thin, branching vessels. ``amount`` is their redness, ``spacing_mm`` their mean distance."""

    kind: Literal["telangiectases"]
    amount: Density
    spacing_mm: PositiveMillimetres
    length_mm: PositiveMillimetres
    width_mm: PositiveMillimetres = Span(0.1, 0.25)
    branches: Annotated[Span, Limits(0, 6, whole=True)] = Span(1, 3)
    zone: Zone = "whole"
    zone_mm: Millimetres = Span(4.0, 6.0)


@dataclass(frozen=True, slots=True)
class Network:
    """Fine white lines that cross, such as Wickham's striae. ``cover`` is the share of the lesion that shows them."""

    kind: Literal["white-network"]
    mesh_mm: PositiveMillimetres
    width_mm: PositiveMillimetres
    opacity: Share
    cover: Share = Span(0.5, 0.8)


@dataclass(frozen=True, slots=True)
class Furrows:
    """Skin lines made coarse: lichenification (equal plates) or wrinkles (long, fine, parallel).

    ``plate_mm`` is the distance of the furrows, ``depth_mm`` their depth, ``cover`` the share of the lesion that
    has them.
    """

    kind: Literal["lichenification", "wrinkles"]
    plate_mm: PositiveMillimetres
    depth_mm: Annotated[Span, Limits(0.0, 1.0, "mm")]
    cover: Share = ONE


@dataclass(frozen=True, slots=True)
class Papillae:
    """A verrucous surface: crowded horny papillae, ``points`` of them (a share) with a black point of old blood."""

    kind: Literal["verrucous"]
    size_mm: PositiveMillimetres
    height_mm: Annotated[Span, Limits(0.0, 3.0, "mm")]
    points: Share = ZERO
    horn: Share = Span(0.2, 0.4)


@dataclass(frozen=True, slots=True)
class Follicles:
    """What the follicles of a lesion show: open pores, horny plugs, red or pale dots, accentuated papules.

    ``affected`` is the share of the follicles that show it, ``strength`` how plainly.
    """

    kind: Literal["pores", "follicular-plugs", "follicular-papules"]
    diameter_mm: PositiveMillimetres
    spacing_mm: PositiveMillimetres
    strength: Share
    affected: Share = Span(0.5, 0.9)


@dataclass(frozen=True, slots=True)
class Hairs:
    """A hair that leaves the middle of a lesion. ``affected`` is the share of lesions that have one."""

    kind: Literal["hair"]
    length_mm: PositiveMillimetres
    width_mm: PositiveMillimetres = Span(0.06, 0.12)
    affected: Share = ONE


Surface: TypeAlias = (
    Scale
    | Crust
    | Fluid
    | Gloss
    | Core
    | Islands
    | Vessels
    | Network
    | Furrows
    | Papillae
    | Follicles
    | Hairs
)
