"""What the pages of case sets ask of the application, off the window's thread: lists, changes, building.

Changes go through the records worker and single images through the generator's. A build has a worker of its own: it
takes minutes, and a quiz must find the generator free between two of its cases.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event
from typing import Final, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from dermtutor.domain.case_sets import CaseSet, SetCase, Stem
from dermtutor.domain.modes import Mode, QuizOptions
from dermtutor.domain.quiz import BlueprintCell, QuizPlan
from dermtutor.domain.set_cover import BuildPlan
from dermtutor.domain.set_quiz import set_plan
from dermtutor.services.case_sets import CaseSets
from dermtutor.skin.scales import MonkTone
from dermtutor.ui.pictures import Segments, decode, decode_mask, outline
from dermtutor.ui.sets.building import Arrival, BuildState, BuildWork
from dermtutor.ui.tasks import Ticket, Worker

T = TypeVar("T")

_SINGLE: Final = 2
"""Priority of one image that somebody waits for, at the generator's worker."""


@dataclass(frozen=True, slots=True, eq=False)
class LargeCase:
    """A case decoded for the panel; ``image`` is None where its file is lost."""

    case_id: str
    image: QImage | None
    outline: Segments | None


class SetOffice(QObject):
    """All methods are for the window's thread and return at once. ``by`` is the name of who works here."""

    listed = Signal(object)
    shown = Signal(object)
    """The open CaseSet as it is now."""
    arrived = Signal(object)
    building = Signal(object)
    """A BuildState of the open set, or None while nothing is to come."""
    drawing = Signal(bool)
    """Whether a single image that somebody waits for is being drawn; the set is read again after it."""
    resembled = Signal(str, str)
    """The id of a case, and that of the further case that resembles it."""
    failed = Signal(object)
    told = Signal(str)
    """A sentence; an empty one where what was said last no longer holds."""
    quiz_wanted = Signal(object)

    def __init__(self, sets: CaseSets, records: Worker, generator: Worker, parent: QObject) -> None:
        super().__init__(parent)
        self.sets = sets
        self.by = ""
        self._records, self._generator = records, generator
        self._build = BuildWork(sets, self)
        self._build.arrived.connect(self._arrived)
        self._build.changed.connect(self._build_changed)
        self._build.ended.connect(self._build_ended)
        self._build.failed.connect(self.failed)
        self._build.told.connect(self.told)
        self._open = ""
        self._large: Ticket | None = None

    def close(self) -> None:
        """Pause a build; what is missing stays asked for."""
        self._build.close()

    def idle(self) -> bool:
        """Nothing is built."""
        return self._build.idle()

    # Sets

    def list_sets(self) -> None:
        """``listed`` follows with all summaries."""
        self._do("list case sets", self.sets.summaries, self.listed.emit)

    def open(self, set_id: str) -> None:
        """``shown`` follows, and ``building`` when something is to come."""
        self._open = set_id
        self._reload()

    def create(self, name: str, came: Callable[[CaseSet], None]) -> None:
        """A new, empty set."""
        self._do("create a case set", lambda: self.sets.create(name, self.by), came)

    def duplicate(self, set_id: str, name: str, came: Callable[[CaseSet], None]) -> None:
        """A copy under another name."""
        self._do("copy a case set", lambda: self.sets.duplicate(set_id, name, self.by), came)

    def new_version(self, set_id: str, came: Callable[[CaseSet], None]) -> None:
        """A version that can be changed."""
        self._do("make a version", lambda: self.sets.new_version(set_id, self.by), came)

    def rename(self, set_id: str, name: str) -> None:
        """Another name."""
        self._do("rename a case set", lambda: self.sets.rename(set_id, name), lambda _: self._renewed())

    def remove(self, set_id: str) -> None:
        """Removes a set; one that is being built is left alone."""
        if self._build.makes(set_id):
            self.told.emit("Its cases are being made; pause that first.")
            return
        self._open = "" if self._open == set_id else self._open
        self._do("remove a case set", lambda: self.sets.remove(set_id), lambda _: self.list_sets())

    def _renewed(self) -> None:
        self.list_sets()
        self._reload()

    def _reload(self) -> None:
        set_id = self._open
        if not set_id:
            return

        def came(found: tuple[CaseSet, int]) -> None:
            if set_id != self._open:
                return
            case_set, wanted = found
            self.shown.emit(case_set)
            if not self._build.makes(set_id):
                paused = BuildState(set_id, wanted, self._build.made(set_id) + wanted, False)
                self.building.emit(paused if wanted else None)

        self._do("read a case set", lambda: (self.sets.get(set_id), len(self.sets.wanted(set_id))), came)

    # Building

    def ask_for(self, set_id: str, plan: BuildPlan) -> None:
        """Keeps what is wanted, and begins to make it."""
        self._do("ask for cases", lambda: self.sets.ask_for(set_id, plan), lambda _: self.build(set_id))

    def balance(self, set_id: str, tones: Sequence[MonkTone], per_cell: int) -> None:
        """Asks for what is missing for an even cover, and begins to make it."""
        self._do(
            "balance a set", lambda: self.sets.balance(set_id, tones, per_cell), lambda _: self.build(set_id)
        )

    def missing(
        self, set_id: str, tones: Sequence[MonkTone], per_cell: int,
        came: Callable[[tuple[BlueprintCell, ...]], None],
    ) -> None:  # fmt: skip
        """What balancing would ask for."""
        self._do("look at the cover", lambda: self.sets.missing(set_id, tones, per_cell), came)

    def build(self, set_id: str) -> None:
        """Makes what is wanted, unless a build runs already."""
        self._build.begin(set_id)

    def pause(self) -> None:
        """Stop after the case under way; what is missing stays asked for."""
        self._build.pause()

    def give_up(self, set_id: str) -> None:
        """What is missing is no longer wanted."""
        self._build.give_up(set_id)

    def _arrived(self, arrival: Arrival) -> None:
        if arrival.set_id == self._open:
            self.arrived.emit(arrival)

    def _build_changed(self, state: BuildState) -> None:
        if state.set_id == self._open:
            self.building.emit(state)

    def _build_ended(self) -> None:
        self._reload()
        self.list_sets()

    # Cases

    def accept(self, case_ids: Sequence[str]) -> None:
        """They may be used in exams."""
        self._change("accept", lambda: self.sets.accept(self._open, case_ids, self.by))

    def reject(self, case_ids: Sequence[str], reason: str) -> None:
        """They stay out of exams."""
        self._change("reject", lambda: self.sets.reject(self._open, case_ids, reason, self.by))

    def pin(self, case_ids: Sequence[str], pinned: bool) -> None:
        """They are always asked, and stay."""
        self._change("pin", lambda: self.sets.pin(self._open, case_ids, pinned))

    def order(self, case_ids: Sequence[str]) -> None:
        """Another order of all cases."""
        self._change("order", lambda: self.sets.order(self._open, case_ids))

    def take_out(self, case_ids: Sequence[str]) -> None:
        """Out of the set."""
        self._change("take out", lambda: self.sets.take_out(self._open, case_ids))

    def edit_stem(self, case_id: str, stem: Stem) -> None:
        """Another stem."""
        self._change("edit a stem", lambda: self.sets.edit_stem(self._open, case_id, stem, self.by))

    def regenerate(self, case_id: str) -> None:
        """Another lesion in its place."""
        set_id = self._open
        self._draw("regenerate", lambda ticket: self.sets.regenerate(set_id, case_id, self.by, ticket))

    def similar(self, case_id: str) -> None:
        """A further case that resembles it."""
        set_id = self._open
        self._draw(
            "similar",
            lambda ticket: self.sets.similar(set_id, case_id, self.by, ticket),
            lambda made: self.resembled.emit(case_id, made.case.case_id),
        )

    def retone(self, case_id: str, tone: MonkTone) -> None:
        """The same lesion on another tone."""
        set_id = self._open
        self._draw("retone", lambda ticket: self.sets.retone(set_id, case_id, tone, self.by, ticket))

    def look(self, case: SetCase, came: Callable[[LargeCase], None]) -> None:
        """Its image, decoded. Only the one asked for last comes."""
        self._records.drop(self._large)
        sets, record = self.sets, case.case

        def load() -> LargeCase:
            png, mask = sets.image(record.image_sha), sets.image(record.mask_sha)
            segments = None if mask is None else outline(decode_mask(mask))
            return LargeCase(record.case_id, None if png is None else decode(png), segments)

        self._large = self._records.submit("look at a case", lambda cancel: load(), came, self.failed.emit)

    def quiz(self, set_id: str, mode: Mode, minutes: int = 0) -> None:
        """``quiz_wanted`` follows with a quiz on a set; an exam may have a time."""
        options = QuizOptions(minutes=minutes)

        def work() -> QuizPlan:
            return set_plan(self.sets.get(set_id), mode, options=options)

        self._do("plan a quiz on a set", work, self.quiz_wanted.emit)

    def _draw(
        self, name: str, work: Callable[[Event], SetCase], came: Callable[[SetCase], None] = lambda _: None
    ) -> None:
        def drawn(made: SetCase) -> None:
            self.drawing.emit(False)
            came(made)
            self._changed()

        def failed(error: Exception) -> None:
            self.drawing.emit(False)
            self._not_changed(error)

        self.drawing.emit(True)
        self._generator.submit(name, work, drawn, failed, priority=_SINGLE)

    def _change(self, name: str, work: Callable[[], object]) -> None:
        self._records.submit(
            name, lambda cancel: work(), lambda _: self._changed(), self._not_changed, lasting=True
        )

    def _changed(self) -> None:
        self.told.emit("")
        self._reload()

    def _not_changed(self, error: Exception) -> None:
        """The page shows what holds, instead of what was tried."""
        self.failed.emit(error)
        self._reload()

    def _do(self, name: str, work: Callable[[], T], came: Callable[[T], None]) -> None:
        self._records.submit(name, lambda cancel: work(), came, self.failed.emit)
