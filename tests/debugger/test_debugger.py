"""The debugger's verbs, one by one."""

from __future__ import annotations

import numpy as np
import pytest

from bpstudio.core.errors import InputError
from bpstudio.core.network import Network
from bpstudio.core.optimisers import UpdateSettings, UpdateState
from bpstudio.core.trace import trace as compute
from bpstudio.core.updates import Update
from bpstudio.debugger.debugger import Debugger


def heard(debugger):
    notices = []
    debugger.subscribe(notices.append)
    return notices


def test_it_starts_at_the_first_step(debugger):
    assert debugger.cursor == 0
    assert debugger.step.address == "s3/fwd/l2/j0/k0/wa"


def test_into_and_back_are_each_others_inverse(debugger):
    debugger.goto(100)
    debugger.step_into()
    assert debugger.cursor == 101
    debugger.step_back_into()
    assert debugger.cursor == 100


@pytest.mark.parametrize(
    ("verb", "start", "target"),
    [
        # in a weight: over leaves the weight, out leaves the node
        ("step_over", "s3/back/l2/j1/k0/dz_dw", "s3/back/l2/j1/k1/dz_dw"),
        ("step_out", "s3/back/l2/j1/k0/dz_dw", "s3/back/l2/j2/i0/dz_da"),
        ("step_back_over", "s3/back/l2/j1/k1/dC_dw", "s3/back/l2/j1/k0/dC_dw"),
        ("step_back_out", "s3/back/l2/j1/k1/dC_dw", "s3/back/l2/j0/dC_db"),
        # in an addend of the sum over the next layer, which is the way through one weight
        ("step_over", "s3/back/l2/j1/i0/dz_da", "s3/back/l2/j1/i1/dz_da"),
        # in a node: over leaves the node, out leaves the layer
        ("step_over", "s3/back/l3/j0/da_dz", "s3/back/l3/j1/dC_da"),
        ("step_out", "s3/back/l3/j0/da_dz", "s3/back/l2/j0/i0/dz_da"),
        ("step_back_over", "s3/back/l3/j1/da_dz", "s3/back/l3/j0/dC_db"),
        ("step_back_out", "s3/back/l3/j1/da_dz", "s3/loss/C"),
        # the loss itself belongs to the pass
        ("step_over", "s3/loss/C", "s3/back/l3/j0/dC_da"),
        ("step_out", "s3/loss/C", "s5/fwd/l2/j0/k0/wa"),
        # across the border of a sample, and into means and updates
        ("step_into", "s3/back/l2/j3/dC_db", "s5/fwd/l2/j0/k0/wa"),
        ("step_out", "s5/back/l2/j3/dC_db", "mean/l2/j0/k0/mean_dC_dw"),
        ("step_out", "mean/l3/j1/mean_dC_db", "update/l2/j0/k0/update_w"),
    ],
)
def test_a_verb_leads_from_here_to_there(debugger, verb, start, target):
    debugger.goto(start)
    getattr(debugger, verb)()
    assert debugger.step.address == target


def test_verbs_stop_at_both_ends_of_the_pass(debugger):
    for verb in ("step_back_into", "step_back_over", "step_back_out", "to_start"):
        assert getattr(debugger, verb)().index == 0
    debugger.to_end()
    last = len(debugger.trace) - 1
    for verb in ("step_into", "step_over", "step_out", "to_end"):
        assert getattr(debugger, verb)().index == last


def test_goto_takes_a_number_an_address_and_a_level(debugger):
    assert debugger.goto(7).index == 7
    assert debugger.goto("s5/loss/C").address == "s5/loss/C"
    assert debugger.goto("s5/back/l2").address == "s5/back/l2/j0/i0/dz_da"


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (-1, "steps of this pass are 0.."),
        (10**12, "does not exist"),
        ("s4/loss/C", "rows 3, 5"),
        ("s3/back/l9/j0/dC_da", "l = 2..3"),
        ("nonsense", "no address"),
    ],
)
def test_a_place_that_does_not_exist_is_refused_and_the_cursor_stays(debugger, place, said):
    debugger.goto(42)
    with pytest.raises(InputError, match=said):
        debugger.goto(place)
    assert debugger.cursor == 42


def test_every_verb_ends_in_one_notification(debugger):
    notices = heard(debugger)
    debugger.step_into()
    debugger.set_weight(2, 0, 0, 1.5)
    debugger.undo()
    debugger.choose_rows([1])
    assert notices == [
        frozenset({"cursor"}),
        frozenset({"network", "trace", "cursor"}),
        frozenset({"network", "trace", "cursor"}),
        frozenset({"trace", "cursor"}),
    ]


def test_who_unsubscribed_hears_nothing_more(debugger):
    notices = []
    unsubscribe = debugger.subscribe(notices.append)
    unsubscribe()
    debugger.step_into()
    assert notices == []


def test_an_edit_keeps_the_cursor_and_changes_every_number_that_depends_on_it(debugger, data):
    debugger.goto("s3/back/l2/j1/k2/dC_dw")
    before = debugger.step.value
    debugger.set_weight(3, 0, 1, 2.0)
    assert debugger.step.address == "s3/back/l2/j1/k2/dC_dw"
    fresh = compute(debugger.network, data, [3, 5], lr=0.1)
    assert debugger.step.value == fresh["s3/back/l2/j1/k2/dC_dw"].value != before


def test_undo_and_redo_give_the_very_networks_back(debugger):
    first = debugger.network
    debugger.set_weight(2, 0, 0, 1.5)
    second = debugger.network
    debugger.set_bias(2, 0, -1.0)
    assert debugger.undo()
    assert debugger.network is second
    assert debugger.undo()
    assert debugger.network is first
    assert not debugger.undo()
    assert debugger.redo()
    assert debugger.network is second


def test_an_impossible_edit_changes_nothing(debugger):
    notices, before = heard(debugger), debugger.network
    with pytest.raises(InputError, match=r"layer 2 has 4 nodes \(j = 0..3\)"):
        debugger.set_weight(2, 4, 0, 1.0)
    with pytest.raises(InputError, match="finite"):
        debugger.set_weight(2, 0, 0, float("nan"))
    assert debugger.network is before
    assert notices == []


def test_another_row_keeps_the_place(debugger):
    debugger.goto("s5/back/l2/j1/k2/dC_dw")
    debugger.choose_rows([7, 8])
    assert debugger.step.address == "s8/back/l2/j1/k2/dC_dw"


def test_a_row_that_does_not_exist_is_refused(debugger):
    debugger.goto(9)
    with pytest.raises(InputError, match="99"):
        debugger.choose_rows([99])
    assert (debugger.rows, debugger.cursor) == ((3, 5), 9)


def test_where_the_means_are_gone_the_cursor_goes_to_the_end(debugger):
    debugger.goto("mean/l2/j0/k0/mean_dC_dw")
    debugger.choose_rows([3])
    assert debugger.cursor == len(debugger.trace) - 1


def test_the_update_is_the_weight_minus_rate_times_mean(debugger):
    mean = debugger.trace["mean/l3/j1/k2/mean_dC_dw"].value
    weight = debugger.network.layer(3).W[1, 2]
    assert debugger.trace["update/l3/j1/k2/update_w"].value == weight - 0.1 * mean


def test_an_update_by_another_optimiser_stays_through_edits_and_other_rows(network, data):
    settings = UpdateSettings("adam", clip=1.0)
    after = Update(settings, UpdateState(np.ones((2, network.n_weights + network.n_biases)), 4))
    debugger = Debugger(network, data, rows=[3, 5], update=after)
    debugger.goto("update/l3/j1/k2/m_hat")
    assert debugger.step.operands == ("update/l3/j1/k2/m",)
    debugger.set_weight(2, 0, 0, 0.5)
    debugger.choose_rows([7])
    assert debugger.trace.update is after
    assert debugger.step.address == "update/l3/j1/k2/m_hat"
    assert debugger.step_over().address == "update/l3/j1/k3/clipped"


def test_what_an_optimiser_remembers_of_a_network_of_another_size_is_forgotten(network, data):
    settings = UpdateSettings("momentum")
    after = Update(settings, UpdateState(np.ones((1, network.n_weights + network.n_biases)), 4))
    debugger = Debugger(network, data, rows=[3], update=after)
    debugger.set_network(Network.create([3, 2, 2], seed=1))
    assert debugger.trace.update.settings is settings
    assert (debugger.trace.update.state.t, debugger.trace.update.state.slots.sum()) == (0, 0.0)


def test_a_debugger_without_a_rate_has_no_updates(network, data):
    plain = Debugger(network, data, rows=[3])
    assert plain.trace[len(plain.trace) - 1].kind == "dC_db"
    assert np.isfinite(plain.step.value)
