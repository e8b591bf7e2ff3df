"""The figures as values: what the page, the report and the scripts show. Conditions are ids, times seconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from dermtutor.domain.curves import Slope, TimesCompared
from dermtutor.domain.marking import Detection
from dermtutor.domain.statistics import Brier, Proportion
from dermtutor.services.figures.gap_values import Need, RealComparison, ToneGap
from dermtutor.skin.scales import MonkTone

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
