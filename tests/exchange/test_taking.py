"""Sets that arrive in the records: whole, unchanged, and without touching what is there."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dermtutor.bootstrap import Services, build_services
from dermtutor.errors import UserError
from dermtutor.exchange.forms import Form
from dermtutor.paths import resolve_folders
from dermtutor.services.encoding import encode_picture
from dermtutor.services.ports import Cancelled
from tests.exchange.making import NOON, Shelf, made_case, made_set, with_photographs, write


@pytest.fixture
def services(home: Path) -> Iterator[Services]:
    opened = build_services(resolve_folders(home))
    yield opened
    opened.close()


def test_a_set_arrives_as_it_was_and_leaves_as_the_same_file(
    services: Services, shelf: Shelf, tmp_path: Path
) -> None:
    sent = replace(with_photographs(shelf, made_set(shelf, 6)), used_at=NOON)
    path = write(sent, shelf, tmp_path)
    services.set_exchange.take(path)
    here = services.case_sets.get(sent.set_id)
    assert here == sent
    for case in sent.cases:
        assert services.case_sets.image(case.case.image_sha) == shelf.files[case.case.image_sha]
    leaving = replace(sent, cases=(*sent.cases[:6], sent.cases[9]))
    again = tmp_path / "again.dermset"
    made = services.set_exchange.send(sent.set_id, Form.DERMSET, again, signer="Ada Example")
    assert made.left_out.total == 3
    verified = services.set_exchange.verify(again)
    assert verified.own
    assert verified.imported.case_set == leaving


def test_one_version_arrives_once_and_the_next_beside_it(
    services: Services, shelf: Shelf, tmp_path: Path
) -> None:
    first = made_set(shelf, 2)
    services.set_exchange.take(write(first, shelf, tmp_path))
    with pytest.raises(UserError, match="here already"):
        services.set_exchange.take(tmp_path / "set.dermset")
    later = replace(first, set_id="set-2", version=3)
    services.set_exchange.take(write(later, shelf, tmp_path, "later.dermset"))
    assert [each.case_set.version for each in services.case_sets.summaries()] == [3, 2]


def test_nothing_of_a_bad_or_stopped_file_stays(services: Services, shelf: Shelf, tmp_path: Path) -> None:
    path = write(made_set(shelf, 3), shelf, tmp_path)
    bad = tmp_path / "bad.dermset"
    bad.write_bytes(path.read_bytes()[:-7])
    with pytest.raises(UserError, match="cut off"):
        services.set_exchange.take(bad)
    assert not list((services.folders.media).glob("*"))
    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled):
        services.set_exchange.take(path, cancel=stop)
    assert services.case_sets.summaries() == ()


def test_a_case_that_is_here_keeps_its_picture(services: Services, shelf: Shelf, tmp_path: Path) -> None:
    """A file with the same case and another picture would change a set that an exam has used."""
    case_set = made_set(shelf, 2)
    services.set_exchange.take(write(case_set, shelf, tmp_path))
    other = Shelf()
    case = made_case(other, 0)
    altered = encode_picture(np.full((32, 32, 3), 90, np.uint8), case.case.spec.source, {})
    case = replace(case, case=replace(case.case, image_sha=other.put(altered)))
    forged = replace(case_set, set_id="set-9", series="series-9", cases=(case,))
    with pytest.raises(UserError, match="another picture"):
        services.set_exchange.take(write(forged, other, tmp_path, "forged.dermset"))
    assert services.case_sets.get(case_set.set_id) == case_set


def test_a_named_key_is_known_from_then_on(services: Services, shelf: Shelf, tmp_path: Path) -> None:
    path = write(made_set(shelf, 1), shelf, tmp_path)
    assert services.set_exchange.verify(path).known_as is None
    assert services.set_exchange.name_key(path, "Ada of the clinic").known_as == "Ada of the clinic"
