"""A session that is closed and opened again is the session that was never closed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bpstudio.core.errors import InputError
from bpstudio.core.optimisers import OPTIMISERS
from bpstudio.debugger.experiment import Experiment
from bpstudio.debugger.session import Session
from bpstudio.files import session_data
from bpstudio.files.dataset import load
from bpstudio.files.run_file import save_run
from bpstudio.files.run_values import Curve
from bpstudio.sessions import DataFile, DataFileError, OpenedSession, check, read, remember, write
from tests.files import runs
from tests.sessions.sessions import assert_same, curves, recorded, seen, session, settle, trained

Reopen = Callable[[Session], Session]


@pytest.fixture
def opened() -> Iterator[list[Session]]:
    """Sessions that are closed at the end."""
    made: list[Session] = []
    yield made
    for each in made:
        each.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where sessions are written."""
    return tmp_path / "work.bps"


@pytest.fixture
def new(opened: list[Session]) -> Callable[..., Session]:
    """new(lr=0.1, …): a session on small data."""

    def make(*arguments: Any, **settings: Any) -> Session:
        opened.append(session(*arguments, **settings))
        return opened[-1]

    return make


@pytest.fixture
def reopened(path: Path, opened: list[Session]) -> Reopen:
    """The session as it comes from its file."""

    def reopen(made: Session) -> Session:
        write(remember(made), path)
        opened.append(read(path).session)
        return opened[-1]

    return reopen


# ---- what is on show ---------------------------------------------------------------------------


def test_a_fresh_session_is_opened_as_it_was(new: Any, reopened: Reopen) -> None:
    made = new("regression", init="he", seed=4)
    made.choose_row(7)
    made.debugger.goto("s7/back")
    assert_same(made, reopened(made))


def test_everything_that_was_set_is_there_again(new: Any, reopened: Reopen) -> None:
    made = new(epochs=2)
    debugger = made.debugger
    debugger.add_breakpoint(kind="dC_dw", l=2, when="abs(value) > 0.01", hits=2)
    taken_away = debugger.add_breakpoint(kind="C")
    debugger.add_breakpoint(kind="a", log="it is {value}", enabled=False)
    debugger.change_breakpoint(3, enabled=True)
    debugger.remove_breakpoint(taken_away.id)
    debugger.add_watch("w[2][0,1] * 2")
    debugger.add_watch("s52/fwd/l2/j0/z" if 52 in made.data.rows else "s0/fwd/l2/j0/z")
    debugger.continue_()
    debugger.toggle_bookmark()
    made.add_stop("loss > 100", log=True)
    made.add_stop("step == 3")
    made.limit_speed(500.0)
    trained(made)
    made.choose_whole_batch(True)
    other = reopened(made)
    assert_same(made, other)
    assert other.debugger.log
    numbers = [each.debugger.add_breakpoint(kind="z").id for each in (made, other)]
    assert numbers == [4, 4]
    assert [each.add_stop("step == 5").id for each in (made, other)] == [3, 3]


def test_numbers_changed_by_hand_are_there_to_the_bit(new: Any, reopened: Reopen) -> None:
    made = new()
    row = made.row
    made.debugger.set_weight(2, 1, 0, 0.1 + 0.2)
    made.debugger.set_input(row, 2, 1 / 3)
    made.debugger.set_target(row, 1, 0.7)
    other = reopened(made)
    assert_same(made, other)
    assert not other.debugger.undo()
    assert_same(trained(made), trained(other))


def test_a_visit_to_an_update_is_on_show_again(new: Any, reopened: Reopen) -> None:
    made = trained(new(batch_size=4, optimizer="adam", lr=0.02))
    made.visit(7)
    made.debugger.goto(11)
    other = reopened(made)
    assert other.debugger.visited is not None
    assert_same(made, other)
    made.present()
    other.present()
    assert_same(made, other)


def test_what_was_changed_during_a_visit_starts_the_same_branch(new: Any, reopened: Reopen) -> None:
    made = trained(new(batch_size=4))
    made.visit(5)
    made.debugger.set_weight(3, 0, 1, 2.5)
    made.debugger.set_input(made.row, 0, -1.0)
    other = reopened(made)
    assert other.debugger.is_changed_visit
    assert_same(made, other)
    assert_same(trained(made), trained(other))
    assert [r.name for r in other.recordings] == ["Run 1", "Run 2"]


def test_a_setting_changed_during_a_visit_starts_the_same_branch(
    new: Any, reopened: Reopen
) -> None:
    made = trained(new(batch_size=4))
    made.visit(5)
    made.change(lr=0.03)
    other = reopened(made)
    assert_same(trained(made), trained(other))
    assert len(other.recordings) == 2


def test_what_the_window_keeps_of_itself_comes_back(new: Any, path: Path) -> None:
    kept = {"layout": {"left": ["canvas", 0.25]}, "zoom": None, "title": "é\n"}
    write(remember(new(), kept), path)
    found = read(path)
    assert isinstance(found, OpenedSession)
    assert (found.window, found.name) == (kept, "work")


# ---- going on ----------------------------------------------------------------------------------


@pytest.mark.parametrize("batch_size", [1, 4, 23])
@pytest.mark.parametrize("optimizer", OPTIMISERS)
def test_training_goes_on_bit_for_bit_in_the_middle_of_an_epoch(
    optimizer: str, batch_size: int, new: Any, reopened: Reopen
) -> None:
    made = new(optimizer=optimizer, batch_size=batch_size, lr=0.02, l2=1e-3, epochs=4)
    made.add_stop(f"step == {1 if batch_size == 23 else 7}")
    trained(made)
    other = reopened(made)
    assert other.snapshot is not None
    assert other.snapshot.state == "paused"
    assert_same(trained(made), trained(other))
    assert other.snapshot.why == "all 4 epochs are done"
    assert len(other.recording.segments) == 1
    assert_same(trained(made), trained(other))  # a run of its own, after the first one


def test_training_goes_on_after_branches_and_other_settings(new: Any, reopened: Reopen) -> None:
    made = trained(new(batch_size=5, optimizer="momentum", lr=0.05))
    made.change(batch_size=7, lr=0.1)
    trained(made)
    made.visit(4)
    made.debugger.set_bias(2, 0, 0.5)
    trained(made)
    made.rename_recording(made.recording, "with a bias")
    made.change(optimizer="adam", lr=0.01)
    trained(made)
    other = reopened(made)
    assert_same(made, other)
    assert other.recordings[0].segments[0] is other.recordings[1].segments[0]
    for each in (made, other):
        each.choose_recording(each.recordings[0])
    assert_same(trained(made), trained(other))
    for each in (made, other):
        each.visit(2)
        each.debugger.set_weight(2, 0, 0, -1.0)
    assert_same(trained(made), trained(other))


def test_a_paused_run_that_is_left_for_another_ends_as_it_would_have(
    new: Any, reopened: Reopen
) -> None:
    made = new(batch_size=4)
    trained(made)
    made.visit(3)
    made.debugger.set_bias(2, 0, 0.5)
    made.add_stop("step == 9")
    trained(made)
    other = reopened(made)
    for each in (made, other):
        for recording in each.recordings:
            each.choose_recording(recording)
    assert_same(made, other)
    assert_same(trained(made), trained(other))


def test_a_run_that_met_a_number_that_is_not_finite_leads_to_its_cause(
    new: Any, reopened: Reopen
) -> None:
    made = new("regression")
    made.change(lr=1e200)
    trained(made)
    other = reopened(made)
    for each in (made, other):
        each.go_to_cause()
    assert_same(made, other)


def test_conditions_that_held_are_counted_on(new: Any, reopened: Reopen) -> None:
    made = new(batch_size=4)
    made.add_stop("loss > 0", log=True)
    made.add_stop("step == 4")
    other = reopened(trained(made))
    assert other.snapshot is not None
    assert other.snapshot.hit == made.snapshot.hit
    assert_same(trained(made), trained(other))
    assert other.stop_counts[1] > 4


@pytest.mark.parametrize(
    "condition",
    ["loss[-5] > loss * 1.2", "sign_flips(dC_dw[2][0,0]) >= 4", "stalled >= 6", "loss[-9] > loss"],
)
def test_conditions_look_back_over_the_reopening(
    condition: str, new: Any, reopened: Reopen
) -> None:
    made = new(batch_size=4, epochs=60, lr=0.9, validation=0.3)
    made.add_stop(condition, log=True)
    made.add_stop("step == 7")
    trained(made)
    other = reopened(made)
    for each in (made, other):
        each.change_stop(1, log=False)
    for _ in range(4):
        assert_same(trained(made), trained(other))
        other = reopened(other)


# ---- while training ---------------------------------------------------------------------------


def test_a_session_that_trains_is_opened_paused_at_the_last_state(
    new: Any, path: Path, opened: list[Session]
) -> None:
    made = new(epochs=10_000_000, batch_size=4)
    made.train()
    for _ in range(20):
        while not made.poll():
            pass
        looked_at = made.snapshot.steps_done
        saved = remember(made)
        made.poll()
        write(saved, path)
        opened.append(read(path).session)
        other = opened[-1]
        assert not other.is_training
        length = other.recording.length
        assert looked_at <= length <= made.snapshot.steps_done
        assert other.snapshot.batch_losses.count == length
    made.pause()
    state = made.recording.visit(length).state
    assert state.parameters.tobytes() == other.recording.visit(length).state.parameters.tobytes()


def test_a_run_that_went_on_since_one_looked_goes_on_from_where_it_is(
    new: Any, path: Path, opened: list[Session]
) -> None:
    made = new(epochs=10_000_000, batch_size=4)
    made.train()
    seen_at = made.snapshot.steps_done
    while made._runs.last_in(made.recording).snapshot().steps_done == seen_at:
        time.sleep(0.001)
    write(remember(made), path)
    opened.append(read(path).session)
    other = opened[-1]
    assert other.recording.length > seen_at
    other.train()
    while not other.poll():
        time.sleep(0.001)
    other.pause()
    assert len(other.recording.segments) == 1


def test_a_session_is_remembered_before_its_first_update(new: Any, reopened: Reopen) -> None:
    made = new(epochs=2)
    made.train()
    other = reopened(made)  # mostly before the first update, and always right
    settle(made)
    assert other.snapshot is not None
    assert other.snapshot.state in ("paused", "finished")
    if other.snapshot.state == "paused":
        trained(other)
    assert recorded(made.recording) == recorded(other.recording)


def test_remembering_changes_nothing_and_tells_nobody(new: Any) -> None:
    made = trained(new())
    told: list[Any] = []
    made.subscribe(told.append)
    before, network = seen(made), made.network
    remember(made)
    assert (seen(made), made.network is network, told) == (before, True, [])


# ---- files -----------------------------------------------------------------------------------


def test_the_same_session_gives_the_same_bytes(new: Any, path: Path, reopened: Reopen) -> None:
    made = trained(new(batch_size=4))
    made.visit(3)
    made.debugger.set_weight(2, 0, 0, 1.0)
    other = reopened(trained(made))
    whole = path.read_bytes()
    write(remember(other), path)
    assert path.read_bytes() == whole


def test_states_are_thinned_to_a_size_and_replayed(new: Any, path: Path) -> None:
    made = new(epochs=50, batch_size=1, hidden=(40,))
    trained(made)
    write(remember(made), path)
    whole = path.stat().st_size
    write(remember(made), path, most_bytes=4000)
    assert path.stat().st_size < whole
    other = read(path).session
    assert [recorded(r) for r in other.recordings] == [recorded(r) for r in made.recordings]


def test_a_session_on_large_data_goes_on_with_its_file(
    path: Path, tmp_path: Path, opened: list[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_data, "LARGEST_EMBEDDED", 0)
    csv = tmp_path / "d.csv"
    csv.write_text("x,y,t\n" + "".join(f"{n % 7},{n % 5},{n % 3}\n" for n in range(40)))
    loaded = load(csv, "t", task="regression")
    source = DataFile.of(csv, loaded, target=("t",), task="regression")
    made = Session(loaded, Experiment(hidden=(3,), activations=("tanh",), epochs=2))
    made.debugger.set_input(3, 1, 0.1 + 0.2)
    opened.append(trained(made))
    made.debugger.set_target(5, 0, -0.3)
    write(remember(made, source=source), path)
    first = read(path)
    write(remember(first.session, source=first.source), path)
    found = read(path)
    opened += [first.session, found.session]
    assert_same(made, found.session)
    assert_same(trained(made), trained(found.session))
    csv.unlink()
    with pytest.raises(DataFileError):
        read(path)


def test_a_recorded_run_is_a_session_that_stands_at_its_end(
    path: Path, opened: list[Session]
) -> None:
    run = runs.run()
    save_run(run, path)
    made = read(path).session
    opened.append(made)
    assert made.recording.length == run.length
    assert made.snapshot.why == run.why
    assert made.snapshot.batch_losses.last == run.curves["batch_losses"].values[-1]
    last = run.segments[-1].states[-1][1]
    assert made.recording.visit(run.length).state.parameters.tobytes() == last.parameters.tobytes()
    assert (made.experiment.hidden, made.experiment.batch_size) == ((4,), 4)
    trained(made)
    assert made.recording.length > run.length
    assert curves(made, made.recording)["state"][0] == "finished"


def test_a_recorded_run_has_waited_for_a_better_epoch_as_its_curves_say(
    path: Path, opened: list[Session]
) -> None:
    run = runs.run()
    validation = Curve(np.array([3.0, 1.0, 2.0, 1.5, 1.25]), 1, 5)
    curves = {"epoch_losses": Curve(np.arange(5.0), 1, 5), "validation_losses": validation}
    save_run(replace(run, curves=run.curves | curves), path)
    made = read(path).session
    opened.append(made)
    seen = made.snapshot.seen
    assert (seen.waiting.waited, seen.waiting.best) == (3, 1.0)
    assert seen.last_epoch == pytest.approx((4.0, np.nan, 1.25, np.nan, 3.0), nan_ok=True)


def test_each_run_is_compared_with_its_own_losses(new: Any, path: Path) -> None:
    made = trained(new(batch_size=4))
    _branch(made, 3, lr=0.2)
    second = made.recording
    _branch(made, 5, lr=0.3)
    made.choose_recording(second)
    _branch(made, 10, lr=0.4)
    saved = remember(made)
    # the others share updates 3 and 4 of it, and go on differently
    runs = [replace(run, parent=None) for run in saved.runs if run.name != "Run 2"]
    write(replace(saved, runs=tuple(runs), current=2), path)
    found = read(path).check()
    assert (found.complete, found.difference) == (True, "")
    own = sum(run.length - run.branched_at for run in runs[1:])
    assert found.updates >= runs[0].length + (5 - 3) + own


def _branch(made: Session, T: int, **settings: Any) -> None:
    """Go back, change settings, and train to the end."""
    made.visit(T)
    made.change(**settings)
    trained(made)


def test_a_run_with_another_bit_is_told(new: Any, path: Path) -> None:
    made = trained(new(batch_size=4))
    write(remember(made), path)
    found = read(path)
    assert found.check().difference == ""
    assert found.check().complete
    saved, (run,) = found.saved, found.saved.runs
    losses = run.curves["batch_losses"].values.copy()
    losses[5] = 0.25
    curves = {"batch_losses": replace(run.curves["batch_losses"], values=losses)}
    other = replace(saved, runs=(replace(run, curves=curves),))
    assert check(other).difference.endswith(" here, 0.25 there")
    ended = check(saved, cancelled=lambda: True)
    assert (ended.complete, ended.difference) == (False, "")


def test_a_refusal_names_the_file(path: Path) -> None:
    path.write_bytes(b"PK")
    with pytest.raises(InputError, match=r"work\.bps is no session, or only the start of one"):
        read(path)


def test_a_condition_counts_in_a_run_that_one_left_as_it_does_once_that_is_opened(
    new: Any, path: Path, opened: list[Session]
) -> None:
    made = new(epochs=2, batch_size=6)
    made.add_stop("loss[-3] > 1e9")  # looks back on what it recorded
    trained(made)
    made.visit(0)
    made.change(lr=0.03)
    trained(made)
    made.add_stop("sign_flips(dC_dw[2][0,0]) >= 2")  # has nothing recorded to look back on
    write(remember(made), path)
    whole = path.read_bytes()
    opened.append(read(path).session)
    write(remember(opened[-1]), path)
    assert path.read_bytes() == whole
