"""What a learner's answers say about what to ask next: weak cells, confusions, and the difficulty that fits.

Difficulty is rated after Pelánek (Applications of the Elo rating system in adaptive educational systems, Computers &
Education 2016, doi:10.1016/j.compedu.2016.03.017): a learner's ability and an item family's difficulty move towards
what each answer showed, by steps that shrink with experience. Generated cases are met once, so that a family stands
for them: a condition on a tone at one of three grades of severity.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from dermtutor.domain.quiz import Cell
from dermtutor.domain.records import Outcome

GRADES: Final = ((0.25, 0.42), (0.42, 0.63), (0.63, 0.85))
"""Ranges of severity: subtle, typical, marked."""
WANTED: Final = 0.75
"""Probability of a right answer that a question is chosen for: hard enough to learn from, not to despair of."""
_PRIOR_ANSWERS: Final = 4.0
"""How many answers the learner's own average counts for in a cell, so that one mistake is not yet a weakness."""
_CURIOSITY: Final = 0.12
"""What a cell never met gains over one of the same expected accuracy."""

Family = tuple[Cell, int]
"""A cell and a grade of severity, 0 to 2."""


@dataclass(frozen=True, slots=True)
class Tally:
    """``right`` answers of ``given``."""

    given: int = 0
    right: int = 0

    def plus(self, correct: bool) -> Tally:
        """With one answer more."""
        return Tally(self.given + 1, self.right + correct)


@dataclass(frozen=True, slots=True)
class History:
    """One learner's answers as planning sees them; empty for somebody new.

    ``ability`` and ``difficulty`` are Elo ratings on the logit scale, 0 at first.
    """

    tallies: Mapping[Cell, Tally] = field(default_factory=dict)
    confused: Mapping[tuple[str, str], int] = field(default_factory=dict)
    ability: float = 0.0
    difficulty: Mapping[Family, float] = field(default_factory=dict)

    @property
    def average(self) -> float:
        """The learner's accuracy over everything, one half before the first answer."""
        given = sum(tally.given for tally in self.tallies.values())
        return sum(tally.right for tally in self.tallies.values()) / given if given else 0.5

    def tally(self, cell: Cell) -> Tally:
        """What was answered on a cell."""
        return self.tallies.get(cell, Tally())

    def need(self, cell: Cell) -> float:
        """How much a cell wants asking: the expected share of mistakes, a little more for one that was never met.

        The expected accuracy is the cell's, drawn towards the learner's average while answers are few.
        """
        tally = self.tally(cell)
        expected = (tally.right + _PRIOR_ANSWERS * self.average) / (tally.given + _PRIOR_ANSWERS)
        return 1 - expected + _CURIOSITY / (1 + tally.given)

    def chance(self, family: Family, options: int) -> float:
        """The probability of a right answer that the ratings expect."""
        return expected_right(self.ability - self.difficulty.get(family, 0.0), options)

    def fitting_grade(self, cell: Cell, options: int) -> int | None:
        """The grade of severity whose chance comes nearest to WANTED; None while nothing is known of the cell."""
        known = [grade for grade in range(len(GRADES)) if (cell, grade) in self.difficulty]
        if not known:
            return None
        return min(range(len(GRADES)), key=lambda grade: abs(self.chance((cell, grade), options) - WANTED))

    def reason(self, cell: Cell) -> str:
        """Why a cell was chosen for its need, in a sentence about this learner."""
        tally = self.tally(cell)
        if not tally.given:
            return "You see this because you have not met this condition on this skin tone before."
        cases = "case" if tally.given == 1 else "cases"
        return (
            f"You see this because you were right in {tally.right} of {tally.given} {cases} "
            "of this condition on this skin tone."
        )


def expected_right(advantage: float, options: int) -> float:
    """Probability of a right answer among ``options`` (0 for typed answers, where nobody guesses right).

    ``advantage`` is ability minus difficulty on the logit scale.
    """
    guessed = 1 / options if options else 0.0
    return guessed + (1 - guessed) / (1 + math.exp(-advantage))


def step(answers: int) -> float:
    """How far a rating moves after so many answers: U(n) = 1 / (1 + 0.05 n)."""
    return 1 / (1 + 0.05 * answers)


def grade_of(severity: float) -> int:
    """The grade of a severity from 0 to 1."""
    return next((grade for grade, (_, top) in enumerate(GRADES) if severity < top), len(GRADES) - 1)


def history_of(outcomes: Iterable[Outcome], learner_id: str) -> History:
    """The history of one learner. Every learner's outcomes, oldest first, rate the difficulty of the families."""
    abilities: dict[str, float] = {}
    difficulty: dict[Family, float] = {}
    by_learner: dict[str, int] = {}
    by_family: dict[Family, int] = {}
    tallies: dict[Cell, Tally] = {}
    confused: dict[tuple[str, str], int] = {}
    for each in outcomes:
        cell, who = (each.condition, each.tone), each.learner_id
        family = (cell, grade_of(each.severity))
        ability, hardness = abilities.get(who, 0.0), difficulty.get(family, 0.0)
        surprise = each.correct - expected_right(ability - hardness, each.options)
        abilities[who] = ability + step(by_learner.get(who, 0)) * surprise
        difficulty[family] = hardness - step(by_family.get(family, 0)) * surprise
        by_learner[who] = by_learner.get(who, 0) + 1
        by_family[family] = by_family.get(family, 0) + 1
        if who == learner_id:
            tallies[cell] = tallies.get(cell, Tally()).plus(each.correct)
            if not each.correct:
                pair = (each.condition, each.chosen)
                confused[pair] = confused.get(pair, 0) + 1
    return History(tallies, confused, abilities.get(learner_id, 0.0), difficulty)
