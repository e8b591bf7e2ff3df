"""Marking an answer: right or wrong, what is kept of it, when to meet the condition again, what is told."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from dermtutor.domain.cases import Source
from dermtutor.domain.conditions import Catalogue
from dermtutor.domain.features import feature_score, offered_features
from dermtutor.domain.modes import NONE_OF_THESE, RANKED_AT_MOST, AnswerKind, Mode
from dermtutor.domain.quiz import Answer, AnswerDetails, Cell, Click, Confidence, QuizPlan
from dermtutor.domain.records import AnswerRecord, ItemRecord, ReviewState, SessionRecord
from dermtutor.errors import UserError
from dermtutor.services.case_supply import CaseSupply
from dermtutor.services.encoding import hits_lesion
from dermtutor.services.presented import Feedback
from dermtutor.services.reviews import Reviews


class Marking:
    """Marks answers and says what there is to learn; keeps nothing itself."""

    def __init__(self, catalogue: Catalogue, supply: CaseSupply, reviews: Reviews) -> None:
        self._catalogue = catalogue
        self._supply = supply
        self._reviews = reviews

    def marked(
        self,
        session: SessionRecord,
        item: ItemRecord,
        chosen: str,
        confidence: Confidence | None,
        times: tuple[datetime, datetime],
        details: AnswerDetails,
    ) -> AnswerRecord:
        """The answer as it will be kept, right or wrong, with ``times`` shown and answered. Nothing is kept here.

        Raises UserError for a diagnosis that could not be chosen.
        """
        for name in (chosen, *details.ranked):
            self._expect_offered(item, name)
        if len(details.ranked) > RANKED_AT_MOST or (details.ranked and details.ranked[0] != chosen):
            raise UserError(f"Rank one to {RANKED_AT_MOST} diagnoses, the likeliest first.")
        if details.click is not None:
            details = replace(details, click=self._scored(item, details.click))
        shown_at, answered_at = (moment.astimezone(UTC) for moment in times)
        answer = Answer(
            answer_id=uuid.uuid4().hex,
            item_id=item.item_id,
            chosen=chosen,
            correct=chosen == item.expected,
            confidence=None if confidence is None else Confidence(confidence),
            shown_at=shown_at,
            answered_at=answered_at,
            details=details,
        )
        return AnswerRecord(
            answer=answer,
            session_id=session.session_id,
            learner_id=session.learner_id,
            spec=item.spec,
            choices=item.choices,
            mode=session.plan.mode,
            kind=item.kind,
            expected=item.expected,
        )

    def _expect_offered(self, item: ItemRecord, name: str) -> None:
        nameable = [each.id for each in self._catalogue.nameable]
        offered = name in (nameable if item.kind is AnswerKind.TYPED else item.choices)
        if not offered:
            named = "the conditions" if item.kind is AnswerKind.TYPED else ", ".join(item.choices)
            raise UserError(f"{name!r} is not among the options; choose one of {named}.")

    def _scored(self, item: ItemRecord, click: Click) -> Click | None:
        """The click with whether it hit; None when there is no mask to tell: it was lost, or nobody drew one."""
        ready = None if item.spec.source is Source.REAL else self._supply.ready(item)
        return None if ready is None else replace(click, hit=hits_lesion(ready.mask_png, click.x, click.y))

    def reviews_after(self, records: Sequence[AnswerRecord]) -> tuple[ReviewState, ...]:
        """The review states after one learner's answers, one for each condition and tone.

        A question that left the diagnosis out says nothing about knowing it, and changes none.
        """
        by_cell: dict[Cell, list[AnswerRecord]] = {}
        for record in records:
            if record.right != NONE_OF_THESE:
                by_cell.setdefault((record.spec.condition, record.spec.tone), []).append(record)
        return tuple(
            self._reviews.after(
                given[0].learner_id,
                condition,
                tone,
                [(row.answer.correct, row.answer.confidence, row.answer.answered_at) for row in given],
            )
            for (condition, tone), given in by_cell.items()
        )

    def features(self, plan: QuizPlan, item: ItemRecord) -> tuple[str, ...]:
        """The morphology terms to offer with a question, none where the quiz does not ask for them."""
        asked = plan.options.features or plan.mode is Mode.REFLECTION
        return offered_features(self._catalogue, item.spec.condition, item.choices) if asked else ()

    def feedback(self, plan: QuizPlan, item: ItemRecord, record: AnswerRecord | None) -> Feedback:
        """What is told about a question that was answered, or left open (``record`` None) in an exam."""
        condition = self._catalogue.described(item.spec.condition)
        answer = record.answer if record else None
        named = answer is not None and answer.chosen != NONE_OF_THESE
        chosen = self._catalogue.described(answer.chosen) if answer and named else None
        asked = answer is not None and bool(self.features(plan, item))
        return Feedback(
            answer=answer,
            correct=answer is not None and answer.correct,
            condition=condition,
            chosen=chosen,
            look_alikes=self._catalogue.look_alikes(condition.id),
            none_was_right=item.expected == NONE_OF_THESE,
            features=feature_score(answer.details.features, condition.features) if answer and asked else None,
            reason=item.reason,
        )
