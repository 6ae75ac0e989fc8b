"""A run as a notebook has it: trained, visited, saved and loaded again; exports by suffix."""

from __future__ import annotations

import signal
from itertools import count
from pathlib import Path

import numpy as np
import pytest

import bpstudio as bp
from bpstudio import notebook, sessions
from bpstudio.core.training import Training, TrainingSettings, advance, prepared


@pytest.fixture(scope="module")
def data() -> bp.Dataset:
    return bp.generate("moons", rows=50, seed=3).split(0.2, seed=0)


@pytest.fixture(scope="module")
def net() -> bp.Network:
    return bp.Network.create([2, 4, 2], "tanh", "softmax", seed=1)


@pytest.fixture(scope="module")
def run(net: bp.Network, data: bp.Dataset) -> bp.Run:
    return bp.train(net, data, loss="cross_entropy", epochs=6, optimizer="adam", lr=0.02)


def test_a_run_is_the_training_that_its_settings_say(
    run: bp.Run, net: bp.Network, data: bp.Dataset
) -> None:
    settings = TrainingSettings("cross_entropy", 0.02, optimizer="adam")
    training = prepared(Training.of(net, data, settings))
    stretch = advance(training, training.start(), len(run))
    assert (len(run), run.why) == (24, "all 6 epochs are done")
    np.testing.assert_array_equal(run.batch_losses, stretch.batch_losses)
    np.testing.assert_array_equal(run.losses, stretch.epochs[:, 0])
    assert len(run.validation_losses) == len(run.accuracies) == len(run.validation_accuracies) == 6
    expected = training.network_at(stretch.state)
    for found, layer in zip(run.network.layers, expected.layers, strict=True):
        np.testing.assert_array_equal(found.W, layer.W)


def test_an_update_is_traced_from_the_network_before_it_to_the_one_after(run: bp.Run) -> None:
    trace, following = run.trace("e2/b3"), run.trace(12)
    assert run.place(12) == "e3/b0"
    assert trace["update/l3/j1/k2/update_w"].value == following.network.layer(3).W[1, 2]
    assert trace.C.mean() == pytest.approx(run.batch_losses[11])
    last = run.trace(len(run))
    np.testing.assert_array_equal(last.network.layer(2).W, run.network.layer(2).W)


def test_a_debugger_steps_from_update_to_update(run: bp.Run) -> None:
    debugger = run.debugger("e1/b1")
    first = debugger.step.value
    assert (debugger.prefix, debugger.cursor) == ("e1/b1/", 0)
    debugger.to_end()
    debugger.step_into()
    assert debugger.prefix == "e1/b2/"
    assert debugger.goto("e1/b1/" + run.trace("e1/b1")[0].address).value == first


def test_a_run_is_saved_and_loaded_and_opens_in_the_window(run: bp.Run, tmp_path: Path) -> None:
    run.save(tmp_path / "r.bps")
    again = bp.load_run(tmp_path / "r.bps")
    assert again.check().complete
    assert again.check().difference == ""
    np.testing.assert_array_equal(again.losses, run.losses)
    np.testing.assert_array_equal(again.trace("e3/b1").dC_dz(2), run.trace("e3/b1").dC_dz(2))
    again.save(tmp_path / "s.bps")
    assert (tmp_path / "s.bps").read_bytes() == (tmp_path / "r.bps").read_bytes()
    opened = sessions.read(tmp_path / "r.bps").session.experiment
    assert (opened.hidden, opened.optimizer, opened.validation) == ((4,), "adam", 0.2)


def test_a_condition_and_a_number_that_is_not_finite_end_a_run(
    net: bp.Network, data: bp.Dataset
) -> None:
    stopped = bp.train(net, data, loss="cross_entropy", epochs=9, stop_when="step == 7")
    assert len(stopped) == 7
    assert stopped.why.endswith("stopped before the update of e1/b3")
    linear = bp.Network.create([2, 3, 2], "linear", "linear", seed=0)
    diverged = bp.train(linear, data, lr=1e6, epochs=9)
    assert len(diverged) < 36
    assert "not a finite number" in diverged.why


def test_an_interrupted_run_is_what_was_done_until_then(
    net: bp.Network, data: bp.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, calls = signal.getsignal(signal.SIGINT), count(1)

    def clock() -> float:
        """At its sixth call, between two stretches of updates, somebody interrupts."""
        if (call := next(calls)) == 6:
            signal.raise_signal(signal.SIGINT)
        return call / 100

    monkeypatch.setattr(notebook, "perf_counter", clock)
    run = bp.train(net, data, loss="cross_entropy", epochs=100_000_000)
    assert run.why.startswith("stopped before e")
    assert 0 < len(run) < 400_000_000
    assert run.why.endswith(run.place(len(run)))
    assert signal.getsignal(signal.SIGINT) is before


def test_a_rate_that_is_not_given_suits_the_optimiser(net: bp.Network, data: bp.Dataset) -> None:
    rates = [
        bp.train(net, data, epochs=1, optimizer=name).trace(0).lr for name in ("sgd", "momentum")
    ]
    assert rates == [0.5, 0.05]


def test_a_notebook_shows_the_losses_of_a_run_and_what_they_are(run: bp.Run) -> None:
    html = run._repr_html_()
    assert html.count("<polyline") == 2
    assert "validation (dashed)" in html
    assert f"{run.losses[-1]:.4g}" in html
    assert len(html) < 5000


@pytest.mark.parametrize("name", ["t.json", "t.jsonl", "t.csv", "t.parquet", "t.npz", "t.html"])
def test_the_suffix_picks_the_format_of_an_export(name: str, run: bp.Run, tmp_path: Path) -> None:
    trace = run.trace("e0/b1")
    options = {"only": "l=3,j=1,k=0", "prefix": "e0/b1/"}
    count = bp.export(trace, tmp_path / name, **options)
    chosen = [term for term in trace if (term.l, term.j, term.k) == (3, 1, 0)]
    assert count == len(chosen) if name != "t.html" else count > len(chosen)
    if name in ("t.json", "t.jsonl", "t.csv"):
        assert b"e0/b1/" in (tmp_path / name).read_bytes()


@pytest.mark.parametrize(
    ("use", "words"),
    [
        (lambda run, path: run.trace("e9/b0"), "e9/b0 is not in this run; it goes from e0/b0"),
        (lambda run, path: run.trace("s3/fwd"), "is no iteration; write e3/b4"),
        (lambda run, path: run.save(path / "r.zip"), "does not end in .bps"),
        (lambda run, path: bp.export(run.trace(0), path / "t.txt"), "use .json, .jsonl"),
        (lambda run, path: bp.load_run(path / "no.bps"), "no.bps"),
        (lambda run, path: bp.generate("rings"), "rings"),
    ],
    ids=["place", "address", "suffix", "format", "file", "recipe"],
)
def test_what_is_not_possible_is_refused_and_nothing_written(use, words, run, tmp_path) -> None:
    with pytest.raises(bp.InputError, match=words):
        use(run, tmp_path)
    assert list(tmp_path.iterdir()) == []
