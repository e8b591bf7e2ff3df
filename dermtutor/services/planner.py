"""From a plan to the questions of a session: what each mode asks, planned from the learner's history."""

from __future__ import annotations

import random
import uuid
from collections.abc import Collection, Sequence
from itertools import takewhile
from typing import Final

from dermtutor.domain.adaptive import History, history_of
from dermtutor.domain.cases import CaseSpec
from dermtutor.domain.conditions import Catalogue
from dermtutor.domain.drill import AHEAD, Standing, Turn, drill_items, next_cells, standing, verdict_line
from dermtutor.domain.forms import form_items
from dermtutor.domain.modes import Mode
from dermtutor.domain.planning import plan_items
from dermtutor.domain.quiz import PlannedItem, QuizPlan
from dermtutor.domain.records import AnswerRecord, ItemRecord, SessionRecord
from dermtutor.domain.set_quiz import set_items
from dermtutor.services.case_supply import CaseSupply
from dermtutor.services.ports import Records
from dermtutor.services.ports_sets import CaseSetStore

REMEMBERED: Final = 5000
"""The newest answers of all learners that choice and difficulty are reckoned from."""


class Planner:
    """Plans sessions, and a drill's further questions as it goes."""

    def __init__(
        self, catalogue: Catalogue, records: Records, sets: CaseSetStore, supply: CaseSupply
    ) -> None:
        self._catalogue = catalogue
        self._records = records
        self._sets = sets
        self._supply = supply

    def first_items(self, session_id: str, learner_id: str, plan: QuizPlan, seed: int) -> list[ItemRecord]:
        """The questions that a session begins with: all of them, in a drill the first few."""
        if plan.case_set:
            return self._items_of_set(session_id, plan, seed)
        if plan.mode is Mode.FORMS:
            planned = form_items(plan, self._catalogue)
        elif plan.mode is Mode.DRILL:
            for condition in plan.conditions:
                self._catalogue.get(condition)
            count = min(AHEAD, plan.questions)
            cells = next_cells(plan, Standing({}, frozenset()), [], count, random.Random(seed))
            planned = drill_items(plan, self._catalogue, seed, cells, 0, ())
        else:
            adaptive = plan.options.adaptive and plan.mode is not Mode.EXAM
            history = self.history(learner_id) if adaptive else None
            planned = plan_items(plan, self._catalogue, seed, history)
        return [self._item(session_id, plan, each) for each in planned]

    def _items_of_set(self, session_id: str, plan: QuizPlan, seed: int) -> list[ItemRecord]:
        """Questions about the stored cases of a set. Raises UserError when it has too few that the mode may ask."""
        case_set = self._sets.case_set(plan.case_set)
        return [
            ItemRecord(
                item_id=uuid.uuid4().hex,
                session_id=session_id,
                position=planned.position,
                spec=each.case.spec,
                choices=planned.choices,
                expected=planned.expected,
                kind=plan.options.kind,
                case_id=each.case.case_id,
            )
            for each, planned in set_items(plan, case_set, self._catalogue, seed)
        ]

    def history(self, learner_id: str) -> History:
        """What the learner's answers say."""
        return history_of(self._records.outcomes(REMEMBERED), learner_id)

    def drill_standing(self, session_id: str, target: float, last: AnswerRecord | None = None) -> Standing:
        """How far a drill is, with ``last`` as an answer that is not in the records yet."""
        rows = self._records.answers(session_id=session_id)
        return standing([_turn(row) for row in (*rows, *([last] if last else []))], target)

    def drill_line(self, record: AnswerRecord, target: float) -> str:
        """What a kept answer of a drill did for its condition's row."""
        return verdict_line(_turn(record), self.drill_standing(record.session_id, target), target)

    def further_items(self, session: SessionRecord, last: AnswerRecord) -> tuple[ItemRecord, ...] | None:
        """What follows in a drill once ``last`` is committed, from the first question that changes on.

        None when nothing changes, empty when every condition is retired.
        """
        plan = session.plan
        before = self.drill_standing(session.session_id, plan.options.target)
        state = self.drill_standing(session.session_id, plan.options.target, last)
        if not state.active(plan.conditions):
            return ()
        items = self._records.items(session.session_id)
        answered, planned = items[: session.position + 1], items[session.position + 1 :]
        kept = _still_wanted(planned, state.retired - before.retired)
        ahead = min(AHEAD, plan.questions - len(answered))
        if len(kept) >= ahead:
            return None
        asked = [(item.spec.condition, item.spec.tone) for item in (*answered, *kept)]
        first = len(asked)
        draw = random.Random(f"{session.seed} after {first}")
        cells = next_cells(plan, state, asked, ahead - len(kept), draw)
        used = {item.spec.seed for item in items}
        new = drill_items(plan, self._catalogue, session.seed, cells, first, used)
        return tuple(self._item(session.session_id, plan, each) for each in new)

    def _item(self, session_id: str, plan: QuizPlan, planned: PlannedItem) -> ItemRecord:
        spec = CaseSpec(
            condition=planned.condition,
            tone=planned.tone,
            seed=planned.seed,
            source=planned.source,
            severity=planned.severity,
            modality=planned.modality,
        )
        return ItemRecord(
            item_id=uuid.uuid4().hex,
            session_id=session_id,
            position=planned.position,
            spec=self._supply.current(spec),
            choices=planned.choices,
            expected=planned.expected,
            kind=plan.options.kind,
            reason=planned.reason,
        )


def _still_wanted(planned: Sequence[ItemRecord], just_retired: Collection[str]) -> list[ItemRecord]:
    """The planned questions up to the first one about a condition that has just been retired."""
    return list(takewhile(lambda item: item.spec.condition not in just_retired, planned))


def _turn(row: AnswerRecord) -> Turn:
    return Turn(row.spec.condition, row.answer.correct, row.answer.seconds)
