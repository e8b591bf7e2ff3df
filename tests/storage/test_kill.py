"""An answer that was acknowledged survives the death of the process."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dermtutor.domain.set_cover import BuildPlan
from dermtutor.skin.scales import MonkTone
from tests.services.fakes import Desk


def test_every_acknowledged_answer_survives_kill_9(home: Path) -> None:
    draw = random.Random(4)
    acknowledged: list[list[str]] = []
    for killed in range(1, 6):
        acknowledged += _answer_until_killed(home, draw.randint(1, 12))
        desk = Desk(home)
        try:
            kept = [
                [row.answer.item_id, row.answer.answer_id, row.answer.chosen]
                for row in desk.records.answers()
            ]
            assert [row for row in kept if row in acknowledged] == acknowledged
            assert desk.maintenance.check().sound
        finally:
            desk.close()
        assert len(list((home / "backups").iterdir())) == killed


def test_an_exam_survives_kill_9_with_its_answers_and_the_time_left(home: Path) -> None:
    draw = random.Random(7)
    ends: set[str] = set()
    last: dict[str, str] = {}
    for _ in range(4):
        for item_id, deadline, chosen in _answer_until_killed(home, draw.randint(1, 9), "exam"):
            ends.add(deadline)
            last[item_id] = chosen
        desk = Desk(home)
        try:
            (session,) = desk.records.sessions(desk.learner().id)
            state = desk.exam.state(session.session_id)
            kept = {each.item_id: each.answer.chosen for each in state.drafts if each.answer}
            # One more may have reached the disk before its acknowledgement reached us.
            assert last.items() <= kept.items()
            assert len(kept) <= len(last) + 1
            last = kept
            assert {str(state.deadline).replace(" ", "T")} == ends
            assert (
                timedelta(minutes=58)
                < (state.remaining(datetime.now(UTC)) or timedelta())
                < timedelta(minutes=60)
            )
            assert desk.maintenance.check().sound
        finally:
            desk.close()
    assert len(last) > 4


def test_the_first_answer_of_a_reflection_survives_kill_9(home: Path) -> None:
    draw = random.Random(9)
    told: dict[str, str] = {}
    for _ in range(3):
        told |= dict(_answer_until_killed(home, draw.randint(1, 5), "reflection"))
        desk = Desk(home)
        try:
            (session,) = desk.records.sessions(desk.learner().id)
            kept = {r.answer.item_id: r.answer.details.first_choice for r in desk.records.answers()}
            left = desk.quiz.next_case(session.session_id)
            if left is not None and left.first is not None:
                kept[left.question.item_id] = left.first.chosen
            assert told.items() <= kept.items()
            assert desk.maintenance.check().sound
        finally:
            desk.close()


def test_a_build_goes_on_where_kill_9_ended_it(home: Path) -> None:
    draw = random.Random(5)
    desk = Desk(home)
    made = desk.sets.create("Moles", "Ada")
    desk.sets.ask_for(made.set_id, BuildPlan(("melanoma", "vitiligo"), MonkTone.all(), 200), seed=1)
    wanted = [spec.spec_id for spec in desk.sets.wanted(made.set_id)]
    desk.close()
    safe: set[str] = set()
    for _ in range(3):
        safe |= {line[0] for line in _answer_until_killed(home, draw.randint(1, 30), program="building")}
        desk = Desk(home)
        try:
            cases = desk.sets.get(made.set_id).cases
            there = {each.case.case_id for each in cases}
            assert safe <= there
            assert there | {spec.spec_id for spec in desk.sets.wanted(made.set_id)} == set(wanted)
            assert len(there) + len(desk.sets.wanted(made.set_id)) == 200
            assert desk.maintenance.check().sound
        finally:
            desk.close()
    desk = Desk(home)
    try:
        desk.sets.build(made.set_id)
        assert [each.case.case_id for each in desk.sets.get(made.set_id).cases] == wanted
    finally:
        desk.close()


def _answer_until_killed(home: Path, answers: int, *mode: str, program: str = "answering") -> list[list[str]]:
    """What the process had acknowledged when it died, killed right after an acknowledgement."""
    command = [sys.executable, "-m", f"tests.storage.{program}", str(home), *mode]
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root, env=environment) as process:
        assert process.stdout is not None
        heard = [process.stdout.readline() for _ in range(answers)]
        process.send_signal(signal.SIGKILL)
        heard += process.stdout.readlines()
    whole = [line.split() for line in heard if line.endswith("\n")]
    assert len(whole) >= answers
    return whole
