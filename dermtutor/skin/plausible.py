"""Colours that skin cannot have, taken out of a lesion that is shown on other skin than it was photographed on.

A photograph is brought to the canonical tone by one shift of optical density, as though all of a lesion lay beneath the
skin's melanin. Pigment in the epidermis, crust and scale do not: on lighter skin they turn teal, green and violet.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from dermtutor.skin.colour import Float32Array

# Green's part in the luminance of red and green together (sRGB).
_GREEN_SHARE: Final = np.float32(0.7152 / (0.2126 + 0.7152))

# Blue light over red that deep pigment may have: slate, as in blue-grey areas of a melanoma, but no more.
_BLUEST: Final = np.float32(1.25)


def keep_to_skin_colours(light: Float32Array, skin: Float32Array) -> None:
    """Change diffuse light ``(3, ...)``, linear, to what may lie on skin of light ``(3,)``; in place.

    * Melanin and blood absorb more green than red. Where there is more green than red, both become their mean of the
      same luminance.
    * Crust and scale, lighter than the skin, are white to yellow: their blue is at most their green.
    * Pigment is brown, black or slate: blue is at most a quarter more than red.
    """
    excess = np.maximum(light[1] - light[0], 0)
    light[0] += _GREEN_SHARE * excess
    light[1] -= (1 - _GREEN_SHARE) * excess
    np.minimum(light[2], np.maximum(light[1], skin[1]), out=light[2])
    np.minimum(light[2], _BLUEST * light[0], out=light[2])
