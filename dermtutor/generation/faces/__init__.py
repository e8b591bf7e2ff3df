"""Faces: where they are in a photograph, their anatomical regions, and what their diseases draw on them."""
