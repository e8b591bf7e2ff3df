"""Faces: where they are in a photograph, their anatomical regions, and what their diseases draw on them."""

from dermtutor.generation.faces.anatomy import REGIONS, RegionName
from dermtutor.generation.faces.finder import FaceFinder
from dermtutor.generation.faces.regions import FaceRegions, face_regions

__all__ = ["REGIONS", "FaceFinder", "FaceRegions", "RegionName", "face_regions"]
