from pathlib import Path

import pytest

from dermtutor.domain.case_sets import CaseSet
from dermtutor.domain.conditions import Catalogue, load_catalogue
from dermtutor.exchange.known_keys import KnownKeys
from dermtutor.exchange.questions import Sheet
from dermtutor.exchange.service import CaseExchange
from dermtutor.paths import assets_dir
from dermtutor.services.signing import SigningKey
from tests.exchange.making import Shelf, made_set


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue(assets_dir() / "conditions")


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def case_set(shelf: Shelf) -> CaseSet:
    return made_set(shelf, 5)


@pytest.fixture
def sheet(case_set: CaseSet, catalogue: Catalogue, shelf: Shelf) -> Sheet:
    return Sheet(case_set, catalogue, shelf.get)


@pytest.fixture
def exchange(catalogue: Catalogue, home: Path) -> CaseExchange:
    return CaseExchange(catalogue, SigningKey(home / "signing-key.pem"), KnownKeys(home / "known-keys.json"))
