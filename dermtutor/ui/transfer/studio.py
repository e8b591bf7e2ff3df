"""What the transfer page asks of the application, off the window's thread: photographs, previews, files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from dermtutor.domain.case_sets import CaseSet, Photograph
from dermtutor.domain.conditions import Condition
from dermtutor.domain.transfer import Placement, Region, RegionKind
from dermtutor.errors import EnvironmentProblem, UserError
from dermtutor.paths import write_atomically
from dermtutor.services.photographs import PhotographFile, shrunk
from dermtutor.services.ports import Cancelled
from dermtutor.services.transfer import MeasuredTone, Transfer
from dermtutor.services.transfer_cases import TransferCases
from dermtutor.services.transfer_draft import Draft, DraftFile
from dermtutor.ui.pictures import image_of
from dermtutor.ui.tasks import Ticket, Worker
from dermtutor.ui.transfer.sketch import Sketch, moved

SCREEN_SIDE: Final = 1100
"""Longer side of what the preview is drawn on, in pixels."""
_PREVIEW: Final = 2
_NOBODY: Final = "a preview, which is not kept"


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """A photograph on the page: as it was read, small enough to work on live, and what was found out about it.

    ``regions`` are those of the face, empty without one.
    """

    file: Path
    full: PhotographFile
    small: PhotographFile
    image: QImage
    tone: MeasuredTone
    regions: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Preview:
    """The newest picture at screen size."""

    sketch: Sketch
    image: QImage
    tone: MeasuredTone
    seconds: float


@dataclass(frozen=True, slots=True)
class Saved:
    """Where the picture of a sketch was written."""

    sketch: Sketch
    image: Path
    mask: Path
    seconds: float


@dataclass(frozen=True, slots=True)
class Kept:
    """The case set that took the picture of a sketch."""

    sketch: Sketch
    name: str


class TransferDesk(QObject):
    """All methods are for the window's thread and return at once."""

    opened = Signal(object)
    drawn = Signal(object)
    placed = Signal(object)
    saved = Signal(object)
    sets_listed = Signal(object)
    kept = Signal(object)
    draft_found = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        transfer: Transfer,
        cases: TransferCases,
        draft: DraftFile,
        workers: tuple[Worker, Worker],
        parent: QObject,
    ) -> None:
        """``workers`` are those of the records and of the generator."""
        super().__init__(parent)
        self._transfer, self._cases, self._draft = transfer, cases, draft
        self._records, self._worker = workers
        self._drawing: Ticket | None = None
        self._opening: Ticket | None = None
        self._wanted: tuple[Opened, Sketch] | None = None

    def open(self, file: Path) -> None:
        """Read a photograph and measure it; ``opened`` or ``failed`` follows."""
        transfer = self._transfer

        def work(cancel: Event) -> Opened:
            full = transfer.open(file)
            small = shrunk(full, SCREEN_SIDE)
            if cancel.is_set():
                raise Cancelled
            return Opened(
                file, full, small, image_of(small.pixels), transfer.engine.measure(small),
                _regions(transfer, small),
            )  # fmt: skip

        self._worker.drop(self._opening)
        self._opening = self._worker.submit("open a photograph", work, self.opened.emit, self.failed.emit)

    def add(self, photograph: Opened, condition: str, seed: int, at: tuple[float, float] | None) -> None:
        """A lesion at a place, or else on the largest even patch of skin; ``placed`` follows with it."""
        transfer = self._transfer

        def work() -> Placement:
            on_face = bool(photograph.regions and transfer.engine.face_patterns(condition))
            region = Region(RegionKind.FACE) if on_face and at is None else Region()
            placement = transfer.placed(photograph.small, transfer.placement(condition, seed, region))
            return placement if at is None else moved(placement, *at)

        self._submit("place a lesion", work)

    def conditions(self) -> tuple[Condition, ...]:
        """The diseases that can be put onto a photograph, by name."""
        return self._transfer.conditions()

    def patterns(self, condition: str) -> tuple[tuple[str, str], ...]:
        """Name and title of the ways in which a disease takes the face."""
        return self._transfer.engine.face_patterns(condition)

    def fit(self, photograph: Opened, lesion: Placement, region: Region, pattern: str = "") -> None:
        """The lesion over a region, on the face by a pattern; ``placed`` follows with it."""
        transfer = self._transfer

        def work() -> Placement:
            fresh = transfer.placement(lesion.condition, lesion.seed, region, pattern)
            kept = replace(
                fresh, severity=lesion.severity, rotation=lesion.rotation, mirrored=lesion.mirrored
            )
            return transfer.placed(photograph.small, kept)

        self._submit("fit a lesion", work)

    def draw(self, photograph: Opened, sketch: Sketch) -> None:
        """The newest sketch at screen size; ``drawn`` follows unless something newer comes first."""
        self._wanted = photograph, sketch
        if self._drawing is None:
            self._draw_wanted()

    def _draw_wanted(self) -> None:
        """One picture is drawn to its end before the next: dragging shows many instead of none."""
        if self._wanted is None:
            return
        (photograph, sketch), self._wanted = self._wanted, None
        permitted = Photograph(photograph.full.sha, _NOBODY)
        transfer = self._transfer

        def work(cancel: Event) -> Preview:
            plan = sketch.plan(photograph.small, permitted)
            made = transfer.render(photograph.small, plan, cancel=cancel)
            return Preview(sketch, image_of(made.image), made.tone, made.seconds)

        self._drawing = self._worker.submit(
            "preview a transfer", work, self._drawn, self._not_drawn, priority=_PREVIEW
        )

    def _drawn(self, preview: Preview) -> None:
        self._drawing = None
        self.drawn.emit(preview)
        self._draw_wanted()

    def _not_drawn(self, error: Exception) -> None:
        self._drawing = None
        self.failed.emit(error)
        self._draw_wanted()

    def forget(self) -> None:
        """No preview is wanted any more."""
        self._worker.drop(self._drawing)
        self._drawing = self._wanted = None

    def save(self, photograph: Opened, sketch: Sketch, permitted: Photograph, target: Path) -> None:
        """The result at the photograph's resolution, and its mask beside it; ``saved`` follows."""
        transfer = self._transfer

        def work(cancel: Event) -> Saved:
            made = transfer.render(photograph.full, sketch.plan(photograph.full, permitted), cancel=cancel)
            files = transfer.encoded(made)
            mask = target.with_name(f"{target.stem}-mask.png")
            try:
                write_atomically(target, files.png)
                write_atomically(mask, files.mask_png)
            except OSError as problem:
                reason = problem.strerror or str(problem)
                raise EnvironmentProblem(
                    f"The picture cannot be written to {target} ({reason}); choose another folder."
                ) from problem
            return Saved(sketch, target, mask, made.seconds)

        self._worker.submit("save a transfer", work, self.saved.emit, self.failed.emit)

    def list_sets(self) -> None:
        """``sets_listed`` follows with the case sets that can take a case."""
        self._records.submit(
            "list case sets", lambda cancel: self._cases.open_sets(), self.sets_listed.emit, self.failed.emit
        )

    def keep(self, photograph: Opened, sketch: Sketch, permitted: Photograph, chosen: CaseSet) -> None:
        """The result at the photograph's resolution as a case of a set; ``kept`` follows."""
        transfer, cases = self._transfer, self._cases

        def work(cancel: Event) -> Kept:
            made = transfer.render(photograph.full, sketch.plan(photograph.full, permitted), cancel=cancel)
            cases.add(made, chosen.set_id)
            return Kept(sketch, chosen.name)

        self._worker.submit("keep a transfer", work, self.kept.emit, self.failed.emit)

    def look_for_draft(self) -> None:
        """``draft_found`` follows when something was not saved last time."""

        def came(draft: Draft | None) -> None:
            if draft is not None:
                self.draft_found.emit(draft)

        self._records.submit("look for a draft", lambda cancel: self._draft.read(), came, self.failed.emit)

    def keep_draft(self, photograph: Opened, sketch: Sketch, permitted: Photograph) -> None:
        """Write down what would be lost in a crash."""
        draft = Draft(photograph.file, sketch.plan(photograph.full, permitted))
        self._change_draft(lambda: self._draft.keep(draft))

    def forget_draft(self) -> None:
        """Nothing would be lost."""
        self._change_draft(self._draft.forget)

    def _change_draft(self, change: Callable[[], None]) -> None:
        self._records.submit(
            "keep a draft", lambda cancel: change(), lambda _: None, self.failed.emit, lasting=True
        )

    def idle(self) -> bool:
        """Nothing is under way."""
        return self._drawing is None and self._worker.idle() and self._records.idle()

    def _submit(self, name: str, work: Callable[[], Placement]) -> None:
        self._worker.submit(name, lambda cancel: work(), self.placed.emit, self.failed.emit)


def _regions(transfer: Transfer, photograph: PhotographFile) -> tuple[str, ...]:
    try:
        return transfer.engine.regions(photograph)
    except UserError:
        return ()
