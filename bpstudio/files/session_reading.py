"""From what a session file says to the session: everything is checked before it is believed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import InputError
from bpstudio.core.network import Network
from bpstudio.files.run_archive import Reader
from bpstudio.files.run_arrays import require_shape
from bpstudio.files.run_segments import (
    SegmentPart,
    dataset_of,
    read_datasets,
    read_segment,
    require_states,
)
from bpstudio.files.run_training import NetworkPart, read_network
from bpstudio.files.run_values import Curve, RunSegment
from bpstudio.files.session_data import read_referenced
from bpstudio.files.session_json import unwritten
from bpstudio.files.session_parts import ChangedPart, CurvePart, RunPart, SessionPart
from bpstudio.files.session_source import DataFile
from bpstudio.files.session_states import spans
from bpstudio.files.session_values import SavedRun, SavedSession


def session_in(found: SessionPart, source: DataFile | None, reader: Reader) -> SavedSession:
    """The session. InputError where its parts do not fit together."""
    datasets = read_datasets(found.datasets, reader)
    if found.referenced and source is None:
        raise InputError("its data is in a file that it does not name")
    if source is not None:
        datasets += read_referenced(found.referenced, source.loaded, reader)
    require_states(found.segments, reader)
    segments = list(_segments(found, datasets, reader))
    place = f"{reader.name}, session.json"
    runs = tuple(_read_run(run, segments, reader, place) for run in found.runs)
    if found.current is not None and found.current >= len(runs):
        raise InputError(f"there is no run {found.current}; there are {len(runs)}")
    return SavedSession(
        dataset_of(datasets, found.data),
        _read_network(found.network, reader),
        _read_network(found.start, reader),
        runs,
        found.current,
        _read_changed(found.changed, datasets, reader),
        unwritten(found.state, place),
        unwritten(found.window, place),
        source,
    )


def _read_network(part: NetworkPart | None, reader: Reader) -> Network | None:
    return None if part is None else read_network(part, reader)


def _read_changed(
    part: ChangedPart | None, datasets: Sequence[Dataset], reader: Reader
) -> tuple[Network, Dataset] | None:
    if part is None:
        return None
    return read_network(part.network, reader), dataset_of(datasets, part.data)


def _segments(
    found: SessionPart, datasets: Sequence[Dataset], reader: Reader
) -> Iterator[RunSegment]:
    """The segments, each as long as the run that stays in it longest."""
    below = [0] * len(found.segments)
    for run in found.runs:
        for number, end in zip(run.segments, _ends(run, found.segments), strict=True):
            below[number] = max(below[number], end)
    for part, end in zip(found.segments, below, strict=True):
        yield read_segment(part, datasets, reader, end)


def _ends(run: RunPart, segments: Sequence[SegmentPart]) -> list[int]:
    """The updates before which its segments end. InputError where they do not follow."""
    if any(number >= len(segments) for number in run.segments):
        raise InputError(f"run {run.name[:40]!r} has a segment that is not in the file")
    firsts = [segments[number].first for number in run.segments]
    pairs = spans(firsts, run.length)
    if firsts[0] != 0 or any(a >= b for a, b in pairs):
        raise InputError(f"the segments of run {run.name[:40]!r} do not ascend")
    return [below for _, below in pairs]


def _read_run(
    part: RunPart, segments: Sequence[RunSegment], reader: Reader, place: str
) -> SavedRun:
    own = tuple(segments[number] for number in part.segments)
    kept = [
        each
        for segment, (_, below) in zip(own, spans([s.first for s in own], part.length), strict=True)
        for each in segment.states
        if each[0] < below
    ]
    numbers, states = zip(*kept, strict=True)
    if numbers[-1] != part.length:
        raise InputError(f"run {part.name[:40]!r} has no state at its end, update {part.length}")
    if part.visited is not None and part.visited not in numbers:
        raise InputError(f"run {part.name[:40]!r} has no state before update {part.visited}")
    if part.branched_at > part.length:
        raise InputError(f"run {part.name[:40]!r} branches off after its end")
    return SavedRun(
        part.name,
        part.length,
        own,
        numbers,
        states,
        {name: _read_curve(curve, reader) for name, curve in part.curves.items()},
        part.parent,
        part.branched_at,
        part.visited,
        {name: reader.array(member) for name, member in part.past.items()},
        unwritten(part.stand, place),
    )


def _read_curve(part: CurvePart, reader: Reader) -> Curve:
    place = reader.place(part.values)
    n_points, n_waiting = divmod(part.count, part.stride)
    array = require_shape(reader.array(part.values), "f", (n_points + n_waiting + 1,), place)
    points, waiting = array[:n_points], array[n_points:-1]
    return Curve(points, part.stride, part.count, waiting, float(array[-1]))
