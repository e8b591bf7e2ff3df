"""A drill: look-alikes in turn until each was named right four times in a row, each within the target time."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from dermtutor.domain.adaptive import History
from dermtutor.domain.conditions import Catalogue
from dermtutor.domain.planning import MAX_SEED, plan_item
from dermtutor.domain.quiz import Cell, PlannedItem, QuizPlan

IN_A_ROW: Final = 4
AHEAD: Final = 3
"""Questions planned beyond the last answer, so that their images can be made meanwhile."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a drill that was answered: the condition it showed, whether that was named, in how many
    seconds."""

    condition: str
    correct: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a drill is: right answers in a row by condition, and which conditions are retired."""

    streaks: dict[str, int]
    retired: frozenset[str]

    def active(self, conditions: Sequence[str]) -> list[str]:
        """The conditions that still have to be asked."""
        return [name for name in conditions if name not in self.retired]


def standing(turns: Sequence[Turn], target: float) -> Standing:
    """The standing after these turns; ``target`` in seconds. Retired once is retired for good."""
    streaks: dict[str, int] = {}
    retired: set[str] = set()
    for turn in turns:
        quick = turn.correct and turn.seconds <= target
        streaks[turn.condition] = streaks.get(turn.condition, 0) + 1 if quick else 0
        if streaks[turn.condition] >= IN_A_ROW:
            retired.add(turn.condition)
    return Standing(streaks, frozenset(retired))


def verdict_line(turn: Turn, state: Standing, target: float) -> str:
    """What an answer did for its condition's row, in a sentence; ``state`` is the standing after it."""
    within = f"within {target:g} s"
    if turn.condition in state.retired:
        return f"Retired: named right {IN_A_ROW} times in a row, each {within}."
    row = state.streaks.get(turn.condition, 0)
    if row:
        return f"{row} of {IN_A_ROW} in a row {within}."
    return (
        f"Right, but not {within}: its row of right answers begins anew."
        if turn.correct
        else "Its row of right answers begins anew."
    )


def next_cells(
    plan: QuizPlan, state: Standing, asked: Sequence[Cell], count: int, draw: random.Random
) -> list[Cell]:
    """The next ``count`` cells after those ``asked``: look-alikes in turn, the least asked likelier, never one three
    times in a row; tones balanced. Empty once every condition is retired.

    With one condition left about every second question is of a retired one, or its answer would be known beforehand.
    """
    active = state.active(plan.conditions)
    if not active:
        return []
    cells = list(asked)
    for _ in range(count):
        condition = _next_condition(plan, active, [name for name, _ in cells], draw)
        tones = Counter(tone for _, tone in cells)
        least = min(tones[tone] for tone in plan.tones)
        cells.append((condition, draw.choice([tone for tone in plan.tones if tones[tone] == least])))
    return cells[len(asked) :]


def _next_condition(plan: QuizPlan, active: list[str], asked: list[str], draw: random.Random) -> str:
    pool = list(active)
    if len(pool) == 1:
        pool.append(draw.choice([name for name in plan.conditions if name not in active]))
    if len(asked) > 1 and asked[-1] == asked[-2]:
        pool = [name for name in pool if name != asked[-1]] or pool
    times = Counter(asked)
    least = min(times[name] for name in pool)
    return draw.choices(pool, [1 / (1 + times[name] - least) ** 2 for name in pool])[0]


def drill_items(
    plan: QuizPlan, catalogue: Catalogue, seed: int, cells: Sequence[Cell], first: int, used: Collection[int]
) -> tuple[PlannedItem, ...]:
    """The questions on ``cells`` from position ``first`` on. No lesion whose seed is in ``used`` comes again."""
    items: list[PlannedItem] = []
    taken = set(used)
    for position, cell in enumerate(cells, first):
        draw = random.Random(f"{seed} {position}")
        lesion = draw.randrange(MAX_SEED)
        while lesion in taken:
            lesion = draw.randrange(MAX_SEED)
        taken.add(lesion)
        items.append(
            plan_item(plan, catalogue, draw, position=position, cell=cell, seed=lesion, history=History())
        )
    return tuple(items)
