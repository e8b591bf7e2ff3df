"""Text that a spreadsheet program must not take for a formula."""

from __future__ import annotations

from typing import Final

_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def guarded(text: str) -> str:
    """The text with an apostrophe in front where a spreadsheet program would take it for a formula."""
    return f"'{text}" if text.startswith(_FORMULAS) else text
