"""The form that asks for the cases of a set."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from dermtutor.bootstrap.parts import open_catalogue
from dermtutor.ui.sets.builder import SetBuilderForm
from dermtutor.ui.theme import Theme


@pytest.fixture
def form(qtbot: QtBot) -> SetBuilderForm:
    made = SetBuilderForm(Theme("light"), open_catalogue())
    qtbot.addWidget(made)
    return made


def said(form: SetBuilderForm) -> str:
    return " ".join(each.text() for each in form.findChildren(QLabel))


def test_a_site_where_no_chosen_condition_occurs_is_named(form: SetBuilderForm) -> None:
    form.conditions.choose(("xanthelasma",))
    form.sites["face"].setChecked(True)
    assert "occurs on" not in said(form)
    form.sites["lower-limb"].setChecked(True)
    assert "None of these conditions occurs on: lower limb." in said(form)
    form.conditions.choose(("xanthelasma", "tinea-corporis"))
    assert "occurs on" not in said(form)


def test_what_is_asked_for_is_told_before_it_is_made(form: SetBuilderForm) -> None:
    form.conditions.choose(("melanoma", "vitiligo"))
    form.number.setValue(30)
    assert "30 cases over 2 conditions × 10 tones, 1 or 2 in each" in said(form)
    for box in form.tones.values():
        box.setChecked(False)
    assert not form.start.isEnabled()
