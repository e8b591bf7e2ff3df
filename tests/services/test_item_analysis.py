"""Items of a cohort: families of generated cases, single cases of a set, their options and their reliability."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from dermtutor.domain.items import sorted_distractors
from dermtutor.services.answer_columns import AnswerColumns
from dermtutor.services.figures.items import OfferedOptions, analyse
from tests.domain.test_items import REFERENCE
from tests.services.made_up import made_up


def options_of(columns: AnswerColumns, offered: list[list[int]]) -> OfferedOptions:
    return OfferedOptions(
        np.repeat(columns.sequence, [len(each) for each in offered]),
        np.array([option for each in offered for option in each], np.int32),
        columns.words.conditions,
    )


def nothing_offered(columns: AnswerColumns) -> OfferedOptions:
    return options_of(columns, [[] for _ in range(len(columns))])


def test_the_cases_of_a_set_are_items_and_kr_20_is_that_of_the_reference() -> None:
    given = [
        (learner, case, 2 + case, case if mark else 4, 3)
        for learner, row in enumerate(REFERENCE)
        for case, mark in enumerate(row)
    ]
    columns = made_up(given, conditions=5, learners=6)
    columns = replace(columns, case=columns.condition.astype(np.int64) + 100)
    found = analyse(columns, nothing_offered(columns), single=True)
    assert [each.key.case for each in found.items] == [100, 101, 102, 103]
    assert [each.facility.value for each in found.items] == pytest.approx(
        [0.667, 0.667, 0.5, 0.167], abs=5e-4
    )
    assert [each.discrimination for each in found.items] == pytest.approx(
        [0.6250, 0.2132, 0.5222, 0.4889], abs=5e-5
    )
    assert found.reliability.alpha == pytest.approx(0.6667, abs=5e-5)
    totals = np.sum(REFERENCE, axis=1)
    assert found.reliability.error == pytest.approx(np.std(totals) * np.sqrt(1 - 2 / 3) / 4)
    assert (found.reliability.learners, found.reliability.items) == (6, 4)


def test_families_are_counted_as_by_hand() -> None:
    draw = np.random.default_rng(1)
    given = [tuple(int(draw.integers(low, high)) for low, high in ((0, 8), (0, 3), (1, 11), (0, 3), (1, 6)))
             for _ in range(900)]  # fmt: skip
    columns = made_up(given, learners=8)
    found = analyse(columns, nothing_offered(columns), single=False)
    counted = Counter((condition, tone) for _, condition, tone, _, _ in given)
    right = Counter((condition, tone) for _, condition, tone, chosen, _ in given if chosen == condition)
    keys = [(int(each.key.condition[-1]), each.key.tone.value) for each in found.items]
    assert keys == sorted(counted)
    for each, key in zip(found.items, keys):
        assert (each.facility.k, each.facility.n) == (right[key], counted[key])
        own = [(condition, tone) == key for _, condition, tone, _, _ in given]
        met = sorted({learner for (learner, *_), mine in zip(given, own) if mine})
        assert each.learners == len(met)
        shares = []
        for learner in met:
            mine = [g[3] == g[1] for g, o in zip(given, own) if o and g[0] == learner]
            rest = [g[3] == g[1] for g, o in zip(given, own) if not o and g[0] == learner]
            shares.append((np.mean(mine), np.mean(rest)))
        if len(met) >= 5 and np.std([one for one, _ in shares]) > 0:
            assert each.discrimination == pytest.approx(np.corrcoef(np.array(shares).T)[0, 1])
        else:
            assert each.discrimination is None


def test_options_are_judged_by_those_who_had_them() -> None:
    # Forty answers to one family: option 1 offered always, 2 to half of them, 3 to ten only.
    offered = [[0, 1] + [2] * (n % 2) + [3] * (n % 4 == 0) for n in range(40)]
    chosen = [1 if n < 8 else 0 for n in range(40)]
    columns = made_up([(n % 4, 0, 2, chosen[n], 3) for n in range(40)], conditions=4, learners=4)
    (item,) = analyse(columns, options_of(columns, offered), single=False).items
    assert item.drawing == (("condition-1", 0.2),)
    assert item.idle == (("condition-2", 0.0),)


def test_five_percent_is_enough_to_work_and_few_answers_judge_nothing() -> None:
    drawing, idle = sorted_distractors({"a": 1, "b": 9, "d": 1}, {"a": 20, "b": 100, "c": 19, "d": 21})
    assert drawing == (("b", 0.09), ("a", 0.05))
    assert idle == (("d", pytest.approx(1 / 21)),)


def test_typed_answers_have_no_options() -> None:
    columns = made_up([(0, 0, 2, 1, 3)] * 30)
    (item,) = analyse(columns, nothing_offered(columns), single=False).items
    assert (item.drawing, item.idle) == ((), ())


@pytest.mark.parametrize("single", [True, False])
def test_nothing_and_little_can_be_analysed(single: bool) -> None:
    for given in ([], [(0, 0, 2, 0, 3)], [(n, 0, 2, 0, 3) for n in range(9)]):
        columns = made_up(given, learners=9)
        found = analyse(columns, nothing_offered(columns), single=single)
        assert sum(each.facility.n for each in found.items) == len(given)
        assert found.reliability.alpha is None


def test_reliability_is_of_those_who_met_what_most_met() -> None:
    given = [(learner, case, 2, case if (learner + case) % (2 + learner % 3) else 5, 3)
             for learner in range(10) for case in range(4) if learner < 9 or case == 0]  # fmt: skip
    given += [(0, 4, 2, 4, 3)]  # met by one learner alone
    found = analyse(
        columns := made_up(given, conditions=6, learners=10), nothing_offered(columns), single=False
    )
    assert (found.reliability.learners, found.reliability.items) == (9, 4)
    assert len(found.items) == 5
