"""One lesion on pixels that come from no file: for measuring, nothing of it is kept."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from dermtutor.domain.case_sets import Photograph
from dermtutor.domain.transfer import Placement, TransferPlan
from dermtutor.generation.transfer.engine import TransferStudio
from dermtutor.services.photographs import PhotographFile


def lesion_on(studio: TransferStudio, pixels: NDArray[np.uint8], lesion: Placement) -> NDArray[np.uint8]:
    """The pixels (H, W, 3) uint8 of healthy skin with a lesion on them."""
    photograph = PhotographFile(hashlib.sha256(pixels.tobytes()).hexdigest(), pixels)
    permitted = Photograph(photograph.sha, "measured and not kept")
    plan = TransferPlan(permitted, photograph.width, photograph.height, (lesion,))
    return studio.render(photograph, plan, {}).image
