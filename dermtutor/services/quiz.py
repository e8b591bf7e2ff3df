"""Taking a quiz: start, resume, next case, answer, feedback, the lesion on other tones."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from dermtutor.domain.cases import CaseSpec, Source
from dermtutor.domain.conditions import Catalogue, Condition
from dermtutor.domain.quiz import Answer, Confidence, PlannedItem, Question, QuizPlan, plan_items
from dermtutor.domain.records import AnswerRecord, ItemRecord, SessionRecord
from dermtutor.errors import UserError
from dermtutor.services.case_supply import CaseSupply, ReadyCase, flags_of
from dermtutor.services.encoding import encode_case
from dermtutor.services.ports import Cancelled, CancelToken, CaseGenerator, GeneratedCase, MediaStore, Records
from dermtutor.services.progress import SessionSummary, summarise
from dermtutor.skin.scales import MonkTone

STEM = "Which diagnosis fits best?"


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A quiz that was left before its end. ``started_at`` is in UTC."""

    session_id: str
    plan: QuizPlan
    answered: int
    total: int
    started_at: datetime


@dataclass(frozen=True, slots=True)
class PresentedCase:
    """A question with its image. Both pictures are PNG files; angles in degrees; ``flags`` are failed checks."""

    question: Question
    image_png: bytes
    mask_png: bytes
    spec: CaseSpec
    measured_ita: float
    requested_ita: float
    flags: tuple[str, ...]
    source: Source
    reviewed: bool
    stem: str


@dataclass(frozen=True, slots=True)
class PresentedTone:
    """The lesion of a case on one tone, as a PNG file; angles in degrees; ``flags`` are failed checks."""

    tone: MonkTone
    image_png: bytes
    measured_ita: float
    requested_ita: float
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Feedback:
    """What is told once the answer is kept: the right condition, the chosen one, and the right one's look-alikes."""

    answer: Answer
    correct: bool
    condition: Condition
    chosen: Condition
    look_alikes: tuple[Condition, ...]


class Quiz:
    """The quiz of one application. Thread-safe; calls block until done."""

    def __init__(
        self, catalogue: Catalogue, generator: CaseGenerator, records: Records, media: MediaStore
    ) -> None:
        self._catalogue = catalogue
        self._records = records
        self._supply = CaseSupply(generator, records, media)

    def start(self, learner_id: str, plan: QuizPlan, seed: int | None = None) -> str:
        """Plans and keeps a new quiz, and returns its session id. The same seed plans the same quiz.

        Raises UserError for an unknown condition, EnvironmentProblem when the weights are missing.
        """
        chosen = random.SystemRandom().randrange(2**63) if seed is None else seed
        session = SessionRecord(uuid.uuid4().hex, learner_id, plan, chosen, 0, datetime.now(UTC))
        planned = plan_items(plan, self._catalogue, chosen)
        self._records.add_session(session, [self._item(session.session_id, item) for item in planned])
        return session.session_id

    def unfinished(self, learner_id: str) -> OpenSession | None:
        """The newest quiz that the learner can resume."""
        for session in self._records.sessions(learner_id):
            if session.closed_at is None:
                return OpenSession(
                    session.session_id, session.plan, session.position, session.total, session.started_at
                )
        return None

    def next_case(self, session_id: str) -> PresentedCase | None:
        """The case to answer next, None when the quiz is over. Returns at once when it was prepared ahead."""
        session = self._records.session(session_id)
        if session.closed_at is not None:
            return None
        item = self._records.item_at(session_id, session.position)
        return _presented(item, self._obtain(item, cancel=None, urgent=True), session.total)

    def prepare_ahead(self, session_id: str, count: int = 2, cancel: CancelToken | None = None) -> None:
        """Generates the next ``count`` cases that are still to be answered; returns early once ``cancel`` is set."""
        session = self._records.session(session_id)
        if session.closed_at is not None:
            return
        try:
            for position in range(session.position, min(session.position + count, session.total)):
                self._obtain(self._records.item_at(session_id, position), cancel, urgent=False)
        except Cancelled:
            return

    def answer(
        self,
        session_id: str,
        item_id: str,
        chosen: str,
        confidence: Confidence,
        shown_at: datetime,
        answered_at: datetime,
    ) -> Feedback:
        """Commits the answer, then returns the feedback. Times must be aware; they are kept in UTC.

        Raises UserError when the item was answered before, is not the next one, or has no such option.
        """
        item = self._records.item(item_id)
        if item.session_id != session_id or item.case_id is None:
            raise UserError("This question is not part of the open quiz; go on with the next one.")
        if chosen not in item.choices:
            raise UserError(f"{chosen!r} is not among the options; choose one of {', '.join(item.choices)}.")
        correct = chosen == item.spec.condition
        times = shown_at.astimezone(UTC), answered_at.astimezone(UTC)
        answer = Answer(uuid.uuid4().hex, item_id, chosen, correct, Confidence(confidence), *times)
        learner_id = self._records.session(session_id).learner_id
        self._records.add_answer(AnswerRecord(answer, session_id, learner_id, item.spec, item.choices))
        return Feedback(
            answer=answer,
            correct=correct,
            condition=self._catalogue.described(item.spec.condition),
            chosen=self._catalogue.described(chosen),
            look_alikes=self._catalogue.look_alikes(item.spec.condition),
        )

    def abandon(self, session_id: str) -> None:
        """Closes a quiz for good; its answers are kept."""
        self._records.close_session(session_id, datetime.now(UTC))

    def summary(self, session_id: str) -> SessionSummary:
        """The figures of one quiz, also of an open one."""
        return summarise(self._records.session(session_id), self._records.answers(session_id=session_id))

    def tones_of(
        self,
        case_id: str,
        cancel: CancelToken | None = None,
        each: Callable[[PresentedTone], None] | None = None,
    ) -> tuple[PresentedTone, ...]:
        """This very lesion on Monk 1 to 10, in that order. ``each`` gets every tone as soon as it is made, the case's
        own first and then outwards, on the calling thread. Raises Cancelled when the token was set.
        """
        made: list[PresentedTone] = []

        def hand_over(case: GeneratedCase) -> None:
            made.append(_presented_tone(case))
            if each is not None:
                each(made[-1])

        self._supply.twins(case_id, cancel, hand_over)
        return tuple(sorted(made, key=lambda tone: tone.tone))

    def _item(self, session_id: str, planned: PlannedItem) -> ItemRecord:
        spec = CaseSpec(
            condition=planned.condition,
            tone=planned.tone,
            seed=planned.seed,
            source=planned.source,
            severity=planned.severity,
        )
        return ItemRecord(
            uuid.uuid4().hex, session_id, planned.position, self._supply.current(spec), planned.choices
        )

    def _obtain(self, item: ItemRecord, cancel: CancelToken | None, urgent: bool) -> ReadyCase:
        kept = self._supply.ready(item)
        return kept or self._supply.obtain(lambda: self._records.item(item.item_id), cancel, urgent)


def _presented(item: ItemRecord, ready: ReadyCase, total: int) -> PresentedCase:
    record = ready.record
    return PresentedCase(
        question=Question(item.item_id, item.position + 1, total, record.case_id, item.choices),
        image_png=ready.png,
        mask_png=ready.mask_png,
        spec=record.spec,
        measured_ita=record.measured_ita,
        requested_ita=record.requested_ita,
        flags=record.flags,
        source=record.spec.source,
        reviewed=record.reviewed,
        stem=STEM,
    )


def _presented_tone(case: GeneratedCase) -> PresentedTone:
    png = encode_case(case).png
    return PresentedTone(case.spec.tone, png, case.measured_ita, case.requested_ita, flags_of(case.checks))
