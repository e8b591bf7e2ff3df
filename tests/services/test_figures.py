"""A month of work through the real services: every figure is recomputed independently, and found in the reports."""

from __future__ import annotations

import io
import json
from collections import Counter

import numpy as np
import openpyxl
import pytest

from dermtutor.reports.columns import guarded
from dermtutor.reports.report import plain
from dermtutor.reports.spreadsheet import spreadsheet
from dermtutor.services.answer_columns import EVERYTHING
from tests.services.month import Month
from tests.services.plain_figures import Again, same

LIGHT, MEDIUM, DARK = (1, 2, 3), (4, 5, 6), (7, 8, 9, 10)


@pytest.fixture
def again(month: Month) -> Again:
    return Again(month.records)


def test_accuracies_and_intervals(month: Month, again: Again) -> None:
    figures = month.figures
    assert figures.total.n == month.given == len(month.records)
    assert same(figures.total, again.part())
    assert {each.condition for each in figures.by_condition} == {r.spec.condition for r in month.records}
    assert all(same(each.proportion, again.part(each.condition)) for each in figures.by_condition)
    assert all(same(each.proportion, again.part(tones=[each.tone.value])) for each in figures.by_tone)
    assert len(figures.cells) == len({(r.spec.condition, r.spec.tone) for r in month.records})
    assert all(same(each.proportion, again.part(each.condition, [each.tone.value])) for each in figures.cells)


def test_chance_corrected_accuracy(month: Month) -> None:
    chance = np.mean([1 / len(r.choices) for r in month.records])
    accuracy = np.mean([r.answer.correct for r in month.records])
    assert month.figures.chance_corrected == pytest.approx((accuracy - chance) / (1 - chance))


def test_the_tone_gap_three_ways(month: Month, again: Again) -> None:
    gap = month.figures.gap
    assert gap.independent is not None
    assert (gap.independent.difference, gap.independent.low, gap.independent.high) == pytest.approx(
        again.gap()
    )
    assert gap.independent.low > 0  # the rule that answers is worse on dark skin
    assert gap.within_conditions is not None
    odds = gap.within_conditions
    assert (odds.value, odds.p_value) == pytest.approx(again.odds_ratio())
    table, p_value = again.pairs()
    assert gap.pairs is not None
    pairs = gap.pairs
    assert [pairs.both, pairs.light_only, pairs.dark_only, pairs.neither] == table
    assert pairs.n == 24
    assert pairs.gap.p_value == pytest.approx(p_value)
    assert pairs.gap.difference == pytest.approx((table[1] - table[2]) / 24)


def test_confusions(month: Month, again: Again) -> None:
    confusion = month.figures.confusion
    counted = Counter((r.spec.condition, r.answer.chosen) for r in month.records)
    for i, shown in enumerate(confusion.labels):
        for j, called in enumerate(confusion.labels):
            assert confusion.counts[i][j] == counted[shown, called]
    assert sum(map(sum, confusion.counts)) == len(month.records)
    assert confusion.kappa == pytest.approx(again.kappa())
    for each in month.figures.spotting:
        hits = sum(r.answer.correct for r in month.records if r.spec.condition == each.condition)
        alarms = sum(r.answer.chosen == each.condition and not r.answer.correct for r in month.records)
        others = sum(r.spec.condition != each.condition for r in month.records)
        assert (each.detection.sensitivity.k, each.detection.specificity.k) == (hits, others - alarms)


def test_a_cell_opens_its_cases(month: Month) -> None:
    shown, called, times = month.figures.confusion.mistakes()[0]
    cases = month.desk.statistics.cases(month.learner.id, EVERYTHING, shown, called)
    expected = [r for r in month.records if (r.spec.condition, r.answer.chosen) == (shown, called)]
    assert [case.record for case in cases] == expected[::-1]
    assert len(cases) == times
    assert all(case.image_png and case.mask_png for case in cases)
    right = month.desk.statistics.cases(month.learner.id, EVERYTHING, shown, shown)
    assert all(case.record.answer.correct for case in right)
    assert month.desk.statistics.cases(month.learner.id, EVERYTHING, "unknown", called) == ()


def test_calibration_by_tone(month: Month, again: Again) -> None:
    groups = {each.group: each for each in month.figures.calibration}
    for name, tones in (("all", range(1, 11)), ("light", LIGHT), ("medium", MEDIUM), ("dark", DARK)):
        brier = groups[name].brier
        assert (brier.score, brier.over_confidence) == pytest.approx(again.brier(tones))
        assert brier.score == pytest.approx(brier.reliability - brier.resolution + brier.uncertainty)
        for level in groups[name].levels:
            marks = [
                r.answer.correct
                for r in month.records
                if r.answer.confidence == level.confidence and r.spec.tone.value in tones
            ]
            assert same(level.proportion, (sum(marks), len(marks)))


def test_learning_curve(month: Month, again: Again) -> None:
    course = month.figures.course
    marks = [r.answer.correct for r in month.records]
    assert course.points[0].trial == 20
    assert course.points[-1].trial == len(marks)
    assert all(
        same(each.proportion, (sum(marks[each.trial - 20 : each.trial]), 20)) for each in course.points
    )
    assert course.slope is not None
    slope = course.slope
    assert (slope.per_doubling, slope.low, slope.high) == pytest.approx(again.slope(), abs=1e-5)


def test_days_and_times(month: Month, again: Again) -> None:
    days: dict[object, list[bool]] = {}
    for r in month.records:
        days.setdefault(r.answer.answered_at.astimezone().date(), []).append(r.answer.correct)
    assert [each.day for each in month.figures.timeline] == sorted(days)  # type: ignore[type-var]
    assert all(
        same(each.proportion, (sum(days[each.day]), len(days[each.day]))) for each in month.figures.timeline
    )
    groups = {each.group: each for each in month.figures.times.groups}
    for name, tones in (("all", range(1, 11)), ("light", LIGHT), ("medium", MEDIUM), ("dark", DARK)):
        seconds = again.seconds(tones)
        found = groups[name]
        assert found.n == len(seconds)
        assert (found.lower, found.median, found.upper) == pytest.approx(
            np.quantile(seconds, (0.25, 0.5, 0.75))
        )
    compared = month.figures.times.light_dark
    assert compared is not None
    assert (compared.p_value, compared.effect) == pytest.approx(again.light_dark_times(), abs=1e-9)


def test_answers_still_needed(month: Month) -> None:
    needs = {need.question: need for need in month.figures.needs}
    small = next(need for name, need in needs.items() if "gap of 4 points" in name)
    assert small.needed > 1500
    assert small.given == min(
        Again(month.records).part(tones=LIGHT)[1], Again(month.records).part(tones=DARK)[1]
    )
    assert small.missing == small.needed - small.given
    assert any("twins" in name for name in needs)


def test_a_cohort_is_all_its_learners(month: Month) -> None:
    page, detail = month.desk.statistics.page(None), month.desk.statistics.cohort()
    again = Again(month.everyone)
    assert same(page.figures.total, again.part())
    assert page.figures.learners == len(detail.learners) == 6
    for each in detail.learners:
        own = Again(month.desk.records.answers(each.learner))
        assert same(each.proportion, own.part())
        assert each.over_confidence == pytest.approx(own.brier(range(1, 11))[1])
        assert each.median_seconds == pytest.approx(np.median(own.milliseconds(range(1, 11))) / 1000)
        assert each.gap is not None
        assert (each.gap.difference, each.gap.low, each.gap.high) == pytest.approx(own.gap())
    table, _ = again.pairs()
    assert page.figures.gap.pairs is not None
    assert page.figures.gap.pairs.n == sum(table)


def test_conditions_as_items(month: Month) -> None:
    detail = month.desk.statistics.cohort()
    learners = sorted({r.learner_id for r in month.everyone})
    again = {who: Again([r for r in month.everyone if r.learner_id == who]) for who in learners}
    for item in detail.items:
        assert same(item.facility, Again(month.everyone).part(item.condition))
        own = np.array([again[who].part(item.condition) for who in learners], float)
        rest = np.array([again[who].part() for who in learners], float) - own
        r = np.corrcoef(own[:, 0] / own[:, 1], rest[:, 0] / rest[:, 1])[0, 1]
        assert item.discrimination == pytest.approx(r)
        chosen = Counter(r.answer.chosen for r in month.everyone if r.spec.condition == item.condition)
        expected = {name: n / chosen.total() for name, n in chosen.items() if name != item.condition}
        assert dict(item.distractors) == {name: share for name, share in expected.items() if share >= 0.05}
        assert item.p_value is None or 0 <= item.p_value <= 1
    shares = np.array(
        [[np.divide(*again[who].part(each.condition)) for each in detail.items] for who in learners]
    )
    k = shares.shape[1]
    assert detail.alpha == pytest.approx(
        k / (k - 1) * (1 - shares.var(axis=0).sum() / shares.sum(axis=1).var())
    )
    assert detail.clustered_gap is not None
    light, dark = Again(month.everyone).part(tones=LIGHT), Again(month.everyone).part(tones=DARK)
    assert detail.clustered_gap.difference == pytest.approx(light[0] / light[1] - dark[0] / dark[1])
    assert detail.clustered_gap.low < detail.clustered_gap.difference < detail.clustered_gap.high


def test_the_spreadsheet_holds_the_same_figures(month: Month) -> None:
    report = month.report(month.learner)
    book = openpyxl.load_workbook(io.BytesIO(spreadsheet(report)))
    assert book["About"]["B1"].value == "'=Ada"
    for table in report.tables():
        sheet = book[table.name.capitalize()]
        rows = [tuple(value for value in row) for row in sheet.iter_rows(min_row=2, values_only=True)]
        assert len(rows) == len(table.rows)
        for found, row in zip(rows, table.rows):
            flat: list[object] = []
            for value, column in zip(row, table.columns):
                wide = column.kind in ("interval", "span")
                flat += list(value or (None, None)) if wide else [value]  # type: ignore[arg-type]
            for cell, value in zip(found, flat, strict=True):
                assert cell == (pytest.approx(value) if isinstance(value, float) else value)


@pytest.mark.parametrize("text", ["=1+1", "+49", "-2", "@here", "\tx", "\rx", "\nx"])
def test_no_text_becomes_a_formula(text: str) -> None:
    assert guarded(text) == f"'{text}"
    assert guarded("Ada = 1") == "Ada = 1"


def test_the_data_for_scripts_say_the_same(month: Month) -> None:
    told = json.loads(json.dumps(plain(month.report(None))))
    assert told["learner"] is None
    assert told["figures"]["total"] == {
        "k": sum(r.answer.correct for r in month.everyone), "n": len(month.everyone), "too_few": False,
        "low": pytest.approx(told["figures"]["total"]["low"]), "high": pytest.approx(told["figures"]["total"]["high"]),
        "value": pytest.approx(np.mean([r.answer.correct for r in month.everyone])),
    }  # fmt: skip
    assert {each["learner"] for each in told["cohort"]["learners"]} == {
        "=Ada",
        *(o.name for o in month.others),
    }
    assert told["figures"]["gap"]["independent"]["verdict"] == "higher"
    hidden = plain(month.reporting.report(None, pseudonyms=True))
    assert {each["learner"] for each in hidden["cohort"]["learners"]} == {f"Learner {n}" for n in range(1, 7)}


@pytest.mark.parametrize("everyone", [False, True])
def test_a_learner_fills_one_page_and_a_cohort_two(month: Month, everyone: bool) -> None:
    from pypdf import PdfReader

    from dermtutor.reports.pdf import pdf

    report = month.report(None if everyone else month.learner)
    pages = PdfReader(io.BytesIO(pdf(report))).pages
    assert len(pages) == (2 if everyone else 1)
    text = " ".join(page.extract_text() for page in pages)
    total = report.figures.total
    assert f"{total.low * 100:.0f}–{total.high * 100:.0f} %" in text
    assert "Not for diagnosis" in text
    assert ("Conditions as items" in text) is everyone
