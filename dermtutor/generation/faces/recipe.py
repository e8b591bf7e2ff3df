"""Face recipes: how a condition looks on a face. The vocabulary is that of recipes; where lesions lie is anatomy.

A face recipe (``assets/faces/ID.toml``) has one or more patterns, such as the subtypes of rosacea. A lesion of a
pattern takes the whole of its area, as redness does, or, with a distribution and a shape, lies inside it many times.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

from dermtutor.errors import UserError
from dermtutor.generation.faces.anatomy import RegionName
from dermtutor.generation.recipes.checks import Notes, check_tone_rules
from dermtutor.generation.recipes.model import Colour, Distribution, Relief, Shape, Source, ToneRule
from dermtutor.generation.recipes.parse import read_whole
from dermtutor.generation.recipes.surfaces import Surface
from dermtutor.generation.recipes.terms import (
    ZERO,
    Limits,
    Millimetres,
    PositiveMillimetres,
    PrimaryLesion,
    Review,
    Span,
)
from dermtutor.generation.recipes.toml_text import read_text

GRADES: Final = ("clear", "almost clear", "mild", "moderate", "severe")
"""The names of the grades 0 to 4; a grade is a quarter of the severity of 0 to 1."""

_MOST_LESIONS: Final = 600


@dataclass(frozen=True, slots=True)
class Area:
    """The part of the face that a lesion takes, or lies inside of.

    ``regions`` together, without ``spares``; ``grow_mm`` is how far its border lies outside the regions (negative:
    inside). ``border_mm`` is the width over which it fades, ``irregularity_mm`` the depth of the border's wander and
    ``wave_mm`` the size of its largest bends.
    """

    regions: tuple[RegionName, ...]
    spares: tuple[RegionName, ...] = ()
    grow_mm: Annotated[Span, Limits(-20.0, 20.0, "mm")] = ZERO
    border_mm: Annotated[Span, Limits(0.5, 60.0, "mm")] = Span(6.0, 10.0)
    irregularity_mm: Millimetres = Span(1.0, 2.0)
    wave_mm: PositiveMillimetres = Span(14.0, 24.0)


@dataclass(frozen=True, slots=True)
class FaceLesion:
    """One kind of primary lesion on the face, drawn in the order of the file.

    ``distribution`` and ``shape`` belong together; the distribution's ``within`` and ``off_centre`` say nothing here.
    """

    name: str
    primary: PrimaryLesion
    area: Area
    distribution: Distribution | None = None
    shape: Shape | None = None
    colour: tuple[Colour, ...] = ()
    relief: Relief | None = None
    surface: tuple[Surface, ...] = ()


@dataclass(frozen=True, slots=True)
class FacePattern:
    """One subtype or distribution of the condition; ``name`` is its id, ``title`` what people read."""

    name: str
    title: str
    summary: str
    lesion: tuple[FaceLesion, ...]


@dataclass(frozen=True, slots=True)
class FaceRecipe:
    """How one condition looks on a face. ``id`` is the condition's."""

    id: str
    version: str
    review: Review
    summary: str
    sources: tuple[Source, ...]
    pattern: tuple[FacePattern, ...]
    tone_rule: tuple[ToneRule, ...] = ()

    def pattern_of(self, name: str = "") -> FacePattern:
        """The pattern of a name, the first when none is given. Raises UserError for a name that it does not have."""
        if not name:
            return self.pattern[0]
        found = next((each for each in self.pattern if each.name == name), None)
        if found is None:
            names = ", ".join(each.name for each in self.pattern)
            raise UserError(f"{self.id} has no pattern {name!r} on the face; choose from {names}.")
        return found


class FaceRecipes(Mapping[str, FaceRecipe]):
    """The ``*.toml`` files of a folder as face recipes by condition id, each read when it is first asked for.

    Looking one up raises UserError naming file, line and reason when the file holds none. Any thread may; at worst two
    of them read the same file.
    """

    def __init__(self, folder: Path) -> None:
        self._files = {path.stem: path for path in sorted(folder.glob("*.toml"))}
        self._read: dict[str, FaceRecipe] = {}

    def __getitem__(self, condition: str) -> FaceRecipe:
        if condition not in self._read:
            self._read[condition] = _loaded(self._files[condition])
        return self._read[condition]

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


def _loaded(path: Path) -> FaceRecipe:
    """The face recipe in a file whose name is the condition's id. Raises UserError naming file, line and reason."""
    recipe = read_face_recipe(read_text(path), path.name)
    if recipe.id != path.stem:
        raise UserError(f"{path.name}: “id” must be the name of the file without .toml: {path.stem}.")
    return recipe


def read_face_recipe(text: str, file: str) -> FaceRecipe:
    """The face recipe in a text; ``file`` is what messages call it. Raises RecipeRefused with all that is wrong."""
    return read_whole(FaceRecipe, text, file, _check)


def _check(notes: Notes, recipe: FaceRecipe) -> None:
    check_tone_rules(notes, recipe.tone_rule, recipe.sources)
    if not recipe.pattern:
        notes.note(("pattern",), "is empty; a face recipe needs at least one [[pattern]]")
    for number, pattern in enumerate(recipe.pattern):
        names: list[str] = []
        total = 0.0
        for index, lesion in enumerate(pattern.lesion):
            key = ("pattern", number, "lesion", index)
            if lesion.name in names:
                notes.note((*key, "name"), f"{lesion.name!r} is used twice; give every lesion its own name")
            names.append(lesion.name)
            if not lesion.area.regions:
                notes.note((*key, "area", "regions"), "is empty; name at least one region of the face")
            if (lesion.distribution is None) != (lesion.shape is None):
                notes.note(
                    key, "has only one of distribution and shape; give both, or none for the whole area"
                )
            if lesion.distribution is not None:
                total += lesion.distribution.count.high * max(lesion.distribution.per_group.high, 1)
                if total > _MOST_LESIONS:
                    notes.note(
                        (*key, "distribution", "count"),
                        f"makes more than {_MOST_LESIONS} lesions on one face",
                    )
