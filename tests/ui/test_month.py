"""A trainee's work at the real windows over days: practice, exams, reflection, reviews, both forms, photographs.

What is kept then is read from the raw rows, and every figure of the page and of the report has to be theirs. With
DERMTUTOR_MONTH set to a folder it is a whole month of 28 days, whose pages and report are left there to be looked at.
"""

from __future__ import annotations

import json
import os
import random
import shutil
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from dermtutor import bootstrap
from dermtutor.domain.modes import Mode
from dermtutor.domain.quiz import QuizPlan
from dermtutor.domain.set_quiz import set_plan
from dermtutor.paths import Folders
from dermtutor.reports.report import plain, save
from dermtutor.ui.desk import Desk
from dermtutor.ui.window import MainWindow
from tests.services import raw_figures as raw
from tests.services.photograph_folder import LINE, make_folder
from tests.ui.conftest import OpenWindow, idle
from tests.ui.driving import LONG, click, press, sit_down

FOLDER = os.environ.get("DERMTUTOR_MONTH", "")
DAYS = 28 if FOLDER else 4
CONDITIONS = (
    "melanoma", "melanocytic-naevus", "basal-cell-carcinoma", "plaque-psoriasis", "tinea-corporis", "vitiligo",
)  # fmt: skip
WEEK = (
    (Mode.PRACTICE, ""), (Mode.EXAM, ""), (Mode.FORMS, "A"), (Mode.REFLECTION, ""), (Mode.PRACTICE, ""),
    (Mode.FORMS, "B"), (Mode.PRACTICE, ""),
)  # fmt: skip
_MODULES = (
    "ui.flow",
    "ui.exam_flow",
    "services.quiz",
    "services.exam",
    "services.reviews",
    "services.marking",
)


class Calendar:
    """The computer's clock, set forward by whole days."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.day = 0
        calendar = self

        class Shifted(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
                return datetime.now(tz) - timedelta(days=DAYS - calendar.day)

        for module in _MODULES:
            monkeypatch.setattr(f"dermtutor.{module}.datetime", Shifted)


class Trainee:
    """Answers by keys: worse on dark skin and on some conditions, better with practice, sometimes too sure."""

    def __init__(self, qtbot: QtBot, window: MainWindow, desk: Desk) -> None:
        self.qtbot, self.window, self.desk = qtbot, window, desk
        self.draw = random.Random(5)
        self.given = 0

    def until(self, done: object) -> None:
        self.qtbot.waitUntil(lambda: done() and self.window.records.idle(), timeout=LONG)  # type: ignore[operator]

    def keys(self, *keys: Qt.Key) -> None:
        for key in keys:
            press(self.qtbot, self.window, key)

    def choose(self, condition: str, tone: int, choices: tuple[str, ...]) -> None:
        """One answer and its confidence by keys."""
        chance = (
            0.6 + 0.002 * self.given - (0.2 if tone >= 7 else 0) - 0.08 * (CONDITIONS.index(condition) % 3)
        )
        right = self.draw.random() < chance
        wrong = [choice for choice in choices if choice != condition]
        chosen = condition if right or not wrong else self.draw.choice(wrong)
        sure = min(5, max(1, round(self.draw.gauss(3.8 if right else 3.1, 1.0))))
        self.keys(Qt.Key(Qt.Key.Key_0.value + choices.index(chosen) + 1))
        panel = (
            self.desk.quizzes.exam_page.question if self.examined else self.desk.quizzes.case_page.question
        )
        panel.confidence.choose(sure)
        self.given += 1

    @property
    def examined(self) -> bool:
        return self.desk.quizzes.exam_page.isVisible()

    def set_up(self, mode: Mode, form: str) -> None:
        desk = self.desk
        desk.quizzes.show_setup()
        page = desk.quizzes.setup_page
        self.until(page.isVisible)
        page.choose(CONDITIONS, range(1, 11), 5, mode)
        if form:
            page.options.form.choose("AB".index(form))
        click(self.qtbot, page.start)

    def take(self) -> None:
        """Whatever is on the desk, to its end."""
        quizzes = self.desk.quizzes
        case, exam = quizzes.case_page, quizzes.exam_page
        flow = quizzes.sitting.exam
        self.until(
            lambda: case.question.submit.isVisible() or (exam.question.submit.isVisible() and flow.current)
        )
        while not quizzes.summary_page.isVisible():
            if self.examined:
                self.in_exam()
            else:
                self.in_quiz()

    def in_exam(self) -> None:
        flow = self.desk.quizzes.sitting.exam
        current, state = flow.current, flow.state
        assert current is not None
        assert state is not None
        question = current.case.case.question
        self.choose(current.case.case.spec.condition, current.case.case.spec.tone.value, question.choices)
        last = state.answered >= len(state.drafts) - 1
        if not last or self.draw.random() < 0.7:
            self.keys(Qt.Key.Key_Return)
        self.until(lambda: last or flow.current not in (None, current))
        if last:
            page = self.desk.quizzes.exam_page
            click(self.qtbot, page.hand_in)
            click(self.qtbot, page.confirm)
            self.until(self.desk.quizzes.summary_page.isVisible)

    def in_quiz(self) -> None:
        page, flow = self.desk.quizzes.case_page, self.desk.quizzes.flow
        assert flow.current is not None
        case = flow.current.case
        self.choose(case.spec.condition, case.spec.tone.value, case.question.choices)
        self.keys(Qt.Key.Key_Return)
        self.until(lambda: page.reflection.isVisible() or page.feedback.next.isVisible())
        if page.reflection.isVisible():
            if page.reflection.supporting.chips:
                click(self.qtbot, page.reflection.supporting.chips[0])
            self.keys(Qt.Key.Key_Return)
            self.until(page.feedback.next.isVisible)
        self.keys(Qt.Key.Key_Return)
        summary = self.desk.quizzes.summary_page
        self.until(lambda: summary.isVisible() or page.question.submit.isVisible())


@pytest.mark.slow
def test_days_at_the_window_and_every_figure_of_them(
    qtbot: QtBot, open_window: OpenWindow, folders: Folders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calendar = Calendar(monkeypatch)
    ward = photographs(folders, tmp_path)
    window = open_window()
    desk = sit_down(qtbot, window, "Ada")
    trainee = Trainee(qtbot, window, desk)
    for day in range(DAYS):
        calendar.day = day
        mode, form = WEEK[day % len(WEEK)]
        trainee.set_up(mode, form)
        trainee.take()
        learner = desk.learner
        assert learner is not None
        if day % 3 == 2 and desk._services.reviews.due(learner.id):
            desk.quizzes.review()
            trainee.take()
        if day % 4 == 1:
            desk.quizzes.sitting.start(learner.id, ward)
            trainee.take()
    looked_at = Path(FOLDER) if FOLDER else tmp_path / "looked-at"
    look_at(qtbot, window, desk, looked_at)
    window.close()
    check(folders, looked_at)


def photographs(folders: Folders, tmp_path: Path) -> QuizPlan:
    """A set of photographs, and practice on it."""
    services = bootstrap.build_services(folders)
    try:
        lines = [
            LINE | {"file": f"{number}.png", "condition": condition, "tone": str(1 + 3 * (number % 4))}
            for number, condition in enumerate(CONDITIONS)
        ]
        folder = make_folder(tmp_path / "ward", lines)
        made, _ = services.real_images.make_set(folder, "Ward", "Eva", accept=True)
    finally:
        services.close()
    return set_plan(made, Mode.PRACTICE)


def look_at(qtbot: QtBot, window: MainWindow, desk: Desk, folder: Path) -> None:
    """The progress page as charts and as tables, from top to bottom."""
    folder.mkdir(parents=True, exist_ok=True)
    window.resize(1280, 800)
    desk.show_progress()
    page = desk.progress_page
    qtbot.waitUntil(lambda: page.heat_map.isVisible() and idle(window), timeout=LONG)
    assert page.cards["real"].isVisible()
    for name in ("charts", "tables"):
        content = page.area.widget()
        assert content is not None
        content.grab().save(str(folder / f"page-{name}.png"))
        if name == "charts":
            page.as_table.toggle()
            qtbot.wait(50)


def check(folders: Folders, folder: Path) -> None:
    """The page's figures, and the report's, against the raw rows."""
    services = bootstrap.build_services(folders)
    try:
        learner = services.profiles.named("Ada")
        report = services.reporting.report(learner)
        for kind in ("pdf", "xlsx"):
            save(report, folder / f"report.{kind}", kind)
        told = json.loads(json.dumps(plain(report)))
        figures = services.statistics.page(learner.id).figures
    finally:
        services.close()
    copy = folder / "records.sqlite3"
    shutil.copy(folders.database, copy)
    rows = raw.raw_file(copy)
    real = rows["source"] == "real"
    raw.check_page(figures, rows[~real])
    assert told["figures"]["total"]["n"] == (~real).sum()
    assert figures.real is not None
    assert figures.real.real.n == real.sum()
    shared = rows[~real & rows["condition"].isin(rows.loc[real, "condition"])]
    assert (figures.real.synthetic.k, figures.real.synthetic.n) == (shared["correct"].sum(), len(shared))
