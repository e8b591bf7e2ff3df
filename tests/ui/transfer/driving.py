"""What the tests of the transfer page share: drawn lesions, and the hands that place them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pytestqt.qtbot import QtBot

from dermtutor.generation.recipes import Recipe
from dermtutor.generation.recipes.fingerprint import drawing_version
from dermtutor.ui.pages.transfer import TransferPage
from dermtutor.ui.window import MainWindow
from tests.ui.conftest import idle
from tests.ui.fakes import FakeGenerator


class DrawingGenerator(FakeGenerator):
    """Gives the shipped recipes; learned lesions would need the network."""

    def __init__(self, recipes: dict[str, Recipe]) -> None:
        super().__init__()
        self.recipes = recipes

    def recipe_version(self, condition: str) -> str:
        return drawing_version(self.recipes[condition]) if condition in self.recipes else ""

    def lesion_recipe(self, condition: str) -> Recipe | None:
        return self.recipes.get(condition)

    def canonical_lesion(
        self, condition: str, seed: int, severity: float
    ) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        raise AssertionError("only drawn lesions are asked for here")


def settle(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: idle(window), timeout=60_000)


def place(page: TransferPage, qtbot: QtBot, window: MainWindow, name: str = "Vitiligo") -> None:
    page.panel.condition.setCurrentText(name)
    page.panel.add.click()
    settle(qtbot, window)
