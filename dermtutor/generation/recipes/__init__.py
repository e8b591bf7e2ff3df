"""Authored lesions: a readable recipe per condition, and the renderer that draws it on healthy skin.

``load_recipe`` reads a recipe, ``draw`` makes one patient's picture. `model` and `surfaces` say what a recipe
may state, `variants` its stages and subtypes; `distribution`, `forms` and `shapes` decide where the lesions lie and how
they are bordered; `layer` sums colour, relief and surface (`surface`, `textures`, `strokes`); `render` puts the sum on
skin of a tone.
"""

from dermtutor.generation.recipes.draw import DrawnLesion, draw, draw_on_tones
from dermtutor.generation.recipes.model import Recipe
from dermtutor.generation.recipes.parse import load_recipe, load_recipes, read_recipe

__all__ = ["DrawnLesion", "Recipe", "draw", "draw_on_tones", "load_recipe", "load_recipes", "read_recipe"]
