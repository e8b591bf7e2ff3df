"""Taking a quiz: start, resume, next case, answer, feedback, the lesion on other tones."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from dermtutor.domain.conditions import Catalogue
from dermtutor.domain.modes import Mode
from dermtutor.domain.quiz import NO_DETAILS, AnswerDetails, Confidence, QuizPlan
from dermtutor.domain.records import DraftAnswer, DraftRecord, ItemRecord, SessionRecord
from dermtutor.errors import UserError
from dermtutor.services.case_supply import CaseSupply, ReadyCase
from dermtutor.services.marking import Marking
from dermtutor.services.planner import Planner
from dermtutor.services.ports import Cancelled, CancelToken, GeneratedCase, Records
from dermtutor.services.ports_sets import CaseSetStore
from dermtutor.services.presented import (
    Feedback,
    OpenSession,
    PresentedCase,
    PresentedTone,
    SessionLine,
    presented,
    presented_tone,
)
from dermtutor.services.progress import SessionSummary, summarise
from dermtutor.services.reviews import Reviews


class Quiz:
    """The quiz of one application. Thread-safe; calls block until done."""

    def __init__(
        self,
        catalogue: Catalogue,
        supply: CaseSupply,
        records: Records,
        sets: CaseSetStore,
    ) -> None:
        self._catalogue = catalogue
        self._records = records
        self._sets = sets
        self._supply = supply
        self._planner = Planner(catalogue, records, sets, supply)
        self.marking = Marking(catalogue, self._supply, Reviews(catalogue, records))

    def start(self, learner_id: str, plan: QuizPlan, seed: int | None = None) -> str:
        """Plans and keeps a new quiz, and returns its session id. The same seed plans the same quiz.

        Raises UserError for an unknown condition, EnvironmentProblem when the weights are missing.
        """
        chosen = random.SystemRandom().randrange(2**63) if seed is None else seed
        session = SessionRecord(uuid.uuid4().hex, learner_id, plan, chosen, 0, datetime.now(UTC))
        items = self._planner.first_items(session.session_id, learner_id, plan, chosen)
        self._records.add_session(session, items)
        return session.session_id

    def unfinished(self, learner_id: str) -> OpenSession | None:
        """The newest quiz that the learner can resume."""
        for session in self._records.sessions(learner_id):
            if session.closed_at is None:
                return OpenSession(
                    session.session_id,
                    session.plan,
                    session.position,
                    session.total,
                    session.started_at,
                    session.deadline,
                )
        return None

    def next_case(self, session_id: str) -> PresentedCase | None:
        """The case to answer next, None when the quiz is over. Returns at once when it was prepared ahead."""
        session = self._records.session(session_id)
        if session.closed_at is not None:
            return None
        return self.case_at(session_id, session.position)

    def case_at(self, session_id: str, position: int) -> PresentedCase:
        """The case of a session at a position from 0, whether it was answered or not."""
        session, item = self._records.session(session_id), self._records.item_at(session_id, position)
        ready = self._obtain(session, item, cancel=None, urgent=True)
        features = self.marking.features(session.plan, item)
        standing = self._drill_standing(session) if session.plan.mode is Mode.DRILL else ""
        held = session.plan.case_set and item.case_id
        set_case = self._sets.set_case(session.plan.case_set, item.case_id) if held and item.case_id else None
        case = presented(item, ready, session, features, standing, set_case)
        return replace(case, first=self._first_answer(session, item.item_id))

    def prepare_ahead(
        self, session_id: str, count: int = 2, cancel: CancelToken | None = None, first: int | None = None
    ) -> None:
        """Generates the next ``count`` cases that are still to be answered; returns early once ``cancel`` is set.

        ``first`` is the position to begin at, by default the session's own.
        """
        session = self._records.session(session_id)
        if session.closed_at is not None:
            return
        begin = session.position if first is None else first
        last = min(begin + count, len(self._records.items(session_id)))
        try:
            for position in range(begin, last):
                self._obtain(session, self._records.item_at(session_id, position), cancel, urgent=False)
        except Cancelled:
            return

    def weigh(self, session_id: str, item_id: str, chosen: str, confidence: Confidence, at: datetime) -> None:
        """Keeps the first answer of a reflection, before its findings are weighed. ``at`` must be aware.

        Raises UserError for a diagnosis that could not be chosen, and once a first answer is kept: it stays.
        """
        session, item = self._asked(session_id, item_id)
        if session.plan.mode is not Mode.REFLECTION:
            raise UserError("Only reflection asks for an answer twice; check this one.")
        if self._first_answer(session, item_id) is not None:
            raise UserError("The first answer is kept already; weigh its findings.")
        moment = at.astimezone(UTC)
        self.marking.marked(session, item, chosen, confidence, (moment, moment), NO_DETAILS)
        self._records.keep_draft(DraftRecord(item_id, DraftAnswer(chosen, Confidence(confidence), moment)))

    def answer(
        self,
        session_id: str,
        item_id: str,
        chosen: str,
        confidence: Confidence,
        shown_at: datetime,
        answered_at: datetime,
        details: AnswerDetails = NO_DETAILS,
    ) -> Feedback:
        """Commits the answer with position and review state, then returns the feedback. Times must be aware; they
        are kept in UTC. The first answer that ``weigh`` kept goes into its details.

        Raises UserError when the item was answered before, is not the next one, or has no such option.
        """
        session, item = self._asked(session_id, item_id)
        first = self._first_answer(session, item_id)
        if first is not None:
            details = replace(details, first_choice=first.chosen, first_confidence=first.confidence)
        record = self.marking.marked(session, item, chosen, confidence, (shown_at, answered_at), details)
        drill = session.plan.mode is Mode.DRILL
        upcoming = self._planner.further_items(session, record) if drill else None
        after = self._records.add_answer(record, self.marking.reviews_after([record]), upcoming)
        feedback = self.marking.feedback(session.plan, item, record)
        feedback = replace(feedback, over=after.closed_at is not None)
        if not drill:
            return feedback
        line = self._planner.drill_line(record, session.plan.options.target)
        return replace(feedback, standing=self._drill_standing(session), reason=line)

    def _asked(self, session_id: str, item_id: str) -> tuple[SessionRecord, ItemRecord]:
        """The open quiz and its question that is to be answered."""
        session, item = self._records.session(session_id), self._records.item(item_id)
        if item.session_id != session_id or item.case_id is None:
            raise UserError("This question is not part of the open quiz; go on with the next one.")
        if session.plan.mode.feedback_at_end:
            raise UserError("An exam is handed in as a whole; go on with its questions.")
        return session, item

    def _first_answer(self, session: SessionRecord, item_id: str) -> DraftAnswer | None:
        if session.plan.mode is not Mode.REFLECTION:
            return None
        kept = (draft for draft in self._records.drafts(session.session_id) if draft.item_id == item_id)
        return next((draft.answer for draft in kept), None)

    def summary(self, session_id: str) -> SessionSummary:
        """The figures of one quiz, also of an open one."""
        return summarise(self._records.session(session_id), self._records.answers(session_id=session_id))

    def lines(self, session_id: str) -> tuple[SessionLine, ...]:
        """The questions of a finished session with what was answered; a drill's that were never asked are left out."""
        given = {row.answer.item_id: row for row in self._records.answers(session_id=session_id)}
        whole = self._records.session(session_id).plan.mode.feedback_at_end
        return tuple(
            SessionLine(item.position, item.spec.condition, item.spec.tone, given.get(item.item_id))
            for item in self._records.items(session_id)
            if whole or item.item_id in given
        )

    def looked_back(self, session_id: str, position: int) -> tuple[PresentedCase, Feedback]:
        """A question of a finished session with its feedback. Raises UserError while the session is open."""
        session = self._records.session(session_id)
        if session.closed_at is None:
            raise UserError("This quiz is not finished yet; continue it first.")
        item = self._records.item_at(session_id, position)
        given = [r for r in self._records.answers(session_id=session_id) if r.answer.item_id == item.item_id]
        feedback = self.marking.feedback(session.plan, item, given[0] if given else None)
        return self.case_at(session_id, position), feedback

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
            made.append(presented_tone(case))
            if each is not None:
                each(made[-1])

        self._supply.twins(case_id, cancel, hand_over)
        return tuple(sorted(made, key=lambda tone: tone.tone))

    def _drill_standing(self, session: SessionRecord) -> str:
        state = self._planner.drill_standing(session.session_id, session.plan.options.target)
        return f"{len(state.retired)} of {len(session.plan.conditions)} retired"

    def _obtain(
        self, session: SessionRecord, item: ItemRecord, cancel: CancelToken | None, urgent: bool
    ) -> ReadyCase:
        kept = self._supply.ready(item)
        stored = bool(session.plan.case_set)
        return kept or self._supply.obtain(lambda: self._records.item(item.item_id), cancel, urgent, stored)
