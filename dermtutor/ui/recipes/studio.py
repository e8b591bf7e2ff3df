"""What the recipe pages ask of the application, off the window's thread: lists, checks, drawings, files.

Checks go through the records worker, drawings through the generator's; of each only the newest is wanted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Final, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from dermtutor.domain.recipes import DrawRequest, Finding, RecipeEntry
from dermtutor.errors import EnvironmentProblem
from dermtutor.services.recipes import Recipes
from dermtutor.skin.scales import MonkTone
from dermtutor.ui.pictures import image_of
from dermtutor.ui.tasks import Ticket, Worker

T = TypeVar("T")

TONES: Final = tuple(MonkTone(value) for value in (2, 5, 8, 10))
"""What the preview shows: light, medium, dark, darkest."""
SIDE: Final = 256
PAUSE_MILLISECONDS: Final = 120
"""After a change, before it is looked at: dragging a slider asks for a few drawings, not for hundreds."""
_PREVIEW: Final = 2


@dataclass(frozen=True, slots=True)
class Look:
    """What is to be looked at: a text, and the patient to draw from it."""

    text: str
    file: str
    own: bool
    seed: int
    severity: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found. ``entry`` is None when the text is no recipe."""

    look: Look
    findings: tuple[Finding, ...]
    entry: RecipeEntry | None


@dataclass(frozen=True, slots=True, eq=False)
class DrawnTone:
    """One tone of the newest drawing."""

    look: Look
    tone: MonkTone
    image: QImage
    measured_ita: float
    variant: str = ""


class RecipeStudio(QObject):
    """All methods are for the window's thread and return at once."""

    listed = Signal(object)
    judged = Signal(object)
    drawn = Signal(object)
    not_drawn = Signal()
    own_changed = Signal()
    failed = Signal(object)

    def __init__(self, recipes: Recipes, records: Worker, generator: Worker, parent: QObject) -> None:
        super().__init__(parent)
        self.recipes = recipes
        self._records, self._generator = records, generator
        self._wanted: Look | None = None
        self._listing: Ticket | None = None
        self._judging: Ticket | None = None
        self._drawing: Ticket | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MILLISECONDS)
        self._pause.timeout.connect(self._judge)
        generator.failed.connect(self._drawing_failed)

    # Looking

    def look(self, wanted: Look) -> None:
        """Check a text and draw it, a moment later and unless something newer comes."""
        self._drop()
        self._wanted = wanted
        self._pause.start()

    def stop(self) -> None:
        """Nothing is wanted any more."""
        self._pause.stop()
        self._drop()
        self._wanted = None

    def idle(self) -> bool:
        """Nothing waits to be looked at."""
        return not self._pause.isActive() and self._records.idle() and self._generator.idle()

    def _drop(self) -> None:
        self._records.drop(self._judging)
        self._generator.drop(self._drawing)
        self._judging = self._drawing = None

    def _judge(self) -> None:
        wanted, recipes = self._wanted, self.recipes
        if wanted is None:
            return

        def check() -> Verdict:
            findings = recipes.check(wanted.text, wanted.file) if wanted.own else ()
            entry = None if findings else recipes.entry(wanted.text, Path(wanted.file))
            return Verdict(wanted, findings, entry)

        self._judging = self._records.submit(
            "check a recipe", lambda cancel: check(), self._judged, self.failed.emit
        )

    def _judged(self, verdict: Verdict) -> None:
        self._judging = None
        self.judged.emit(verdict)
        if verdict.entry is not None and verdict.look is self._wanted:
            self._draw(verdict.look)

    def _draw(self, look: Look) -> None:
        recipes = self.recipes

        def stream(cancel: Event, hand_over: Callable[[DrawnTone], None]) -> None:
            wanted = DrawRequest(look.text, look.seed, look.severity, TONES, SIDE)
            for case in recipes.preview(wanted, cancel):
                hand_over(
                    DrawnTone(look, case.spec.tone, image_of(case.image), case.measured_ita, case.variant)
                )

        self._drawing = self._generator.stream("draw a recipe", stream, self._tone_drawn, priority=_PREVIEW)

    def _drawing_failed(self) -> None:
        """The window tells why; the pages only stop waiting."""
        if self._drawing is not None:
            self._drawing = None
            self.not_drawn.emit()

    def _tone_drawn(self, tone: DrawnTone) -> None:
        if tone.look is self._wanted:
            self.drawn.emit(tone)

    # The folder

    def list_recipes(self) -> None:
        """``listed`` follows with all recipes; what other programs did to the own folder is seen by then."""

        def came(found: tuple[bool, tuple[RecipeEntry, ...]]) -> None:
            if found[0]:
                self.own_changed.emit()
            self.listed.emit(found[1])

        self._records.drop(self._listing)
        self._listing = self._records.submit(
            "list recipes",
            lambda cancel: (self.recipes.reread(), self.recipes.entries()),
            came,
            self.failed.emit,
        )

    def read(self, entry: RecipeEntry, came: Callable[[str], None]) -> None:
        """The text of a recipe. A damaged one may hold anything."""
        self._do("read a recipe", lambda: self.recipes.text(entry.id), came)

    def begin(self, came: Callable[[str], None]) -> None:
        """The text of a new recipe under a free id."""
        self._do("begin a recipe", lambda: self.recipes.begin(self.recipes.free_id("new-recipe")), came)

    def copy(self, entry: RecipeEntry, came: Callable[[str], None]) -> None:
        """The text of a copy under a free id."""
        recipes = self.recipes

        def work() -> str:
            return recipes.copy(recipes.text(entry.id), recipes.free_id(f"{entry.id}-copy"), entry.id)

        self._do("copy a recipe", work, came)

    def keep(self, text: str, file: str, was: str, came: Callable[[RecipeEntry], None]) -> None:
        """Save among the own recipes, in place of the one that it was; the quiz knows it from then on."""
        self._change("keep a recipe", lambda: self.recipes.keep(text, file, was), came)

    def bring(self, path: Path, came: Callable[[RecipeEntry], None]) -> None:
        """Take a file that somebody shared."""
        self._change("import a recipe", lambda: self.recipes.add(path), came)

    def remove(self, recipe_id: str, came: Callable[[None], None]) -> None:
        """Delete an own recipe."""
        self._change("remove a recipe", lambda: self.recipes.remove(recipe_id), came)

    def sign(self, text: str, by: str, was: str, came: Callable[[str], None]) -> None:
        """Record that a named clinician looked at the recipe as it is, and keep that."""
        recipes = self.recipes

        def work() -> str:
            signed = recipes.reviewed(text, by)
            recipes.keep(signed, f"{was}.toml", was)
            return signed

        self._change("sign a recipe", work, came)

    def share(self, recipe_id: str, target: Path, came: Callable[[Path], None]) -> None:
        """Write an own recipe to a file for others."""

        def work() -> Path:
            content = self.recipes.shared(recipe_id).encode()
            try:
                target.write_bytes(content)
            except OSError as problem:
                reason = problem.strerror or str(problem)
                raise EnvironmentProblem(
                    f"The recipe cannot be written to {target} ({reason}); choose another folder."
                ) from problem
            return target

        self._do("share a recipe", work, came)

    def _change(self, name: str, work: Callable[[], T], came: Callable[[T], None]) -> None:
        def done(result: T) -> None:
            self.own_changed.emit()
            came(result)

        self._do(name, work, done, lasting=True)

    def _do(
        self, name: str, work: Callable[[], T], came: Callable[[T], None], *, lasting: bool = False
    ) -> None:
        self._records.submit(name, lambda cancel: work(), came, self.failed.emit, lasting=lasting)
