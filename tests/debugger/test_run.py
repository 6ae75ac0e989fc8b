"""A training run, watched as a window does: by looking at its snapshots now and then."""

import threading
import time
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest

from bpstudio.core import kernels
from bpstudio.core.errors import InputError
from bpstudio.core.network import Layer, Network
from bpstudio.core.parameters import flatten
from bpstudio.core.training import Training, TrainingSettings, advance
from bpstudio.core.training_values import Samples
from bpstudio.core.wanted import require_wanted
from bpstudio.debugger import run as run_module
from bpstudio.debugger.run import TrainingRun
from bpstudio.debugger.warm_up import warm_up
from tests.core.training_cases import ENGINES, page

PATIENCE = 20.0  # seconds; every wait here ends as soon as it can

engines = pytest.mark.parametrize("engine", ENGINES)


@contextmanager
def running(training, **options):
    run = TrainingRun(training, **options)
    run.start()
    try:
        yield run
    finally:
        run.stop()


def wait_for(run, condition):
    """The first snapshot seen that meets the condition."""
    end = time.monotonic() + PATIENCE
    while not condition(snapshot := run.snapshot()):
        assert time.monotonic() < end, f"still {snapshot.state} after {snapshot.steps_done} steps"
        time.sleep(0.001)
    return snapshot


def wait_for_state(run, state):
    return wait_for(run, lambda s: s.state == state)


def _threads():
    return [t for t in threading.enumerate() if t.name.startswith("bpstudio")]


def _diverging():
    net = Network([Layer(np.array([[1.0]]), None, "linear")])
    settings = TrainingSettings(lr=1e30)
    return Training.from_arrays(net, np.array([[1.0]]), np.array([[0.0]]), settings)


# A run and what it shows -----------------------------------------------------------------


@engines
def test_a_run_trains_to_its_end_and_ends_its_thread(engine):
    training = page(engine, n_validation=4, classification=True)
    run = TrainingRun(training, epochs=50)
    run.start()
    end = wait_for_state(run, "finished")
    expected = advance(training, training.start(), 150)
    assert flatten(end.network).tobytes() == expected.state.parameters.tobytes()
    assert (end.epoch, end.batch, end.steps_done) == (50, 0, 150)
    assert end.why == "all 50 epochs are done"
    assert (end.halt, end.error) == (None, None)
    assert end.batch_losses.values.tolist() == expected.batch_losses.tolist()
    curves = (
        end.epoch_losses,
        end.epoch_accuracies,
        end.validation_losses,
        end.validation_accuracies,
    )
    assert [c.values.tolist() for c in curves] == expected.epochs.T.tolist()
    run.stop()
    assert _threads() == []


def test_the_curves_of_a_run_that_is_over_take_the_room_of_their_points():
    with running(page("numpy"), epochs=3) as run:
        end = wait_for_state(run, "finished")
    for series in (*end.series, *(layer.grad_norms for layer in end.layers)):
        assert series.values.base.size == len(series.values) <= 9


def test_curves_that_there_are_not_stay_empty():
    with running(page("numpy"), epochs=3) as run:
        end = wait_for_state(run, "finished")
    assert end.epoch_losses.count == 3
    assert end.epoch_accuracies.count == 0
    assert end.validation_losses.count == 0
    assert end.validation_accuracies.count == 0


def test_before_it_starts_a_run_shows_the_network_it_was_given():
    training = page("numpy")
    snapshot = TrainingRun(training).snapshot()
    assert (snapshot.state, snapshot.steps_done, snapshot.epoch) == ("preparing", 0, 0)
    assert flatten(snapshot.network).tobytes() == flatten(training.network).tobytes()


@engines
def test_every_snapshot_is_a_moment_of_the_same_run(engine):
    training = page(engine)
    seen = []
    with running(training) as run:
        wait_for(run, lambda s: seen.append(s) or s.steps_done > 300)
    moments = {s.steps_done: s for s in seen}
    for steps, snapshot in moments.items():
        expected = advance(training, training.start(), steps)
        assert flatten(snapshot.network).tobytes() == expected.state.parameters.tobytes()
        assert snapshot.batch_losses.count == steps
        assert (snapshot.epoch, snapshot.batch) == divmod(steps, 3)
        n = len(snapshot.batch_losses.values)
        if snapshot.batch_losses.stride == 1:
            assert snapshot.batch_losses.values.tolist() == expected.batch_losses[:n].tolist()


def test_nothing_new_is_the_same_snapshot():
    with running(page("numpy"), batches_per_second=0.01) as run:
        run.pause()
        paused = wait_for_state(run, "paused")
        assert run.snapshot() is paused


def test_snapshots_are_published_at_frame_rate_at_most():
    with running(page("numpy")) as run:
        start, seen = time.monotonic(), [wait_for_state(run, "running")]
        while len(seen) < 10:
            if run.snapshot() is not seen[-1]:
                seen.append(run.snapshot())
            time.sleep(0.0005)
        assert len(seen) <= 60 * (time.monotonic() - start) + 2


# Pause, speed, stop ----------------------------------------------------------------------


@engines
def test_a_paused_run_stands_still_and_goes_on_where_it_was(engine):
    training = page(engine)
    with running(training) as run:
        wait_for(run, lambda s: s.steps_done > 0)
        run.pause()
        paused = wait_for_state(run, "paused")
        time.sleep(0.05)
        assert run.snapshot() is paused
        run.resume()
        further = wait_for(run, lambda s: s.steps_done > paused.steps_done)
    expected = advance(training, training.start(), further.steps_done)
    assert flatten(further.network).tobytes() == expected.state.parameters.tobytes()


def test_a_run_can_be_paused_before_it_makes_a_step():
    run = TrainingRun(page("numpy"))
    run.pause()
    run.start()
    assert wait_for_state(run, "paused").steps_done == 0
    run.stop()


def test_pausing_interrupts_a_long_portion():
    with running(page(ENGINES[0], n=10**5, batch_size=1)) as run:
        wait_for(run, lambda s: s.steps_done > 1000)
        run.pause()
        assert wait_for_state(run, "paused").steps_done > 1000


@engines
def test_waiting_until_still_leaves_nothing_to_come(engine):
    with running(page(engine)) as run:
        for steps in (0, 100, 1000):
            wait_for(run, lambda s, steps=steps: s.steps_done > steps)
            run.pause()
            run.wait_until_still()
            paused = run.snapshot()
            assert paused.state == "paused"
            time.sleep(0.01)
            assert run.snapshot() is paused
            run.resume()
            assert run.snapshot().state == "running"


def test_a_run_paused_while_preparing_says_so_and_can_go_on(monkeypatch):
    go = threading.Event()
    ready = run_module.prepared
    monkeypatch.setattr(run_module, "prepared", lambda *a: go.wait(PATIENCE) and ready(*a))
    with running(page("numpy"), epochs=2) as run:
        run.pause()
        run.wait_until_still()
        assert run.snapshot().state == "paused"
        run.resume()
        assert run.snapshot().state == "preparing"
        run.pause()
        go.set()
        time.sleep(0.02)
        assert (run.snapshot().state, run.snapshot().steps_done) == ("paused", 0)
        run.resume()
        wait_for_state(run, "finished")


def test_the_network_is_the_same_object_while_nothing_is_trained():
    training = page("numpy")
    with running(training, batches_per_second=1e-3) as run:
        run.pause()
        assert wait_for_state(run, "paused").network is training.network
        run.resume()
        assert run.snapshot().network is training.network
    assert run.snapshot().network is training.network


def test_a_limited_run_is_no_faster_than_its_limit():
    start = time.monotonic()
    with running(page("numpy"), batches_per_second=100) as run:
        steps = wait_for(run, lambda s: s.steps_done >= 10).steps_done
        assert steps <= 100 * (time.monotonic() - start) + 1


def test_a_change_of_speed_is_felt_at_once():
    with running(page("numpy"), batches_per_second=1e-3) as run:
        run.limit_speed(None)
        wait_for(run, lambda s: s.steps_done > 100)
        run.limit_speed(1e-3)
        with pytest.raises(InputError):
            run.limit_speed(0)


def test_the_speed_is_shown():
    with running(page("numpy")) as run:
        assert wait_for(run, lambda s: s.steps_done > 10).steps_per_second > 0


@pytest.mark.parametrize("state", ["new", "preparing", "running", "paused", "waiting", "finished"])
def test_stopping_in_any_state_leaves_no_thread_and_publishes_nothing_more(state, monkeypatch):
    options = {"finished": {"epochs": 1}, "waiting": {"batches_per_second": 1e-3}}.get(state, {})
    if state == "preparing":
        monkeypatch.setattr(run_module, "prepared", _never_ready)
    run = TrainingRun(page("numpy"), **options)
    if state != "new":
        run.start()
    if state == "paused":
        run.pause()
    if state in ("running", "paused", "finished"):
        wait_for_state(run, state)
    run.stop()
    assert _threads() == []
    last = run.snapshot()
    assert last.state == ("preparing" if state == "new" else "finished")
    assert (last.why is None) == (state == "new")
    run.stop()  # again does no harm
    run.resume()
    time.sleep(0.02)
    assert run.snapshot() is last


def _never_ready(training, cancelled):
    end = time.monotonic() + PATIENCE
    while not cancelled():
        assert time.monotonic() < end
        time.sleep(0.001)
    return training


def test_a_run_scales_its_samples_itself_and_can_be_stopped_meanwhile():
    began = threading.Event()

    def parts():
        began.set()
        while True:
            require_wanted()
            time.sleep(0.001)

    run = TrainingRun(replace(page("numpy"), samples=Samples(13, 0, parts)))
    run.start()
    run.pause()
    run.wait_until_still()  # nobody waits for that
    assert began.wait(PATIENCE)
    run.stop()
    last = run.snapshot()
    assert (last.state, last.why, last.error) == ("finished", "stopped before e0/b0", None)


def test_a_stopped_run_says_where():
    with running(page("numpy"), batches_per_second=1e-3) as run:
        pass
    assert run.snapshot().why == "stopped before e0/b0"


def test_a_run_does_not_write_into_the_one_that_replaced_it():
    with running(page("numpy")) as first:
        wait_for(first, lambda s: s.steps_done > 10)
        first.stop()
        before = first.snapshot()
        with running(page("numpy", seed=5), epochs=20) as second:
            end = wait_for_state(second, "finished")
        assert first.snapshot() is before
    alone = page("numpy", seed=5)
    expected = advance(alone, alone.start(), 60).state.parameters
    assert flatten(end.network).tobytes() == expected.tobytes()


# One run after another -------------------------------------------------------------------


@engines
def test_a_run_after_another_goes_on_where_that_ended(engine):
    training = page(engine, n_validation=2)
    with running(training, epochs=4) as first:
        before = wait_for_state(first, "finished")
    with running(replace(training, network=before.network), epochs=3, after=first) as second:
        end = wait_for_state(second, "finished")
    expected = advance(training, training.start(), 7 * 3)
    assert flatten(end.network).tobytes() == expected.state.parameters.tobytes()
    assert (end.epoch, end.batch, end.steps_done) == (7, 0, 21)
    assert end.batch_losses.values.tolist() == expected.batch_losses.tolist()
    assert end.validation_losses.values.tolist() == expected.epochs[:, 2].tolist()
    assert end.why == "all 3 epochs are done"
    assert before.batch_losses.count == 12


def _stopped_within_an_epoch(training):
    with running(training) as run:
        wait_for(run, lambda s: s.steps_done > 100)
    return run


def test_an_epoch_that_was_cut_short_is_finished_by_the_run_after():
    training = page("numpy", n=2000, batch_size=1)
    first = _stopped_within_an_epoch(training)
    before = first.snapshot()
    with running(replace(training, network=before.network), epochs=1, after=first) as second:
        end = wait_for_state(second, "finished")
    assert (end.epoch, end.batch) == (before.epoch + 1, 0)
    expected = advance(training, training.start(), end.steps_done)
    assert flatten(end.network).tobytes() == expected.state.parameters.tobytes()
    assert end.epoch_losses.values.tolist() == expected.epochs[:, 0].tolist()


def test_with_other_batches_the_epoch_that_was_cut_short_is_begun_anew():
    first = _stopped_within_an_epoch(page("numpy", n=2000, batch_size=1))
    before = first.snapshot()
    other = replace(page("numpy", n=2000, batch_size=2000), network=before.network)
    with running(other, epochs=1, after=first) as second:
        end = wait_for_state(second, "finished")
    assert (end.epoch, end.batch) == (before.epoch + 1, 0)
    assert end.steps_done == before.steps_done + 1
    assert end.epoch_losses.count == before.epoch + 1


def test_a_run_stops_the_one_it_goes_on_from():
    with running(page("numpy")) as first:
        wait_for(first, lambda s: s.steps_done > 10)
        second = TrainingRun(page("numpy"), after=first)
        assert _threads() == []
        assert second.snapshot().steps_done == first.snapshot().steps_done


# Ends that nobody wished -----------------------------------------------------------------


def test_a_loss_that_is_not_finite_ends_the_run_with_the_parameters_before_the_harm():
    training = _diverging()
    with running(training) as run:
        end = wait_for_state(run, "finished")
    assert end.halt.kind == "loss"
    assert end.why == str(end.halt)
    assert f"e{end.epoch}/b{end.batch}" in end.why
    assert np.isfinite(flatten(end.network)).all()
    assert np.isfinite(end.batch_losses.values).all()
    assert end.batch_losses.count == end.steps_done == end.epoch


@pytest.mark.parametrize(
    ("error", "text"), [(MemoryError("no room"), "MemoryError"), (InputError("the lr"), "the lr")]
)
def test_an_error_in_the_worker_is_shown_and_ends_it(error, text, monkeypatch):
    def fail(*_):
        raise error

    monkeypatch.setattr(run_module, "advance", fail)
    with running(page("numpy")) as run:
        failed = wait_for_state(run, "failed")
    assert text in failed.error
    assert failed.why is None
    assert _threads() == []


# Warming up ------------------------------------------------------------------------------


def test_warming_up_makes_the_compiled_loop_ready():
    end = warm_up()
    deadline = time.monotonic() + PATIENCE
    while not kernels._ready and time.monotonic() < deadline:
        time.sleep(0.01)
    end()
    assert kernels._ready or not kernels.has_compiler()
    assert _threads() == []


def test_warming_up_can_be_ended_at_once(monkeypatch):
    monkeypatch.setattr(kernels, "_ready", [])
    monkeypatch.setattr(kernels, "_is_cached", lambda signed: False)
    monkeypatch.setattr(
        kernels, "_compile_elsewhere", lambda cancelled: _never_ready(None, cancelled)
    )
    end = warm_up()
    end()
    assert _threads() == []
    assert kernels._ready == []
