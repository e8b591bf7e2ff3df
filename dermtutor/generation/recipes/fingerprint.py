"""What a recipe draws, and what a reviewer saw, as short hashes: a changed drawing can never pass for the old one."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from dermtutor.generation.recipes.model import Recipe

if TYPE_CHECKING:
    from dermtutor.generation.faces.recipe import FaceRecipe

_DIGITS = 10
_NOT_DRAWN = ("id", "version", "review", "summary", "sources", "condition")
_THE_REVIEW = "review"
# Raised whenever the same recipe is drawn otherwise: then every version is another one and a review has to be renewed.
_RENDERING = 2


def drawing_version(recipe: Recipe | FaceRecipe) -> str:
    """The recipe's version and a hash of all that decides the drawing: ``1.0+3fa2b1c8d0``."""
    return f"{recipe.version}+{_hash(recipe, _NOT_DRAWN)}"


def content_hash(recipe: Recipe) -> str:
    """A hash of everything but the review itself."""
    return _hash(recipe, ())


def review_holds(recipe: Recipe) -> bool:
    """Whether a clinician signed off exactly this content. Without a hash the word of the file is taken."""
    signed = recipe.reviewed_content
    return recipe.review == "reviewed" and (not signed or signed == content_hash(recipe))


@lru_cache(maxsize=256)
def _hash(recipe: Recipe | FaceRecipe, without: tuple[str, ...]) -> str:
    left_out = {*without, *(name for name in recipe.__dataclass_fields__ if name.startswith(_THE_REVIEW))}
    told = {name: value for name, value in _told(recipe).items() if name not in left_out}
    told["rendering"] = _RENDERING
    text = json.dumps(told, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]


def _told(value: Any) -> Any:
    """Plain data of what differs from the defaults, so that a later release's new keys change no hash."""
    if isinstance(value, tuple):
        return [_told(each) for each in value]
    if not dataclasses.is_dataclass(value):
        return value
    held = {field.name: (getattr(value, field.name), field.default) for field in dataclasses.fields(value)}
    return {name: _told(now) for name, (now, default) in held.items() if now != default}
