"""A session's runs can be rewound: visits, steps across updates, branches, stops, causes."""

from __future__ import annotations

import time

import numpy as np
import pytest

from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import InputError
from bpstudio.core.parameters import flatten
from bpstudio.core.pieces import result_of
from bpstudio.core.training import Training, advance
from bpstudio.debugger.divergence import divergence_steps
from bpstudio.debugger.experiment import Experiment
from bpstudio.debugger.session import Session

from .ledgers import ledger_of


def data() -> Dataset:
    rng = np.random.default_rng(2)
    labels = rng.integers(0, 3, size=40)
    X = rng.normal(size=(40, 4)) + labels[:, None]
    return Dataset.from_arrays(X, np.eye(3)[labels], scale="standard")


@pytest.fixture
def session():
    made = Session(data(), Experiment(hidden=(4,), activations=("sigmoid",), epochs=6))
    yield made
    made.close()


def settle(session):
    deadline = time.monotonic() + 60
    while session.is_training and time.monotonic() < deadline:
        session.poll()
        time.sleep(0.002)
    assert not session.is_training


def trained(session):
    """24 updates: 6 epochs of 4 batches, the last of 2 rows."""
    session.train()
    settle(session)
    return session


def states(session, count):
    training = Training.of(session.state.start, session.data, session.experiment.training)
    found = [training.start()]
    for _ in range(count):
        found.append(advance(training, found[-1], 1).state)
    return found


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
def test_every_update_is_visited_with_the_very_parameters_rows_and_result(session, optimizer):
    session.change(optimizer=optimizer, lr=0.05)
    expected = states(trained(session), 24)
    debugger = session.debugger
    assert session.recording.length == 24
    for T in (0, 23, 7, 11, 24):
        session.visit(T)
        assert debugger.visited.T == T
        assert flatten(debugger.network).tobytes() == expected[T].parameters.tobytes()
        assert debugger.prefix == f"e{T // 4}/b{T % 4}/"
        assert len(debugger.rows) == (2 if T % 4 == 3 else 10)
        if T < 24:
            after = expected[T + 1].parameters
            np.testing.assert_allclose(updated(debugger.trace), after, rtol=1e-12, atol=1e-15)


def updated(trace):
    """The new parameters as the steps of the update have them: W and then b, layer by layer."""
    terms = [term for term in trace if term.kind in ("update_w", "update_b")]
    return [term.value for term in sorted(terms, key=lambda term: (term.l, term.k is None))]


def test_an_address_with_its_iteration_leads_there_and_is_what_is_shown(session):
    trained(session)
    row = session.recording.visit(9).rows[2]
    session.visit_place(f"e2/b1/s{row}/back/l3/j1/k2/dC_dw")
    debugger = session.debugger
    assert debugger.prefix + debugger.step.address == f"e2/b1/s{row}/back/l3/j1/k2/dC_dw"
    debugger.goto("e2/b0/update/l3/j0/update_b")
    assert (debugger.visited.T, debugger.step.kind) == (8, "update_b")
    with pytest.raises(InputError, match="not in this run; it goes from e0/b0 to e6/b0"):
        debugger.goto("e9/b0/loss/C")


def test_stepping_leads_from_one_update_into_the_next_and_back(session):
    trained(session)
    session.visit(3)
    debugger = session.debugger
    debugger.to_end()
    debugger.step_into()
    assert (debugger.visited.T, debugger.cursor) == (4, 0)
    debugger.step_back_over()
    assert (debugger.visited.T, debugger.cursor) == (3, len(debugger.trace) - 1)
    debugger.step_by("batch")
    debugger.step_by("epoch")
    assert (debugger.visited.T, debugger.cursor) == (8, 0)
    debugger.step_by("epoch", forward=False)
    assert debugger.visited.T == 4
    session.visit(24)
    debugger.to_end()
    debugger.step_into()
    assert (debugger.visited.T, debugger.cursor) == (24, len(debugger.trace) - 1)
    session.visit(0)
    debugger.step_back_into()
    assert (debugger.visited.T, debugger.cursor) == (0, 0)


def test_continue_goes_through_the_updates_both_ways(session):
    trained(session)
    session.visit(0)
    debugger = session.debugger
    debugger.add_breakpoint(kind="update_w", l=2, j=1, k=3)
    found = [debugger.continue_() for _ in range(3)]
    assert [stop.address for stop in found] == [
        f"e0/b{b}/update/l2/j1/k3/update_w" for b in range(3)
    ]
    assert debugger.visited.T == 2
    assert debugger.reverse_continue().address == "e0/b1/update/l2/j1/k3/update_w"
    session.visit(4)
    assert debugger.reverse_continue().address == "e0/b3/update/l2/j1/k3/update_w"
    debugger.clear_breakpoints()
    assert debugger.continue_().text == "the end of the run; no breakpoint on the way"
    assert debugger.visited.T == 24
    assert debugger.reverse_continue().text == "the start of the run; no breakpoint on the way"
    assert (debugger.visited.T, debugger.cursor) == (0, 0)


def test_a_breakpoint_is_found_where_a_scan_of_all_updates_finds_it(session):
    trained(session)
    session.visit(0)
    debugger = session.debugger
    debugger.add_breakpoint(kind="mean_dC_dw", l=3, when="value > 0.09")
    expected = []
    for T in range(25):
        session.visit(T)
        trace = debugger.trace
        expected += [
            f"{debugger.prefix}{trace[n].address}"
            for n in range(len(trace))
            if trace[n].kind == "mean_dC_dw" and trace[n].l == 3 and trace[n].value > 0.09
        ]
    assert len(expected) > 3
    session.visit(0)
    seen = []
    while (stop := debugger.continue_()).why == "breakpoint":
        seen.append(stop.address)
    assert seen == expected


def test_running_to_an_address_of_another_update_goes_there(session):
    trained(session)
    session.visit(20)
    stop = session.debugger.run_to("e1/b2/mean")
    assert (stop.why, session.debugger.visited.T) == ("place", 6)


def test_a_search_in_a_long_run_can_be_interrupted(session):
    trained(session)
    session.visit(5)
    session.debugger.add_breakpoint(when="value > 1e9")
    search = session.debugger.search()
    assert search.advance(0) is None
    assert search.cancel().why == "interrupted"
    assert session.debugger.visited.T == 5


def test_a_visit_changes_nothing_and_one_comes_back(session):
    trained(session)
    network, row = session.network, session.row
    session.visit(3)
    session.present()
    assert session.network is network
    assert session.row == row
    assert session.debugger.visited is None


def test_one_comes_back_from_wherever_the_debugger_went_by_itself(session):
    trained(session)
    network, row = session.network, session.row
    session.debugger.run_to("e1/b2/mean")
    assert session.debugger.visited.T == 6
    session.present()
    assert (session.network, session.row) == (network, row)


def test_training_on_after_a_visit_goes_on_at_the_end_bit_for_bit(session):
    expected = states(session, 48)
    trained(session)
    session.visit(3)
    trained(session)
    assert session.recording.length == 48
    assert len(session.recordings) == 1
    assert flatten(session.network).tobytes() == expected[48].parameters.tobytes()


def test_an_edit_in_the_past_that_is_undone_is_none(session):
    expected = states(trained(session), 24)
    session.visit(10)
    session.debugger.set_weight(2, 0, 0, 1.5)
    session.debugger.undo()
    assert not session.debugger.is_changed_visit
    session.visit(3)
    assert session.debugger.redo_text == ""
    assert flatten(session.network).tobytes() == expected[3].parameters.tobytes()
    assert session.provenance.since == "3 updates"


def test_an_edit_in_the_past_is_none_of_the_present_unless_it_is_trained_on(session):
    trained(session)
    session.visit(3)
    session.debugger.set_weight(2, 0, 0, 2.5)
    session.present()
    assert session.provenance.since == "24 updates"
    session.visit(3)
    session.debugger.set_weight(2, 0, 0, 2.5)
    trained(session)
    assert session.provenance.since.endswith(" updates, changed by hand")


def test_the_update_that_one_has_changed_is_visited_as_it_is_though_its_pass_was_computed_anew(
    session,
):
    trained(session)
    session.visit(0)
    session.debugger.set_weight(2, 0, 0, 1.5)
    with pytest.raises(InputError, match="changed by hand here"):
        session.debugger.continue_()  # looks into the passes after it
    session.debugger.goto(5)
    session.visit(0)
    assert session.debugger.cursor == 0
    assert session.network.layer(2).W[0, 0] == 1.5
    with pytest.raises(InputError, match="changed by hand here"):
        session.visit(1)


@pytest.mark.parametrize("batch_size", [20, 3])
def test_a_branch_with_other_batches_begins_the_epoch_that_it_left_anew(session, batch_size):
    expected = states(trained(session), 24)
    session.visit(11)  # e2/b3, the last batch
    session.change(batch_size=batch_size)
    training = Training.of(session.network, session.data, session.experiment.training)
    trained(session)
    branch = session.recording
    assert (branch.branched_at, branch.place(11)) == (11, (2, 0))
    begun = branch.visit(11).state
    assert begun.parameters.tobytes() == expected[11].parameters.tobytes()
    assert (begun.epoch, begun.batch, begun.sums) == (2, 0, (0.0, 0))
    once = advance(training, begun, training.batches_per_epoch).state
    end = branch.visit(11 + training.batches_per_epoch).state
    assert end.parameters.tobytes() == once.parameters.tobytes()
    assert (end.epoch, end.batch) == (3, 0)


def test_an_edit_in_the_past_starts_a_branch_and_leaves_the_run_as_it_was(session):
    expected = states(trained(session), 24)
    first = session.recording
    session.visit(10)
    session.debugger.set_weight(2, 0, 0, 1.5)
    with pytest.raises(InputError, match="was changed by hand"):
        session.debugger.visit(3)
    trained(session)
    second = session.recording
    assert second.parent is first
    assert second.branched_at == 10
    assert second.length > 24
    start = second.visit(10)
    assert start.state.parameters[0] == 1.5
    assert start.segment.why == "changed by hand"
    for T in (0, 9, 24):
        assert first.visit(T).state.parameters.tobytes() == expected[T].parameters.tobytes()
    assert second.visit(9).state.parameters.tobytes() == expected[9].parameters.tobytes()


def test_a_branch_says_the_rate_too_where_it_is_another_one_than_at_that_time(session):
    trained(session)
    session.change(lr=0.25)
    session.visit(10)
    session.debugger.set_weight(2, 0, 0, 1.5)
    trained(session)
    assert session.recording.visit(10).segment.why == "changed by hand, learning rate 0.25"
    ledger = ledger_of(session.recording, 2, 0, 0)
    assert ledger.whys[10] == "branch: changed by hand, learning rate 0.25"


def test_the_update_that_came_next_is_another_one_after_an_edit_of_the_present(session):
    trained(session)
    session.visit(24)
    session.present()
    session.debugger.set_weight(2, 0, 0, 0.5)
    trained(session)
    session.visit(24)
    assert session.network.layer(2).W[0, 0] == 0.5
    assert len(session.recordings) == 1
    assert [s.why for s in session.recording.segments] == ["start", "changed by hand"]


def test_the_ledger_of_another_parameter_says_the_settings_but_no_change_by_hand(session):
    trained(session)
    session.debugger.set_weight(2, 0, 0, 0.5)
    session.change(lr=0.25)
    trained(session)
    assert session.recording.segments[1].why == "changed by hand, learning rate 0.25"
    changed, other = (ledger_of(session.recording, 2, j, 0) for j in (0, 1))
    assert changed.whys == {24: "changed by hand, learning rate 0.25"}
    assert other.whys == {24: "learning rate 0.25"}


def test_a_setting_changed_in_the_past_starts_a_branch_too(session):
    trained(session)
    session.visit(8)
    session.change(lr=0.01)
    assert session.debugger.visited.T == 8
    trained(session)
    assert [recording.name for recording in session.recordings] == ["Run 1", "Run 2"]
    assert session.recording.visit(8).segment.why == "learning rate 0.01"


def test_settings_changed_before_anything_was_trained_are_those_that_the_run_began_with(session):
    number = session.add_stop("loss > 0").id
    trained(session)
    assert session.recording.length == 0
    session.remove_stop(number)
    session.change(lr=0.25)
    trained(session)
    (segment,) = session.recording.segments
    assert (segment.why, segment.training.settings.update.lr) == ("start", 0.25)


def test_a_change_of_the_rate_in_the_present_is_an_event_of_the_same_run(session):
    trained(session)
    session.change(lr=0.2, l2=0.01)
    trained(session)
    assert [s.first for s in session.recording.segments] == [0, 24]
    assert session.recording.segments[1].why == "learning rate 0.2, L2 0.01"


def test_branches_are_chosen_named_and_gone_on_with(session):
    trained(session)
    first, end = session.recording, session.network
    session.visit(8)
    session.debugger.set_bias(2, 1, 0.3)
    trained(session)
    session.choose_recording(first)
    assert session.recording is first
    assert flatten(session.network).tobytes() == flatten(end).tobytes()
    session.rename_recording(first, "Baseline")
    with pytest.raises(InputError, match="called 'Baseline' already"):
        session.rename_recording(session.recordings[1], "Baseline")
    trained(session)
    assert first.length == 48
    assert session.snapshot_of(first).steps_done == 48
    assert session.snapshot_of(session.recordings[1]).steps_done < 48


def test_the_first_difference_of_two_runs_is_named(session):
    trained(session)
    first = session.recording
    session.visit(10)
    session.debugger.set_weight(3, 1, 2, -0.4)
    trained(session)
    found = result_of(divergence_steps(first, session.recording))
    assert (found.T, found.epoch, found.batch) == (10, 2, 2)
    row = first.visit(10).rows[0]
    assert found.address == f"e2/b2/s{row}/fwd/l3/j1/k2/wa"
    assert result_of(divergence_steps(first, first)) is None


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"lr": 0.25}, "update/l2/j0/k0/update_w"),  # the same terms with another number
        ({"optimizer": "adam"}, "update/l2/j0/k0/m"),  # a term that the first run lacks
        ({"clip": 1.0}, "update/clip"),
        ({"batch_size": 3}, "s{row}/fwd/l2/j0/k0/wa"),  # the same rows in another order
    ],
)
def test_the_first_difference_of_a_branch_by_other_settings_is_a_term_of_it(
    session, settings, expected
):
    trained(session)
    first = session.recording
    session.visit(6)
    session.change(**settings)
    trained(session)
    second = session.recording
    found = result_of(divergence_steps(first, second))
    assert found.T == 6
    row, (epoch, batch) = second.visit(6).rows[0], second.place(6)
    assert found.address == f"e{epoch}/b{batch}/{expected.format(row=row)}"
    assert (found.values is None) == ("lr" not in settings)
    session.visit_place(found.address)
    assert session.debugger.step.address in found.address


def test_another_experiment_has_no_past(session):
    trained(session)
    session.change(hidden=(3,))
    assert session.recording is None
    with pytest.raises(InputError, match="nothing was trained yet"):
        session.visit(0)


# ---- stops -------------------------------------------------------------------------------------


def test_a_condition_pauses_before_its_update_and_training_goes_on_after_it(session):
    expected = states(session, 24)
    stop = session.add_stop("step == 5 or step == 9")
    trained(session)
    hit = session.snapshot.hit
    assert (session.snapshot.state, hit.T, hit.stop) == ("paused", 5, stop)
    assert flatten(session.network).tobytes() == expected[5].parameters.tobytes()
    assert session.recording.length == 5
    trained(session)
    assert session.snapshot.hit.T == 9
    trained(session)
    assert session.snapshot.state == "finished"
    assert flatten(session.network).tobytes() == expected[24].parameters.tobytes()
    assert session.stop_counts == {stop.id: 2}


def test_a_condition_that_is_set_when_the_run_has_just_ended_hides_no_weights(session):
    session.train()
    run = session.runs.last_in(session.recording)
    while run.snapshot().is_training:  # nobody looks at it
        time.sleep(0.002)
    session.add_stop("loss < 0")
    assert not session.is_training
    assert session.network is run.snapshot().network
    trained(session)
    assert [s.why for s in session.recording.segments] == ["start", "trained on"]


@pytest.mark.parametrize("condition", ["loss > 0", "loss < 0"])
def test_a_setting_that_is_changed_when_the_run_has_just_stopped_starts_no_other(
    session, condition
):
    session.add_stop(condition)
    session.train()
    run = session.runs.last_in(session.recording)
    while run.snapshot().is_training:  # nobody looks at it
        time.sleep(0.002)
    reached = run.snapshot()
    session.change(lr=0.25)
    assert not session.is_training
    assert session.snapshot.hit == reached.hit
    assert session.network is reached.network
    assert session.recording.length == reached.steps_done


def test_a_condition_that_logs_is_counted(session):
    stop = session.add_stop("epoch == 2", log=True)
    trained(session)
    assert session.snapshot.state == "finished"
    assert session.stop_counts == {stop.id: 4}


def test_conditions_are_changed_and_taken_away(session):
    stop = session.add_stop("step == 5")
    session.change_stop(stop.id, enabled=False)
    trained(session)
    assert session.snapshot.state == "finished"
    session.remove_stop(stop.id)
    assert session.stops == ()
    with pytest.raises(InputError, match="no stop condition 1"):
        session.remove_stop(stop.id)
    with pytest.raises(InputError, match="value is not recorded"):
        session.add_stop("value > 1")


def test_a_condition_of_another_network_waits(session):
    session.add_stop("w[3][2,3] > 100")
    session.change(hidden=(2,))
    trained(session)
    assert session.snapshot.state == "finished"


def test_a_number_that_is_not_finite_stops_the_run_and_leads_to_its_cause(session):
    session.change(
        activations=("relu",), output_activation="linear", lr=1e200, scale="none", epochs=50
    )
    trained(session)
    halt = session.snapshot.halt
    assert halt is not None
    assert np.isfinite(flatten(session.network)).all()
    session.go_to_cause()
    debugger = session.debugger
    assert session.recording.length == debugger.visited.T
    assert not np.isfinite(debugger.step.value)
    before = debugger.trace.values(0, debugger.cursor)
    assert np.isfinite(before).all()


def test_where_only_the_sum_of_a_batch_is_not_finite_the_largest_loss_is_the_cause(session):
    trained(session)
    debugger = session.debugger
    debugger.visit_cause(5)
    trace = debugger.trace
    assert debugger.step.kind == "C"
    assert debugger.step.value == trace.C.max()


def test_without_such_a_stop_there_is_no_cause_to_go_to(session):
    trained(session)
    with pytest.raises(InputError, match="did not stop at a number"):
        session.go_to_cause()
