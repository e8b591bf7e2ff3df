"""The deck, opened and imported by Anki's own library."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dermtutor.domain.case_sets import CaseSet, Stem
from dermtutor.domain.conditions import Catalogue
from dermtutor.exchange.anki import write_anki
from dermtutor.exchange.questions import Sheet
from tests.exchange.making import Shelf

collections = pytest.importorskip("anki.collection", reason="Anki's library is not installed (extra: dev)")


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Any]:
    opened = collections.Collection(str(tmp_path / "collection.anki2"))
    yield opened
    opened.close()


def _imported(collection: Any, sheet: Sheet, folder: Path) -> Any:
    target = folder / "deck.apkg"
    write_anki(sheet, target)
    options = collections.ImportAnkiPackageOptions()
    request = collections.ImportAnkiPackageRequest(package_path=str(target), options=options)
    return collection.import_anki_package(request).log


def test_every_case_is_a_card_with_its_pictures(collection: Any, sheet: Sheet, tmp_path: Path) -> None:
    log = _imported(collection, sheet, tmp_path)
    assert len(log.new) == collection.card_count() == len(sheet.questions)
    checked = collection.media.check()
    assert (list(checked.missing), list(checked.unused)) == ([], [])
    assert sheet.title in [each.name for each in collection.decks.all_names_and_ids()]
    cards = [collection.get_card(each) for each in collection.find_cards("", order="n.sfld")]
    by_answer = {card.note()["Answer"]: card for card in cards}
    for question in sheet.questions:
        card = by_answer[question.right.name]
        front, back = card.question(), card.answer()
        for option in question.options:
            assert f"<li>{option.name}</li>" in front
        assert f'src="dermtutor-{question.item_id}.png"' in front
        assert ("outline.png" in back) == sheet.has_outline(question)
        assert f"<strong>{question.right.name}</strong>" in back
        assert "Not for diagnosis" in front
        kept = Path(collection.media.dir()) / f"dermtutor-{question.item_id}.png"
        assert kept.read_bytes() == sheet.picture(question)


def test_a_later_version_changes_cards_and_doubles_none(
    collection: Any, case_set: CaseSet, catalogue: Catalogue, shelf: Shelf, tmp_path: Path
) -> None:
    _imported(collection, Sheet(case_set, catalogue, shelf.get), tmp_path)
    assert len(_imported(collection, Sheet(case_set, catalogue, shelf.get), tmp_path).duplicate) == 5
    changed = replace(case_set.cases[0], stem=Stem(history="Another <b>story</b>"))
    later = replace(
        case_set,
        version=3,
        created_at=case_set.created_at + timedelta(days=1),
        cases=(changed, *case_set.cases[1:]),
    )
    log = _imported(collection, Sheet(later, catalogue, shelf.get), tmp_path)
    assert (len(log.new), collection.card_count()) == (0, 5)
    stems = [collection.get_note(each)["Stem"] for each in collection.find_notes("")]
    assert "Another &lt;b&gt;story&lt;/b&gt;" in stems
