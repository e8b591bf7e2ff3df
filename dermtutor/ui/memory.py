"""What the window remembers between starts, written down whenever it changes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject

from dermtutor.domain.learners import Learner
from dermtutor.domain.modes import Mode
from dermtutor.domain.quiz import QuizPlan
from dermtutor.settings import Settings, save_settings
from dermtutor.ui.tasks import Worker
from dermtutor.ui.theme import ThemeName


class Memory(QObject):
    """``settings`` are as they were changed last; ``records`` writes them to the file, whatever else is cancelled."""

    def __init__(self, settings: Settings, path: Path, records: Worker, parent: QObject) -> None:
        super().__init__(parent)
        self.settings = settings
        self._path = path
        self._records = records

    def acknowledge(self) -> None:
        """The person knows that nothing here is for diagnosis."""
        self._remember(replace(self.settings, acknowledged_not_for_diagnosis=True))

    def learner(self, learner: Learner) -> None:
        """Who is learning now."""
        if learner.id != self.settings.last_learner:
            self._remember(replace(self.settings, last_learner=learner.id))

    def plan(self, plan: QuizPlan, options: dict[str, int], *, everything: bool) -> None:
        """How the last quiz was set up. Who chose ``everything`` gets the conditions of the next release as well."""
        if plan.mode is Mode.REVIEW or plan.case_set:  # it chose nothing: the scheduler did, or an educator
            return
        settings = replace(self.settings, mode=plan.mode.value, options=options)
        if not plan.blueprint:
            settings = replace(
                settings,
                conditions=() if everything else plan.conditions,
                tones=tuple(tone.value for tone in plan.tones),
            )
        if plan.mode is not Mode.FORMS and not plan.blueprint:
            settings = replace(settings, questions=plan.questions)
        self._remember(settings)

    def auto_submit(self, on: bool) -> None:
        """Whether an answer is checked without Enter."""
        self._remember(replace(self.settings, auto_submit=on))

    def theme(self, name: ThemeName) -> None:
        """The theme that was chosen."""
        self._remember(replace(self.settings, theme=name))

    def _remember(self, settings: Settings) -> None:
        self.settings = settings
        self._records.submit(
            "save the settings",
            lambda cancel: save_settings(self._path, settings),
            lambda _: None,
            lasting=True,
        )
