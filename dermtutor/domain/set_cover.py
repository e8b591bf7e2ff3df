"""What a case set covers of conditions and tones, and which further cases it needs."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from dermtutor.domain.case_sets import CaseSet, CaseState
from dermtutor.domain.cases import CaseSpec
from dermtutor.domain.conditions import Catalogue
from dermtutor.domain.planning import MAX_SEED, even_blueprint
from dermtutor.domain.quiz import BlueprintCell, Cell
from dermtutor.errors import UserError
from dermtutor.skin.scales import MonkTone

MOST_CASES: Final = 2000
"""Cases of one set."""
UNSPECIFIED: Final = "unspecified"


class Severity(Enum):
    """How bad a disease is, with the range of a spec's severity it stands for."""

    SUBTLE = (0.2, 0.4)
    TYPICAL = (0.4, 0.65)
    MARKED = (0.65, 0.9)


@dataclass(frozen=True, slots=True)
class BuildPlan:
    """Which cases to make: ``number`` of them, as evenly as can be over conditions, tones and their combinations.

    Of ``sites`` (none: told of no case) a condition gets those it is known for; severities take turns by chance.
    """

    conditions: tuple[str, ...]
    tones: tuple[MonkTone, ...]
    number: int
    sites: tuple[str, ...] = ()
    severities: tuple[Severity, ...] = tuple(Severity)

    def __post_init__(self) -> None:
        if not self.conditions or not self.tones or not self.severities:
            raise UserError("Choose at least one condition, one skin tone and one severity.")
        if not 1 <= self.number <= MOST_CASES:
            raise UserError(f"Choose a number of cases from 1 to {MOST_CASES}.")

    def cells(self) -> tuple[BlueprintCell, ...]:
        """How many cases of each condition on each tone."""
        return even_blueprint(self.conditions, self.tones, self.number)


def coverage(case_set: CaseSet) -> Mapping[Cell, Mapping[CaseState, int]]:
    """How many cases of each state there are of a condition on a tone."""
    counts: dict[Cell, dict[CaseState, int]] = {}
    for each in case_set.cases:
        cell = each.case.spec.condition, each.case.spec.tone
        of_cell = counts.setdefault(cell, dict.fromkeys(CaseState, 0))
        of_cell[each.state] += 1
    return counts


def missing_cells(
    case_set: CaseSet,
    tones: Sequence[MonkTone],
    wanted: Sequence[CaseSpec] = (),
    per_cell: int | None = None,
) -> tuple[BlueprintCell, ...]:
    """What the set needs for the same number of cases of each of its conditions on each of the tones.

    That number is ``per_cell``, or what its fullest cell has. Rejected cases do not count, ``wanted`` ones do.
    Raises UserError for a set without conditions.
    """
    usable = [each.case.spec for each in case_set.cases if each.state is not CaseState.REJECTED]
    have = Counter((spec.condition, spec.tone) for spec in (*usable, *wanted))
    everything = (*(each.case.spec for each in case_set.cases), *wanted)
    conditions = dict.fromkeys(spec.condition for spec in everything)
    if not conditions:
        raise UserError("The set is empty; build its first cases, then balance it.")
    goal = per_cell or max((have[cell] for cell in have if cell[1] in tones), default=1)
    return tuple(
        BlueprintCell(condition, tone, goal - have[condition, tone])
        for condition in conditions
        for tone in tones
        if have[condition, tone] < goal
    )


def sites_without_cases(plan: BuildPlan, catalogue: Catalogue) -> tuple[str, ...]:
    """The sites of a plan where none of its conditions occurs, so that no case will be told there."""
    possible = {site for condition in plan.conditions for site in catalogue.get(condition).sites}
    return tuple(site for site in plan.sites if site not in possible)


def specs_for(
    cells: Sequence[BlueprintCell],
    catalogue: Catalogue,
    seed: int,
    sites: Sequence[str] = (),
    severities: Sequence[Severity] = tuple(Severity),
) -> tuple[CaseSpec, ...]:
    """A spec for every case of the cells, each with a lesion of its own; the same for the same arguments.

    The cells take turns, so that a build that stops early is as even as it can be. The versions of weights and recipes
    are left open. Raises UserError for an unknown condition, or for more cases than a set holds.
    """
    if sum(cell.count for cell in cells) > MOST_CASES:
        raise UserError(f"A set holds at most {MOST_CASES} cases; ask for fewer.")
    draw = random.Random(seed)
    turns = [(turn, draw.random(), cell.cell) for cell in cells for turn in range(cell.count)]
    seeds = draw.sample(range(MAX_SEED), len(turns))
    specs = []
    for (_, _, (condition, tone)), own in zip(sorted(turns), seeds, strict=True):
        known = catalogue.get(condition)
        places = [site for site in sites if site in known.sites] or [UNSPECIFIED]
        low, high = draw.choice(severities).value
        specs.append(
            CaseSpec(
                condition=condition,
                tone=tone,
                seed=own,
                source=known.image_source,
                site=draw.choice(places),
                severity=round(draw.uniform(low, high), 2),
            )
        )
    return tuple(specs)
