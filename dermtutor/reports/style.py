"""The colours of a chart: those of the window's theme, or those of print."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class ChartStyle:
    """Every value is ``#rrggbb``. ``second`` tells a second series from ``accent``, also by its lightness."""

    surface: str
    text: str
    muted: str
    line: str
    line_strong: str
    accent: str
    second: str


PRINT: Final = ChartStyle(
    surface="#ffffff", text="#1d1c1a", muted="#4d4a44", line="#e2dfd8", line_strong="#88837a", accent="#0f625d",
    second="#b5682a",
)  # fmt: skip
