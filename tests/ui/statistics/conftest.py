"""Records of two learners and an educator with some days of work."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from dermtutor import bootstrap
from dermtutor.paths import Folders
from tests.services.month import Trainee
from tests.ui.fakes import FakeGenerator


@pytest.fixture(scope="session")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Records of two learners with some days of work, to be copied."""
    home = tmp_path_factory.mktemp("worked")
    with pytest.MonkeyPatch.context() as quick:
        quick.setattr(os, "fsync", lambda descriptor: None)
        quick.setattr(bootstrap.services, "open_generator", lambda device="auto", own=dict: FakeGenerator())
        services = bootstrap.build_services(Folders(home))
        for name, role, days in (("Ada", "trainee", 4), ("Bea", "trainee", 3), ("Eva", "educator", 5)):
            Trainee(services.quiz, services.profiles.create(name, role), days).work(days, questions=10)
        services.close()
    return home


@pytest.fixture
def prepare(folders: Folders, worked: Path) -> None:
    """Those records are here."""
    shutil.copytree(worked, folders.home, dirs_exist_ok=True)
