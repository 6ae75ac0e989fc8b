"""Saved sessions for the tests of their files."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from bpstudio.core.dataset import Dataset
from bpstudio.core.training import Training, advance
from bpstudio.files.run_values import Curve, RunSegment
from bpstudio.files.session_values import SavedRun, SavedSession
from tests.files import runs


def saved() -> SavedSession:
    """A run, and a branch that shares its start and goes on with data changed by hand."""
    data, training = runs.data(), runs.training()
    first = _segment(0, training, data, training.start())
    trunk = _run("Run 1", (first,), (3, 1, 7))
    other = data.with_input(3, 1, 0.1 + 0.2)
    start = replace(trunk.states[1], epoch=1)
    second = _segment(3, runs.training(dataset=other), other, start, "changed by hand")
    branch = replace(_run("Run 2", (first, second), (3, 4)), parent=0, branched_at=3)
    network = training.network.with_weight(2, 0, 1, 0.3)
    stand = {"run": {"state": "finished", "why": None}}
    return SavedSession(
        other,
        None,
        training.network,
        (replace(trunk, stand=stand), replace(branch, stand=stand)),
        1,
        (network, data),
        {"place": {"rows": [3, 1]}, "log": [{"value": float("nan")}, float("-inf")]},
        {"layout": {"a": [1, 2.5, None, "é"]}},
    )


def _segment(
    first: int, training: Training, data: Dataset, start: Any, why: str = "start"
) -> RunSegment:
    return RunSegment(first, training, data, ((first, start),), why)


def _run(name: str, segments: tuple[RunSegment, ...], counts: Iterable[int]) -> SavedRun:
    """A run trained through its segments, a state kept after so many updates each."""
    T, state, losses = 0, segments[0].states[0][1], []
    numbers, states = [0], [state]
    for count in counts:
        (segment,) = [s for s in segments if s.first <= T][-1:]
        state = segment.states[0][1] if segment.first == T else state
        stretch = advance(segment.training, state, count)
        T, state = T + count, stretch.state
        losses.append(stretch.batch_losses)
        numbers.append(T)
        states.append(state)
    for segment in segments:  # a segment starts where another state was before it
        if segment.first in numbers:
            states[numbers.index(segment.first)] = segment.states[0][1]
    values = np.concatenate(losses)
    curves = {
        "batch_losses": Curve(values, 1, T, np.empty(0), float(values[-1])),
        "grad_norms/l2": Curve(values[:2], 4, 4 * 2 + 3, values[:3], np.inf),
        "epoch_losses": Curve(np.empty(0), 1, 0),
    }
    past = {"losses": values[-3:], "epoch": np.array([2, 2, 3])}
    return SavedRun(name, T, segments, tuple(numbers), tuple(states), curves, past=past)


def told(value: SavedSession) -> list[Any]:
    """All that a session says, to the bit, to be compared."""
    runs_told = [
        (
            *(run.name, run.length, run.parent, run.branched_at, json.dumps(run.stand)),
            [_segment_told(s) for s in run.segments],
            list(run.numbers),
            [_state_told(state) for state in run.states],
            {name: (table.dtype.kind, table.tobytes()) for name, table in run.past.items()},
            {name: _curve_told(curve) for name, curve in run.curves.items()},
        )
        for run in value.runs
    ]
    changed = value.changed and (_network_told(value.changed[0]), _data_told(value.changed[1]))
    settings = json.dumps([value.state, value.window])
    networks = [_network_told(each) for each in (value.network, value.start)]
    return [_data_told(value.data), networks, runs_told, value.current, changed, settings]


def _segment_told(segment: RunSegment) -> Any:
    training = segment.training
    arrays = (training.X, training.Y, training.X_validation, training.Y_validation)
    return (
        *(segment.first, segment.why, training.settings, training.engine),
        [array.tobytes() for array in arrays],
        _data_told(segment.data),
    )


def _state_told(state: Any) -> Any:
    return (
        *(state.parameters.tobytes(), state.slots.tobytes(), state.sums),
        *(state.epoch, state.batch, state.t, state.remembers),
    )


def _curve_told(curve: Curve) -> Any:
    numbers = (curve.values.tobytes(), curve.waiting.tobytes(), repr(curve.last))
    return (curve.stride, curve.count, *numbers)


def _network_told(network: Any) -> Any:
    if network is None:
        return None
    return [
        (layer.W.tobytes(), layer.b is not None and layer.b.tobytes(), layer.activation)
        for layer in network.layers
    ]


def _data_told(data: Dataset) -> Any:
    names = ("features", "target", "X", "Y", "rows", "lines", "training", "validation")
    return [getattr(data, name).tobytes() for name in names] + [data.rejected, data.notes]
