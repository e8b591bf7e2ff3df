"""Figures in words, the same in the window, in print and on the command line."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

from dermtutor.domain.cases import Source
from dermtutor.domain.set_agreement import ReviewAgreement
from dermtutor.domain.statistics import Gap, Proportion
from dermtutor.services.answer_columns import AnswerFilter
from dermtutor.services.figures.gap_values import Need, RealComparison, ToneGap
from dermtutor.services.own_data import Deletion
from dermtutor.services.results import Imported, Refused

TOO_FEW: Final = "too few answers"
DASH: Final = "–"


def percent(share: float | None) -> str:
    """A share as a whole percentage, a dash when there is none."""
    return DASH if share is None else f"{share * 100:.0f} %"


def interval(proportion: Proportion) -> str:
    """The 95 % interval in percent."""
    return f"{proportion.low * 100:.0f}–{proportion.high * 100:.0f} %"


def scored(proportion: Proportion) -> str:
    """Accuracy with its interval and n, or that there are too few answers."""
    if proportion.too_few:
        return f"{TOO_FEW} (n = {proportion.n})"
    return f"{percent(proportion.value)} ({interval(proportion)}, n = {proportion.n})"


def whole(number: int) -> str:
    """A whole number with narrow gaps between its thousands."""
    return f"{number:,}".replace(",", "\u202f")


def counted(number: int, noun: str) -> str:
    """A number with its noun, in the plural unless it is one."""
    return f"{whole(number)} {noun}" + ("" if number == 1 else "s")


def agreement_said(said: ReviewAgreement | None) -> str:
    """How far the reviewers of a case set agree."""
    if said is None:
        return "No case has been judged by two reviewers yet."
    first, second = said.reviewers
    return (
        f"{counted(said.cases, 'case')} judged by two or more, {said.alike} alike. "
        f"Cohen's kappa of {first} and {second} over {counted(said.shared, 'case')}: {_chance_corrected(said.kappa)}. "
        f"Krippendorff's alpha of all reviewers: {_chance_corrected(said.alpha)}."
    )


def _chance_corrected(value: float | None) -> str:
    if value is None:
        return "undefined, since all verdicts are the same"
    return f"{value:.2f}".replace("-", "\u2212")


def points(difference: float) -> str:
    """A difference of shares in percentage points, signed, with a true minus; zero has no sign."""
    whole = round(difference * 100)
    return "0" if whole == 0 else f"{whole:+d}".replace("-", "\u2212")


def span(gap: Gap) -> str:
    """The interval of a difference in percentage points."""
    return f"{points(gap.low)} to {points(gap.high)}"


def gap_verdict(gap: Gap | None) -> str:
    """What a gap says in plain words. Where the interval holds zero nothing was shown, in either direction."""
    if gap is None or gap.too_few:
        return f"{TOO_FEW[0].upper()}{TOO_FEW[1:]} on light or on dark skin to compare them."
    if gap.low > 0 or gap.high < 0:
        side = "dark" if gap.low > 0 else "light"
        return f"Lower on {side} skin by {_size(gap)}."
    return f"No evidence of a gap. That is not evidence of no gap: anything from {span(gap)} points fits these answers."


def _size(gap: Gap, qualified: str = "") -> str:
    """How large a gap is that does not hold zero, with its interval; ``qualified`` is said inside the brackets."""
    near, far = sorted((abs(gap.low), abs(gap.high)))
    interval = f"{near * 100:.0f} to {far * 100:.0f}"
    return f"{abs(gap.difference) * 100:.0f} points (95 % interval {interval}{qualified})"


def careful_said(gap: ToneGap) -> str:
    """By which method the gap of a cohort is told, in one sentence; empty where it is the plain one."""
    if gap.mixed is not None:
        odds = gap.mixed.odds
        return (
            f"By a mixed model that allows for learners and conditions that differ; the odds of being right on light "
            f"skin are {odds.value:.2f} times those on dark skin ({odds.low:.2f} to {odds.high:.2f})."
        )
    if gap.clustered is not None:
        return "By drawing learners and conditions anew (bootstrap): the mixed model has too little to go on."
    return ""


def real_verdict(found: RealComparison) -> str:
    """What answers on photographs say of accuracy on synthetic images, in plain words."""
    gap = found.most_careful
    if gap.too_few:
        return "Too few answers on photographs to compare synthetic images with them."
    own = f", the mean of {counted(found.learners, 'learner')}" if gap is found.paired else ""
    if gap.low > 0 or gap.high < 0:
        kind = "real" if gap.low > 0 else "synthetic"
        return f"Lower on {kind} images by {_size(gap, own)}."
    return (
        "No evidence that accuracy differs between synthetic and real images. That is not evidence that it is the "
        f"same: anything from {span(gap)} points fits these answers{own}."
    )


def pairs_verdict(gap: ToneGap) -> str:
    """What the same lesions on two tones say; empty without any."""
    pairs = gap.pairs
    if pairs is None:
        return ""
    compared = f"The same lesion on light and on dark skin, {counted(pairs.n, 'pair')}: "
    if pairs.gap.too_few:
        return compared + "too few pairs to compare."
    said = f"{points(pairs.gap.difference)} points ({span(pairs.gap)}); exact test p {equals(pairs.gap.p_value)}."
    shown, tested = pairs.gap.low > 0 or pairs.gap.high < 0, pairs.gap.p_value < 0.05
    return compared + said + (" Interval and test disagree here, as they may." if shown != tested else "")


def need_said(need: Need) -> str:
    """How many more answers a question needs."""
    each = " on light and on dark skin each" if need.per_group else ""
    if not need.missing:
        return f"For {need.question}: enough ({whole(need.given)} of {whole(need.needed)}{each})."
    return f"For {need.question}: {whole(need.missing)} more{each} (of {whole(need.needed)})."


def over_confidence(value: float) -> str:
    """Mean confidence minus accuracy, in words."""
    size = f"{abs(value) * 100:.0f} points"
    if abs(value) < 0.005:
        return "as sure as right"
    return f"{size} surer than right" if value > 0 else f"{size} less sure than right"


def equals(p: float) -> str:
    """The p of a test after the letter: = 0.012, or < 0.001."""
    return probability(p) if p < 0.001 else f"= {probability(p)}"


def probability(p: float) -> str:
    """The p of a test."""
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def seconds(value: float | None) -> str:
    """A response time."""
    return DASH if value is None else f"{value:.1f} s" if value < 10 else f"{value:.0f} s"


def deletion_said(done: Deletion) -> str:
    """What was deleted, from when on it is gone, and what could not be looked into."""
    found, local = done.forgotten, done.done_at.astimezone()
    answers = sum(found.rows.get(name, 0) for name in ("answers", "imported_answers"))
    said = (
        f"{done.learner.name} is deleted: {counted(answers, 'answer')}, "
        f"{counted(found.images, 'image')}, and the entries in {counted(found.backups, 'backup')}, as of "
        f"{local.day} {local:%B %Y, %H:%M}."
    )
    if found.unread:
        files = ", ".join(map(str, found.unread))
        said += f" These files are too damaged to look into; delete them as well: {files}."
    return said


def results_sent(name: str, answers: int, target: Path) -> str:
    """What was written for an educator, and under which name."""
    return f"{target} holds {counted(answers, 'answer')} under the name “{name}”."


def result_taken(each: Imported) -> str:
    """What one file brought."""
    if not each.new:
        return f"{each.name}: nothing new, all {counted(each.answers, 'answer')} were there."
    known = each.answers - each.new
    there = f", {whole(known)} were there" if known else ""
    return f"{each.name}: {counted(each.new, 'new answer')}{there}."


def result_refused(each: Refused) -> str:
    """Why a file was not imported."""
    return f"{each.file} was not imported. {each.reason}"


def filter_said(chosen: AnswerFilter) -> str:
    """Which answers count."""
    parts = []
    if chosen.since is not None:
        parts.append(f"since {_day(chosen.since)}")
    if chosen.until is not None:
        parts.append(f"before {_day(chosen.until)}")
    if chosen.source is not None:
        parts.append("photographs" if chosen.source == Source.REAL.value else f"{chosen.source} images")
    if chosen.mode is not None:
        parts.append(f"mode {chosen.mode}")
    if chosen.case_set is not None:
        parts.append(f"set {chosen.case_set}")
    if chosen.reviewed_only:
        parts.append("reviewed cases")
    return ", ".join(parts) or "all on synthetic images"


def _day(moment: datetime) -> str:
    local = moment.astimezone()
    return f"{local.day} {local:%B %Y}"
