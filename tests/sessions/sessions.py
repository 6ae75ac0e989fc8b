"""Sessions for the tests of their files: what they are made of, and whether two are the same."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from bpstudio.core.dataset import Dataset
from bpstudio.debugger.experiment import Experiment
from bpstudio.debugger.session import Session

SMALL: dict[str, Any] = {"hidden": (3,), "activations": ("tanh",), "epochs": 3}


def data(task: str = "classification", n: int = 23) -> Dataset:
    """Random rows with three features."""
    rng = np.random.default_rng(2)
    labels = rng.integers(0, 2, size=n)
    X = rng.normal(size=(n, 3)) + labels[:, None]
    return Dataset.from_arrays(X, np.eye(2)[labels] if task == "classification" else X[:, :2] ** 2)


def session(task: str = "classification", **settings: Any) -> Session:
    """A session that was not trained yet."""
    return Session(data(task), Experiment(**{**SMALL, **settings}))


def settle(made: Session) -> None:
    """Wait until its run is paused or over."""
    deadline = time.monotonic() + 60
    while made.is_training and time.monotonic() < deadline:
        made.poll()
        time.sleep(0.001)
    assert not made.is_training


def trained(made: Session) -> Session:
    """Train to the next stop, or the end."""
    made.train()
    settle(made)
    return made


def assert_same(one: Session, other: Session) -> None:
    """All that is on show, and all that was recorded, to the bit."""
    assert seen(one) == seen(other)
    assert len(one.recordings) == len(other.recordings)
    for mine, theirs in zip(one.recordings, other.recordings, strict=True):
        assert recorded(mine) == recorded(theirs)
        assert curves(one, mine) == curves(other, theirs)


def seen(made: Session) -> dict[str, Any]:
    """What a window shows of the pass and of what was set."""
    debugger, place = made.debugger, made.provenance
    trace, left = debugger.trace, debugger.left
    start = None if place.start is None else [layer.W.tobytes() for layer in place.start.layers]
    return {
        "values": trace.values(0, len(trace)).tobytes(),
        "address": debugger.prefix + debugger.step.address,
        "cursor": debugger.cursor,
        "rows": debugger.rows,
        "changed": debugger.is_changed_visit,
        "left": None if left is None else (left.rows, left.data.X.tobytes()),
        "data": bits(made.data),
        "experiment": made.experiment,
        "breakpoints": debugger.breakpoints,
        "watches": [(watch, repr(debugger.watch_value(watch.id))) for watch in debugger.watches],
        "log": repr(debugger.log),
        "bookmarks": debugger.bookmarks,
        "stops": made.stops,
        "counts": dict(made.stop_counts),
        "start": (start, place.seed, place.init, place.since),
        "whole batch": (made.whole_batch, made.speed),
        "current": None if made.recording is None else made.recording.name,
        "branches": made._branches,
    }


def bits(dataset: Dataset) -> dict[str, Any]:
    """Every number and word of a data set."""
    arrays = (*("features", "target", "X", "Y", "rows", "lines", "training", "validation"),)
    words = ("name", "path", "task", "feature_names", "target_names", "rejected", "notes")
    return {name: getattr(dataset, name).tobytes() for name in arrays} | {
        name: getattr(dataset, name) for name in words
    }


def recorded(recording: Any) -> dict[str, Any]:
    """A recording: its segments, and the state before every update."""
    parent = recording.parent
    return {
        "name": (recording.name, recording.length, recording.branched_at),
        "parent": None if parent is None else parent.name,
        "segments": [(s.first, s.why, s.training.settings) for s in recording.segments],
        "states": [state_bits(recording.visit(T).state) for T in range(recording.length + 1)],
    }


def state_bits(state: Any) -> tuple[Any, ...]:
    """A state to the bit."""
    numbers = (state.epoch, state.batch, state.t, state.sums, state.remembers)
    return (state.parameters.tobytes(), state.slots.tobytes(), *numbers)


def curves(made: Session, recording: Any) -> dict[str, Any]:
    """The curves of a run, and how it stands."""
    now = made.snapshot_of(recording)
    five = (now.batch_losses, now.epoch_losses, now.epoch_accuracies)
    of_layers = [s for each in now.layers for s in (each.grad_norms, each.update_ratios)]
    series = (*five, now.validation_losses, now.validation_accuracies, *of_layers)
    return {
        "state": (now.state, now.why, now.error, repr(now.halt), now.hit, now.steps_done),
        "curves": [
            (s.values.tobytes(), s.waiting.tobytes(), s.stride, s.count, repr(s.last))
            for s in series
        ],
    }
