"""Continuing and reverse-continuing against a scan of every step; hits, log lines, interruption."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpstudio.core import blocks
from bpstudio.core.errors import InputError
from bpstudio.core.network import Network
from bpstudio.debugger.breakpoints import breakpoint_of
from bpstudio.debugger.debugger import Debugger
from tests.debugger import brute

from .conftest import small_data

CONDITIONS = (
    "abs(value) > 0.3",
    "value * previous < 0",
    "da_dz < 0.2",
    "dC_dw > 0.1",
    "norm(dC_dw[2]) > 0.1",
    "grad_norm(2) > 0",
    "C > 0.2",
    "step % 50 == 7",
    "abs(dC_dw[3][0,1]) > 0.001",
)
SETTINGS = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.sampled_from(["wa", "dC_da", "dC_dw", "C", "mean_dC_dw", "update_w"]),
        "l": st.integers(2, 3),
        "j": st.integers(0, 1),
        "row": st.sampled_from([3, 5, 7]),
        "when": st.sampled_from(CONDITIONS),
        "hits": st.integers(1, 4),
        "enabled": st.booleans(),
    },
)


def debugger():
    return Debugger(Network.create([3, 4, 2], seed=1), small_data(), [3, 5, 7], lr=0.1)


def settable(debugger, setting):
    try:
        return debugger.add_breakpoint(**setting)
    except InputError:
        return None


_MET: dict[tuple, list[int]] = {}


def met(trace, point):
    """The steps at which a breakpoint acts: the matches from its ``hits``-th on."""
    if not point.enabled:
        return []
    plain = {
        n: getattr(point, n) for n in ("kind", "phase", "row", "l", "j", "k", "i", "m", "when")
    }
    key = tuple(plain.values())
    if key not in _MET:
        _MET[key] = brute.all_met(trace, breakpoint_of(1, plain))
    return _MET[key][point.hits - 1 :]


# 1,000 sets of breakpoints with four places each, both ways: 8,000 continues
@settings(max_examples=1000)
@given(st.lists(SETTINGS, min_size=1, max_size=4), st.data())
def test_continue_stops_where_a_scan_of_every_step_does_both_ways(chosen, data):
    made = debugger()
    points = [p for p in (settable(made, setting) for setting in chosen) if p is not None]
    trace, last = made.trace, len(made.trace) - 1
    stops = sorted({n for point in points for n in met(trace, point)})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "CHUNK", data.draw(st.sampled_from([5, 60, 1 << 18])))
        for start in data.draw(st.lists(st.integers(0, last), min_size=4, max_size=4)):
            made.goto(start)
            forward = made.continue_()
            assert (
                made.cursor == forward.index == min((n for n in stops if n > start), default=last)
            )
            made.goto(start)
            backward = made.reverse_continue()
            expected = max((n for n in stops if n < start), default=0)
            assert made.cursor == backward.index == expected
    assert_reason(made, trace, stops, forward, "end")
    assert_reason(made, trace, stops, backward, "start")


def assert_reason(debugger, trace, stops, stop, otherwise):
    if stop.breakpoint is None:
        assert stop.why == otherwise
        assert stop.index in (0, len(trace) - 1)
    else:
        assert stop.why == "breakpoint"
        assert stop.index in met(trace, stop.breakpoint)


def test_without_a_breakpoint_it_runs_to_the_end_and_back_to_the_start():
    made = debugger()
    assert made.continue_().why == "end"
    assert made.cursor == len(made.trace) - 1
    assert made.continue_().why == "end"
    assert made.reverse_continue().why == "start"
    assert made.cursor == 0


def test_it_leaves_the_step_it_stands_on_first():
    made = debugger()
    made.add_breakpoint(kind="C")
    first, second = made.continue_(), made.continue_()
    assert (first.address, second.address) == ("s3/loss/C", "s5/loss/C")
    assert made.reverse_continue().address == "s3/loss/C"


def test_the_reason_names_the_condition_its_numbers_and_the_hit():
    made = debugger()
    made.add_breakpoint(kind="dC_dw", l=3, j=1, k=2, when="abs(dC_dw[3][1,2]) > 0", hits=2)
    stop = made.continue_()
    assert stop.address == "s5/back/l3/j1/k2/dC_dw"
    assert stop.hit == 2
    value = made.trace["s5/back/l3/j1/k2/dC_dw"].value
    assert stop.value == value
    shown = f"{value:.4f}".replace("-", "\u2212")
    assert stop.text == f"abs(dC_dw[3][1,2]) > 0, where dC_dw[3][1,2] = {shown}, 2nd hit"
    assert str(stop).startswith("s5/back/l3/j1/k2/dC_dw: ")


def test_a_breakpoint_without_a_condition_says_what_was_computed():
    made = debugger()
    made.add_breakpoint(kind="da_dz", l=2, j=1)
    stop = made.continue_()
    assert stop.text.startswith("∂a_1^(L−1)/∂z_1^(L−1) = 0.")
    assert stop.text.endswith("1st hit")


def test_hits_count_from_the_start_of_the_pass_whichever_way_one_goes():
    made = debugger()
    point = made.add_breakpoint(kind="dC_da", l=2, hits=5)
    addresses = [f"s{row}/back/l2/j{j}/dC_da" for row in (3, 5, 7) for j in range(4)]
    assert made.continue_().address == addresses[4]
    assert made.hit_count(point.id) == 5
    made.to_end()
    assert made.hit_count(point.id) == 12
    for address in addresses[:3:-1]:
        assert made.reverse_continue().address == address
    assert made.reverse_continue().why == "start"
    assert made.hit_count(point.id) == 0


def test_a_place_alone_stops_where_it_is_entered():
    made = debugger()
    made.add_breakpoint(l=2, j=1)
    assert [made.continue_().address for _ in range(3)] == [
        "s3/fwd/l2/j1/k0/wa",
        "s3/back/l2/j1/i0/dz_da",
        "s5/fwd/l2/j1/k0/wa",
    ]


def test_a_log_point_writes_lines_and_does_not_stop():
    made = debugger()
    made.add_breakpoint(kind="C", log="row {row}: C = {value:.3f}")
    assert made.continue_().why == "end"
    assert [line.text for line in made.log] == [
        f"row {row}: C = {made.trace[f's{row}/loss/C'].value:.3f}" for row in (3, 5, 7)
    ]
    assert [line.address for line in made.log] == [f"s{row}/loss/C" for row in (3, 5, 7)]
    made.clear_log()
    assert made.log == ()


def test_steps_write_log_lines_too_and_jumps_do_not():
    made = debugger()
    made.add_breakpoint(kind="a", l=2, log="{a} {mean_dC_dw[2][0,0]}")
    made.step_by("layer")
    assert [line.address for line in made.log] == [f"s3/fwd/l2/j{j}/a" for j in range(4)]
    assert made.log[0].text.endswith(" pending")
    made.goto("s5/back")
    assert len(made.log) == 4


def test_a_log_point_past_the_stop_writes_nothing():
    made = debugger()
    made.add_breakpoint(kind="C", log="loss")
    made.add_breakpoint(kind="dC_da", l=3, j=0, row=5)
    made.continue_()
    assert [line.address for line in made.log] == ["s3/loss/C", "s5/loss/C"]


def test_running_to_a_place_stops_there_unless_a_breakpoint_comes_first():
    made = debugger()
    assert made.run_to("s5/back/l2/j1").why == "place"
    assert made.step.address == "s5/back/l2/j1/i0/dz_da"
    made.add_breakpoint(kind="C")
    assert made.run_to("s3/fwd/l2/j0").address == "s5/loss/C"
    assert made.run_to("s3/back").address == "s3/back/l3/j0/dC_da"


def test_running_to_where_it_stands_goes_nowhere():
    made = debugger()
    made.add_breakpoint(when="value == value")
    made.goto(10)
    assert made.run_to(10).why == "place"
    assert made.cursor == 10


def test_a_search_is_interrupted_and_nothing_moves(monkeypatch):
    monkeypatch.setattr(blocks, "CHUNK", 5)
    made = debugger()
    made.goto(3)
    made.add_breakpoint(when="value > 1e9")
    search = made.search()
    assert search.advance(0) is None
    assert 0 < search.progress < 1
    stop = search.cancel()
    assert stop.why == "interrupted"
    assert made.stop == stop
    assert made.cursor == stop.index == 3
    assert search.advance(1) == stop


def test_another_verb_ends_a_search(monkeypatch):
    monkeypatch.setattr(blocks, "CHUNK", 5)
    made = debugger()
    made.add_breakpoint(when="value > 1e9")
    heard = []
    search = made.search()
    search.advance(0)
    made.subscribe(heard.append)
    made.goto(7)
    assert heard == [frozenset({"cursor"})]
    assert search.advance(1).why == "interrupted"
    assert made.cursor == 7
    assert made.stop is None
    assert len(heard) == 1


def test_a_finished_search_tells_once():
    made = debugger()
    made.add_breakpoint(kind="C")
    heard = []
    made.subscribe(heard.append)
    made.continue_()
    assert heard == [frozenset({"cursor"})]


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ({}, "needs a kind of term, a place or a condition"),
        ({"kind": "dC_dv"}, "no kind 'dC_dv'"),
        ({"kind": "dC_dw", "l": 7}, "l = 2..3"),
        ({"kind": "dC_dw", "l": 2, "j": 4}, "4 nodes"),
        ({"kind": "a", "when": "abs(dC_dw[3][2,2]) > 0.1"}, "layer 3 has 2 nodes"),
        ({"kind": "a", "when": "value >"}, "column"),
        ({"kind": "a", "hits": 0}, "hits counts from 1"),
        ({"kind": "a", "j": -1}, "j is a whole number from 0"),
        ({"kind": "a", "log": "{value.real}"}, "column"),
        ({"kind": "a", "colour": 1}, "has no 'colour'"),
        ({"kind": "C", "row": 12}, "has no row 12; its rows are 0..11"),
        ({"phase": "mean", "row": 3}, "no step has phase=mean, row=3"),
        ({"kind": "wa", "k": 4}, "no step has wa, k=4; leave out one"),
    ],
)
def test_what_can_never_be_met_is_refused_and_changes_nothing(setting, words):
    made = debugger()
    with pytest.raises(InputError, match=words.replace("(", r"\(")):
        made.add_breakpoint(**setting)
    assert made.breakpoints == ()


def test_a_row_that_is_not_in_the_pass_may_be_waited_for_but_one_that_is_nowhere_not():
    made = debugger()
    point = made.add_breakpoint(kind="C", row=0)
    with pytest.raises(InputError, match="no row 99"):
        made.change_breakpoint(point.id, row=99)
    assert made.breakpoints == (point,)


def test_breakpoints_are_changed_and_taken_away_by_number():
    made = debugger()
    first, second = made.add_breakpoint(kind="a"), made.add_breakpoint(kind="C")
    changed = made.change_breakpoint(first.id, enabled=False)
    assert made.breakpoints == (changed, second)
    assert made.continue_().address == "s3/loss/C"
    made.remove_breakpoint(second.id)
    assert made.breakpoints == (changed,)
    with pytest.raises(InputError, match="no breakpoint 2"):
        made.remove_breakpoint(second.id)
    made.clear_breakpoints()
    assert made.breakpoints == ()
    assert made.add_breakpoint(kind="a").id == 3


def test_a_breakpoint_outlives_a_change_of_the_network_and_is_met_again():
    made = debugger()
    made.add_breakpoint(kind="a", l=2, j=3)
    data, rows = made.data, made.rows
    made.load(Network.create([3, 2, 2], seed=1), data, rows, "sse", None)
    assert made.continue_().why == "end"
    made.load(Network.create([3, 4, 2], seed=1), data, rows, "sse", None)
    made.to_start()
    assert made.continue_().address == "s3/fwd/l2/j3/a"
