"""Contrast of both palettes by the formula of WCAG 2.2, and the bundled face."""

from __future__ import annotations

import pytest
import shiboken6
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetrics
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from dermtutor.ui.stylesheet import stylesheet
from dermtutor.ui.theme import DARK, LIGHT, Theme, Tokens, contrast_ratio, font, ramp_color, readable_on
from dermtutor.ui.widgets.basic import dress

TEXT = 4.5
SHAPE = 3.0

TEXT_PAIRS = [
    *((text, ground) for text in ("text", "muted") for ground in ("page", "surface", "raised", "hover")),
    ("on_accent", "accent"), ("on_accent", "accent_hover"), ("on_accent_soft", "accent_soft"),
    ("right", "right_soft"), ("wrong", "wrong_soft"), ("caution", "caution_soft"), ("caution", "page"),
    ("muted", "right_soft"), ("muted", "wrong_soft"), ("text", "caution_soft"), ("text", "accent_soft"),
]  # fmt: skip
SHAPE_PAIRS = [
    (shape, ground) for shape in ("line_strong", "focus", "accent") for ground in ("page", "surface")
]


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_texts_can_be_read(tokens: Tokens, text: str, ground: str) -> None:
    assert contrast_ratio(QColor(getattr(tokens, text)), QColor(getattr(tokens, ground))) >= TEXT


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SHAPE_PAIRS)
def test_borders_of_controls_and_focus_can_be_seen(tokens: Tokens, shape: str, ground: str) -> None:
    assert contrast_ratio(QColor(getattr(tokens, shape)), QColor(getattr(tokens, ground))) >= SHAPE


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_heat_map_reads_in_greyscale_and_its_figures_on_every_colour(tokens: Tokens) -> None:
    colors = [ramp_color(tokens, step / 100) for step in range(101)]
    greys = [round(0.2126 * c.red() + 0.7152 * c.green() + 0.0722 * c.blue()) for c in colors]
    assert greys in (sorted(greys), sorted(greys, reverse=True))
    assert min(contrast_ratio(readable_on(color), color) for color in colors) >= TEXT


def test_reference_contrasts() -> None:
    assert contrast_ratio(QColor("#000000"), QColor("#ffffff")) == pytest.approx(21)
    assert contrast_ratio(QColor("#777777"), QColor("#ffffff")) == pytest.approx(4.48, abs=0.01)


def test_the_bundled_face_is_used_with_figures_of_equal_width(app: QApplication) -> None:
    face = font(14, QFont.Weight.DemiBold)
    assert QFontInfo(face).family() == "Inter"
    metrics = QFontMetrics(face)
    assert len({metrics.horizontalAdvance(figure * 10) for figure in "0123456789"}) == 1


def test_every_token_of_the_style_sheet_is_known() -> None:
    assert "$" not in stylesheet(LIGHT)
    assert DARK.page in stylesheet(DARK)


def test_a_sign_follows_the_theme_as_long_as_its_button_is_there(qtbot: QtBot, app: QApplication) -> None:
    theme, button = Theme("light"), QPushButton()
    qtbot.addWidget(button)
    dress(button, "check", theme)
    light = button.icon().pixmap(16).toImage()
    theme.choose("dark", app)
    assert button.icon().pixmap(16).toImage() != light
    shiboken6.delete(button)
    with qtbot.captureExceptions() as caught:
        theme.choose("light", app)
    assert caught == []
