"""JSON of one form for each value, without spaces and with sorted keys: equal values have equal hashes.

A case, of which a year's results name a hundred thousand, is put together from these parts: an encoder for the whole
takes twice as long.
"""

from __future__ import annotations

import json
from typing import Final

canonical: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode
"""Any value."""
quoted: Final = json.JSONEncoder().encode
"""A text; quicker than ``canonical``, which says the same of it."""


def plain(number: float) -> str:
    """A number. One of numpy's floats would otherwise tell its type too."""
    return int.__repr__(number) if isinstance(number, int) else float.__repr__(number)
