from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.fakes import Desk


@pytest.fixture
def desk(home: Path) -> Iterator[Desk]:
    opened = Desk(home)
    yield opened
    opened.close()
