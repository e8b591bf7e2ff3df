"""The ports to generation and to the records, and the values that cross.

Further ones: `ports_answers` reads many answers at once, `ports_keeping` looks after the database as a whole and one
learner's data, `ports_sets` keeps case sets.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from dermtutor.domain.cases import CaseSpec
from dermtutor.domain.learners import Learner
from dermtutor.domain.records import (
    AnswerRecord,
    CaseRecord,
    DraftRecord,
    ItemRecord,
    Outcome,
    ReviewState,
    SessionRecord,
)
from dermtutor.skin.scales import MonkTone

Progress = Callable[[float], None]
"""Called with the share done, 0 to 1, from the thread that works."""


class Cancelled(Exception):
    """Raised by a generator that saw its cancel token set, and by records that were closed meanwhile."""


class CancelToken(Protocol):
    """``threading.Event`` satisfies it."""

    def is_set(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class CaseChecks:
    """What was checked on the final 8-bit image. A failed check is shown to the user, never hidden."""

    tone_within_tolerance: bool
    not_blank: bool
    lesion_visible_size: bool

    @property
    def passed(self) -> bool:
        """True when every check held."""
        return self.tone_within_tolerance and self.not_blank and self.lesion_visible_size


@dataclass(frozen=True, slots=True)
class GeneratedCase:
    """One image with what is known of it.

    ``image`` is (H, W, 3) uint8 sRGB; ``mask`` (H, W) uint8, 0 outside the lesion, 255 inside, soft edge between;
    the two angles are the individual typology angle of the healthy skin in degrees; ``weights`` is the SHA-256 of the
    weights file; ``seconds`` the time the generation took. ``variant`` names the stage, site or subtype that a recipe
    drew, ``recipe_review`` says whether somebody signed the recipe off, and who; both are empty for a learned lesion.
    """

    spec: CaseSpec
    image: NDArray[np.uint8]
    mask: NDArray[np.uint8]
    requested_ita: float
    measured_ita: float
    checks: CaseChecks
    weights: str
    device: str
    seconds: float
    variant: str = ""
    recipe_review: str = ""


class CaseGenerator(Protocol):
    """Makes images from specs. May be called from any one thread at a time."""

    def weights_version(self) -> str:
        """Name and version of the weights, known without loading torch."""
        ...

    def recipe_version(self, condition: str) -> str:
        """Version of the recipe of a condition, or an empty text when it is not drawn from a recipe."""
        ...

    def device_name(self) -> str:
        """The device in words, for the status line. Loads torch."""
        ...

    def generate(
        self, spec: CaseSpec, cancel: CancelToken | None = None, progress: Progress | None = None
    ) -> GeneratedCase:
        """The case. Raises UserError for an unknown condition, Cancelled when the token was set."""
        ...

    def twins(
        self,
        spec: CaseSpec,
        tones: Sequence[MonkTone],
        cancel: CancelToken | None = None,
        progress: Progress | None = None,
    ) -> tuple[GeneratedCase, ...]:
        """The same lesion on each of the tones, drawn from one latent; cheaper than one ``generate`` a tone."""
        ...

    def similar(self, spec: CaseSpec, seed: int) -> CaseSpec:
        """The spec of a new lesion that resembles that of ``spec``. Raises UserError when its recipe is gone."""
        ...


class Records(Protocol):
    """The record database. Every method may be called from any thread, blocks until done, and is one transaction.

    Raises EnvironmentProblem when the folder is read-only, the disk full or the file damaged; nothing is lost
    then. Raises Cancelled once the application has closed the records.
    """

    def learners(self) -> tuple[Learner, ...]:
        """All learners by name."""
        ...

    def add_learner(self, learner: Learner) -> None:
        """Raises UserError when the name is taken (case does not count)."""
        ...

    def rename_learner(self, learner_id: str, name: str) -> None:
        """Raises UserError when the name is taken or the learner unknown."""
        ...

    def change_role(self, learner_id: str, role: str) -> None:
        """Raises UserError when the learner is unknown."""
        ...

    def add_session(self, session: SessionRecord, items: Sequence[ItemRecord]) -> None:
        """A session with all its planned items. One that is handed in as a whole keeps its case set as it is now."""
        ...

    def session(self, session_id: str) -> SessionRecord:
        """Raises UserError for an unknown one."""
        ...

    def sessions(self, learner_id: str, limit: int | None = None) -> tuple[SessionRecord, ...]:
        """A learner's sessions, newest first."""
        ...

    def item(self, item_id: str) -> ItemRecord:
        """Raises UserError for an unknown one."""
        ...

    def item_at(self, session_id: str, position: int) -> ItemRecord:
        """The item of a session at a position from 0. Raises UserError for an unknown one."""
        ...

    def case(self, case_id: str) -> CaseRecord:
        """Raises UserError for an unknown one."""
        ...

    def attach_case(self, item_id: str, case: CaseRecord) -> None:
        """Keeps the case (its newest row wins, what reviewers said of the same image stays) and ties the item to it."""
        ...

    def items(self, session_id: str) -> tuple[ItemRecord, ...]:
        """All items of a session by position."""
        ...

    def add_answer(
        self,
        record: AnswerRecord,
        reviews: Sequence[ReviewState] = (),
        upcoming: Sequence[ItemRecord] | None = None,
    ) -> SessionRecord:
        """Commits answer, position, review states and further questions together; the last answer closes the session.

        ``upcoming`` replaces the questions from its first position on; None changes none, empty ends the session.
        Raises UserError when the item is not the one the session is at.
        """
        ...

    def start_clock(self, session_id: str, deadline: datetime) -> SessionRecord:
        """Keeps when a timed exam ends; a clock that runs already keeps its end."""
        ...

    def drafts(self, session_id: str) -> tuple[DraftRecord, ...]:
        """What was answered or marked in an exam that is not handed in, in the order of its questions."""
        ...

    def keep_draft(self, draft: DraftRecord) -> None:
        """Keeps a draft in place of an earlier one of the item. Raises UserError once the exam is over."""
        ...

    def hand_in(
        self, session_id: str, answers: Sequence[AnswerRecord], reviews: Sequence[ReviewState], when: datetime
    ) -> SessionRecord:
        """Turns an exam's drafts into answers, keeps the review states and closes it, together; a closed one stays."""
        ...

    def review_states(self, learner_id: str) -> tuple[ReviewState, ...]:
        """A learner's review states, the one due first at the front."""
        ...

    def review_state(self, learner_id: str, condition: str, tone: MonkTone) -> ReviewState | None:
        """The review state of one condition on one tone."""
        ...

    def outcomes(self, limit: int) -> tuple[Outcome, ...]:
        """The newest answers of all learners on synthetic images, oldest first."""
        ...

    def answers(
        self, learner_id: str | None = None, session_id: str | None = None
    ) -> tuple[AnswerRecord, ...]:
        """Answers in the order they were given, of one learner or one session or both."""
        ...


class MediaStore(Protocol):
    """Image files named by the SHA-256 of their content."""

    def put(self, content: bytes) -> str:
        """Keeps the content durably and returns its SHA-256. Raises EnvironmentProblem when it cannot."""
        ...

    def get(self, sha: str) -> bytes | None:
        """The content, or None when the file is missing or no longer has that hash."""
        ...

    def remove(self, sha: str) -> None:
        """Removes the file of that hash; one that is not there is no trouble."""
        ...
