"""Who is learning on this computer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

ROLES: Final = ("trainee", "educator")


@dataclass(frozen=True, slots=True)
class Learner:
    """A profile on a shared computer. ``created_at`` is in UTC."""

    id: str
    name: str
    role: str
    created_at: datetime
