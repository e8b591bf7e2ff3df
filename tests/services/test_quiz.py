"""A quiz from start to summary over a real database, with interruptions."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from dermtutor.domain.cases import Source
from dermtutor.domain.quiz import Confidence
from dermtutor.errors import UserError
from dermtutor.services.ports import Cancelled, CaseChecks
from dermtutor.services.presented import PresentedTone
from dermtutor.skin.scales import MonkTone
from tests.provenance import read_provenance
from tests.services.fakes import NOON, Desk, FakeGenerator, small_plan


def test_a_whole_quiz(desk: Desk) -> None:
    session_id = desk.begin(4)
    for number, right in enumerate([True, False, True, True], start=1):
        case, feedback = desk.answer(session_id, right)
        assert (case.question.number, case.question.total) == (number, 4)
        assert feedback.correct is right
        assert feedback.condition.id == case.spec.condition
        assert feedback.chosen.id == feedback.answer.chosen
        assert case.source is case.spec.source
        assert not case.reviewed
        assert case.spec.weights_version == "fake-1"
        assert bool(case.spec.recipe_version) == (case.source is Source.RECIPE)
        assert read_provenance(case.image_png)["SpecId"] == case.question.case_id
    assert desk.quiz.next_case(session_id) is None
    assert desk.quiz.unfinished(desk.learner().id) is None
    summary = desk.quiz.summary(session_id)
    assert (summary.score.k, summary.score.n, summary.total) == (3, 4, 4)
    assert [row.answer.correct for row in summary.answers] == [True, False, True, True]


def test_feedback_shows_only_look_alikes_that_can_be_shown(desk: Desk) -> None:
    session_id = desk.begin(9)
    for _ in range(9):
        case, feedback = desk.answer(session_id)
        if case.spec.condition == "basal-cell-carcinoma":
            assert [c.id for c in feedback.look_alikes] == ["squamous-cell-carcinoma", "melanocytic-naevus"]


def test_closing_in_the_middle_resumes_at_the_same_question(desk: Desk) -> None:
    session_id = desk.begin(4)
    desk.answer(session_id)
    shown = desk.quiz.next_case(session_id)
    desk.close()

    again = Desk(desk.home)
    try:
        open_session = again.quiz.unfinished(again.learner().id)
        assert open_session is not None
        assert (open_session.session_id, open_session.answered, open_session.total) == (session_id, 1, 4)
        assert open_session.plan == small_plan(4)
        assert again.quiz.next_case(session_id) == shown
        assert again.generator.generated == []
    finally:
        again.close()


def test_an_answer_is_kept_with_the_options_in_shown_order(desk: Desk) -> None:
    session_id = desk.begin()
    case, feedback = desk.answer(session_id, right=False)
    (kept,) = desk.records.answers(session_id=session_id)
    assert kept.choices == case.question.choices
    assert kept.answer == feedback.answer
    assert kept.spec == case.spec


def test_a_second_answer_to_a_question_is_refused(desk: Desk) -> None:
    session_id = desk.begin()
    case, _ = desk.answer(session_id)
    with pytest.raises(UserError, match="already answered"):
        desk.quiz.answer(
            session_id, case.question.item_id, case.question.choices[0], Confidence.GUESS, NOON, NOON
        )
    assert desk.quiz.summary(session_id).score.n == 1


def test_answers_that_make_no_sense_are_refused(desk: Desk) -> None:
    session_id = desk.begin()
    case = desk.quiz.next_case(session_id)
    assert case is not None
    with pytest.raises(UserError, match="not among the options"):
        desk.quiz.answer(session_id, case.question.item_id, "rosacea", Confidence.GUESS, NOON, NOON)
    with pytest.raises(UserError, match="go on with the next one"):
        desk.quiz.answer(session_id, "nothing", case.spec.condition, Confidence.GUESS, NOON, NOON)
    assert desk.quiz.summary(session_id).score.n == 0


def test_times_are_kept_in_utc(desk: Desk) -> None:
    session_id = desk.begin()
    case = desk.quiz.next_case(session_id)
    assert case is not None
    there = timezone(timedelta(hours=5, minutes=30))
    shown = datetime(2026, 3, 4, 1, 0, tzinfo=there)
    feedback = desk.quiz.answer(
        session_id,
        case.question.item_id,
        case.spec.condition,
        Confidence.HALF,
        shown,
        shown + timedelta(seconds=3),
    )
    (kept,) = desk.records.answers(session_id=session_id)
    assert kept.answer.shown_at == datetime(2026, 3, 3, 19, 30, tzinfo=UTC)
    assert kept.answer.shown_at.tzinfo is UTC
    assert feedback.answer.seconds == 3.0


def test_prepared_cases_are_there_at_once(desk: Desk) -> None:
    session_id = desk.begin()
    desk.quiz.prepare_ahead(session_id, 2)
    assert len(desk.generator.generated) == 2
    desk.answer(session_id)
    desk.answer(session_id)
    assert len(desk.generator.generated) == 2


def test_preparing_stops_at_the_end_and_when_cancelled(desk: Desk) -> None:
    session_id = desk.begin(3)
    stop = threading.Event()
    stop.set()
    desk.quiz.prepare_ahead(session_id, 3, stop)
    assert desk.generator.generated == []
    desk.quiz.prepare_ahead(session_id, 99)
    assert len(desk.generator.generated) == 3


def test_many_threads_make_each_case_once_and_one_at_a_time(desk: Desk) -> None:
    desk.generator.delay = 0.02
    session_id = desk.begin(6)
    threads = [threading.Thread(target=desk.quiz.prepare_ahead, args=(session_id, 6)) for _ in range(3)]
    shown: list[object] = []
    threads += [
        threading.Thread(target=lambda: shown.append(desk.quiz.next_case(session_id))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert desk.generator.overlaps == 0
    assert len(desk.generator.generated) == len(set(desk.generator.generated)) == 6
    assert len(shown) == 3
    assert shown[0] == shown[1] == shown[2]


def test_a_question_goes_before_background_preparation(desk: Desk) -> None:
    desk.generator.delay = 0.15
    waiting, asked = desk.begin(6, seed=1), desk.begin(6, seed=2)
    background = threading.Thread(target=desk.quiz.prepare_ahead, args=(waiting, 6))
    background.start()
    while not desk.generator.generated:
        time.sleep(0.001)
    case = desk.quiz.next_case(asked)
    background.join()
    assert case is not None
    # After the one being made when it was asked for, and not after all six; a busy machine may squeeze one more in.
    assert desk.generator.generated.index(case.spec.spec_id) <= 3


def test_a_missing_or_altered_image_is_drawn_again(desk: Desk) -> None:
    session_id = desk.begin()
    first = desk.quiz.next_case(session_id)
    files = sorted((desk.home / "media").glob("*.png"))
    assert len(files) == 2
    files[0].unlink()
    assert desk.quiz.next_case(session_id) == first
    files[1].write_bytes(b"altered")
    assert desk.quiz.next_case(session_id) == first
    assert len(desk.generator.generated) == 3


def test_new_weights_draw_what_is_not_yet_answered(desk: Desk) -> None:
    session_id = desk.begin()
    desk.generator.version = "fake-2"
    case, _ = desk.answer(session_id)
    assert case.spec.weights_version == "fake-2"
    desk.generator.version = "fake-3"
    with pytest.raises(UserError, match="no longer installed"):
        desk.quiz.tones_of(case.question.case_id)


def test_the_lesion_on_every_tone(desk: Desk) -> None:
    session_id = desk.begin()
    case = desk.quiz.next_case(session_id)
    assert case is not None
    streamed: list[PresentedTone] = []
    tones = desk.quiz.tones_of(case.question.case_id, each=streamed.append)
    assert [tone.tone for tone in tones] == list(MonkTone.all())
    assert streamed[0].tone == case.spec.tone
    assert sorted(streamed, key=lambda tone: tone.tone) == list(tones)
    own = tones[case.spec.tone.value - 1]
    assert own.image_png == case.image_png
    assert [tone.requested_ita for tone in tones] == sorted(
        (tone.requested_ita for tone in tones), reverse=True
    )


def test_tones_stop_when_cancelled(desk: Desk) -> None:
    session_id = desk.begin()
    case = desk.quiz.next_case(session_id)
    assert case is not None
    stop = threading.Event()
    streamed: list[PresentedTone] = []

    def stop_after_the_first(tone: PresentedTone) -> None:
        streamed.append(tone)
        stop.set()

    with pytest.raises(Cancelled):
        desk.quiz.tones_of(case.question.case_id, stop, stop_after_the_first)
    assert len(streamed) < 10


def test_failed_checks_are_said_in_words(desk: Desk) -> None:
    desk.generator.checks = CaseChecks(False, True, False)
    case = desk.quiz.next_case(desk.begin())
    assert case is not None
    assert case.flags == (
        "measured skin tone differs from the requested one",
        "lesion is unusually small or large",
    )


def test_a_failing_generator_can_be_asked_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    session_id = desk.begin()

    def fail(*_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr(FakeGenerator, "generate", fail)
        with pytest.raises(MemoryError):
            desk.quiz.next_case(session_id)
    assert desk.quiz.next_case(session_id) is not None


def test_unknown_sessions_cases_learners_and_conditions(desk: Desk) -> None:
    with pytest.raises(UserError, match="start a new one"):
        desk.quiz.next_case("nothing")
    with pytest.raises(UserError, match="not in the records"):
        desk.quiz.tones_of("nothing")
    with pytest.raises(UserError, match="choose another"):
        desk.quiz.start("nobody", small_plan())
    with pytest.raises(UserError, match="No condition is called"):
        desk.quiz.start(desk.learner().id, replace(small_plan(), conditions=("gout",)))
    assert desk.records.sessions(desk.learner().id) == ()
