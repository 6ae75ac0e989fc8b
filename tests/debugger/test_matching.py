"""Where breakpoints are met: blocks of steps against one step after the other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpstudio.core import blocks
from bpstudio.core.blocks import portions
from bpstudio.core.errors import InputError
from bpstudio.core.trace import Trace
from bpstudio.debugger.breakpoints import Breakpoint, breakpoint_of
from bpstudio.debugger.expressions import check, parse
from bpstudio.debugger.matching import matcher, value_at
from bpstudio.debugger.scope import Facts
from tests.core.cases import varied
from tests.debugger import brute

# those that are walked through in no time; together they have every kind of step
TRACES = {name: trace for name, trace in varied().items() if len(trace) < 400}
CONDITIONS = (
    "abs(value) > 0.1",
    "value * previous < 0",
    "isnan(value)",
    "value > 0 and l == 2",
    "step % 7 == 0",
    "j == 1",
    "da_dz < 0.2",
    "dC_dw > 0 or dC_db > 0",
    "a > 0.5",
    "dC_da * da_dz < 0",
    "C > 0.5",
    "C_j > 0.1",
    "row > 3",
    "loss > 0.1",
    "lr > 0.01",
    "w[2][0,0] > 0",
    "b[2][0] > -1",
    "x[0] > 0",
    "y[0] > 0",
    "a[1][0] > 0",
    "a[2][0] > 0.4",
    "abs(dC_dw[2][1,0]) > 0.05",
    "abs(dC_dw[L][0,0]) > 0.01",
    "dz_da[2][0,0] > 0",
    "addend[2][0,0] < 0",
    "mean_dC_dw[2][0,0] < 0",
    "update_w[2][0,0] > 0",
    "velocity > 0",
    "abs(velocity[2][0,0]) > 0.1",
    "velocity[2][1] > 0",
    "v < 0.5",
    "v_hat > m_hat",
    "m_hat[2][1,0] > 0",
    "v_hat[L][0] > 0.1",
    "penalty_w != 0",
    "penalised > penalty_w",
    "abs(clipped) < 0.1",
    "clipped[L][1] > 0",
    "clip < 1",
    "norm(v[2]) > 0.1",
    "C_j[0] > 0.1",
    "norm(dC_dw[2]) > 0.1",
    "max(a[2]) > 0.5",
    "any(isnan(z[2]))",
    "norm(w[2]) > 1",
    "norm(mean_dC_dw[2]) > 0",
    "grad_norm(2) > 0.1",
    "dead(2) >= 0",
    "saturated(2) < 0.5",
    "grad_norm(2) > grad_norm(L)",
    "value > mean_dC_dw[2][0,0]",
    "value > norm(a[2])",
    "k == 0 and dz_dw > 0",
    "da_dz[L][0,0] > 0",
    "addend_z[L][0,1] > 0",
)


def fits(trace: Trace, condition: str) -> bool:
    sequence = trace.sequence
    try:
        check(parse(condition), sequence.sizes, sequence.softmax, sequence.biases)
    except InputError:
        return False
    return True


def found(trace: Trace, point: Breakpoint) -> list[int]:
    made = matcher(Facts(trace), point)
    if made is None:
        return []
    numbers = [made.numbers(portion) for portion in portions(trace.sequence, 0, len(trace))]
    assert all((np.diff(part) > 0).all() for part in numbers)
    return np.concatenate(numbers).tolist()


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_condition_alone_is_met_where_a_walk_over_all_steps_finds_it(condition):
    tried = [trace for trace in TRACES.values() if fits(trace, condition)]
    assert tried
    for trace in tried:
        point = breakpoint_of(1, {"when": condition})
        assert found(trace, point) == brute.all_met(trace, point)


@settings(max_examples=150)
@given(st.data())
def test_kind_place_and_condition_are_met_together(data):
    trace = data.draw(st.sampled_from(list(TRACES.values())))
    step = trace.sequence.step(data.draw(st.integers(0, len(trace) - 1)))
    names = data.draw(st.sets(st.sampled_from(["phase", "row", "l", "j", "k", "i", "m", "kind"])))
    place = {name: getattr(step, name) for name in names}
    known = [condition for condition in CONDITIONS if fits(trace, condition)]
    when = data.draw(st.sampled_from(["", *known]))
    if not when and all(value is None for value in place.values()):
        place["kind"] = step.kind
    point = breakpoint_of(1, {**place, "when": when})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "CHUNK", data.draw(st.sampled_from([1, 13, 100, 1 << 18])))
        assert found(trace, point) == brute.all_met(trace, point)


@settings(max_examples=150)
@given(st.data())
def test_a_value_at_a_step_is_the_one_looked_up_by_address(data):
    trace = data.draw(st.sampled_from(list(TRACES.values())))
    n = data.draw(st.integers(0, len(trace) - 1))
    condition = data.draw(st.sampled_from([c for c in CONDITIONS if fits(trace, c)]))
    expression = parse(condition)
    scope = brute.PlainScope(trace, n)
    plain = brute.evaluate(expression, scope)
    value = value_at(Facts(trace), expression, n)
    if not scope.known:
        assert value is None
    else:
        assert value == bool(plain)


def test_a_breakpoint_of_another_network_is_never_met():
    point = breakpoint_of(1, {"l": 9, "kind": "a"})
    assert matcher(Facts(TRACES["batch"]), point) is None
