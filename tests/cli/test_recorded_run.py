"""A run trained into a file: what stops it, and going back to any of its updates."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import bpstudio as bp
from bpstudio.core.optimisers import OPTIMISERS, UpdateSettings
from bpstudio.core.training import Training, TrainingSettings, advance, prepared
from bpstudio.debugger.passes import Passes
from bpstudio.debugger.recording import Recording
from bpstudio.files.run_file import load_run, save_run
from bpstudio.files.run_replay import Replay
from bpstudio.files.trace_export import Export
from bpstudio.files.trace_records import records
from bpstudio.sessions import recorded as recorded_module
from bpstudio.sessions.recorded import open_run, recording_of
from tests.cli.conftest import Run


@pytest.fixture
def bps(tmp_path: Path) -> Path:
    """Where the run goes."""
    return tmp_path / "run.bps"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Where the trace goes."""
    return tmp_path / "t.json"


@pytest.fixture
def recorded(run: Run, iris: Path, bps: Path) -> Callable[..., None]:
    """recorded("--epochs", 3) trains iris into the file."""

    def call(*arguments: object) -> None:
        done = run("train", iris, "--target", "species", *arguments, "--out", bps)
        assert (done.code, done.err) == (0, "")

    return call


def in_memory(iris: Path, epochs: int, update: UpdateSettings) -> Recording:
    """The same run as the window makes it, from Python."""
    data = bp.load(str(iris), target="species").split(0.2, 0)
    network = bp.Network.create([4, 5, 6, 3])
    training = prepared(Training.of(network, data, TrainingSettings(update=update)))
    recording, state = Recording(), training.start()
    recording.begin(training, state, data)
    for _ in range(epochs):
        state = advance(training, state, training.batches_per_epoch).state
        recording.append(state, training.batches_per_epoch)
    return recording


# ---- going back --------------------------------------------------------------------------------


@pytest.mark.parametrize("optimizer", OPTIMISERS)
def test_the_trace_of_an_iteration_is_that_of_the_recording_in_memory_bit_by_bit(
    optimizer: str, recorded: Any, run: Run, iris: Path, bps: Path, out: Path
) -> None:
    recorded("--epochs", 5, "--optimizer", optimizer, "--l2", 0.01, "--lr", 0.02)
    assert run("trace", bps, "--at", "e3/b4", "--out", out).code == 0
    found = json.loads(out.read_bytes())
    recording = in_memory(iris, 5, UpdateSettings(optimizer, lr=0.02, l2=0.01))
    expected = Passes(recording).at(recording.number(3, 4)).trace
    values = [step["value"] for step in found["steps"]]
    assert np.array(values).tobytes() == expected.values(0, len(expected)).tobytes()
    assert [sample["row"] for sample in found["samples"]] == list(expected.rows)
    weights = [layer["weights"] for layer in found["network"]["layers"]]
    for found_W, layer in zip(weights, expected.network.layers, strict=True):
        assert np.array(found_W).tobytes() == layer.W.tobytes()


def test_the_trace_ends_with_the_parameters_of_the_next_update(
    recorded: Any, run: Run, bps: Path, out: Path
) -> None:
    recorded("--epochs", 2)
    run("trace", bps, "--at", "e1/b4", "--only", "kind=update_w", "--out", out)
    after = [step["value"] for step in json.loads(out.read_bytes())["steps"]]
    recording, _ = open_run(str(bps))
    visit = recording.visit(recording.number(1, 5))
    network = visit.segment.training.network_at(visit.state)
    weights = [w for layer in network.layers for w in layer.W.ravel().tolist()]
    assert after == pytest.approx(weights, rel=1e-12)  # the engine sums in another order


def test_addresses_begin_with_the_iteration_and_leaves_do_not(
    recorded: Any, run: Run, bps: Path, out: Path
) -> None:
    recorded("--epochs", 2, "--optimizer", "adam")
    run("trace", bps, "--at", "e1/b4", "--out", out)
    steps = json.loads(out.read_bytes())["steps"]
    known = {step["address"] for step in steps}
    assert all(address.startswith("e1/b4/") for address in known)
    operands = {operand for step in steps for operand in step["operands"]}
    leaves = {operand for operand in operands if not operand.startswith("e1/b4/")}
    assert operands - leaves <= known
    row = steps[0]["row"]
    assert {f"s{row}/x0", f"s{row}/y1", "w/l3/j2/k2", "b/l3/j2", "rate"} <= leaves
    assert not any("/fwd/" in leaf or "/back/" in leaf or "mean" in leaf for leaf in leaves)


@pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
def test_other_formats_hold_the_same_addresses(
    suffix: str, recorded: Any, run: Run, bps: Path, out: Path, tmp_path: Path
) -> None:
    recorded("--epochs", 1)
    path = tmp_path / f"t{suffix}"
    done = run("trace", bps, "--at", "e0/b11", "--only", "l=3,j=2,k=2", "--out", path)
    assert (done.code, done.err) == (0, "")
    run("trace", bps, "--at", "e0/b11", "--only", "l=3,j=2,k=2", "--out", out)
    expected = json.loads(out.read_bytes())["steps"]
    with open(path, encoding="utf-8", newline="") as file:
        found = list(map(json.loads, file)) if suffix == ".jsonl" else list(csv.DictReader(file))
    assert [step["address"] for step in found] == [step["address"] for step in expected]
    wanted = [step["operands"] for step in expected]
    assert [
        step["operands"] if suffix == ".jsonl" else step["operands"].split() for step in found
    ] == wanted


def test_steps_choose_by_number(recorded: Any, run: Run, bps: Path, out: Path) -> None:
    recorded("--epochs", 1)
    run("trace", bps, "--at", "e0/b0", "--steps", "7:9", "--out", out)
    assert [step["index"] for step in json.loads(out.read_bytes())["steps"]] == [7, 8]


def test_the_update_that_comes_next_can_be_traced(
    recorded: Any, run: Run, bps: Path, out: Path
) -> None:
    recorded("--epochs", 1)
    assert run("trace", bps, "--at", "e1/b0", "--out", out).code == 0


def test_only_addresses_of_steps_get_a_prefix() -> None:
    data = bp.Dataset.from_arrays([[1.0, 2.0]], [[0.5]])
    trace = bp.trace(bp.Network.create([2, 1]), data, [0], lr=0.1)
    plain = list(records(Export(trace)))
    known = {record.address for record in plain}
    for without, record in zip(plain, records(Export(trace, prefix="e3/b4/")), strict=True):
        assert record.address == f"e3/b4/{without.address}"
        assert record.operands == tuple(
            f"e3/b4/{operand}" if operand in known else operand for operand in without.operands
        )


# ---- what the file has -------------------------------------------------------------------------


def test_the_file_has_every_loss_and_what_was_asked_for(
    recorded: Any, run: Run, iris: Path, bps: Path
) -> None:
    recorded("--epochs", 4, "--optimizer", "adam", "--batch-size", 7, "--validation", 0.3)
    lines = run(
        *("train", iris, "--target", "species", "--epochs", 4, "--optimizer", "adam"),
        *("--batch-size", 7, "--validation", 0.3, "--json"),
    ).out.splitlines()
    told = [json.loads(line) for line in lines[:-1]]
    found = load_run(bps)
    assert (found.length, found.why) == (4 * 15, "all 4 epochs are done")
    assert len(found.curves["batch_losses"].values) == 60
    for curve, key in [("epoch_losses", "loss"), ("validation_accuracies", "validation_accuracy")]:
        assert found.curves[curve].values.tolist() == [line[key] for line in told]
    assert (found.experiment["optimizer"], found.experiment["batch_size"]) == ("adam", 7)
    assert found.source is not None
    assert Path(found.source.path) == iris
    assert len(found.source.sha256) == 64
    assert (found.source.target, found.source.validation) == (("species",), 0.3)


def test_a_recording_of_several_segments_goes_there_and_back(iris: Path, bps: Path) -> None:
    recording = in_memory(iris, 2, UpdateSettings("adam"))
    segment = recording.segments[0]
    other = Training.of(
        segment.training.network,
        segment.data,
        TrainingSettings(update=UpdateSettings("momentum", lr=0.01)),
    )
    other = prepared(other)
    state = other.start_after(recording.visit(24).state, segment.training)
    recording.begin(other, state, segment.data, "another optimiser")
    recording.append(advance(other, state, 9).state, 9)
    curves = recorded_module.Curves(other)
    run = recorded_module.recorded_run(recording, curves, recorded_module.Experiment())
    save_run(run, bps)
    found = recording_of(load_run(bps))
    assert found.length == 33
    assert [s.why for s in found.segments] == ["", "another optimiser"]
    for T in (0, 5, 23, 24, 30, 33):
        here, there = found.visit(T), recording.visit(T)
        assert here.state.parameters.tobytes() == there.state.parameters.tobytes()
        assert here.state.slots.tobytes() == there.state.slots.tobytes()
        assert (here.rows, here.epoch, here.batch) == (there.rows, there.epoch, there.batch)
        assert here.segment.training.settings == there.segment.training.settings


# ---- what stops it -----------------------------------------------------------------------------


def test_a_condition_ends_the_run_before_the_first_update_where_it_holds(
    run: Run, iris: Path, bps: Path
) -> None:
    arguments = ("train", iris, "--target", "species", "--epochs", 200, "--out", bps)
    done = run(*arguments, "--stop-when", "loss < 0.2", "--json")
    assert (done.code, done.err) == (1, "")
    end = json.loads(done.out.splitlines()[-1])
    found = load_run(bps)
    assert end["steps"] == found.length
    epoch, batch = found.place(found.length)
    assert end["why"].startswith("loss < 0.2 with loss = 0.1")
    assert end["why"].endswith(f"; stopped before the update of e{epoch}/b{batch}")
    assert found.why == end["why"]
    assert (found.curves["batch_losses"].values >= 0.2).all()
    recording = recording_of(found)
    trace = Passes(recording).at(found.length).trace
    assert np.mean(trace.C) < 0.2


def test_a_run_with_a_condition_is_the_same_run(run: Run, iris: Path, bps: Path) -> None:
    arguments = ("train", iris, "--target", "species", "--epochs", 200, "--json")
    plain = run(*arguments).out.splitlines()
    stopped = run(*arguments, "--stop-when", "loss < 0.2", "--out", bps).out.splitlines()
    assert 1 < len(stopped) < len(plain)
    assert stopped[:-1] == plain[: len(stopped) - 1]


def test_people_read_why_it_stopped(run: Run, iris: Path) -> None:
    done = run("train", iris, "--target", "species", "--stop-when", "step >= 15")
    assert done.code == 1
    assert done.out.splitlines()[-1].endswith(
        "step >= 15 with step = 15; stopped before the update of e1/b3"
    )


def test_a_condition_may_hold_before_the_first_update(
    run: Run, iris: Path, bps: Path, out: Path
) -> None:
    arguments = ("--stop-when", "step >= 0", "--out", bps)
    assert run("train", iris, "--target", "species", *arguments).code == 1
    assert load_run(bps).length == 0
    assert run("trace", bps, "--at", "e0/b0", "--out", out).code == 0


def test_a_condition_that_never_holds_ends_with_0(run: Run, iris: Path) -> None:
    arguments = ("--epochs", 2, "--stop-when", "loss > 1e9")
    done = run("train", iris, "--target", "species", *arguments)
    assert done.code == 0
    assert done.out.splitlines()[-1].endswith("all 2 epochs are done")


def test_a_run_that_diverges_can_be_looked_at_where_it_did(
    run: Run, tmp_path: Path, bps: Path, out: Path
) -> None:
    (tmp_path / "d.csv").write_text("a,y\n1,1\n2,2\n3,30\n4,4\n")
    done = run(
        *("train", tmp_path / "d.csv", "--target", "y", "--hidden", "none", "--lr", 1e150),
        *("--validation", 0, "--scale", "none", "--batch-size", 1, "--out", bps),
    )
    assert done.code == 1
    place = done.out.split(" is not a finite number")[0].rpartition(" ")[2]
    assert run("trace", bps, "--at", place, "--out", out).code == 0
    values = [step["value"] for step in json.loads(out.read_bytes())["steps"]]
    assert "Infinity" in values


@pytest.mark.skipif(os.name == "nt", reason="signals of another kind")
def test_ctrl_c_leaves_what_was_done(run: Run, iris: Path, bps: Path, out: Path) -> None:
    command = [sys.executable, "-m", "bpstudio", "train", str(iris), "--target", "species"]
    command += ["--epochs", "100000000", "--json", "--out", str(bps)]
    with subprocess.Popen(command, stdout=-1, stderr=-1, text=True, encoding="utf-8") as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.readline()
        running.send_signal(signal.SIGINT)
        end = json.loads(running.stdout.read().splitlines()[-1])
        assert running.stderr.read() == ""
    assert running.returncode == 130
    found = load_run(bps)
    assert found.length == end["steps"]
    assert found.why == end["why"]
    assert run("trace", bps, "--at", "e0/b3", "--out", out).code == 0


# ---- what is refused ---------------------------------------------------------------------------

REFUSED = {
    "": "--at is missing: name the iteration to trace, e/b; the run goes from e0/b0 to e2/b0",
    "--at e2/b1": "--at: e2/b1 is not in this run; it goes from e0/b0 to e2/b0",
    "--at e0/b12": "--at: e0/b12 is not in this run; an epoch of it has 12 batches, b0 to b11",
    "--at e99999999999999/b0": "is not in this run",
    "--at e1": "--at: 'e1' is no iteration; write e3/b4",
    "--at e-1/b0": "--at: 'e-1/b0' is no iteration",
    "--at e01/b0": "--at: 'e01/b0' is no iteration",
    "--at e1/b0/s5": "--at: 'e1/b0/s5' is no iteration",
    "--at 3": "--at: '3' is no iteration",
    "--at e0/b0 --seed 0": "--seed does not go with a recorded run",
    "--at e0/b0 --target species": "--target does not go with a recorded run",
    "--at e0/b0 --row 3": "--row does not go with a recorded run",
    "--at e0/b0 --no-bias": "--bias does not go with a recorded run",
    "--at e0/b0 --steps 0:99999": "--steps: steps 0:99999 are no range of this trace",
    "--at e0/b0 --only l=9": "--only: no step has l=9",
}


@pytest.mark.parametrize(("options", "words"), REFUSED.items(), ids=REFUSED)
def test_what_cannot_be_is_refused_with_the_option(
    options: str, words: str, recorded: Any, run: Run, bps: Path, out: Path
) -> None:
    recorded("--epochs", 2)
    assert words in run("trace", bps, *options.split(), "--out", out).complaint
    assert not out.exists()


def test_a_file_that_is_damaged_is_refused_in_one_line(
    recorded: Any, run: Run, bps: Path, out: Path
) -> None:
    recorded("--epochs", 1)
    bps.write_bytes(bps.read_bytes()[:-1])
    said = run("trace", bps, "--at", "e0/b0", "--out", out).complaint
    assert said.startswith("run.bps is no recorded run, or only the start of one")
    assert (
        "absent.bps cannot be read"
        in run("trace", "absent.bps", "--at", "e0/b0", "--out", out).complaint
    )


def test_a_run_that_comes_out_differently_here_says_where(
    recorded: Any, run: Run, bps: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded("--epochs", 1)
    there = Replay(3, False, "the loss of e0/b3 is 0.25 here, 0.5 there")
    monkeypatch.setattr(recorded_module, "verify", lambda run: there)
    done = run("trace", bps, "--at", "e0/b0", "--out", out)
    assert done.code == 0
    assert "comes out differently; the loss of e0/b3 is 0.25 here, 0.5 there" in done.err
