"""Planning a quiz: which condition on which tone, with which options, in which order."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Sequence
from typing import Final

from dermtutor.domain.adaptive import GRADES, History
from dermtutor.domain.cases import Modality
from dermtutor.domain.conditions import HEALTHY_SKIN, Catalogue
from dermtutor.domain.modes import NONE_OF_THESE, AnswerKind, Mode
from dermtutor.domain.quiz import BlueprintCell, Cell, PlannedItem, QuizPlan
from dermtutor.errors import UserError
from dermtutor.skin.scales import MonkTone

MAX_SEED: Final = 2**63 - 1
_CONFUSION_WEIGHT: Final = 3.0
"""By how much one confusion makes a look-alike likelier to be an option again."""
_DUE: Final = "You see this because this condition on this skin tone is due for review."


def plan_items(
    plan: QuizPlan, catalogue: Catalogue, seed: int, history: History | None = None
) -> tuple[PlannedItem, ...]:
    """The questions of a quiz, the same for the same arguments.

    Without history or blueprint, conditions, tones and their combinations each differ by at most one in how often
    they come; with history the tones still do, and conditions come by need. One condition does not follow itself
    where that can be avoided; every item has its own lesion seed, so no tone twins meet in one quiz.
    Raises UserError for an unknown condition, or when the catalogue has too few conditions for the options.
    """
    draw = random.Random(seed)
    for condition in plan.conditions:
        catalogue.get(condition)
    known = history or History()
    by_need = bool(known.tallies) and plan.options.adaptive and not plan.blueprint
    order = _interleave(_cells(plan, known, draw, by_need), draw)
    seeds = draw.sample(range(MAX_SEED), len(order))
    return tuple(
        plan_item(
            plan,
            catalogue,
            draw,
            position=position,
            cell=cell,
            seed=seeds[position],
            history=known if plan.options.adaptive else History(),
            reason=_DUE if plan.mode is Mode.REVIEW else known.reason(cell) if by_need else "",
        )
        for position, cell in enumerate(order)
    )


def plan_item(
    plan: QuizPlan,
    catalogue: Catalogue,
    draw: random.Random,
    *,
    position: int,
    cell: Cell,
    seed: int,
    history: History,
    reason: str = "",
) -> PlannedItem:
    """One question on a cell: severity and options by chance and by what the history says."""
    condition, tone = cell
    severity = _severity(cell, plan, history, draw)
    modality = _modality(condition, plan, catalogue, draw)
    choices, expected = options_of(condition, plan, catalogue, history, draw, modality)
    return PlannedItem(
        position=position,
        condition=condition,
        tone=tone,
        seed=seed,
        severity=severity,
        source=catalogue.get(condition).image_source,
        choices=choices,
        expected=expected,
        reason=reason,
        modality=modality,
    )


def even_blueprint(
    conditions: Sequence[str], tones: Sequence[MonkTone], questions: int
) -> tuple[BlueprintCell, ...]:
    """Counts as even as can be over conditions, tones and cells: where a person begins to set their own."""
    counts = Counter(
        _diagonal_cell(conditions, tones, place % (len(conditions) * len(tones)))
        for place in range(questions)
    )
    return tuple(
        BlueprintCell(condition, tone, counts[condition, tone])
        for condition in conditions
        for tone in tones
        if counts[condition, tone]
    )


def _cells(plan: QuizPlan, history: History, draw: random.Random, by_need: bool) -> list[Cell]:
    if plan.blueprint:
        return [each.cell for each in plan.blueprint for _ in range(each.count)]
    return _needed_cells(plan, history, draw) if by_need else _balanced_cells(plan, draw)


def _balanced_cells(plan: QuizPlan, draw: random.Random) -> list[Cell]:
    """Cells along the diagonals of the condition x tone grid, which is shuffled anew each time it was all used."""
    conditions, tones = list(plan.conditions), list(plan.tones)
    cells: list[Cell] = []
    for place in range(plan.questions):
        within = place % (len(conditions) * len(tones))
        if within == 0:
            draw.shuffle(conditions)
            draw.shuffle(tones)
        cells.append(_diagonal_cell(conditions, tones, within))
    return cells


def _diagonal_cell(conditions: Sequence[str], tones: Sequence[MonkTone], place: int) -> Cell:
    """A step of a walk through the grid along its diagonals: every prefix of it is balanced both ways.

    With C conditions and T tones a diagonal closes after lcm(C, T) steps; shifting the tone by one then starts the
    next of the gcd(C, T) diagonals, until the whole grid is used.
    """
    cycle = math.lcm(len(conditions), len(tones))
    return conditions[place % len(conditions)], tones[(place + place // cycle) % len(tones)]


def _needed_cells(plan: QuizPlan, history: History, draw: random.Random) -> list[Cell]:
    """The cells with the greatest need, under two limits: tones differ by at most one, and what was taken already in
    this quiz counts less the next time."""
    tones, conditions = list(plan.tones), list(plan.conditions)
    cells: list[Cell] = []
    cell_count: Counter[Cell] = Counter()
    condition_count: Counter[str] = Counter()
    for place in range(plan.questions):
        if place % len(tones) == 0:
            draw.shuffle(tones)
        tone = tones[place % len(tones)]
        draw.shuffle(conditions)  # equal needs take turns
        chosen = max(
            conditions,
            key=lambda name: (
                history.need((name, tone))
                / ((1 + cell_count[name, tone]) * (1 + 0.5 * condition_count[name]))
            ),
        )
        cells.append((chosen, tone))
        cell_count[chosen, tone] += 1
        condition_count[chosen] += 1
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


def _severity(cell: Cell, plan: QuizPlan, history: History, draw: random.Random) -> float:
    """A severity within the grade that fits the learner, any grade while nothing is known."""
    options = 0 if plan.options.kind is AnswerKind.TYPED else plan.choices
    grade = history.fitting_grade(cell, options)
    if grade is None:
        return round(draw.triangular(0.25, 0.85, 0.5), 2)
    return round(draw.uniform(*GRADES[grade]), 2)


def _modality(condition: str, plan: QuizPlan, catalogue: Catalogue, draw: random.Random) -> Modality:
    """Dermoscopy for about every second case, where it is wanted and there are such images."""
    possible = plan.options.dermoscopy and catalogue.described(condition).dermoscopy is not None
    return Modality.DERMOSCOPY if possible and draw.random() < 0.5 else Modality.CLINICAL


def options_of(
    condition: str,
    plan: QuizPlan,
    catalogue: Catalogue,
    history: History,
    draw: random.Random,
    modality: Modality = Modality.CLINICAL,
) -> tuple[tuple[str, ...], str]:
    """The options in shown order, and which of them is right.

    A dermoscopic case has fewer options than the plan asks for when fewer conditions have dermoscopic images: any
    other would be struck out by the kind of image alone.

    "None of these" stands last where the plan pins it. It is right as often as any other option: in one question of
    so many as there are options, where the diagnosis is left out.
    """
    if plan.options.kind is AnswerKind.TYPED:
        return (), condition
    ranked = _distractors(condition, plan, catalogue, history, draw)
    pinned = plan.options.none_of_these
    left_out = pinned and draw.random() < 1 / plan.choices
    wanted = plan.choices - pinned - (not left_out)
    if modality is Modality.DERMOSCOPY:
        ranked = [name for name in ranked if catalogue.described(name).dermoscopy is not None]
        wanted = min(wanted, len(ranked))
    if len(ranked) < wanted:
        most = len(ranked) + 1
        raise UserError(f"Only {most} conditions can be answer options; ask for fewer options.")
    named = ranked[:wanted] + ([] if left_out else [condition])
    draw.shuffle(named)
    if plan.mode is Mode.DRILL:
        named.sort(key=lambda name: [c.id for c in catalogue.nameable].index(name))
    return (*named, *([NONE_OF_THESE] if pinned else [])), NONE_OF_THESE if left_out else condition


def _distractors(
    condition: str, plan: QuizPlan, catalogue: Catalogue, history: History, draw: random.Random
) -> list[str]:
    """Other conditions, likeliest options first: look-alikes, then the plan's (in a drill the other way round), then
    any other; within each, what this learner took the condition for before comes likelier.

    Healthy skin is an option only where the plan asks for it: it would otherwise never be right.
    """
    allowed = {c.id for c in catalogue.conditions if c.id != HEALTHY_SKIN or HEALTHY_SKIN in plan.conditions}
    alike = [c.id for c in catalogue.look_alikes(condition)]
    pools = [alike, list(plan.conditions), [c.id for c in catalogue.conditions]]
    if plan.mode is Mode.DRILL:
        pools[0], pools[1] = pools[1], pools[0]

    def weighted(pool: list[str]) -> list[str]:
        """A random order by weight (Efraimidis and Spirakis, 2006)."""
        weight = {name: 1 + _CONFUSION_WEIGHT * history.confused.get((condition, name), 0) for name in pool}
        return sorted(pool, key=lambda name: draw.random() ** (1 / weight[name]), reverse=True)

    ranked = dict.fromkeys(name for pool in pools for name in weighted(pool))
    return [name for name in ranked if name in allowed and name != condition]
