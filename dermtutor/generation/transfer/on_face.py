"""Diseases of the face on a photograph: where anatomy puts them, drawn as the recipes for faces say."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from dermtutor.domain.transfer import Placement
from dermtutor.errors import UserError
from dermtutor.generation.faces import FaceRecipe, FaceRegions, face_layer
from dermtutor.generation.recipes.fingerprint import drawing_version
from dermtutor.generation.recipes.layer import LesionLayer

ReadFace = Callable[[NDArray[np.uint8]], FaceRegions]
"""The regions of the face on a photograph (H, W, 3) uint8. Raises UserError without a face."""


class FaceDiseases:
    """The recipes that are drawn on faces, and what finds a face."""

    def __init__(self, read: ReadFace, recipes: Mapping[str, FaceRecipe]) -> None:
        self.read = read
        self._recipes = recipes

    def patterns(self, condition: str) -> tuple[tuple[str, str], ...]:
        """Name and title of the ways in which a condition takes the face; empty when no recipe says."""
        recipe = self._recipes.get(condition)
        return () if recipe is None else tuple((each.name, each.title) for each in recipe.pattern)

    def version(self, condition: str) -> str:
        """Version of the recipe of a condition on the face, empty when there is none."""
        recipe = self._recipes.get(condition)
        return "" if recipe is None else f"face {drawing_version(recipe)}"

    def recipe(self, placement: Placement) -> FaceRecipe:
        """The recipe of a placement. Raises UserError when it is not the one that the placement was made for."""
        recipe = self._recipes.get(placement.condition)
        if recipe is None or self.version(placement.condition) != placement.recipe_version:
            raise UserError(
                f"The recipe of {placement.condition} on the face is another one by now; place it anew."
            )
        return recipe

    def layer(self, placement: Placement, face: FaceRegions, n: int) -> LesionLayer:
        """The layer of a placement on the face's square, n pixels a side."""
        pattern = self.recipe(placement).pattern_of(placement.pattern)
        return face_layer(pattern, face, placement.seed, placement.severity, n)
