"""What colours skin, as directions in optical density (red, green, blue of linear light).

Chromophores add in optical density: ``density + amount * direction`` is skin with more of a chromophore, and a
negative amount is skin with less. An amount of 1 is a strong, plainly visible change; real changes are 0.1 to 1.5.

Haemoglobin and melanin come from a fit to clinical photographs of light skin. The others say in which sense they
differ from those two and were chosen by eye: they are teaching colours, not spectra. A camera sees three broad
bands, so no direction here can be used to measure a concentration.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from dermtutor.skin.colour import Float32Array


def _direction(red: float, green: float, blue: float) -> Float32Array:
    direction = np.array((red, green, blue), dtype=np.float32)
    direction.setflags(write=False)
    return direction


# Oxygenated blood near the surface: pink to red erythema; hardly absorbs red light.
HAEMOGLOBIN: Final = _direction(0.237, 0.713, 0.660)

# Epidermal melanin: tan to dark brown, absorbs blue most.
MELANIN: Final = _direction(0.238, 0.442, 0.865)

# Melanin heaped up in a lesion: brown to black where `MELANIN`, the difference between tones, would turn golden.
EUMELANIN: Final = _direction(0.390, 0.665, 0.920)

# Deoxygenated or congested blood: livid, violaceous; takes more red light and less blue.
LIVID_HAEMOGLOBIN: Final = _direction(0.430, 0.735, 0.525)

# Melanin deep in the dermis or with inflammation: grey-brown to slate, nearly neutral, because light of short
# wavelength scatters back before it reaches it.
DERMAL_MELANIN: Final = _direction(0.520, 0.590, 0.620)

# Iron left by old bleeding: rusty brown.
HAEMOSIDERIN: Final = _direction(0.210, 0.560, 0.800)

# Jaundice and old bruises: yellow.
BILIRUBIN: Final = _direction(0.030, 0.130, 0.980)
