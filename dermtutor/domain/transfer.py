"""The plan of a transfer: which diseases are put where on which photograph. The same plan makes the same image."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final, Self

from dermtutor.domain.case_sets import Photograph
from dermtutor.domain.cases import Source
from dermtutor.skin.scales import MonkTone

FORMAT: Final = 1
SIZES: Final = (0.02, 2.0)
"""Smallest and largest side of a lesion's patch, as a share of the photograph's shorter side."""


class RegionKind(StrEnum):
    """How the part of the photograph that a lesion may cover is given."""

    SKIN = "skin"
    """All skin around the place."""
    RECTANGLE = "rectangle"
    STROKES = "strokes"
    MASK = "mask"
    FACE = "face"


@dataclass(frozen=True, slots=True)
class Stroke:
    """One stroke of a brush: ``radius`` as a share of the photograph's shorter side, points (x, y) as shares of its
    width and height.
    """

    radius: float
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Region:
    """The part of the photograph that a lesion may cover. Of the other fields only the kind's own is filled.

    ``box`` is left, top, width, height as shares of the photograph's width and height; ``mask_sha`` the SHA-256 of a
    mask's file; ``parts`` name regions of the face.
    """

    kind: RegionKind = RegionKind.SKIN
    box: tuple[float, float, float, float] | None = None
    strokes: tuple[Stroke, ...] = ()
    mask_sha: str = ""
    parts: tuple[str, ...] = ()


EVERYWHERE: Final = Region()


@dataclass(frozen=True, slots=True)
class Placement:
    """One lesion on the photograph.

    ``x`` and ``y`` are the middle of its patch as shares of the photograph's width and height, ``size`` the patch's
    side as a share of its shorter side; ``rotation`` is clockwise in degrees, and the lesion is mirrored before it is
    turned. ``severity`` is 0 to 1, ``seed`` 0 to 2**63-1. The versions are those of the weights and the recipe.
    ``pattern`` names the way in which a disease takes the face, where anatomy decides its place; empty otherwise.
    """

    condition: str
    source: Source
    seed: int
    x: float = 0.5
    y: float = 0.5
    size: float = 0.5
    severity: float = 0.5
    rotation: float = 0.0
    mirrored: bool = False
    region: Region = EVERYWHERE
    weights_version: str = ""
    recipe_version: str = ""
    pattern: str = ""

    def __post_init__(self) -> None:
        numbers = (self.x, self.y, self.size, self.severity, self.rotation)
        if not all(math.isfinite(number) for number in numbers):
            raise ValueError("a placement's numbers are finite")
        if not (0 <= self.x <= 1 and 0 <= self.y <= 1 and SIZES[0] <= self.size <= SIZES[1]):
            raise ValueError("a lesion lies on the photograph")
        if not 0 <= self.severity <= 1 or not 0 <= self.seed < 2**63 or not self.source.generated:
            raise ValueError("severity is 0 to 1, a seed 0 to 2**63-1, and the lesion is learned or drawn")


@dataclass(frozen=True, slots=True)
class TransferPlan:
    """Everything that determines a transfer, but the photograph's pixels and the weights.

    ``photograph`` says whose permission there is; ``width`` and ``height`` are its pixels after it was turned upright.
    ``tone`` is the tone that the person was brought to before the lesions (None: the photograph's own). Lesions are
    laid on in their order.
    """

    photograph: Photograph
    width: int
    height: int
    placements: tuple[Placement, ...]
    tone: MonkTone | None = None

    def canonical_json(self) -> str:
        """Key-sorted JSON without spaces; the text that ``plan_id`` hashes."""
        fields = asdict(self) | {"format": FORMAT, "tone": None if self.tone is None else self.tone.value}
        return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)

    @property
    def plan_id(self) -> str:
        """SHA-256 of the canonical JSON, 64 hexadecimal digits."""
        return hashlib.sha256(self.canonical_json().encode()).hexdigest()

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The plan of a text. Raises ValueError for anything that is none."""
        try:
            fields = json.loads(text)
            if fields.pop("format") != FORMAT:
                raise ValueError("another format")
            tone = fields.pop("tone")
            return cls(
                photograph=Photograph(**fields.pop("photograph")),
                placements=tuple(_placement(each) for each in fields.pop("placements")),
                tone=None if tone is None else MonkTone(tone),
                **fields,
            )
        except (KeyError, TypeError, AttributeError, RecursionError) as problem:
            raise ValueError("no plan of a transfer") from problem


def _placement(fields: Mapping[str, Any]) -> Placement:
    given = dict(fields)
    region, source = given.pop("region"), Source(given.pop("source"))
    return Placement(**given, source=source, region=_region(region))


def _region(fields: Mapping[str, Any]) -> Region:
    box = fields["box"]
    if box is not None and (len(box) != 4 or not all(math.isfinite(side) for side in box)):
        raise ValueError("a box has four sides")
    strokes = tuple(
        Stroke(float(each["radius"]), tuple((float(x), float(y)) for x, y in each["points"]))
        for each in fields["strokes"]
    )
    return Region(
        RegionKind(fields["kind"]),
        None if box is None else tuple(box),
        strokes,
        str(fields["mask_sha"]),
        tuple(map(str, fields["parts"])),
    )
