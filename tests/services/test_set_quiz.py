"""Quizzes on case sets: stored cases, what each mode may ask, and what is told with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from dermtutor.domain.case_sets import CaseReview, CaseSet, CaseState, SetCase, Stem
from dermtutor.domain.cases import CaseSpec, Source
from dermtutor.domain.modes import Mode
from dermtutor.domain.records import CaseRecord
from dermtutor.domain.set_quiz import askable, set_plan
from dermtutor.errors import UserError
from dermtutor.services.encoding import encode_case
from dermtutor.skin.scales import MonkTone
from tests.services.fakes import Desk

THEN = datetime(2026, 3, 4, 12, tzinfo=UTC)
YES = CaseReview("Ada", CaseState.ACCEPTED, "", THEN)
NO = CaseReview("Ada", CaseState.REJECTED, "Cut off.", THEN)
CONDITIONS = ("melanoma", "melanocytic-naevus", "basal-cell-carcinoma", "from-elsewhere")


def kept_case(desk: Desk, seed: int, *reviews: CaseReview, source: Source = Source.LEARNED) -> SetCase:
    """A case whose files are in the media folder."""
    spec = CaseSpec(CONDITIONS[seed % 4], MonkTone(1 + seed), seed, source, weights_version="fake-1",
                    origin="" if source.generated else "ab" * 32)  # fmt: skip
    encoded = encode_case(desk.generator._paint(spec))
    shas = desk.media.put(encoded.png), desk.media.put(encoded.mask_png)
    record = CaseRecord(spec, *shas, 10.0, 10.2, (), "ab" * 32, False, THEN)
    return SetCase(record, Stem(40 + seed, "lower-limb", "{age} years, spot on the {site}."), reviews=reviews)


@pytest.fixture
def case_set(desk: Desk) -> CaseSet:
    said: list[tuple[CaseReview, ...]] = [(YES,), (NO,), (), (YES,), (YES,), ()]
    cases = tuple(kept_case(desk, seed, *reviews) for seed, reviews in enumerate(said))
    made = CaseSet("one", "one", 1, "Moles", "Ada", THEN, cases)
    desk.set_store.add(made)
    return desk.set_store.case_set("one")


def usable(case_set: CaseSet) -> tuple[SetCase, ...]:
    """Those that nobody has rejected."""
    return tuple(each for each in case_set.cases if each.state is not CaseState.REJECTED)


def test_practice_asks_the_stored_cases_in_their_order_and_marks_them(desk: Desk, case_set: CaseSet) -> None:
    session = desk.quiz.start(desk.learner().id, set_plan(case_set, Mode.PRACTICE, choices=3), seed=5)
    assert len(usable(case_set)) == 5
    for each in usable(case_set):
        shown, _ = desk.answer(session)
        assert shown.question.case_id == each.case.case_id
        assert shown.image_png == desk.media.get(each.case.image_sha)
        assert each.case.spec.condition in shown.question.choices
        assert shown.told == f"{each.stem.age} years, spot on the lower limb."
        assert (shown.reviewed, shown.rejected) == (each.state == "accepted", False)
    assert desk.generator.generated == []
    assert desk.quiz.next_case(session) is None
    assert not desk.set_store.case_set("one").frozen
    assert desk.maintenance.check().sound


def test_a_case_that_is_rejected_meanwhile_says_so(desk: Desk, case_set: CaseSet) -> None:
    session = desk.quiz.start(desk.learner().id, set_plan(case_set, Mode.PRACTICE), seed=5)
    desk.set_store.add_review("one", [case_set.cases[0].case.case_id], NO)
    shown, _ = desk.answer(session)
    assert (shown.reviewed, shown.rejected) == (False, True)
    left = desk.set_store.case_set("one")
    assert askable(left, Mode.PRACTICE) == left.cases[2:]
    nothing = replace(left, cases=left.cases[:2])
    with pytest.raises(UserError, match="has 0 usable cases"):
        set_plan(nothing, Mode.PRACTICE)


def test_an_exam_asks_accepted_cases_only_and_freezes_the_set(desk: Desk, case_set: CaseSet) -> None:
    plan = set_plan(case_set, Mode.EXAM, choices=3)
    session = desk.quiz.start(desk.learner().id, plan)
    asked = [item.case_id for item in desk.records.items(session)]
    assert asked == [each.case.case_id for each in case_set.cases if each.state == "accepted"]
    assert desk.set_store.case_set("one").frozen
    assert desk.exam.case(session, 0).reviewed
    with pytest.raises(UserError, match="3 accepted cases, not 4; accept more"):
        desk.quiz.start(desk.learner().id, replace(plan, questions=4))
    with pytest.raises(UserError, match="practice, reflection or an exam"):
        replace(plan, mode=Mode.DRILL)


def test_tone_twins_never_meet(desk: Desk, case_set: CaseSet) -> None:
    first = case_set.cases[0]
    twin = replace(first, case=replace(first.case, spec=first.case.spec.on_tone(MonkTone(9))))
    both = replace(case_set, cases=(*case_set.cases, twin))
    assert askable(both, Mode.PRACTICE) == usable(case_set)
    pinned = replace(twin, pinned=True)
    chosen = askable(replace(both, cases=(*case_set.cases, pinned)), Mode.PRACTICE)
    assert chosen == (*usable(case_set)[1:], pinned)
    real = [replace(each, case=replace(each.case, spec=replace(each.case.spec, source=Source.REAL, origin="ab" * 32)))
            for each in (first, twin)]  # fmt: skip
    assert len(askable(replace(case_set, cases=tuple(real)), Mode.PRACTICE)) == 2


def test_of_fewer_questions_the_pinned_cases_are_always_asked(desk: Desk, case_set: CaseSet) -> None:
    pinned = [case_set.cases[place].case.case_id for place in (2, 5)]
    desk.set_store.keep_pins("one", pinned, True)
    plan = set_plan(desk.set_store.case_set("one"), Mode.PRACTICE, questions=3)
    others = set()
    for seed in range(12):
        session = desk.quiz.start(desk.learner().id, plan, seed)
        asked = [item.case_id for item in desk.records.items(session)]
        assert set(pinned) < set(asked)
        assert len(set(asked)) == 3
        others |= set(asked) - set(pinned)
    assert len(others) > 2


def test_nothing_takes_the_place_of_a_lost_image(
    desk: Desk, case_set: CaseSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    paint = desk.generator._paint
    photograph = kept_case(desk, 8, source=Source.REAL)
    desk.set_store.add_cases("one", [photograph])
    plan = set_plan(desk.set_store.case_set("one"), Mode.PRACTICE)
    session = desk.quiz.start(desk.learner().id, plan)
    for each in (case_set.cases[0], photograph):
        desk.media.remove(each.case.image_sha)
    assert (
        desk.quiz.case_at(session, 0).question.case_id == case_set.cases[0].case.case_id
    )  # the very same again
    with pytest.raises(UserError, match="cannot be made again as it was"):
        desk.quiz.case_at(session, 5)
    desk.media.remove(case_set.cases[0].case.image_sha)
    monkeypatch.setattr(
        desk.generator, "_paint", lambda spec: replace(paint(spec), image=255 - paint(spec).image)
    )
    with pytest.raises(UserError, match="cannot be made again as it was"):
        desk.quiz.case_at(session, 0)
    desk.generator.version = "fake-2"
    with pytest.raises(UserError, match="cannot be made again as it was"):
        desk.quiz.case_at(session, 0)
    with pytest.raises(UserError, match="its own skin tone only"):
        desk.quiz.tones_of(photograph.case.case_id)


def test_an_empty_set_is_no_quiz(desk: Desk, case_set: CaseSet) -> None:
    with pytest.raises(UserError, match="build its cases first"):
        set_plan(replace(case_set, cases=()), Mode.PRACTICE)


@pytest.mark.parametrize(
    ("stem", "complaint"),
    [
        (Stem(history="A {sex} of 40."), "{sex} is unknown"),
        (Stem(history="A {age}-year-old."), "give the age"),
        (Stem(4, history="On the {site}."), "give the site"),
        (Stem(4, history="Broken {age."), "no partner"),
        (Stem(300), "age from 0 to 110"),
    ],
)
def test_a_stem_is_checked(stem: Stem, complaint: str) -> None:
    with pytest.raises(UserError, match=complaint):
        stem.check()


def test_what_a_stem_tells() -> None:
    assert Stem().told() == ""
    assert Stem(7, "upper-limb").told() == "7 years old. Site: upper limb."
    assert Stem(site="face").told() == "Site: face."
    assert Stem(7, "face", "{age}, {site}, {age}").told() == "7, face, 7"
