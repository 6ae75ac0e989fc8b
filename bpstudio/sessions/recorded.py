"""Between the recording of a run, which the debugger visits, and the file that holds it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from bpstudio.core.training import prepared
from bpstudio.debugger.experiment import Experiment
from bpstudio.debugger.history import Curves, Series
from bpstudio.debugger.recording import Recording
from bpstudio.files.run_replay import BATCH_LOSSES, Replay, verify
from bpstudio.files.run_values import Curve, DataSource, RecordedRun, RunSegment
from bpstudio.files.session_file import load_recorded

CURVES = (
    *(BATCH_LOSSES, "epoch_losses", "epoch_accuracies"),
    *("validation_losses", "validation_accuracies"),
)


def recorded_run(
    recording: Recording,
    curves: Curves,
    experiment: Experiment,
    source: DataSource | None = None,
    why: str = "",
) -> RecordedRun:
    """What a file holds of a recording; ``why`` says how the run ended."""
    segments, kept = recording.segments, recording.checkpoints
    ends = [*(segment.first for segment in segments[1:]), recording.length + 1]
    parts = []
    for segment, below in zip(segments, ends, strict=True):
        states = [(T, state) for T, state in kept if segment.first < T < below]
        start = (segment.first, segment.start)
        made = RunSegment(
            segment.first, segment.training, segment.data, (start, *states), segment.why
        )
        parts.append(made)
    named = {name: _curve(s) for name, s in zip(CURVES, curves.series(), strict=True)}
    settings: dict[str, Any] = msgspec.to_builtins(experiment)
    return RecordedRun(recording.name, recording.length, tuple(parts), named, why, settings, source)


def _curve(series: Series) -> Curve:
    return Curve(series.values, series.stride, series.count)


def recording_of(run: RecordedRun) -> Recording:
    """The recording that a file holds, ready to be visited."""
    recording = Recording(run.name)
    for segment in run.segments:
        (first, start), *states = segment.states
        recording.append(start, first - recording.length)
        recording.begin(prepared(segment.training), start, segment.data, segment.why)
        for T, state in states:
            recording.append(state, T - recording.length)
    return recording


def open_run(path: str) -> tuple[Recording, Replay]:
    """The recording in a file, and what came of replaying it here; of a session the current one.

    InputError as of `load_recorded`.
    """
    run = load_recorded(path)
    return recording_of(run), verify(run)


def extent(recording: Recording) -> str:
    """Which iterations a recording has, in words."""
    (e, b), (last_e, last_b) = recording.place(0), recording.place(recording.length)
    return f"the run goes from e{e}/b{b} to e{last_e}/b{last_b}"


def source_of(path: str, target: Sequence[str], task: str | None, **how: Any) -> DataSource:
    """The data file as a run names it."""
    with open(path, "rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return DataSource(str(Path(path).absolute()), digest, tuple(target), task, **how)
