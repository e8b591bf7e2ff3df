"""Profiles of a shared computer."""

from __future__ import annotations

import pytest

from dermtutor.errors import UserError
from tests.services.fakes import Desk


def test_create_list_rename(desk: Desk) -> None:
    bea = desk.profiles.create("  Bea \t Okafor ", "educator")
    ada = desk.profiles.create("ada")
    assert (bea.name, bea.role) == ("Bea Okafor", "educator")
    assert desk.profiles.learners() == (ada, bea)
    renamed = desk.profiles.rename(ada, "Zoë")
    assert [learner.name for learner in desk.profiles.learners()] == ["Bea Okafor", "Zoë"]
    assert renamed in desk.profiles.learners()


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "a\x00b"])
def test_names_that_are_none(desk: Desk, name: str) -> None:
    with pytest.raises(UserError, match="1 to 60 letters"):
        desk.profiles.create(name)


def test_a_name_is_taken_whatever_its_case(desk: Desk) -> None:
    desk.profiles.create("Ada")
    other = desk.profiles.create("Bea")
    for attempt in (lambda: desk.profiles.create("ADA"), lambda: desk.profiles.rename(other, "ada")):
        with pytest.raises(UserError, match="choose another name"):
            attempt()
    assert [learner.name for learner in desk.profiles.learners()] == ["Ada", "Bea"]


def test_an_unknown_role(desk: Desk) -> None:
    with pytest.raises(UserError, match="trainee, educator"):
        desk.profiles.create("Ada", "king")
