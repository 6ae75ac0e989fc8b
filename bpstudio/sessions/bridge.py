"""Between a session as the debugger remembers it and the values that a file holds."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any

import numpy as np

from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import InputError
from bpstudio.core.losses import require_compatible
from bpstudio.core.network import Network
from bpstudio.core.training_values import Training
from bpstudio.debugger.experiment import Experiment
from bpstudio.debugger.history import LAYER_CAPACITY, Series
from bpstudio.debugger.memory import Place, SessionMemory
from bpstudio.debugger.recording import Segment
from bpstudio.debugger.run_memory import RunMemory
from bpstudio.files.run_values import Curve, RunSegment
from bpstudio.files.session_source import DataFile
from bpstudio.files.session_values import SavedRun, SavedSession
from bpstudio.sessions.past import Stand, seen_of, seen_on_curves, stand_of, tables
from bpstudio.sessions.recorded import CURVES
from bpstudio.sessions.state import State, state_of, typed

_OF_LAYERS = ("grad_norms", "update_ratios")


def saved_session(
    memory: SessionMemory, window: Mapping[str, Any], source: DataFile | None = None
) -> SavedSession:
    """What a file holds of a session. It takes microseconds: no numbers are copied."""
    known: dict[int, RunSegment] = {}
    return SavedSession(
        memory.data,
        memory.network,
        memory.start,
        tuple(_saved_run(run, known) for run in memory.runs),
        memory.current,
        memory.changed,
        State(memory.experiment, memory.place, memory.marks, memory.begun),
        window,
        source,
    )


def _saved_run(run: RunMemory, known: dict[int, RunSegment]) -> SavedRun:
    """A run; a segment that it shares with another is one and the same."""
    segments = tuple(known.setdefault(id(s), _run_segment(s)) for s in run.segments)
    curves = {name: _curve(series) for name, series in zip(CURVES, run.series, strict=True)}
    for l, pair in run.layers.items():
        named = zip(_OF_LAYERS, pair, strict=True)
        curves |= {f"{name}/l{l}": _curve(series) for name, series in named}
    return SavedRun(
        run.name,
        run.length,
        segments,
        run.numbers,
        run.states,
        curves,
        run.parent,
        run.branched_at,
        run.visited,
        tables(run.seen),
        stand_of(run.stand, run.seen),
    )


def _run_segment(segment: Segment) -> RunSegment:
    start = (segment.first, segment.start)
    return RunSegment(segment.first, segment.training, segment.data, (start,), segment.why)


def _curve(series: Series) -> Curve:
    return Curve(series.values, series.stride, series.count, series.waiting, series.last)


# From a file -------------------------------------------------------------------------------


def memory_of(saved: SavedSession) -> SessionMemory:
    """What the debugger makes a session of. InputError where its parts do not fit together."""
    state = state_of(saved.state)
    known: dict[int, Segment] = {}
    runs = tuple(_run_memory(run, known) for run in saved.runs)
    place, experiment = state.place, state.experiment
    if place is None:
        place = Place((int(saved.data.rows[0]),))
        experiment = _experiment(experiment, saved.runs[-1].segments[-1].training)
    memory = SessionMemory(
        experiment,
        saved.data,
        saved.network,
        saved.start,
        place,
        state.marks,
        runs,
        saved.current,
        max(state.begun, len(runs)),
        saved.changed,
    )
    _require_fit(memory)
    return memory


def _experiment(known: Experiment, training: Training) -> Experiment:
    """The experiment of a recorded run: what its training says, and else what is known of it."""
    settings = training.settings
    update = {f.name: getattr(settings.update, f.name) for f in fields(settings.update)}
    return known.for_network(training.network).changed(
        loss=settings.loss, batch_size=settings.batch_size, seed=settings.seed, **update
    )


def _run_memory(run: SavedRun, known: dict[int, Segment]) -> RunMemory:
    segments = tuple(known.setdefault(id(s), _segment(s)) for s in run.segments)
    network = run.segments[-1].training.network
    stand = typed(run.stand, Stand, f"run {run.name[:40]!r}")
    series = {name: _series(run.curves.get(name)) for name in CURVES}
    seen = seen_of(stand.seen, run.past, network, run.length)
    return RunMemory(
        run.name,
        run.length,
        segments,
        run.numbers,
        run.states,
        tuple(series.values()),
        dict(_layers(run, network.L)),
        stand.run,
        run.parent,
        run.branched_at,
        run.visited,
        seen_on_curves(series) if stand.seen is None else seen,
    )


def _segment(segment: RunSegment) -> Segment:
    start = segment.states[0][1]
    return Segment(segment.first, start, segment.training, segment.data, segment.why)


def _series(curve: Curve | None) -> Series:
    if curve is None:
        return Series(np.empty(0), 1, 0, np.nan)
    last = curve.last
    if math.isnan(last) and curve.stride == 1 and len(curve.values):  # the file of a run has none
        last = float(curve.values[-1])
    return Series(curve.values, curve.stride, curve.count, last, curve.waiting)


def _layers(run: SavedRun, L: int) -> Iterator[tuple[int, tuple[Series, Series]]]:
    """The curves of layers; a recorded run has none, and they begin after it."""

    def series(name: str) -> Series:
        curve = run.curves.get(name)
        return _unknown(run.length) if curve is None else _series(curve)

    for l in range(2, L + 1):
        norms, ratios = (series(f"{name}/l{l}") for name in _OF_LAYERS)
        yield l, (norms, ratios)


def _unknown(length: int) -> Series:
    """A curve of so many updates, about, of which nothing is known."""
    stride = 1
    while length // stride >= LAYER_CAPACITY:
        stride *= 2
    points = length // stride
    return Series(np.full(points, np.nan), stride, points * stride, np.nan)


def _require_fit(memory: SessionMemory) -> None:
    """The networks go with the data and the loss."""
    data, experiment = memory.data, memory.experiment
    reached = _networks_of_runs(memory)
    own = memory.network
    if own is None and memory.current is not None:
        own = reached[memory.current]
    if own is None:
        raise InputError("it has neither a network nor a run that reached one")
    _require_data(own, data)
    require_compatible(experiment.loss, own.layers[-1].activation)
    if memory.start is not None:
        _require_same(memory.start, own)
    if memory.changed is not None:
        _require_data(*memory.changed)
        _require_same(memory.changed[0], own)


def _networks_of_runs(memory: SessionMemory) -> Sequence[Network]:
    return [run.segments[-1].training.network for run in memory.runs]


def _require_data(network: Network, data: Dataset) -> None:
    if (network.sizes[0], network.sizes[-1]) != (data.n_features, data.n_targets):
        raise InputError(
            f"its network has {network.sizes[0]} inputs and {network.sizes[-1]} outputs, its data "
            f"{data.n_features} and {data.n_targets}"
        )


def _require_same(one: Network, other: Network) -> None:
    if _shape(one) != _shape(other):
        raise InputError("two networks of it have other layers; it must be one that was trained")


def _shape(network: Network) -> object:
    return network.sizes, [layer.b is None for layer in network.layers]
