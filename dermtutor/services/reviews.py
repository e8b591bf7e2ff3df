"""Spaced repetition: when a learner should meet a condition on a tone again, by FSRS.

The unit that is remembered is a condition on a tone, not an image: every time a new image asks for it. The scheduler is
py-fsrs with its own default parameters, without steps within a day (drills are for that) and without chance, so that
what is due can be checked.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from dermtutor.domain.conditions import Catalogue
from dermtutor.domain.modes import Mode
from dermtutor.domain.quiz import BlueprintCell, Confidence, QuizPlan
from dermtutor.domain.records import ReviewState
from dermtutor.errors import UserError
from dermtutor.services.ports import Records
from dermtutor.skin.scales import MonkTone

if TYPE_CHECKING:
    from fsrs import Rating, Scheduler

REVIEWED_AT_MOST: Final = 20
"""Questions of one review; what is due beyond that waits for the next."""


class Reviews:
    """The review states of learners. Thread-safe; calls block until done."""

    def __init__(self, catalogue: Catalogue, records: Records) -> None:
        self._catalogue = catalogue
        self._records = records

    def due(self, learner_id: str, now: datetime | None = None) -> tuple[ReviewState, ...]:
        """What is due by ``now`` (aware; the present when None), longest overdue first."""
        moment = (now or datetime.now(UTC)).astimezone(UTC)
        return tuple(
            state
            for state in self._records.review_states(learner_id)
            if state.due <= moment and state.condition in self._catalogue
        )

    def next_due(self, learner_id: str) -> datetime | None:
        """When the next review falls due, or was; None when nothing has been learned yet."""
        known = [s for s in self._records.review_states(learner_id) if s.condition in self._catalogue]
        return known[0].due if known else None

    def plan(self, learner_id: str, now: datetime | None = None, at_most: int = REVIEWED_AT_MOST) -> QuizPlan:
        """A review of what is due. Raises UserError when nothing is."""
        due = self.due(learner_id, now)[:at_most]
        if not due:
            raise UserError("Nothing is due for review yet; practise something new meanwhile.")
        return QuizPlan(
            conditions=tuple(dict.fromkeys(state.condition for state in due)),
            tones=tuple(sorted({state.tone for state in due})),
            questions=len(due),
            mode=Mode.REVIEW,
            blueprint=tuple(BlueprintCell(state.condition, state.tone, 1) for state in due),
        )

    def after(
        self,
        learner_id: str,
        condition: str,
        tone: MonkTone,
        answered: Iterable[tuple[bool, Confidence | None, datetime]],
    ) -> ReviewState:
        """The state after further answers on a cell, each right or wrong with its confidence and its time in UTC.

        It is not kept here: it is committed together with the answers.
        """
        from fsrs import Card

        kept = self._records.review_state(learner_id, condition, tone)
        card = Card(card_id=0) if kept is None else Card.from_json(kept.card)
        scheduler = reference_scheduler()
        for correct, confidence, when in answered:
            moment = when.astimezone(UTC)
            if card.last_review is not None:  # a clock that was set back must not make time run backwards
                moment = max(moment, card.last_review)
            card, _ = scheduler.review_card(card, rating_of(correct, confidence), moment)
        return ReviewState(learner_id, condition, tone, card.due, card.to_json())


def reference_scheduler() -> Scheduler:
    """FSRS as it is used here."""
    from fsrs import Scheduler

    return Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)


def rating_of(correct: bool, confidence: Confidence | None) -> Rating:
    """An answer as FSRS rates recall: wrong is Again; right is Hard when unsure, Good when half or fairly sure (or
    when it was not said), Easy when certain."""
    from fsrs import Rating

    if not correct:
        return Rating.Again
    if confidence is not None and confidence <= Confidence.UNSURE:
        return Rating.Hard
    return Rating.Easy if confidence is Confidence.CERTAIN else Rating.Good
