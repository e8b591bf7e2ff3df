"""Colours, type and spacing of the window: two small palettes of named tokens, from which everything is painted.

The surround of a clinical image is the same neutral grey in both themes, because the colour beside an image changes
how its skin is judged. Every text/background pair below keeps the contrast of WCAG 2.2 AA; a test computes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

ThemeName = Literal["system", "light", "dark"]

IMAGE_SURROUND: Final = "#777777"
"""sRGB 119: a lightness near 50 in CIELAB, neutral, the same in both themes."""

BODY_FAMILY: Final = "Inter"
DISPLAY_FAMILY: Final = "Inter Display"
BODY_PIXELS: Final = 14


@dataclass(frozen=True, slots=True)
class Tokens:
    """One palette. Every value is ``#rrggbb``; ``ramp`` runs from 0 % to 100 % of a sequential scale."""

    name: str
    page: str
    surface: str
    raised: str
    hover: str
    line: str
    line_strong: str
    text: str
    muted: str
    accent: str
    accent_hover: str
    on_accent: str
    accent_soft: str
    on_accent_soft: str
    focus: str
    right: str
    right_soft: str
    wrong: str
    wrong_soft: str
    caution: str
    caution_soft: str
    ramp: tuple[str, str, str]


LIGHT: Final = Tokens(
    name="light",
    page="#f4f3ef", surface="#ffffff", raised="#faf9f6", hover="#f1efea", line="#e2dfd8", line_strong="#88837a",
    text="#1d1c1a", muted="#5b5851", accent="#0f625d", accent_hover="#0b4f4b", on_accent="#ffffff",
    accent_soft="#e0efec", on_accent_soft="#0a4b47", focus="#0f625d",
    right="#1a6b3c", right_soft="#e4f2e8", wrong="#a8322a", wrong_soft="#fae9e6", caution="#7a5200",
    caution_soft="#fbf1da", ramp=("#eef4f3", "#6fb1aa", "#0b4f4b"),
)  # fmt: skip

DARK: Final = Tokens(
    name="dark",
    page="#151716", surface="#1e2120", raised="#252928", hover="#2b302e", line="#343a38", line_strong="#858d89",
    text="#edecea", muted="#a9aeab", accent="#5fc4b9", accent_hover="#7bd3c9", on_accent="#06211e",
    accent_soft="#173b38", on_accent_soft="#a5e3dc", focus="#7bd3c9",
    right="#74cf97", right_soft="#183323", wrong="#f2958a", wrong_soft="#40211e", caution="#e6bd6c",
    caution_soft="#3a2e14", ramp=("#26302e", "#2f7f78", "#a5e3dc"),
)  # fmt: skip


def resolve_tokens(name: ThemeName) -> Tokens:
    """The palette of a setting; ``system`` follows the desktop's colour scheme."""
    if name == "system":
        dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return DARK if dark else LIGHT
    return DARK if name == "dark" else LIGHT


_STYLE: Final = "fusion"


class Theme(QObject):
    """The palette in use. Widgets that paint themselves hold it and repaint on ``changed``.

    ``worn`` follows once all that is seen of the window is styled and painted: what takes long is begun then.
    """

    changed = Signal()
    worn = Signal()

    def __init__(self, name: ThemeName = "system", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.name: ThemeName = name
        self.tokens = resolve_tokens(name)

    def choose(self, name: ThemeName, app: QApplication) -> None:
        """Change to another theme."""
        self.name = name
        self.tokens = resolve_tokens(name)
        app.setPalette(_palette(self.tokens))
        self.changed.emit()

    def apply(self, app: QApplication) -> None:
        """Give the application this theme's style, palette and font."""
        if app.style().name() != _STYLE:  # setting it once more would style every widget there is anew
            app.setStyle(_STYLE)
        app.setFont(font(BODY_PIXELS))
        app.setPalette(_palette(self.tokens))

    def color(self, token: str) -> QColor:
        """The colour of a token by its name."""
        return QColor(getattr(self.tokens, token))


@lru_cache(maxsize=64)
def font(pixels: int, weight: QFont.Weight = QFont.Weight.Normal, *, display: bool = False) -> QFont:
    """The bundled face at a size in logical pixels, with figures of equal width. It is shared: not to be changed."""
    face = QFont(DISPLAY_FAMILY if display else BODY_FAMILY)
    face.setPixelSize(pixels)
    face.setWeight(weight)
    face.setFeature(QFont.Tag("tnum"), 1)
    face.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return face


def ramp_color(tokens: Tokens, share: float) -> QColor:
    """Sequential colour for a share of 0 to 1; its lightness is monotone, so it reads in greyscale too."""
    return QColor(*ramp_rgb(tokens, share))


def ramp_rgb(tokens: Tokens, share: float) -> tuple[int, int, int]:
    """The same as red, green and blue, 0 to 255."""
    low, middle, high = (rgb(value) for value in tokens.ramp)
    first, second, part = (low, middle, share * 2) if share < 0.5 else (middle, high, share * 2 - 1)
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(first, second, strict=True))
    return red, green, blue


def rgb(value: str) -> tuple[int, int, int]:
    """The parts of ``#rrggbb``."""
    return int(value[1:3], 16), int(value[3:5], 16), int(value[5:7], 16)


def contrast_ratio(first: QColor, second: QColor) -> float:
    """WCAG contrast of two colours, 1 to 21."""
    brighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def readable_on(background: QColor) -> QColor:
    """Black or white, whichever reads better on the background; one of them always reaches 4.5 to 1."""
    return QColor(Qt.GlobalColor.black if _reads_dark(background.rgb()) else Qt.GlobalColor.white)


@lru_cache(maxsize=1024)
def _reads_dark(rgb: int) -> bool:
    dark, light, background = QColor("#000000"), QColor("#ffffff"), QColor(rgb)
    return contrast_ratio(dark, background) >= contrast_ratio(light, background)


def _luminance(color: QColor) -> float:
    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF())


def _palette(tokens: Tokens) -> QPalette:
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: tokens.page,
        QPalette.ColorRole.WindowText: tokens.text,
        QPalette.ColorRole.Base: tokens.surface,
        QPalette.ColorRole.AlternateBase: tokens.raised,
        QPalette.ColorRole.Text: tokens.text,
        QPalette.ColorRole.Button: tokens.surface,
        QPalette.ColorRole.ButtonText: tokens.text,
        QPalette.ColorRole.PlaceholderText: tokens.muted,
        QPalette.ColorRole.Highlight: tokens.accent,
        QPalette.ColorRole.HighlightedText: tokens.on_accent,
        QPalette.ColorRole.ToolTipBase: tokens.raised,
        QPalette.ColorRole.ToolTipText: tokens.text,
        QPalette.ColorRole.Link: tokens.accent,
    }
    for role, value in roles.items():
        palette.setColor(role, QColor(value))
    return palette
