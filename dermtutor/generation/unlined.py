"""Takes straight lines along rows and columns out of a generated picture, and nothing else.

Where hair or fine creases are wanted, the network draws fine lines at the borders between the cells of its small maps:
straight, thin, along one row or column for a quarter of the picture or more. Hair and creases of skin hardly ever are.
A line is what differs, on average along its length, from both sides in the same direction; the border of a lesion
differs from one side only. That average is subtracted, so what else lies on the row, its texture, stays.
"""

from __future__ import annotations

from typing import Final

import torch
import torch.nn.functional as F
from torch import Tensor

# A line is compared with what lies this many pixels beside it, and averaged along so many.
_BESIDE: Final = 2
_ALONG: Final = 33

# A bright speck or a dark hair that crosses is no line: a single difference counts no more than this.
_MOST: Final = 0.25

# An average from this many times what independent pixels would give is a line; all of it is taken out at twice as much.
_CERTAIN: Final = 2.5


def without_lines(picture: Tensor) -> Tensor:
    """The picture (3, R, R) float32 in about [-1, 1] without straight lines along its rows and columns."""
    upright = _without_rows(picture)
    return _without_rows(upright.transpose(1, 2).contiguous()).transpose(1, 2)


def _without_rows(picture: Tensor) -> Tensor:
    grey = picture.mean(0, keepdim=True)
    above, below = _differences(grey)
    chance = ((above + below) / 2).std() / _ALONG**0.5
    line = _in_common(_along(above), _along(below))[0]
    certain = (line.abs() / (_CERTAIN * chance + 1e-6) - 1).clamp(0, 1)
    rows = torch.nonzero(certain.amax(1)).flatten()
    if not len(rows):
        return picture
    colour = _in_common(*(_along(each) for each in _differences(picture, rows)))
    cleaned = picture.clone()
    cleaned[:, rows + _BESIDE] -= colour * _along(certain[rows])
    return cleaned


def _differences(planes: Tensor, rows: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """How rows of planes (C, R, R), all but the outermost ones or some of those, differ from above and below."""
    inner, above, below = planes[:, _BESIDE:-_BESIDE], planes[:, : -2 * _BESIDE], planes[:, 2 * _BESIDE :]
    if rows is not None:
        inner, above, below = inner[:, rows], above[:, rows], below[:, rows]
    return (inner - above).clamp(-_MOST, _MOST), (inner - below).clamp(-_MOST, _MOST)


def _in_common(first: Tensor, second: Tensor) -> Tensor:
    """The smaller of both where they have one sign, elsewhere nothing."""
    least = torch.minimum(first.abs(), second.abs())
    return torch.where(first * second > 0, first.sign() * least, 0.0)


def _along(planes: Tensor) -> Tensor:
    """Means along the rows, mirrored at their ends; by running sums, which cost the same for any length."""
    half = _ALONG // 2
    ends = planes[..., 1 : half + 1].flip(-1), planes[..., -half - 1 : -1].flip(-1)
    sums = F.pad(torch.cat([ends[0], planes, ends[1]], -1).cumsum(-1), (1, 0))
    return (sums[..., _ALONG:] - sums[..., :-_ALONG]) / _ALONG
