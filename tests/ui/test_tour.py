"""The tour takes real quizzes through the real windows and leaves pictures and answers."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from dermtutor import bootstrap
from dermtutor.errors import EnvironmentProblem, UserError
from dermtutor.paths import Folders
from dermtutor.ui.tour import FIRST_QUIZ, SECOND_QUIZ, run_tour
from dermtutor.ui.tour_modes import MODE_ANSWERS
from tests.ui.fakes import FakeGenerator

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True)


def test_tour_pictures_every_page_and_stores_its_answers(
    app: QApplication, folders: Folders, tmp_path: Path
) -> None:
    result = run_tour(tmp_path / "out", lambda: bootstrap.build_services(folders), folders)
    names = {path.stem.split("-", 1)[1] for path in result.pictures}
    wanted = {
        "start",
        "set-up",
        "question",
        "feedback-right",
        "feedback-wrong",
        "outline",
        "progress",
        "summary",
    }
    assert wanted <= names
    assert {"transfer", "transfer-empty", "transfer-monk-8-dark"} <= names
    assert {"case-sets", "case-set-form", "case-set", "case-set-dark", "case-set-cover"} <= names
    assert {"cohort-empty", "cohort", "cohort-items"} <= names
    assert {"recipes", "recipe-form", "recipe-form-dark", "recipe-text"} <= names
    assert {"tone-01", "tone-10", "question-dark", "progress-dark", "progress-table"} <= names
    assert {"question-features", "question-typed", "question-ranked", "reflection", "drill-covered"} <= names
    assert {"exam", "exam-result", "exam-look-back", "set-up-blueprint", "set-up-review"} <= names
    assert result.answers == FIRST_QUIZ + SECOND_QUIZ + MODE_ANSWERS
    for path in result.pictures:
        image = QImage(str(path))
        assert image.width() == 1280
        seen = {image.pixel(x, y) for x in range(0, image.width(), 16) for y in range(0, image.height(), 16)}
        assert len(seen) > 5, path
    services = bootstrap.build_services(folders)
    learner = services.profiles.learners()[0]
    overview = services.progress.overview(learner.id)
    report = services.maintenance.check()
    services.close()
    assert report.sound
    assert report.counts["answers"] == result.answers
    assert overview.total.n == result.answers
    assert 0 < overview.total.k < overview.total.n


def test_tour_says_what_the_application_said(
    app: QApplication, folders: Folders, tmp_path: Path, generator: FakeGenerator
) -> None:
    generator.error = UserError("The weights are missing; reinstall DermTutor.")
    with pytest.raises(EnvironmentProblem, match="weights are missing"):
        run_tour(tmp_path, lambda: bootstrap.build_services(folders), folders)
