"""The next match of one breakpoint, against a walk over all steps."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest

from bpstudio.debugger.breakpoints import Breakpoint
from bpstudio.debugger.looking import next_match
from bpstudio.debugger.scope import Facts
from tests.core.cases import varied

TRACES = list(varied().values())


def result(steps: Generator[float, None, Any]) -> Any:
    while True:
        try:
            assert 0 <= next(steps) <= 1
        except StopIteration as done:
            return done.value


@pytest.mark.parametrize("number", range(len(TRACES)))
@pytest.mark.parametrize("forward", [True, False])
def test_it_is_the_nearest_step_where_it_is_met(number: int, forward: bool) -> None:
    trace = TRACES[number]
    point = Breakpoint(1, "dC_dz", when="value > 0", hits=5, log="x", enabled=False)
    met = [term.index for term in trace if term.kind == "dC_dz" and term.value > 0]
    for cursor in range(0, len(trace), 5):
        further = [n for n in met if (n > cursor if forward else n < cursor)]
        expected = (further[0] if forward else further[-1]) if further else None
        assert result(next_match(Facts(trace), point, cursor, forward)) == expected


def test_there_is_none_off_the_end_or_where_the_network_has_no_such_place() -> None:
    trace = TRACES[0]
    facts = Facts(trace)
    assert result(next_match(facts, Breakpoint(1, "z"), len(trace) - 1)) is None
    assert result(next_match(facts, Breakpoint(1, "z"), 0, forward=False)) is None
    assert result(next_match(facts, Breakpoint(1, "z", l=99), 0)) is None
