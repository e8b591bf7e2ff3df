"""Who is learning: the profiles of a shared computer."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime

from dermtutor.domain.learners import ROLES, Learner
from dermtutor.errors import UserError
from dermtutor.services.ports import Records

MAX_NAME = 60


class Profiles:
    """Creates, lists and renames learners."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def learners(self) -> tuple[Learner, ...]:
        """All learners by name."""
        return self._records.learners()

    def named(self, name: str) -> Learner:
        """The learner of a name, whatever its case. Raises UserError when there is none."""
        known = self.learners()
        for learner in known:
            if learner.name.casefold() == " ".join(name.split()).casefold():
                return learner
        names = ", ".join(learner.name for learner in known) or "nobody has a profile yet"
        raise UserError(f"No learner is called {name!r}; there are: {names}.")

    def create(self, name: str, role: str = "trainee") -> Learner:
        """A new learner. Raises UserError for a name that is empty, too long or taken, or an unknown role."""
        if role not in ROLES:
            raise UserError(f"No role is called {role!r}; choose one of {', '.join(ROLES)}.")
        learner = Learner(uuid.uuid4().hex, _sound_name(name), role, datetime.now(UTC))
        self._records.add_learner(learner)
        return learner

    def rename(self, learner: Learner, name: str) -> Learner:
        """The learner under a new name. Raises UserError as ``create`` does."""
        sound = _sound_name(name)
        self._records.rename_learner(learner.id, sound)
        return replace(learner, name=sound)

    def change_role(self, learner: Learner, role: str) -> Learner:
        """The learner in another role. Raises UserError for an unknown role or learner."""
        if role not in ROLES:
            raise UserError(f"No role is called {role!r}; choose one of {', '.join(ROLES)}.")
        self._records.change_role(learner.id, role)
        return replace(learner, role=role)


def _sound_name(name: str) -> str:
    sound = " ".join(name.split())
    if not sound or len(sound) > MAX_NAME or not sound.isprintable():
        raise UserError(f"Type a name of 1 to {MAX_NAME} letters.")
    return sound
