"""The bundled faces and icons."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QFontDatabase, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from dermtutor.errors import EnvironmentProblem
from dermtutor.paths import assets_dir

ICON_SCALES = (1, 2, 3)


def load_fonts() -> None:
    """Make the bundled faces known to Qt. Raises EnvironmentProblem when they are missing."""
    files = sorted((assets_dir() / "fonts").glob("*.otf"))
    if not files or any(QFontDatabase.addApplicationFont(str(file)) < 0 for file in files):
        raise EnvironmentProblem(f"The typeface in {assets_dir() / 'fonts'} is missing; reinstall DermTutor.")


@lru_cache(maxsize=64)
def _drawing(name: str) -> str:
    return (assets_dir() / "icons" / f"{name}.svg").read_text(encoding="utf-8")


def pixmap(name: str, color: QColor, size: int, scale: float = 1) -> QPixmap:
    """An icon in one colour, ``size`` logical pixels square."""
    return _pixmap(name, color.name(), size, scale)


@lru_cache(maxsize=512)
def _pixmap(name: str, color: str, size: int, scale: float) -> QPixmap:
    renderer = QSvgRenderer(QByteArray(_drawing(name).replace("currentColor", color).encode()))
    image = QPixmap(round(size * scale), round(size * scale))
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter, QRectF(image.rect()))
    painter.end()
    image.setDevicePixelRatio(scale)
    return image


def icon(name: str, color: QColor, size: int = 18) -> QIcon:
    """An icon for buttons, sharp at every usual scaling."""
    result = QIcon()
    for scale in ICON_SCALES:
        result.addPixmap(pixmap(name, color, size, scale))
    return result
