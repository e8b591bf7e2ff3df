"""The figures as values: what the page, the report and the scripts show. Conditions are ids, times seconds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from dermtutor.domain.curves import Slope, TimesCompared
from dermtutor.domain.marking import Detection
from dermtutor.domain.statistics import Brier, Gap, PairedGap, Proportion
from dermtutor.domain.strata import ItemBias, OddsRatio
from dermtutor.skin.scales import MonkTone

LIGHT_TONES: Final = frozenset(MonkTone(value) for value in (1, 2, 3))
DARK_TONES: Final = frozenset(MonkTone(value) for value in (7, 8, 9, 10))
TONE_GROUPS: Final = ("light", "medium", "dark")
"""Monk 1 to 3, 4 to 6, 7 to 10."""
WANTED_HALF_WIDTH: Final = 0.1
"""An accuracy counts as known when its interval reaches no further than ten points to either side."""


@dataclass(frozen=True, slots=True)
class ConditionScore:
    """Accuracy on one condition."""

    condition: str
    proportion: Proportion


@dataclass(frozen=True, slots=True)
class ToneScore:
    """Accuracy on one tone."""

    tone: MonkTone
    proportion: Proportion


@dataclass(frozen=True, slots=True)
class Cell:
    """Accuracy on one condition on one tone; ``shrunken`` is it pulled towards that of all cells (0 to 1)."""

    condition: str
    tone: MonkTone
    proportion: Proportion
    shrunken: float


@dataclass(frozen=True, slots=True)
class TimelinePoint:
    """Accuracy of one day, in the computer's own time zone."""

    day: date
    proportion: Proportion


@dataclass(frozen=True, slots=True)
class Pairs:
    """Twins answered by one learner: how many pairs were right on both tones, on one only, on neither."""

    both: int
    light_only: int
    dark_only: int
    neither: int
    gap: PairedGap

    @property
    def n(self) -> int:
        """All pairs."""
        return self.both + self.light_only + self.dark_only + self.neither


@dataclass(frozen=True, slots=True)
class MixedGap:
    """Light minus dark skin by a mixed model: as a difference for these learners and conditions, and as an odds ratio.

    The spreads are standard deviations on the logit scale: between learners, between conditions, and of the gap itself
    between conditions.
    """

    gap: Gap
    odds: OddsRatio
    learner_spread: float
    condition_spread: float
    gap_spread: float


@dataclass(frozen=True, slots=True)
class ToneGap:
    """Light minus dark skin, in several ways. What cannot be computed is None.

    ``independent`` compares all answers, ``within_conditions`` the odds of being right within each condition, ``pairs``
    the same lesion on both. ``mixed`` and ``clustered``, of a cohort, allow for learners and conditions that differ: by
    a mixed model, and by drawing both anew.
    """

    light: Proportion
    dark: Proportion
    independent: Gap | None
    within_conditions: OddsRatio | None
    pairs: Pairs | None
    clustered: Gap | None = None
    mixed: MixedGap | None = None

    @property
    def most_careful(self) -> Gap | None:
        """The gap to tell first: of a cohort that of the mixed model, else the clustered one; else of all answers."""
        if self.mixed is not None:
            return self.mixed.gap
        return self.clustered or self.independent


@dataclass(frozen=True, slots=True)
class Need:
    """A question the answers cannot decide yet, or can: ``needed`` answers, of which ``given`` are there.

    ``per_group`` is True where that many are needed on light and on dark skin each; ``given`` is then the smaller.
    """

    question: str
    needed: int
    given: int
    per_group: bool = False

    @property
    def missing(self) -> int:
        """How many more are needed."""
        return max(0, self.needed - self.given)


@dataclass(frozen=True, slots=True)
class Confusion:
    """``counts[i][j]``: how often ``labels[i]`` was answered with ``labels[j]``; the diagonal is what was right."""

    labels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    kappa: float | None

    def mistakes(self) -> tuple[tuple[str, str, int], ...]:
        """Every confusion that happened, as shown, answered, times; the most frequent first."""
        found = [
            (shown, called, self.counts[i][j])
            for i, shown in enumerate(self.labels)
            for j, called in enumerate(self.labels)
            if i != j and self.counts[i][j]
        ]
        return tuple(sorted(found, key=lambda each: (-each[2], each[0], each[1])))


@dataclass(frozen=True, slots=True)
class Level:
    """Accuracy at one confidence; ``confidence`` is 1 to 5, ``probability`` what it stands for."""

    confidence: int
    probability: float
    proportion: Proportion


@dataclass(frozen=True, slots=True)
class Calibration:
    """Confidence against outcome on all tones or one group of them."""

    group: str
    brier: Brier
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class CoursePoint:
    """Accuracy around a number of answers given."""

    trial: int
    proportion: Proportion


@dataclass(frozen=True, slots=True)
class Course:
    """Learning with practice: for a learner the last 20 answers at each point, for a cohort blocks of own answers."""

    points: tuple[CoursePoint, ...]
    slope: Slope | None


@dataclass(frozen=True, slots=True)
class Times:
    """Response times of a group in seconds."""

    group: str
    n: int
    lower: float
    median: float
    upper: float


@dataclass(frozen=True, slots=True)
class ResponseTimes:
    """Quartiles of all and of each group of tones; light against dark skin."""

    groups: tuple[Times, ...]
    light_dark: TimesCompared | None

    @property
    def median(self) -> float | None:
        """The median over all tones."""
        return self.groups[0].median if self.groups else None


@dataclass(frozen=True, slots=True)
class Spotting:
    """How well one condition is told from all others."""

    condition: str
    detection: Detection


@dataclass(frozen=True, slots=True)
class RealComparison:
    """Accuracy on synthetic images against that on photographs of patients, of the ``conditions`` asked with both.

    Gaps are synthetic minus real. ``independent`` compares all answers; ``within`` the odds within each condition and
    group of tones; ``paired`` is the mean of the own differences of the ``learners`` who have enough answers of both
    kinds, None for fewer than two.
    """

    synthetic: Proportion
    real: Proportion
    conditions: int
    independent: Gap
    within: OddsRatio | None
    paired: Gap | None
    learners: int

    @property
    def most_careful(self) -> Gap:
        """The gap to tell first: each learner against himself, where that can be said."""
        return self.independent if self.paired is None or self.paired.too_few else self.paired


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything, of the answers that a filter lets count. Only what has answers is listed.

    ``real`` compares them with photographs of patients, None where there is nothing to compare.
    """

    total: Proportion
    learners: int
    days: int
    chance_corrected: float | None
    by_condition: tuple[ConditionScore, ...]
    by_tone: tuple[ToneScore, ...]
    cells: tuple[Cell, ...]
    gap: ToneGap
    needs: tuple[Need, ...]
    confusion: Confusion
    spotting: tuple[Spotting, ...]
    calibration: tuple[Calibration, ...]
    course: Course
    timeline: tuple[TimelinePoint, ...]
    times: ResponseTimes
    real: RealComparison | None = None

    @property
    def brier(self) -> Brier | None:
        """Calibration on all tones, None where no answer said how sure it was."""
        return next((each.brier for each in self.calibration if each.group == "all"), None)


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
