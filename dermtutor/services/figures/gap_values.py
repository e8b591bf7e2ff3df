"""Differences as values: between light and dark skin, between synthetic and real images; answers still needed."""

from __future__ import annotations

from dataclasses import dataclass

from dermtutor.domain.statistics import Gap, PairedGap, Proportion
from dermtutor.domain.strata import OddsRatio


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
