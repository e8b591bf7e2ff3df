"""The recipe being written: one text with its history. The form and the text view both show it and both change it."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from dermtutor.domain.recipes import Key

_TOGETHER_SECONDS: Final = 1.2
"""Changes of one kind at one place within this time are undone together."""
_MOST_STEPS: Final = 500


@dataclass(frozen=True, slots=True)
class _Step:
    text: str
    tag: object


class Draft(QObject):
    """``changed`` carries who changed it: ``form``, ``text``, ``history`` or ``open``."""

    changed = Signal(str)
    state_changed = Signal()

    def __init__(self, parent: QObject | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._clock = clock
        self._past: list[_Step] = []
        self._future: list[_Step] = []
        self._last: tuple[object, float] = (None, 0.0)
        self._kept: str | None = ""
        self.text = ""
        self.table: dict[str, Any] = {}
        self.is_toml = True
        self.was = ""
        self.read_only = False

    def open(self, text: str, was: str, *, read_only: bool = False) -> None:
        """Another recipe. ``was`` is the id under which it is kept, empty when it is in no folder yet.

        What was not kept of the one before is gone.
        """
        self.was, self.read_only = was, read_only
        self._past, self._future, self._last = [], [], (None, 0.0)
        self._kept = text if was else None
        self.table = {}
        self._become(text, "open")

    @property
    def is_dirty(self) -> bool:
        """There is something that is not kept."""
        return not self.read_only and self.text != self._kept

    @property
    def can_undo(self) -> bool:
        """There is a step back."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """There is a step forward again."""
        return bool(self._future)

    @property
    def file(self) -> str:
        """What messages call it."""
        return f"{self.was or self.table.get('id', 'recipe')}.toml"

    def mark_kept(self, text: str, was: str) -> None:
        """This text is in the folder now, under this id."""
        self._kept, self.was = text, was
        self._last = (None, 0.0)
        self.state_changed.emit()

    def forget(self) -> None:
        """What is not kept is not wanted any more."""
        self._kept = self.text
        self.state_changed.emit()

    def change(self, text: str, by: str, tag: object = None) -> None:
        """Another text. Changes with the same ``tag`` in quick succession become one step back."""
        if self.read_only or text == self.text:
            return
        now = self._clock()
        together = tag is not None and self._last[0] == tag and now - self._last[1] < _TOGETHER_SECONDS
        if not together:
            self._past = [*self._past[-_MOST_STEPS:], _Step(self.text, tag)]
        self._future = []
        self._last = (tag, now)
        self._become(text, by)

    def undo(self) -> None:
        """One step back."""
        self._step(self._past, self._future)

    def redo(self) -> None:
        """One step forward again."""
        self._step(self._future, self._past)

    def value(self, key: Key) -> Any:
        """What the last sound text has at a place, None when nothing."""
        found: Any = self.table
        for part in key:
            try:
                found = found[part]
            except (LookupError, TypeError):
                return None
        return found

    def _step(self, source: list[_Step], target: list[_Step]) -> None:
        if source:
            step = source.pop()
            target.append(_Step(self.text, step.tag))
            self._last = (None, 0.0)
            self._become(step.text, "history")

    def _become(self, text: str, by: str) -> None:
        self.text = text
        try:
            self.table = tomllib.loads(text)
            self.is_toml = True
        except (ValueError, RecursionError):
            self.is_toml = False
        self.changed.emit(by)
        self.state_changed.emit()
