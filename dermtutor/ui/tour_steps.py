"""What the tour does at the window beside using it: take pictures, and count its answers."""

from __future__ import annotations

from pathlib import Path

from dermtutor.errors import EnvironmentProblem
from dermtutor.ui.hands import Hands, turn
from dermtutor.ui.window import MainWindow


class Visitor(Hands):
    """Somebody with a camera. ``pictures`` are those taken so far, in order; ``answers`` how many were given."""

    def __init__(self, window: MainWindow, out: Path) -> None:
        super().__init__(window)
        self._out = out
        self.pictures: list[Path] = []
        self.answers = 0

    def picture(self, name: str) -> None:
        """Save the window as it is."""
        self.until(lambda: not self.window.restyler.isActive(), "the theme")
        turn(60)  # let layouts and fonts come to rest
        self.until(self.window.charts.idle, "the charts")
        path = self._out / f"{len(self.pictures) + 1:02d}-{name}.png"
        if not self.window.grab().save(str(path), "PNG"):
            raise EnvironmentProblem(f"The picture {path} cannot be written; choose another folder.")
        self.pictures.append(path)

    def check(self) -> None:
        """Submit, wait for the feedback, and count the answer."""
        super().check()
        self.answers += 1
