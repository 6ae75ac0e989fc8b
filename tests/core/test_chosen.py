"""Chosen steps, counted and found by arithmetic, against a walk over all of them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpstudio.core.chosen import ChosenSteps
from bpstudio.core.selection import Selection
from bpstudio.core.sequence import StepSequence
from tests.core.cases import varied

TRACES = list(varied().values())
HUGE = StepSequence([4, 8000, 8000, 3], [True] * 3, [False] * 3, range(16))


@given(st.data())
def test_they_are_what_a_walk_over_all_steps_finds(data: st.DataObject) -> None:
    sequence = data.draw(st.sampled_from(TRACES)).sequence
    steps = [sequence.step(n) for n in range(len(sequence))]
    like = data.draw(st.sampled_from(steps))
    names = data.draw(st.sets(st.sampled_from(["row", "l", "j", "k", "i", "m", "kind", "phase"])))
    wanted: dict[str, Any] = {name: getattr(like, name) for name in names}
    expected = [
        step.index
        for step in steps
        if all(x is None or getattr(step, name) == x for name, x in wanted.items())
    ]
    row = wanted.pop("row", None)
    chosen = ChosenSteps(sequence, Selection(s=row, **wanted))
    assert list(chosen) == expected
    for number in data.draw(st.lists(st.integers(0, len(steps) - 1), max_size=20)):
        assert chosen.below(number) == sum(n < number for n in expected)


def test_there_may_be_none() -> None:
    sequence = TRACES[0].sequence
    for nothing in (
        Selection(l=99),
        Selection(s=10**9),
        Selection(kind="addend_z", l=2, j=0, m=99),
    ):
        chosen = ChosenSteps(sequence, nothing)
        assert len(chosen) == 0
        assert chosen.below(len(sequence) - 1) == 0
        with pytest.raises(IndexError):
            chosen[0]


def test_a_thousand_million_steps_are_counted_at_once() -> None:
    chosen = ChosenSteps(HUGE, Selection(kind="dC_dw"))
    per_sample = 8000 * 4 + 8000 * 8000 + 3 * 8000
    assert len(chosen) == 16 * per_sample
    last = chosen[len(chosen) - 1]
    assert HUGE.step(last).kind == "dC_dw"
    assert HUGE.step(last).place.row == 15
    assert chosen.below(last) == len(chosen) - 1
    middle = HUGE.index("s7/back/l3/j4000/k5000/dC_dw")
    assert chosen[chosen.below(middle)] == middle


def test_they_are_counted_from_either_end() -> None:
    sequence = TRACES[0].sequence
    chosen = ChosenSteps(sequence, Selection(kind="z"))
    assert chosen[-1] == list(chosen)[-1]
    assert chosen[1:3] == list(chosen)[1:3]
