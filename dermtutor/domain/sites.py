"""Body sites, and the regions in which skin looks alike."""

from __future__ import annotations

from typing import Final

REGIONS: Final = ("head-neck", "trunk", "upper-limb", "lower-limb")
"""What the generator tells apart: few enough that each has photographs."""

REGION_OF_SITE: Final = {
    "face": "head-neck",
    "scalp": "head-neck",
    "neck": "head-neck",
    "trunk": "trunk",
    "upper-limb": "upper-limb",
    "hands": "upper-limb",
    "lower-limb": "lower-limb",
    "feet": "lower-limb",
}
"""The region of a body-site id. Other sites, and the unspecified one, have none."""
