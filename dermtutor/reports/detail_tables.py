"""The tables of confusions, confidence, learning and time."""

from __future__ import annotations

from dermtutor.domain.quiz import Confidence
from dermtutor.reports import words
from dermtutor.reports.columns import FEW, SCORE, Column, Names, Table, scored
from dermtutor.services.figures.values import Figures


def mistakes(figures: Figures, names: Names) -> Table:
    """The confusion matrix's twin: what was taken for what."""
    confusion = figures.confusion
    shown = {label: sum(row) for label, row in zip(confusion.labels, confusion.counts)}
    rows = tuple(
        (names[truth], names[called], times, times / shown[truth] if shown[truth] else None)
        for truth, called, times in confusion.mistakes()
    )
    columns = (
        Column("Shown"),
        Column("Answered"),
        Column("Times", "count"),
        Column("Of those shown", "share"),
    )
    kappa = confusion.kappa
    note = "" if kappa is None else f"Agreement beyond chance (Cohen's kappa): {kappa:.2f}."
    return Table("confusion", "What was taken for what", columns, rows, note)


def spotting(figures: Figures, names: Names) -> Table:
    """Sensitivity and specificity by condition."""
    rows = tuple(
        (
            names[each.condition],
            each.detection.sensitivity.n,
            None if each.detection.sensitivity.too_few else each.detection.sensitivity.value,
            None if each.detection.specificity.too_few else each.detection.specificity.value,
            each.detection.d_prime,
            each.detection.criterion,
        )
        for each in figures.spotting
    )
    columns = (
        Column("Condition"), Column("Shown", "count"), Column("Sensitivity", "share"), Column("Specificity", "share"),
        Column("d′", "number"), Column("Criterion", "number"),
    )  # fmt: skip
    note = "Among the cases of this quiz, not of a clinic. Criterion above 0: named too rarely; below 0: too readily."
    return Table("spotting", "Telling each condition from the others", columns, rows, note)


def calibration(figures: Figures) -> Table:
    """Accuracy at each confidence, by group of tones."""
    rows = tuple(
        (
            group(each.group),
            Confidence(level.confidence).label,
            level.probability,
            *scored(level.proportion),
        )
        for each in figures.calibration
        for level in each.levels
    )
    columns = (Column("Skin tones"), Column("Confidence"), Column("Stands for", "share"), *SCORE)
    unsaid = figures.total.n - (figures.brier.n if figures.brier else 0)
    note = f"{FEW} Left out: {words.counted(unsaid, 'answer')} without a confidence." if unsaid else FEW
    return Table("calibration", "Confidence and accuracy", columns, rows, note)


def brier(figures: Figures) -> Table:
    """Brier score and its parts, by group of tones."""
    rows = tuple(
        (
            group(each.group),
            b.n,
            b.score,
            b.reliability,
            b.resolution,
            b.uncertainty,
            b.over_confidence,
            b.calibration_error,
        )
        for each in figures.calibration
        for b in (each.brier,)
    )
    columns = (
        Column("Skin tones"), Column("Answers", "count"), Column("Brier score", "number"),
        Column("Reliability", "number"), Column("Resolution", "number"), Column("Uncertainty", "number"),
        Column("Over-confidence", "points"), Column("Calibration error", "number"),
    )  # fmt: skip
    note = (
        "Brier score = reliability − resolution + uncertainty; 0 is best. Over-confidence: mean confidence minus "
        "accuracy."
    )
    return Table("brier", "Calibration", columns, rows, note)


def course(figures: Figures) -> Table:
    """The learning curve."""
    rows = tuple((each.trial, *scored(each.proportion)) for each in figures.course.points)
    slope = figures.course.slope
    note = ""
    if slope is not None:
        note = (
            f"Fitted: each doubling of practice changes the log-odds of being right by {slope.per_doubling:+.2f} "
            f"({slope.low:+.2f} to {slope.high:+.2f})."
        ).replace("-", "\u2212")
    return Table("course", "Learning curve", (Column("Answers given", "count"), *SCORE), rows, note)


def days(figures: Figures) -> Table:
    """Accuracy by day."""
    rows = tuple((each.day.isoformat(), *scored(each.proportion)) for each in figures.timeline)
    return Table("days", "Accuracy by day", (Column("Day"), *SCORE), rows, FEW)


def times(figures: Figures) -> Table:
    """Response times."""
    rows = tuple(
        (group(each.group), each.n, each.lower, each.median, each.upper) for each in figures.times.groups
    )
    columns = (
        Column("Skin tones"), Column("Answers", "count"), Column("Lower quartile", "seconds"),
        Column("Median", "seconds"), Column("Upper quartile", "seconds"),
    )  # fmt: skip
    note = "Seconds from image to answer; answers under 0.3 s are left out."
    compared = figures.times.light_dark
    if compared is not None:
        note += (
            f" In {compared.effect * 100:.0f} % of pairs the answer on light skin took longer than that on dark skin "
            f"(50 %: no difference; Mann-Whitney p {words.equals(compared.p_value)})."
        )
    return Table("times", "Response time", columns, rows, note)


def group(name: str) -> str:
    """A group of tones in words."""
    return {"all": "All", "light": "Light (1–3)", "medium": "Medium (4–6)", "dark": "Dark (7–10)"}[name]
