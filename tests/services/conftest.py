"""A desk for each test, and one after a month of work for all of them."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.fakes import Desk
from tests.services.month import Month


@pytest.fixture
def desk(home: Path) -> Iterator[Desk]:
    opened = Desk(home)
    yield opened
    opened.close()


@pytest.fixture(scope="package")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Month]:
    with pytest.MonkeyPatch.context() as quick:
        quick.setattr(
            os, "fsync", lambda descriptor: None
        )  # what a power cut would lose is not what is tested here
        month = Month(tmp_path_factory.mktemp("month"))
    yield month
    month.desk.close()
