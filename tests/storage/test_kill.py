"""An answer that was acknowledged survives the death of the process."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

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


def _answer_until_killed(home: Path, answers: int) -> list[list[str]]:
    """What the process had acknowledged when it died, killed right after an acknowledgement."""
    command = [sys.executable, "-m", "tests.storage.answering", str(home)]
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
