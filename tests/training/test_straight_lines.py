"""Lines along rows and columns are found, oblique ones and texture are not, and a gradient takes them away."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from dermtutor.training.straight_lines import USUAL, line_strength, straight_lines

SIDE = 128


@pytest.fixture
def texture() -> Tensor:
    return torch.randn(2, 3, SIDE, SIDE, generator=torch.Generator().manual_seed(1)) * 0.1


def test_a_line_is_found_where_it_lies_in_either_direction(texture: Tensor) -> None:
    assert float(line_strength(texture).max()) < USUAL
    with_row, with_column = texture.clone(), texture.clone()
    with_row[0, :, 60, 20:90] += 0.3
    with_column[0, :, 20:90, 60] += 0.3
    for image, axis in ((with_row, 0), (with_column, 1)):
        found = line_strength(image)
        assert found.shape == (2, 2, SIDE - 4)
        assert int(found[0, axis].argmax()) + 2 == 60
        assert float(found[0, axis].max()) > USUAL
        assert float(found[0, 1 - axis].max()) < USUAL
        assert float(found[1].max()) < USUAL


def test_an_oblique_line_counts_for_nothing(texture: Tensor) -> None:
    places = torch.arange(20, 100)
    texture[0, :, places, places] += 0.3
    assert float(straight_lines(texture)) == 0


def test_its_gradient_takes_a_line_away(texture: Tensor) -> None:
    texture[:, :, 60, 20:90] += 0.15
    before = straight_lines(texture)
    assert float(before) > 0
    image = texture.requires_grad_(True)
    for _ in range(5):
        (gradient,) = torch.autograd.grad(straight_lines(image), image)
        image = (image - 0.3 * gradient).detach().requires_grad_(True)
    assert float(straight_lines(image.detach())) < 0.5 * float(before)
