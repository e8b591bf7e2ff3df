"""The parts of the application that need no records: conditions, recipes, generator, transfer, exchange, weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from dermtutor.bootstrap.lazy_generator import Generation, LazyGenerator
from dermtutor.domain.conditions import Catalogue, load_catalogue
from dermtutor.exchange.known_keys import KnownKeys
from dermtutor.exchange.service import CaseExchange
from dermtutor.paths import Folders, assets_dir, weights_dir
from dermtutor.services.recipes import Recipes
from dermtutor.services.signing import SigningKey
from dermtutor.services.transfer import Transfer, TransferEngine

if TYPE_CHECKING:
    from dermtutor.generation.recipes import Recipe
    from dermtutor.generation.recipes.own import RecipeFolder


def open_catalogue() -> Catalogue:
    """The shipped conditions whose images can be made."""
    recipes, faces = (
        {file.stem for file in (assets_dir() / folder).glob("*.toml")} for folder in ("recipes", "faces")
    )
    return load_catalogue(assets_dir() / "conditions", recipes, faces)


def open_recipe_folder(folders: Folders, catalogue: Catalogue) -> RecipeFolder:
    """The shipped recipes and the person's own, which join the catalogue. A damaged own one is left out and listed."""
    from dermtutor.generation.recipes.own import RecipeFolder

    taken = [condition.id for condition in catalogue.conditions if not condition.own]
    folder = RecipeFolder(assets_dir() / "recipes", folders.recipes, taken)
    catalogue.replace_own(folder.conditions())
    return folder


def open_recipes(folders: Folders, device: str = "auto") -> Recipes:
    """The recipes without the records: for the command line."""
    catalogue = open_catalogue()
    folder = open_recipe_folder(folders, catalogue)
    return recipes_of(catalogue, folder, open_generator(device, folder.recipes))


def recipes_of(catalogue: Catalogue, folder: RecipeFolder, generator: Generation) -> Recipes:
    """The use case of recipes for a folder that is open."""
    return Recipes(catalogue, folder, generator, assets_dir() / "templates")


def open_exchange(folders: Folders) -> CaseExchange:
    """Case sets that leave and arrive, with this computer's key and the keys it knows; the records stay closed."""
    catalogue = open_catalogue()
    open_recipe_folder(folders, catalogue)
    return exchange_of(folders, catalogue)


def exchange_of(folders: Folders, catalogue: Catalogue) -> CaseExchange:
    """The same for a catalogue that is open."""
    return CaseExchange(catalogue, SigningKey(folders.signing_key), KnownKeys(folders.known_keys))


def open_generator(device: str = "auto", own: Callable[[], Mapping[str, Recipe]] = dict) -> Generation:
    """The generator on ``auto``, ``cpu``, ``cuda`` or ``mps``; nothing is read before it is needed.

    ``own`` gives the person's own recipes as they are at the time of drawing.
    """

    def build() -> Generation:
        from dermtutor.generation.generator import Generator

        return Generator(weights_dir(), assets_dir() / "recipes", device=device, own=own)

    return LazyGenerator(build)


def open_transfer(catalogue: Catalogue, generator: Generation) -> Transfer:
    """Putting the generator's lesions onto photographs; nothing is read before it is needed."""

    def build() -> TransferEngine:
        from dermtutor.generation.faces import FaceFinder, FaceRecipes, face_regions
        from dermtutor.generation.transfer.engine import TransferStudio
        from dermtutor.generation.transfer.on_face import FaceDiseases

        finder, recipes = FaceFinder(weights_dir() / "faces"), FaceRecipes(assets_dir() / "faces")
        return TransferStudio(generator, FaceDiseases(lambda pixels: face_regions(pixels, finder), recipes))

    return Transfer(catalogue, build)


def check_weights() -> tuple[str, tuple[str, ...]]:
    """Name and version of the shipped weights, and in words what differs from their manifest (nothing: empty).

    Raises EnvironmentProblem when there is no manifest to compare with.
    """
    from dermtutor.generation.weights import load_manifest, verify_weights

    title = load_manifest(weights_dir()).title
    return title, tuple(str(each) for each in verify_weights(weights_dir()))
