"""Quizzes: what is planned, asked and answered."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Final

from dermtutor.domain.cases import Source
from dermtutor.domain.conditions import HEALTHY_SKIN, Catalogue
from dermtutor.errors import UserError
from dermtutor.skin.scales import MonkTone

MODES: Final = ("practice",)
MAX_QUESTIONS: Final = 200
CHOICES_RANGE: Final = (2, 6)


class Confidence(IntEnum):
    """How sure the learner is, in five levels."""

    GUESS = 1
    UNSURE = 2
    HALF = 3
    FAIRLY_SURE = 4
    CERTAIN = 5

    @property
    def probability(self) -> float:
        """The level as a probability of being right, 0.2 to 0.95: a guess among four or five, never quite 1."""
        return (0.2, 0.35, 0.5, 0.75, 0.95)[self.value - 1]

    @property
    def label(self) -> str:
        """The level in words, for a button."""
        return ("Guess", "Unsure", "Half sure", "Fairly sure", "Certain")[self.value - 1]


@dataclass(frozen=True, slots=True)
class QuizPlan:
    """What a learner asked for. Raises UserError when no quiz can be made of it."""

    conditions: tuple[str, ...]
    tones: tuple[MonkTone, ...]
    questions: int
    choices: int = 4
    mode: str = "practice"

    def __post_init__(self) -> None:
        if not self.conditions or len(set(self.conditions)) != len(self.conditions):
            raise UserError("Choose at least one condition, and each only once.")
        if not self.tones or len(set(self.tones)) != len(self.tones):
            raise UserError("Choose at least one skin tone, and each only once.")
        if not 1 <= self.questions <= MAX_QUESTIONS:
            raise UserError(f"Choose a number of questions from 1 to {MAX_QUESTIONS}.")
        if not CHOICES_RANGE[0] <= self.choices <= CHOICES_RANGE[1]:
            raise UserError(
                f"Choose a number of answer options from {CHOICES_RANGE[0]} to {CHOICES_RANGE[1]}."
            )
        if self.mode not in MODES:
            raise UserError(f"No quiz mode is called {self.mode!r}; choose one of {', '.join(MODES)}.")


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """One question before its image exists. ``position`` counts from 0; ``choices`` are in shown order."""

    position: int
    condition: str
    tone: MonkTone
    seed: int
    severity: float
    source: Source
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One question as shown. ``number`` counts from 1; ``choices`` are condition ids in shown order."""

    item_id: str
    number: int
    total: int
    case_id: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """One committed answer. Both times are in UTC; ``chosen`` is a condition id."""

    answer_id: str
    item_id: str
    chosen: str
    correct: bool
    confidence: Confidence
    shown_at: datetime
    answered_at: datetime

    @property
    def seconds(self) -> float:
        """Time from the image to the answer, never negative (a clock may be set back in between)."""
        return max(0.0, (self.answered_at - self.shown_at).total_seconds())


Cell = tuple[str, MonkTone]


def plan_items(plan: QuizPlan, catalogue: Catalogue, seed: int) -> tuple[PlannedItem, ...]:
    """The questions of a quiz, the same for the same arguments.

    Conditions, tones and their combinations each differ by at most one in how often they come; one condition does not
    follow itself where that can be avoided; every item has its own lesion seed, so no tone twins meet in one quiz.
    Raises UserError for an unknown condition, or when the catalogue has too few conditions for the options.
    """
    draw = random.Random(seed)
    for condition in plan.conditions:
        catalogue.get(condition)
    order = _interleave(_balanced_cells(plan, draw), draw)
    seeds = draw.sample(range(2**63 - 1), len(order))
    return tuple(
        PlannedItem(
            position=position,
            condition=condition,
            tone=tone,
            seed=seeds[position],
            severity=round(draw.triangular(0.25, 0.85, 0.5), 2),
            source=catalogue.get(condition).image_source,
            choices=_options(condition, plan, catalogue, draw),
        )
        for position, (condition, tone) in enumerate(order)
    )


def _balanced_cells(plan: QuizPlan, draw: random.Random) -> list[Cell]:
    """Cells of the condition x tone grid, taken along its diagonals: every prefix of that walk is balanced both ways.

    With C conditions and T tones a diagonal closes after lcm(C, T) steps; shifting the tone by one then starts the
    next of the gcd(C, T) diagonals, until the whole grid is used and is shuffled anew.
    """
    conditions, tones = list(plan.conditions), list(plan.tones)
    cycle = math.lcm(len(conditions), len(tones))
    cells: list[Cell] = []
    for step in range(plan.questions):
        within = step % (len(conditions) * len(tones))
        if within == 0:
            draw.shuffle(conditions)
            draw.shuffle(tones)
        tone = tones[(within + within // cycle) % len(tones)]
        cells.append((conditions[within % len(conditions)], tone))
    return cells


def _interleave(cells: Sequence[Cell], draw: random.Random) -> list[Cell]:
    """The cells in a random order in which a condition follows itself only when nothing else is left.

    A condition that fills more than half of what is left must come next, or it would be left over at the end.
    """
    waiting: dict[str, list[Cell]] = {}
    for cell in draw.sample(cells, len(cells)):
        waiting.setdefault(cell[0], []).append(cell)
    order: list[Cell] = []
    while waiting:
        left = {name: len(rest) for name, rest in waiting.items()}
        last = order[-1][0] if order else None
        others = [name for name in left if name != last] or list(left)
        pressing = [name for name in others if 2 * left[name] > sum(left.values())]
        name = pressing[0] if pressing else draw.choices(others, [left[other] for other in others])[0]
        order.append(waiting[name].pop())
        if not waiting[name]:
            del waiting[name]
    return order


def _options(condition: str, plan: QuizPlan, catalogue: Catalogue, draw: random.Random) -> tuple[str, ...]:
    """The condition among distractors, shuffled: its look-alikes first, then the plan's, then any other condition.

    Healthy skin is an option only where the plan asks for it: it would otherwise never be right.
    """
    allowed = {c.id for c in catalogue.conditions if c.id != HEALTHY_SKIN or HEALTHY_SKIN in plan.conditions}
    alike = [c.id for c in catalogue.look_alikes(condition)]
    planned = list(plan.conditions)
    rest = [c.id for c in catalogue.conditions]
    for pool in (alike, planned, rest):
        draw.shuffle(pool)
    ranked = [name for name in dict.fromkeys(alike + planned + rest) if name in allowed and name != condition]
    if len(ranked) < plan.choices - 1:
        raise UserError(f"Only {len(ranked) + 1} conditions can be answer options; ask for fewer options.")
    options = [condition, *ranked[: plan.choices - 1]]
    draw.shuffle(options)
    return tuple(options)
