"""One person's recipes: a folder of files, read one by one, so that a damaged one leaves the others alone."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from dermtutor.domain.conditions import Condition, Reference, ToneFinding, ToneGroup
from dermtutor.domain.recipes import Finding, Origin, RecipeEntry, RecipeRefused, TableSchema, in_words
from dermtutor.domain.toml_layout import Document
from dermtutor.errors import EnvironmentProblem, UserError
from dermtutor.generation.recipes.fingerprint import content_hash, drawing_version, review_holds
from dermtutor.generation.recipes.model import Recipe
from dermtutor.generation.recipes.parse import read_recipe
from dermtutor.generation.recipes.schema import recipe_schema
from dermtutor.generation.recipes.toml_text import read_text
from dermtutor.paths import write_atomically

MODALITY = "clinical photograph"
# Names that Windows keeps for devices, whatever their ending.
_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}


class RecipeFolder:
    """The shipped recipes and, in a folder of their own, those of one person. Thread-safe; reads what it has written.

    ``taken`` are ids that a person's recipe may never have: those of the shipped conditions.
    """

    def __init__(self, shipped: Path, own: Path, taken: Collection[str]) -> None:
        self._shipped = shipped
        self._own = own
        self._taken = frozenset(taken) | {file.stem for file in shipped.glob("*.toml")}
        self._lock = threading.RLock()
        self._recipes: Mapping[str, Recipe] = MappingProxyType({})
        self._refused: tuple[RecipeEntry, ...] = ()
        self.refresh()

    def refresh(self) -> None:
        """Reads the own folder anew. Nothing in it stops the others from being read."""
        recipes: dict[str, Recipe] = {}
        refused: list[RecipeEntry] = []
        for file in sorted(self._own.glob("*.toml")):
            try:
                recipe = self._read_own(read_text(file), file.name, file.stem)
            except UserError as problem:
                refused.append(_refused(file, problem))
            else:
                recipes[recipe.id] = recipe
        with self._lock:
            self._recipes, self._refused = MappingProxyType(recipes), tuple(refused)

    # What there is

    def recipes(self) -> Mapping[str, Recipe]:
        """The own recipes that can be drawn, by id."""
        return self._recipes

    def conditions(self) -> tuple[Condition, ...]:
        """The own recipes as conditions that can be taught."""
        return tuple(_condition(recipe) for recipe in self._recipes.values())

    def schema(self) -> TableSchema:
        """What a recipe may hold."""
        return recipe_schema()

    def own(self) -> tuple[RecipeEntry, ...]:
        """The own recipes by id, the damaged ones too."""
        with self._lock:
            sound = [_entry(recipe, "own", self._file(recipe.id)) for recipe in self._recipes.values()]
            return tuple(sorted([*sound, *self._refused], key=lambda entry: entry.id))

    def shipped(self) -> tuple[RecipeEntry, ...]:
        """The shipped recipes by id."""
        return self._shipped_entries

    @cached_property
    def _shipped_entries(self) -> tuple[RecipeEntry, ...]:
        """Read with the first look at them: the program's own files stay as they are while it runs."""
        files = sorted(self._shipped.glob("*.toml"))
        return tuple(
            _entry(read_recipe(read_text(file), file.name, file.stem), "shipped", file) for file in files
        )

    def text(self, recipe_id: str) -> str:
        """The text of a shipped or own recipe, also of a damaged one. Raises UserError when there is none."""
        own = {entry.id for entry in self.own()}
        for folder, known in ((self._shipped, self._taken), (self._own, own)):
            if recipe_id in known and (folder / f"{recipe_id}.toml").is_file():
                return read_text(folder / f"{recipe_id}.toml")
        raise UserError(f"No recipe is called {recipe_id!r}; “dermtutor recipe list” names them.")

    def read(self, path: Path) -> str:
        """The text of any file. Raises UserError when it is no text, or larger than a recipe."""
        return read_text(path)

    # What is wrong with a text

    def check(self, text: str, file: str) -> tuple[Finding, ...]:
        """All that is wrong with a text as a person's own recipe, whatever its file is called."""
        try:
            self._read_own(text, file, None)
        except RecipeRefused as refusal:
            return refusal.findings
        return ()

    def check_file(self, path: Path) -> tuple[Finding, ...]:
        """All that is wrong with a file as a recipe for any folder. Raises UserError when it cannot be read at all."""
        try:
            read_recipe(read_text(path), path.name, path.stem)
        except RecipeRefused as refusal:
            return refusal.findings
        return ()

    def entry(self, text: str, file: Path) -> RecipeEntry:
        """What a text is, as a recipe for any folder. Raises RecipeRefused."""
        recipe = read_recipe(text, file.name, None)
        return _entry(recipe, "own" if recipe.condition else "shipped", file)

    def content_hash(self, text: str) -> str:
        """The hash that a review signs. Raises RecipeRefused."""
        return content_hash(read_recipe(text, "recipe", None))

    # Changing the folder

    def put(self, text: str, file: str) -> RecipeEntry:
        """Keeps a text under its id, whole or not at all. Raises RecipeRefused, or EnvironmentProblem for the disk."""
        recipe = self._read_own(text, file, None)
        self._change(lambda: self._write(recipe.id, text))
        return _entry(recipe, "own", self._file(recipe.id))

    def remove(self, recipe_id: str) -> None:
        """Deletes an own recipe's file. Raises UserError when there is none of that id."""
        if recipe_id in self._taken:
            raise UserError(
                f"{recipe_id} is shipped with the program and cannot be removed; copy it to change it."
            )
        if recipe_id not in {entry.id for entry in self.own()}:
            raise UserError(f"You have no recipe called {recipe_id!r}; “dermtutor recipe list” names them.")
        self._change(lambda: self._file(recipe_id).unlink())

    def _write(self, recipe_id: str, text: str) -> None:
        self._own.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_atomically(self._file(recipe_id), text.encode())

    def _change(self, change: Callable[[], None]) -> None:
        try:
            change()
        except OSError as problem:
            reason = problem.strerror or str(problem)
            raise EnvironmentProblem(
                f"Recipes cannot be kept in {self._own} ({reason}): free some space or make it writable."
            ) from problem
        self.refresh()

    def _file(self, recipe_id: str) -> Path:
        return self._own / f"{recipe_id}.toml"

    def _read_own(self, text: str, file: str, stem: str | None) -> Recipe:
        """A person's recipe: sound, with what trainees read, and under an id that is free. ``stem`` None: any id."""
        recipe = read_recipe(text, file, stem)
        reason = ""
        if recipe.id in self._taken:
            reason = f"{recipe.id!r} is the id of a shipped condition; give this recipe another"
        elif recipe.id in _DEVICES:
            reason = f"{recipe.id!r} cannot name a file; choose another"
        if reason:
            raise RecipeRefused([Finding(file, Document(text).line_of(("id",)), ("id",), reason)])
        if recipe.condition is None:
            reason = (
                "lacks the table [condition] with a “name” and a “summary”: what trainees choose and read"
            )
            raise RecipeRefused([Finding(file, None, (), reason)])
        return recipe


def _refused(file: Path, problem: UserError) -> RecipeEntry:
    found = (
        problem.findings
        if isinstance(problem, RecipeRefused)
        else (Finding(file.name, None, (), str(problem).rstrip(".")),)
    )
    return RecipeEntry(file.stem, in_words(file.stem), "", "", "own", file, findings=found)


def _entry(recipe: Recipe, origin: Origin, file: Path) -> RecipeEntry:
    reviewed = review_holds(recipe)
    return RecipeEntry(
        id=recipe.id,
        name=recipe.condition.name if recipe.condition else in_words(recipe.id),
        version=recipe.version,
        drawing=drawing_version(recipe),
        origin=origin,
        file=file,
        reviewed=reviewed,
        reviewed_by=recipe.reviewed_by if reviewed else "",
        reviewed_on=recipe.reviewed_on if reviewed else "",
        changed_since_review=recipe.review == "reviewed" and not reviewed,
        condition=_condition(recipe) if origin == "own" else None,
    )


def _condition(recipe: Recipe) -> Condition:
    text = recipe.condition
    if text is None:
        raise ValueError(f"{recipe.id} has nothing for trainees to read")

    def findings(group: ToneGroup) -> tuple[ToneFinding, ...]:
        notes = text.on_light if group == "light" else text.on_dark
        return tuple(ToneFinding(group, note.text, note.sources) for note in notes)

    return Condition(
        id=recipe.id,
        name=text.name.strip(),
        icd11=text.icd11,
        icd11_title=text.icd11_title,
        modality=MODALITY,
        source="recipe",
        reviewed=review_holds(recipe),
        own=True,
        synonyms=text.synonyms,
        look_alikes=text.look_alikes,
        features=text.features,
        summary=text.summary,
        why=text.why,
        on_light=findings("light"),
        on_dark=findings("dark"),
        red_flags=text.red_flags,
        sources=tuple(Reference(source.key, source.title, source.detail) for source in recipe.sources),
        sites=text.sites,
    )
