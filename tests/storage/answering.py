"""A process that answers question after question and says so, until it is killed.

Usage: python -m tests.storage.answering HOME
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.services.fakes import Desk


def main() -> None:
    desk = Desk(Path(sys.argv[1]))
    while True:
        unfinished = desk.quiz.unfinished(desk.learner().id)
        session_id = unfinished.session_id if unfinished else desk.begin(20, seed=None)
        case, feedback = desk.answer(session_id, right=len(desk.generator.generated) % 3 != 0)
        sys.stdout.write(f"{case.question.item_id} {feedback.answer.answer_id} {feedback.answer.chosen}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
