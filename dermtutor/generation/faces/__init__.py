"""Faces: where they are in a photograph, their anatomical regions, and what their diseases draw on them."""

from dermtutor.generation.faces.anatomy import REGIONS, RegionName
from dermtutor.generation.faces.finder import FaceFinder
from dermtutor.generation.faces.layer import face_layer
from dermtutor.generation.faces.person import skin_of_person
from dermtutor.generation.faces.recipe import (
    GRADES,
    FacePattern,
    FaceRecipe,
    FaceRecipes,
    read_face_recipe,
)
from dermtutor.generation.faces.regions import FaceRegions, face_regions

__all__ = [
    "GRADES",
    "REGIONS",
    "FaceFinder",
    "FacePattern",
    "FaceRecipe",
    "FaceRecipes",
    "FaceRegions",
    "RegionName",
    "face_layer",
    "face_regions",
    "read_face_recipe",
    "skin_of_person",
]
