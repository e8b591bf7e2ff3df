"""What only a cohort has, as values: its learners, its items, how well they measure together."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dermtutor.domain.statistics import Gap, Proportion
from dermtutor.domain.strata import ItemBias
from dermtutor.services.figures.gap_values import MixedGap
from dermtutor.services.figures.values import Figures
from dermtutor.skin.scales import MonkTone


@dataclass(frozen=True, slots=True)
class LearnerScore:
    """One learner among others. ``gap`` is light minus dark skin, None without answers on both.

    ``over_confidence`` is None where no answer said how sure it was, ``median_seconds`` where none took long enough.
    """

    learner: str
    proportion: Proportion
    gap: Gap | None
    over_confidence: float | None
    median_seconds: float | None


@dataclass(frozen=True, slots=True)
class FamilyItem:
    """Item analysis of one condition over the learners who met it.

    ``discrimination`` is the correlation of a learner's accuracy on it with that on everything else; ``bias`` compares
    dark with light skin among learners of like accuracy, with ``p_value`` adjusted for the number of conditions;
    ``distractors`` are the wrong answers that at least 5 % gave, most frequent first, with their share.
    """

    condition: str
    facility: Proportion
    discrimination: float | None
    bias: ItemBias | None
    p_value: float | None
    distractors: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class ItemKey:
    """What counts as one item: a condition on a tone, of which every generated case is a sample, or one single case.

    ``case`` is the first 60 bits of its id, None for a family.
    """

    condition: str
    tone: MonkTone
    case: int | None = None


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """One item over the learners who met it.

    ``discrimination`` is the correlation of a learner's share right on it with that on everything else; ``drawing`` are
    the wrong options that at least 5 % of those who saw them chose, ``idle`` those that fewer chose, most frequent
    first, with their share; options seen too rarely to judge are in neither.
    """

    key: ItemKey
    facility: Proportion
    learners: int
    discrimination: float | None
    drawing: tuple[tuple[str, float], ...]
    idle: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Reliability:
    """How far the learners' totals would come out the same again.

    ``alpha`` is Cronbach's, which is KR-20 where each item was answered once; ``error`` the standard error of a
    learner's mean share right. Both are of the ``learners`` who met all of the ``items``, which at least half of the
    cohort met; None where those are too few or do not differ.
    """

    alpha: float | None
    error: float | None
    learners: int
    items: int


@dataclass(frozen=True, slots=True)
class ItemAnalysis:
    """All items, and how well they measure together; ``single`` where they are single cases."""

    items: tuple[ItemFigures, ...]
    reliability: Reliability
    single: bool


@dataclass(frozen=True, slots=True)
class CohortDetail:
    """What only a cohort has: each learner, each condition as an item, the gap that allows for both.

    ``alpha`` is the reliability of the accuracies over conditions, of the ``alpha_learners`` who met every one.
    """

    learners: tuple[LearnerScore, ...]
    items: tuple[FamilyItem, ...]
    clustered_gap: Gap | None
    mixed_gap: MixedGap | None
    alpha: float | None
    alpha_learners: int

    def completing(self, figures: Figures) -> Figures:
        """The cohort's figures with the gap that allows for learners and conditions."""
        return replace(figures, gap=replace(figures.gap, clustered=self.clustered_gap, mixed=self.mixed_gap))
