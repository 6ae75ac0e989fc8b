"""Changing numbers by hand, and taking it back."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from bpstudio.core.errors import InputError
from bpstudio.core.network import Network
from bpstudio.core.trace import trace as compute
from bpstudio.debugger.edits import Edit, Edits, State

from .conftest import small_data


def state(debugger):
    return debugger.network, debugger.data


def assert_fresh(debugger):
    """The trace is that of a fresh run over what there is now."""
    now = debugger.trace
    fresh = compute(debugger.network, debugger.data, debugger.rows, lr=0.1)
    np.testing.assert_array_equal(now.values(0, len(now)), fresh.values(0, len(fresh)))


EDITS = {
    "weight": (("set_weight", 2, 1, 0), "w/l2/j1/k0", {"network"}),
    "bias": (("set_bias", 3, 1), "b/l3/j1", {"network"}),
    "input": (("set_input", 5, 2), "s5/x2", {"data"}),
    "target": (("set_target", 3, 0), "s3/y0", {"data"}),
}


@pytest.mark.parametrize("what", EDITS)
def test_an_edit_is_computed_at_once_keeps_the_cursor_and_is_taken_back(debugger, what):
    (verb, *place), target, changed = EDITS[what]
    debugger.goto("s5/back/l3/j1")
    before, cursor, heard = state(debugger), debugger.cursor, []
    debugger.subscribe(heard.append)
    getattr(debugger, verb)(*place, 0.75)
    after = state(debugger)
    assert heard == [frozenset({"trace", "cursor"} | changed)]
    assert debugger.cursor == cursor
    assert debugger.undo_text == target
    assert_fresh(debugger)
    assert debugger.undo()
    assert all(now is then for now, then in zip(state(debugger), before, strict=True))
    assert debugger.redo_text == target
    assert debugger.redo()
    assert all(now is then for now, then in zip(state(debugger), after, strict=True))
    assert_fresh(debugger)


def test_an_edited_input_is_the_number_given_and_the_raw_one_follows(debugger):
    debugger.set_input(5, 2, 0.123456789)
    data = debugger.data
    at = data.position(5)
    assert debugger.trace.X[1, 2] == data.X[at, 2] == 0.123456789
    expected = 0.123456789 * data.scaling.scale[2] + data.scaling.shift[2]
    assert data.features[at, 2] == expected
    others = np.delete(np.arange(len(data)), at)
    np.testing.assert_array_equal(data.X[others], small_data().X[others])


def test_one_edited_number_stays_when_another_is_edited(debugger):
    debugger.set_input(5, 2, 0.1)
    debugger.set_target(5, 1, 0.3)
    assert debugger.trace.X[1, 2] == 0.1
    assert debugger.trace.Y[1, 1] == 0.3


def test_a_drag_is_one_entry(debugger):
    first = debugger.network
    for value in (0.1, 0.2, 0.3):
        debugger.set_weight(2, 0, 0, value, merge=True)
    debugger.set_weight(2, 0, 1, 0.4, merge=True)
    last = debugger.network
    debugger.undo()
    assert debugger.network.layer(2).W[0, 0] == 0.3
    debugger.undo()
    assert debugger.network is first
    assert not debugger.undo()
    debugger.redo()
    debugger.redo()
    assert debugger.network is last


def test_a_new_drag_after_a_pause_is_another_entry(debugger):
    debugger.set_weight(2, 0, 0, 0.1, merge=True)
    debugger.set_weight(2, 0, 0, 0.2)
    debugger.set_weight(2, 0, 0, 0.3, merge=True)
    debugger.undo()
    assert debugger.network.layer(2).W[0, 0] == 0.2


def test_what_an_edit_changed_can_be_compared_with_the_pass_before(debugger):
    assert debugger.before_edit is None
    before = debugger.trace
    debugger.set_weight(2, 0, 0, 0.1, merge=True)
    debugger.set_weight(2, 0, 0, 0.2, merge=True)
    assert debugger.before_edit is before
    debugger.step_into()
    assert debugger.before_edit is before
    edited = debugger.trace
    debugger.undo()
    assert debugger.before_edit is edited
    debugger.choose_rows([3])
    assert debugger.before_edit is None


def test_training_and_other_data_end_what_can_be_taken_back(debugger):
    debugger.set_weight(2, 0, 0, 0.1)
    debugger.set_network(Network.create([3, 4, 2], seed=9))
    assert debugger.undo_text == ""
    assert not debugger.undo()


def test_nothing_is_edited_while_the_debugger_is_busy(debugger):
    debugger.busy = "training goes on"
    before = debugger.network
    for verb in (lambda: debugger.set_bias(2, 0, 1.0), debugger.undo, debugger.redo):
        with pytest.raises(InputError, match="training goes on"):
            verb()
    assert debugger.network is before


@pytest.mark.parametrize(
    ("verb", "place", "words"),
    [
        ("set_weight", (2, 4, 0, 1.0), "4 nodes"),
        ("set_weight", (2, 0, 0, float("nan")), "finite"),
        ("set_bias", (9, 0, 1.0), "l = 2..3"),
        ("set_input", (5, 3, 1.0), r"there are 3 inputs \(0..2\)"),
        ("set_input", (99, 0, 1.0), "no row 99"),
        ("set_target", (5, 2, 1.0), r"there are 2 targets \(0..1\)"),
        ("set_target", (5, 0, float("inf")), "finite"),
    ],
)
def test_what_cannot_be_edited_is_refused_and_nothing_happens(debugger, verb, place, words):
    heard, before = [], state(debugger)
    debugger.subscribe(heard.append)
    with pytest.raises(InputError, match=words):
        getattr(debugger, verb)(*place)
    assert state(debugger) == before
    assert heard == []
    assert debugger.undo_text == ""


def test_the_oldest_edits_are_forgotten_beyond_a_bound_in_bytes():
    data, networks = small_data(), [Network.create([3, 4, 2], seed=n) for n in range(5)]
    one = Edit(State(networks[0], data), State(networks[1], data), "w")
    assert one.n_bytes == sum(
        array.nbytes
        for network in networks[:2]
        for layer in network.layers
        for array in (layer.W, layer.b)
    )
    edits = Edits(most_bytes=2 * one.n_bytes)
    for before, after in pairwise(networks):
        edits.push(Edit(State(before, data), State(after, data), "w"), merge=False)
    assert len(edits) == 2
    assert edits.undo().network is networks[3]
    assert edits.undo().network is networks[2]
    assert edits.undo() is None


def test_a_parameter_was_changed_by_hand_unless_it_is_as_it_was_before(debugger):
    assert not debugger.was_edited
    debugger.set_input(5, 2, 0.5)
    assert not debugger.was_edited
    debugger.set_weight(2, 1, 0, 0.5)
    assert debugger.was_edited
    debugger.undo()
    assert not debugger.was_edited
    debugger.redo()
    assert debugger.was_edited
    debugger.undo()
    value = float(debugger.network.layer(2).W[1, 0])
    debugger.set_weight(2, 1, 0, 0.5)
    debugger.set_weight(2, 1, 0, value)
    assert not debugger.was_edited
    debugger.set_weight(2, 1, 0, 0.5)
    debugger.set_network(debugger.network)  # as after training: nothing can be undone any more
    assert debugger.was_edited


def test_an_edit_of_one_weight_counts_its_layer_only():
    data, network = small_data(), Network.create([3, 4, 2], seed=0)
    after = network.with_weight(3, 0, 0, 1.0)
    edit = Edit(State(network, data), State(after, data), "w")
    assert edit.n_bytes == 2 * network.layer(3).W.nbytes
