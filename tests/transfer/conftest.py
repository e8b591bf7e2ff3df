"""One generator with the real weights for all tests of transfer."""

from __future__ import annotations

import pytest

from dermtutor.bootstrap import open_catalogue
from dermtutor.generation.generator import Generator
from dermtutor.generation.transfer.engine import TransferStudio
from dermtutor.paths import assets_dir, weights_dir
from dermtutor.services.transfer import Transfer


@pytest.fixture(scope="session")
def generator() -> Generator:
    return Generator(weights_dir(), assets_dir() / "recipes", device="cpu")


@pytest.fixture
def transfer(generator: Generator) -> Transfer:
    return Transfer(open_catalogue(), lambda: TransferStudio(generator))
