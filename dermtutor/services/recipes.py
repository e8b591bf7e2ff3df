"""Recipes as people write them: begin, copy, check, draw, keep, share, sign off, remove."""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Protocol

from dermtutor.domain.conditions import Catalogue, Condition
from dermtutor.domain.recipe_text import insert_table, remove, set_value
from dermtutor.domain.recipes import DrawRequest, Finding, RecipeEntry, TableSchema
from dermtutor.errors import UserError
from dermtutor.services.ports import CancelToken, GeneratedCase

TEMPLATE: Final = "recipe.toml"
_REVIEW_KEYS: Final = ("reviewed_by", "reviewed_on", "reviewed_content")
_LONGEST_NAME: Final = 80


class RecipeStore(Protocol):
    """The shipped recipes and the folder of the own ones. Texts that are no recipe raise RecipeRefused."""

    def schema(self) -> TableSchema: ...

    def refresh(self) -> None: ...

    def own(self) -> tuple[RecipeEntry, ...]: ...

    def shipped(self) -> tuple[RecipeEntry, ...]: ...

    def conditions(self) -> tuple[Condition, ...]: ...

    def text(self, recipe_id: str) -> str: ...

    def read(self, path: Path) -> str: ...

    def check(self, text: str, file: str) -> tuple[Finding, ...]: ...

    def check_file(self, path: Path) -> tuple[Finding, ...]: ...

    def entry(self, text: str, file: Path) -> RecipeEntry: ...

    def content_hash(self, text: str) -> str: ...

    def put(self, text: str, file: str) -> RecipeEntry: ...

    def remove(self, recipe_id: str) -> None: ...


class RecipeDrawing(Protocol):
    """Draws a recipe that belongs to no folder."""

    def preview(self, wanted: DrawRequest, cancel: CancelToken | None = None) -> Iterator[GeneratedCase]:
        """The same patient on each of the tones, as they are made. Raises RecipeRefused, or Cancelled."""
        ...


class Recipes:
    """The recipes of one application. Thread-safe; calls block until done.

    Whatever changes the own recipes also changes the catalogue, so that quizzes know them at once.
    """

    def __init__(
        self, catalogue: Catalogue, store: RecipeStore, drawing: RecipeDrawing, templates: Path
    ) -> None:
        self._catalogue = catalogue
        self._store = store
        self._drawing = drawing
        self._templates = templates

    # What there is

    def schema(self) -> TableSchema:
        """What a recipe may hold."""
        return self._store.schema()

    def entries(self) -> tuple[RecipeEntry, ...]:
        """The own recipes, then the shipped ones, by name."""
        own = sorted(self._store.own(), key=lambda entry: entry.name.lower())
        shipped = [self._named(entry) for entry in self._store.shipped()]
        return (*own, *sorted(shipped, key=lambda entry: entry.name.lower()))

    def reread(self) -> bool:
        """Looks at the own folder anew, which other programs may change; says whether the conditions differ now."""
        before = [condition for condition in self._catalogue.conditions if condition.own]
        self._store.refresh()
        self._catalogue.replace_own(self._store.conditions())
        return before != [condition for condition in self._catalogue.conditions if condition.own]

    def _named(self, entry: RecipeEntry) -> RecipeEntry:
        """A shipped recipe under the name that its condition's own file gives."""
        return (
            replace(entry, name=self._catalogue.described(entry.id).name)
            if entry.origin == "shipped"
            else entry
        )

    def left_out(self) -> str | None:
        """One sentence about the own recipes that cannot be read, None when all can."""
        return left_out(self._store.own())

    def names(self) -> Mapping[str, str]:
        """The names of all conditions by id: what a recipe can name as a look-alike."""
        return {condition.id: condition.name for condition in self._catalogue.quizzable()}

    def text(self, recipe_id: str) -> str:
        """The text of a recipe. Raises UserError for an unknown id."""
        return self._store.text(recipe_id)

    def read(self, path: Path) -> str:
        """The text of a file. Raises UserError when it is no text, or larger than a recipe."""
        return self._store.read(path)

    # Beginning

    def begin(self, new_id: str) -> str:
        """The text of a new recipe with a comment for everything that has to be changed. Raises UserError."""
        self._free(new_id)
        text = (self._templates / TEMPLATE).read_text(encoding="utf-8")
        text = set_value(text, ("id",), new_id)
        return set_value(text, ("condition", "name"), new_id.replace("-", " ").capitalize())

    def copy(self, source: str, new_id: str, shipped_id: str = "") -> str:
        """The text ``source`` under another id and unreviewed; of a shipped condition also what trainees read."""
        self._free(new_id)
        text = set_value(source, ("id",), new_id)
        text = set_value(set_value(text, ("version",), "1.0"), ("review",), "unreviewed")
        table = tomllib.loads(text)
        for key in _REVIEW_KEYS:
            text = remove(text, (key,)) if key in table else text
        if shipped_id in self._catalogue and "condition" not in table:
            text = _with_teaching(text, self._catalogue.get(shipped_id), self.schema())
        if "name" in tomllib.loads(text).get("condition", {}):
            name = tomllib.loads(text)["condition"]["name"][: _LONGEST_NAME - 8]
            text = set_value(text, ("condition", "name"), f"{name} (copy)")
        return text

    def free_id(self, wish: str) -> str:
        """The wished id, with a number when it is taken."""
        taken = {entry.id for entry in self.entries()} | {each.id for each in self._catalogue.conditions}
        tries = itertools.chain([wish], (f"{wish}-{number}" for number in itertools.count(2)))
        return next(each for each in tries if each not in taken)

    def _free(self, new_id: str) -> None:
        if any(each.id == new_id and not each.own for each in self._catalogue.conditions):
            raise UserError(f"{new_id} is the id of a shipped condition; choose another for your recipe.")

    # Checking and drawing

    def check(self, text: str, file: str) -> tuple[Finding, ...]:
        """All that is wrong with a text as an own recipe."""
        return self._store.check(text, file)

    def check_file(self, path: Path) -> tuple[Finding, ...]:
        """All that is wrong with a recipe file. Raises UserError when there is no such file."""
        return self._store.check_file(path)

    def entry(self, text: str, file: Path) -> RecipeEntry:
        """What a text is: its name, its version, its review. Raises RecipeRefused."""
        return self._named(self._store.entry(text, file))

    def preview(self, wanted: DrawRequest, cancel: CancelToken | None = None) -> Iterator[GeneratedCase]:
        """The same patient on each of the tones, as they are made. Raises RecipeRefused, or Cancelled."""
        return self._drawing.preview(wanted, cancel)

    # Keeping

    def keep(self, text: str, file: str, was: str = "") -> RecipeEntry:
        """Puts a text among the own recipes; ``was`` is the id of the one that it replaces, also under another id.

        Raises RecipeRefused, and UserError when another of the own recipes has its id.
        """
        new_id = self._store.entry(text, Path(file)).id
        own = {entry.id for entry in self._store.own()}
        if new_id in own - {was}:
            raise UserError(
                f"You have a recipe called {new_id} already; remove it first, or choose another id."
            )
        entry = self._store.put(text, file)
        if was in own - {new_id}:
            self._store.remove(was)
        self._catalogue.replace_own(self._store.conditions())
        return entry

    def add(self, path: Path) -> RecipeEntry:
        """Puts a file among the own recipes. Raises UserError when one has that id already."""
        return self.keep(self.read(path), path.name)

    def remove(self, recipe_id: str) -> None:
        """Deletes an own recipe; answers given to its cases stay. Raises UserError."""
        self._store.remove(recipe_id)
        self._catalogue.replace_own(self._store.conditions())

    def shared(self, recipe_id: str) -> str:
        """An own recipe as a file for others. Raises UserError for a shipped, unknown or damaged one."""
        if not any(entry.id == recipe_id for entry in self._store.own()):
            raise UserError(f"You have no recipe called {recipe_id!r}; only your own recipes can be shared.")
        text = self.text(recipe_id)
        self.entry(text, Path(f"{recipe_id}.toml"))
        return text

    def reviewed(self, text: str, by: str, when: datetime | None = None) -> str:
        """The text signed off by a named clinician as it is now. Raises RecipeRefused, UserError for no name."""
        name = " ".join(by.split())
        if not name or len(name) > _LONGEST_NAME or not name.isprintable():
            raise UserError(f"A review needs the reviewer's name, in at most {_LONGEST_NAME} characters.")
        day = (when or datetime.now(UTC)).date().isoformat()
        signed = self._store.content_hash(text)
        for key, value in zip(("review", *_REVIEW_KEYS), ("reviewed", name, day, signed), strict=True):
            text = set_value(text, (key,), value)
        return text


def left_out(own: Sequence[RecipeEntry]) -> str | None:
    """One sentence about the recipes that cannot be read, with file and line of the first; None when all can."""
    damaged = [entry for entry in own if entry.findings]
    if not damaged:
        return None
    others = f" (and {len(damaged) - 1} more of yours)" if len(damaged) > 1 else ""
    first = str(damaged[0].findings[0]).rstrip(".")
    return f"Your recipe {damaged[0].id}{others} is left out until it is mended: {first}."


def _with_teaching(text: str, condition: Condition, schema: TableSchema) -> str:
    """What trainees read about a shipped condition, put into the text of a recipe with the sources it names."""
    table = tomllib.loads(text)
    field = schema.field("condition")
    wanted = {each.name for each in field.tables[0].fields} if field is not None else set()
    teaching: dict[str, Any] = {}
    for name in sorted(wanted, key=[*Condition.__dataclass_fields__].index):
        value = getattr(condition, name)
        if name in ("on_light", "on_dark"):
            value = [{"text": each.text, "sources": list(each.sources)} for each in value]
        if value:
            teaching[name] = list(value) if isinstance(value, tuple) else value
    known = {source.get("key") for source in table.get("sources", ())}
    for reference in condition.sources:
        if reference.key not in known:
            place = ("sources", len(tomllib.loads(text).get("sources", ())))
            text = insert_table(text, place, {"key": reference.key, "title": reference.title,
                                              "detail": reference.detail or "–"})  # fmt: skip
    return insert_table(text, ("condition",), teaching, order=("condition",))
