"""Watches: expressions and addresses, their values at the cursor and their history."""

from __future__ import annotations

import numpy as np
import pytest

from bpstudio.core import blocks
from bpstudio.core.errors import InputError
from bpstudio.core.network import Network


def watched(debugger, text):
    watch = debugger.add_watch(text)
    return debugger.watch_value(watch.id), debugger.watch_history(watch.id).tolist()


def test_an_expression_is_pending_until_it_is_computed(debugger):
    watch = debugger.add_watch("dC_dw[3][1,2] * 2")
    assert debugger.watch_value(watch.id) is None
    term = debugger.trace["s3/back/l3/j1/k2/dC_dw"]
    debugger.goto(term.index - 1)
    assert debugger.watch_value(watch.id) is None
    debugger.step_into()
    assert debugger.watch_value(watch.id) == 2 * term.value
    debugger.goto("s5/fwd")
    assert debugger.watch_value(watch.id) is None


def test_the_history_has_one_value_for_each_time_it_was_computed(debugger):
    debugger.to_end()
    trace = debugger.trace
    expected = [trace[f"s{row}/back/l3/j1/k2/dC_dw"].value for row in (3, 5)]
    assert watched(debugger, "dC_dw[3][1,2]")[1] == expected
    debugger.goto("s5/fwd")
    assert debugger.watch_history(1).tolist() == expected[:1]


def test_the_history_of_a_kind_runs_over_its_steps(debugger):
    debugger.goto("s5/back/l2/j3/dC_da")
    terms = [term for term in debugger.trace if term.kind == "dC_da"]
    expected = [term.value for term in terms if term.index <= debugger.cursor]
    assert watched(debugger, "dC_da")[1] == expected


def test_a_long_history_keeps_its_newest_values(debugger, monkeypatch):
    monkeypatch.setattr(blocks, "CHUNK", 7)
    debugger.to_end()
    trace = debugger.trace
    value, history = watched(debugger, "value")
    assert value == trace[-1].value
    assert history == [trace[n].value for n in range(len(trace) - 256, len(trace))]


def test_an_address_is_watched_in_the_sample_of_the_step_where_it_names_none(debugger):
    watch = debugger.add_watch("loss/C")
    debugger.goto("s3/back")
    assert debugger.watch_value(watch.id) == debugger.trace["s3/loss/C"].value
    debugger.goto("s5/fwd")
    assert debugger.watch_value(watch.id) is None
    debugger.to_end()
    assert debugger.watch_value(watch.id) == debugger.trace["s5/loss/C"].value
    expected = [debugger.trace[f"s{row}/loss/C"].value for row in (3, 5)]
    assert debugger.watch_history(watch.id).tolist() == expected


def test_an_address_of_a_row_that_is_not_traced_is_pending(debugger):
    watch = debugger.add_watch("s7/loss/C")
    debugger.to_end()
    assert debugger.watch_value(watch.id) is None
    debugger.choose_rows([7])
    debugger.to_end()
    assert debugger.watch_value(watch.id) == debugger.trace["s7/loss/C"].value


def test_a_condition_is_watched_as_yes_or_no(debugger):
    watch = debugger.add_watch("C > 0")
    assert debugger.watch_value(watch.id) is None
    debugger.goto("s3/back")
    assert debugger.watch_value(watch.id) is True


def test_a_parameter_follows_an_edit(debugger):
    watch = debugger.add_watch("w[2][1,0]")
    debugger.set_weight(2, 1, 0, 0.5)
    assert debugger.watch_value(watch.id) == 0.5


def test_a_watch_of_another_network_is_pending_and_has_no_history(debugger):
    watch = debugger.add_watch("a[2][3]")
    debugger.load(Network.create([3, 2, 2], seed=1), debugger.data, [3], "sse", None)
    debugger.to_end()
    assert debugger.watch_value(watch.id) is None
    assert np.size(debugger.watch_history(watch.id)) == 0


def test_watches_are_changed_and_taken_away_by_number_and_never_twice(debugger):
    first = debugger.add_watch("C")
    assert debugger.add_watch(" C ") is first
    second = debugger.add_watch("value")
    changed = debugger.change_watch(first.id, "loss")
    assert [watch.text for watch in debugger.watches] == ["loss", "value"]
    assert changed.id == first.id
    debugger.remove_watch(second.id)
    assert debugger.watches == (changed,)
    with pytest.raises(InputError, match="no watch 2"):
        debugger.watch_value(2)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "expression"),
        ("nothing", "no name 'nothing'"),
        ("a[2][9]", "4 nodes"),
        ("s3/fwd/l2/j9/a", "does not exist"),
        ("back/l9/j0/dC_da", "does not exist"),
    ],
)
def test_what_cannot_be_watched_is_refused(debugger, text, words):
    with pytest.raises(InputError, match=words):
        debugger.add_watch(text)
    assert debugger.watches == ()
