"""Item analysis: how hard each item is, how well it tells learners apart, which wrong options work; reliability.

A generated case is met once, so its family stands for it: a condition on a tone. The cases of a set are met by
everybody and are items themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from dermtutor.domain.items import alpha, sorted_distractors, standard_error
from dermtutor.domain.statistics import TOO_FEW, proportion
from dermtutor.services.answer_columns import AnswerColumns
from dermtutor.services.figures import tallies
from dermtutor.services.figures.cohort_values import ItemAnalysis, ItemFigures, ItemKey, Reliability
from dermtutor.skin.scales import MonkTone

_TONES: Final = tallies.TONES + 1
_FEWEST_ITEMS: Final = 2


@dataclass(frozen=True, slots=True)
class OfferedOptions:
    """Which options each answer could be chosen from: one entry an option, by the answer's sequence number.

    ``option`` are codes of ``words``; sequence numbers are ascending.
    """

    sequence: NDArray[np.int64]
    option: NDArray[np.int32]
    words: tuple[str, ...]


def analyse(columns: AnswerColumns, offered: OfferedOptions, *, single: bool) -> ItemAnalysis:
    """The item analysis of these answers; ``single`` where each case is an item, else families are."""
    codes, keys = _single(columns) if single else _families(columns)
    learners = len(columns.words.learners)
    places = columns.learner.astype(np.int64) * len(keys) + codes
    counts = tallies.marked(places, columns.correct, learners * len(keys))
    counts = counts.reshape(learners, len(keys), 2) if len(keys) else counts.reshape(learners, 0, 2)
    totals = counts.sum(axis=1)
    drawing = _distractors(columns, codes, keys, offered)
    found = tuple(
        ItemFigures(
            key=key,
            facility=proportion(*counts[:, place].sum(axis=0).tolist()),
            learners=int(np.count_nonzero(counts[:, place, 1])),
            discrimination=_item_rest(counts[:, place], totals),
            drawing=drawing[place][0],
            idle=drawing[place][1],
        )
        for place, key in enumerate(keys)
    )
    return ItemAnalysis(found, _reliability(counts), single)


def _families(columns: AnswerColumns) -> tuple[NDArray[np.int64], Sequence[ItemKey]]:
    """The item of each answer, and what the items are: by condition, then tone."""
    order = np.argsort(np.array(columns.words.conditions, dtype=object).astype(str), kind="stable")
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    present, codes = np.unique(rank[columns.condition] * _TONES + columns.tone, return_inverse=True)
    keys = [
        ItemKey(columns.words.conditions[order[each // _TONES]], MonkTone(each % _TONES))
        for each in present.tolist()
    ]
    return codes.astype(np.int64), keys


def _single(columns: AnswerColumns) -> tuple[NDArray[np.int64], Sequence[ItemKey]]:
    cases, first, codes = np.unique(columns.case, return_index=True, return_inverse=True)
    known = columns.words.conditions
    keys = [
        ItemKey(known[int(columns.condition[at])], MonkTone(int(columns.tone[at])), case)
        for case, at in zip(cases.tolist(), first.tolist())
    ]
    order = sorted(range(len(keys)), key=lambda place: (keys[place].condition, keys[place].tone.value, place))
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return rank[codes], [keys[place] for place in order]


def _item_rest(own: tallies.Counts, totals: tallies.Counts) -> float | None:
    rest = totals - own
    met = (own[:, 1] > 0) & (rest[:, 1] > 0)
    if np.count_nonzero(met) < TOO_FEW:
        return None
    mine, others = own[met, 0] / own[met, 1], rest[met, 0] / rest[met, 1]
    if mine.std() < 1e-9 or others.std() < 1e-9:
        return None
    return float(np.corrcoef(mine, others)[0, 1])


def _reliability(counts: tallies.Counts) -> Reliability:
    """Of the items that at least half of the learners met, among the learners who met all of these."""
    active = counts[counts[:, :, 1].any(axis=1)]
    met = active[:, :, 1] > 0
    common = 2 * met.sum(axis=0) >= max(len(active), 1)
    complete = active[met[:, common].all(axis=1)][:, common]
    learners, items = len(complete), int(np.count_nonzero(common))
    if learners < TOO_FEW or items < _FEWEST_ITEMS:
        return Reliability(None, None, learners, items)
    marks = (complete[:, :, 0] / complete[:, :, 1]).tolist()
    error = standard_error(marks)
    return Reliability(alpha(marks), None if error is None else error / items, learners, items)


def _distractors(
    columns: AnswerColumns, codes: NDArray[np.int64], keys: Sequence[ItemKey], offered: OfferedOptions
) -> list[tuple[tuple[tuple[str, float], ...], tuple[tuple[str, float], ...]]]:
    """For each item its wrong options that work and those that do not."""
    known = set(columns.words.conditions)
    words = [*columns.words.conditions, *(word for word in offered.words if word not in known)]
    code_of = {word: code for code, word in enumerate(words)}
    at = np.searchsorted(columns.sequence, offered.sequence)  # answers come in the order of their numbers
    at = np.minimum(at, max(0, len(columns) - 1))
    here = columns.sequence[at] == offered.sequence if len(columns) else np.zeros(len(at), np.bool_)
    option = np.array([code_of[word] for word in offered.words], np.int64)[offered.option[here]]
    # A typed answer had no options to choose from.
    wrong = ~columns.correct & np.isin(columns.sequence, offered.sequence)
    size = len(words)

    def counted(item: NDArray[np.int64], other: NDArray[Any]) -> tallies.Counts:
        return tallies.count(item * size + other, len(keys) * size).reshape(len(keys), size)

    shown, chosen = counted(codes[at[here]], option), counted(codes[wrong], columns.chosen[wrong])
    return [
        sorted_distractors(
            {words[code]: int(chosen[place, code]) for code in np.flatnonzero(chosen[place]).tolist()},
            {
                words[code]: int(shown[place, code])
                for code in np.flatnonzero(shown[place]).tolist()
                if words[code] != key.condition
            },
        )
        for place, key in enumerate(keys)
    ]
