"""The figures as tables: the twins of the charts on screen, the sheets of the spreadsheet, the tables of the PDF."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from dermtutor.domain.power import answers_missing
from dermtutor.domain.quiz import Confidence
from dermtutor.domain.statistics import Gap, Proportion
from dermtutor.reports import words
from dermtutor.services.figures.values import WANTED_HALF_WIDTH, Figures

Kind = Literal["text", "count", "share", "interval", "points", "span", "number", "p", "seconds"]
Value = str | int | float | tuple[float, float] | None
"""An interval is a pair. None is shown as a dash."""

NONE_OF_THESE: Final = "none-of-these"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: ``share`` and ``interval`` are 0 to 1, ``points`` and ``span`` -1 to 1, all shown in percent."""

    title: str
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of values under their columns; ``note`` says how to read it."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    note: str = ""


_SAID: Final[Mapping[str, Callable[..., str]]] = {
    "text": str,
    "count": words.whole,
    "share": words.percent,
    "interval": lambda value: f"{value[0] * 100:.0f}–{value[1] * 100:.0f} %",
    "points": words.points,
    "span": lambda value: f"{words.points(value[0])} to {words.points(value[1])}",
    "number": lambda value: f"{value:.3f}".replace("-", "\u2212"),
    "p": words.probability,
    "seconds": lambda value: f"{value:.1f}",
}


def said(value: Value, kind: Kind) -> str:
    """A value as text."""
    return words.DASH if value is None else _SAID[kind](value)


class Names(dict[str, str]):
    """Names of conditions by id; an id that is no longer taught is its own name."""

    def __missing__(self, key: str) -> str:
        return "None of these" if key == NONE_OF_THESE else key


def _scored(value: Proportion) -> tuple[Value, ...]:
    """Right, answers, accuracy and interval; the last two only where they may be read."""
    if value.too_few:
        return value.k, value.n, None, None
    return value.k, value.n, value.value, (value.low, value.high)


_SCORE: Final = (
    Column("Right", "count"),
    Column("Answers", "count"),
    Column("Accuracy", "share"),
    Column("95 % interval", "interval"),
)
_FEW: Final = "A dash: fewer than five answers, too few to say."


def cells(figures: Figures, names: Names) -> Table:
    """The heat map's twin: all conditions together, each condition, each of its tones."""
    lines: list[tuple[Value, ...]] = [
        ("All conditions", "All tones", *_scored(figures.total), None, *_more(figures.total))
    ]
    lines += [
        ("All conditions", str(each.tone), *_scored(each.proportion), None, *_more(each.proportion))
        for each in figures.by_tone
    ]
    for score in sorted(figures.by_condition, key=lambda each: names[each.condition]):
        name = names[score.condition]
        lines.append((name, "All tones", *_scored(score.proportion), None, *_more(score.proportion)))
        lines += [
            (name, str(each.tone), *_scored(each.proportion), each.shrunken, *_more(each.proportion))
            for each in figures.cells
            if each.condition == score.condition
        ]
    columns = (
        Column("Condition"),
        Column("Skin tone"),
        *_SCORE,
        Column("Estimate", "share"),
        Column("More needed", "count"),
    )
    note = (
        f"{_FEW} Estimate: the cell's accuracy pulled towards that of all cells, the more the fewer its answers. "
        "More needed: answers until the interval reaches ten points to either side."
    )
    return Table("cells", "Accuracy by condition and skin tone", columns, tuple(lines), note)


def _more(value: Proportion) -> tuple[Value]:
    return (answers_missing(value.k, value.n, WANTED_HALF_WIDTH),)


def tones(figures: Figures) -> Table:
    """Accuracy by tone."""
    rows = tuple((str(each.tone), *_scored(each.proportion)) for each in figures.by_tone)
    return Table("tones", "Accuracy by skin tone", (Column("Skin tone"), *_SCORE), rows, _FEW)


def gap(figures: Figures) -> Table:
    """The tone gap, every way it can be computed. Positive: better on light skin."""
    found = figures.gap
    rows = [_gap_row("All answers", found.independent, found.light, found.dark, None)]
    if found.clustered is not None:
        rows.append(_gap_row("Learners and conditions vary", found.clustered, None, None, None))
    if found.pairs is not None:
        rows.append(_gap_row(f"Same lesion, {words.counted(found.pairs.n, 'pair')}", found.pairs.gap, None, None,
                             found.pairs.gap.p_value))  # fmt: skip
    columns = (
        Column("Comparison"), Column("Light", "share"), Column("n light", "count"), Column("Dark", "share"),
        Column("n dark", "count"), Column("Light minus dark", "points"), Column("95 % interval", "span"),
        Column("p", "p"),
    )  # fmt: skip
    note = "In percentage points. Light: Monk 1 to 3. Dark: Monk 7 to 10."
    if found.within_conditions is not None:
        odds = found.within_conditions
        note += (
            f" Within conditions the odds of being right on light skin are {odds.value:.2f} times those on dark skin "
            f"({odds.low:.2f} to {odds.high:.2f}, p {words.equals(odds.p_value)}; Mantel-Haenszel)."
        )
    return Table("gap", "Light and dark skin", columns, tuple(rows), note)


def _gap_row(
    title: str, found: Gap | None, light: Proportion | None, dark: Proportion | None, p: float | None
) -> tuple[Value, ...]:
    sides: list[Value] = []
    for side in (light, dark):
        sides += [None, None] if side is None else [None if side.too_few else side.value, side.n]
    if found is None or found.too_few:
        return (title, *sides, None, None, None)
    return (title, *sides, found.difference, (found.low, found.high), p)


def needs(figures: Figures) -> Table:
    """How many answers the questions need."""
    rows = tuple(
        (
            each.question,
            "each on light and dark" if each.per_group else "in all",
            each.needed,
            each.given,
            each.missing,
        )
        for each in figures.needs
    )
    columns = (
        Column("Question"),
        Column("Counted"),
        Column("Needed", "count"),
        Column("Given", "count"),
        Column("Still missing", "count"),
    )
    note = (
        "For a test at 5 % with a power of 80 %, were all answers independent. Answers of one learner to like cases "
        "are not, so these are floors."
    )
    return Table("needs", "Answers still needed", columns, rows, note)


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
            *_scored(level.proportion),
        )
        for each in figures.calibration
        for level in each.levels
    )
    columns = (Column("Skin tones"), Column("Confidence"), Column("Stands for", "share"), *_SCORE)
    return Table("calibration", "Confidence and accuracy", columns, rows, _FEW)


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
    rows = tuple((each.trial, *_scored(each.proportion)) for each in figures.course.points)
    slope = figures.course.slope
    note = ""
    if slope is not None:
        note = (
            f"Fitted: each doubling of practice changes the log-odds of being right by {slope.per_doubling:+.2f} "
            f"({slope.low:+.2f} to {slope.high:+.2f})."
        ).replace("-", "\u2212")
    return Table("course", "Learning curve", (Column("Answers given", "count"), *_SCORE), rows, note)


def days(figures: Figures) -> Table:
    """Accuracy by day."""
    rows = tuple((each.day.isoformat(), *_scored(each.proportion)) for each in figures.timeline)
    return Table("days", "Accuracy by day", (Column("Day"), *_SCORE), rows, _FEW)


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


def all_tables(figures: Figures, names: Names) -> Sequence[Table]:
    """Every table of a learner's figures, in the order of the page."""
    return (
        cells(figures, names), tones(figures), gap(figures), needs(figures), mistakes(figures, names),
        spotting(figures, names), calibration(figures), brier(figures), course(figures), days(figures), times(figures),
    )  # fmt: skip
