"""A training step recorded once and replayed on a GPU, where launching its thousands of small kernels takes longest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import TYPE_CHECKING

import torch

from dermtutor.training.sampling import Draw

if TYPE_CHECKING:
    from dermtutor.training.trainer import StepFigures

_WARM_UP = 4
"""Steps that are taken as usual first: optimisers make their state, and the fastest kernels are found."""


class RecordedStep:
    """Calls ``step`` with a draw: the first times as it is, afterwards as one CUDA graph with other numbers.

    ``step`` must do the same work for every draw, wait for nothing and draw from ``rng`` alone.
    """

    def __init__(
        self, step: Callable[[Draw], StepFigures], device: torch.device, rng: torch.Generator
    ) -> None:
        self._step, self._device, self._rng = step, device, rng
        self._taken = 0
        self._graph: torch.cuda.CUDAGraph | None = None
        self._given: Draw | None = None
        self._figures: StepFigures | None = None

    def __call__(self, draw: Draw) -> StepFigures:
        if self._taken < _WARM_UP:
            self._taken += 1
            return self._beside(draw)
        if self._graph is None:
            self._record(draw)
        assert self._graph is not None
        assert self._given is not None
        assert self._figures is not None
        self._given.rows.copy_(draw.rows)
        self._given.views.copy_(draw.views)
        self._graph.replay()
        copies = {field.name: getattr(self._figures, field.name).clone() for field in fields(self._figures)}
        return replace(self._figures, **copies)

    def _beside(self, draw: Draw) -> StepFigures:
        """As it is, but in a stream of its own, as recording wants it."""
        stream = torch.cuda.Stream(self._device)  # type: ignore[no-untyped-call]
        stream.wait_stream(torch.cuda.current_stream(self._device))
        with torch.cuda.stream(stream):
            figures = self._step(draw)
        torch.cuda.current_stream(self._device).wait_stream(stream)
        return figures

    def _record(self, draw: Draw) -> None:
        self._given = Draw(draw.rows.to(self._device), draw.views.to(self._device))
        graph = torch.cuda.CUDAGraph()
        graph.register_generator_state(self._rng)
        torch.cuda.synchronize(self._device)
        with torch.cuda.graph(graph):
            self._figures = self._step(self._given)
        self._graph = graph
