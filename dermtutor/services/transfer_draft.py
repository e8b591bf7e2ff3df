"""What is on a photograph and not saved yet, kept in a file in case the application ends without being asked to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from dermtutor.domain.transfer import TransferPlan
from dermtutor.errors import EnvironmentProblem
from dermtutor.paths import write_atomically


@dataclass(frozen=True, slots=True)
class Draft:
    """The plan of a picture that was not saved, and the photograph's file. The photograph itself is not copied."""

    file: Path
    plan: TransferPlan


class DraftFile:
    """One draft at most, in one file. Calls block until done; one thread at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Draft | None:
        """The draft of last time. None when there is none, or none that can be read."""
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
            return Draft(Path(found["photograph"]), TransferPlan.from_json(found["plan"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def keep(self, draft: Draft) -> None:
        """In place of the one before. Raises EnvironmentProblem when it cannot be written."""
        content = {"photograph": str(draft.file), "plan": draft.plan.canonical_json()}
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(self._path, json.dumps(content, ensure_ascii=False).encode())
        except OSError as problem:
            reason = problem.strerror or str(problem)
            raise EnvironmentProblem(
                f"What is on the photograph would be lost in a crash ({reason}: {self._path}); save the picture soon."
            ) from problem

    def forget(self) -> None:
        """There is nothing unsaved any more."""
        try:
            self._path.unlink(missing_ok=True)
        except OSError as problem:
            reason = problem.strerror or str(problem)
            raise EnvironmentProblem(
                f"The unsaved picture cannot be forgotten ({reason}); delete {self._path} yourself."
            ) from problem
