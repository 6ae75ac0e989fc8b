"""A session as a file, SESSION.bps: a zip of stored members as `run_file`'s, nothing executable.

``manifest.json`` has format, version, and the SHA-256 of every other member; ``session.json``
says what there is; all numbers of size are in ``.npy`` members, which it names. Version 1.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any

import msgspec
import numpy as np

from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import InputError
from bpstudio.core.network import Network
from bpstudio.files.run_archive import RUN, Kind, Reader, Writer, decoded, read_archive
from bpstudio.files.run_arrays import require_shape
from bpstudio.files.run_data import DataPart
from bpstudio.files.run_file import require_run_suffix, run_in
from bpstudio.files.run_segments import (
    MOST,
    SegmentPart,
    dataset_of,
    read_datasets,
    read_segment,
    require_states,
    segment_part,
)
from bpstudio.files.run_training import NetworkPart, Whole, network_part, read_network
from bpstudio.files.run_values import Curve, RecordedRun, RunSegment
from bpstudio.files.session_data import (
    DataFile,
    DataFileError,
    ReferencedPart,
    SessionData,
    SourcePart,
    load_source,
    read_referenced,
)
from bpstudio.files.session_json import plain, unwritten
from bpstudio.files.session_states import kept_segments, spans
from bpstudio.files.session_values import SavedRun, SavedSession

SESSION = Kind("bpstudio-session", 1, "session", "open an older copy of it")
MOST_BYTES = 16 * 2**20  # of states that may be left out, for a file that is written often
_MOST_RUNS = 24  # which are as many as a session keeps


class _Curve(msgspec.Struct, forbid_unknown_fields=True):
    """``values`` has the points, the numbers that wait for theirs, and the newest number."""

    values: str
    stride: Annotated[int, msgspec.Meta(ge=1, le=2**53)]
    count: Whole


class _Run(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    length: Whole
    segments: Annotated[list[Whole], msgspec.Meta(min_length=1, max_length=MOST)]
    curves: Annotated[dict[str, _Curve], msgspec.Meta(max_length=MOST)]
    parent: Whole | None
    branched_at: Whole
    visited: Whole | None
    past: Annotated[dict[str, str], msgspec.Meta(max_length=10)]
    stand: dict[str, Any]


class _Changed(msgspec.Struct, forbid_unknown_fields=True):
    network: NetworkPart
    data: Whole


class _Session(msgspec.Struct, forbid_unknown_fields=True):
    source: SourcePart | None
    datasets: Annotated[list[DataPart], msgspec.Meta(max_length=MOST)]
    referenced: Annotated[list[ReferencedPart], msgspec.Meta(max_length=MOST)]
    data: Whole  # number of the data set; those that are referenced come after the others
    network: NetworkPart | None
    start: NetworkPart | None
    changed: _Changed | None
    segments: Annotated[list[SegmentPart], msgspec.Meta(max_length=MOST)]
    runs: Annotated[list[_Run], msgspec.Meta(max_length=_MOST_RUNS)]
    current: Whole | None
    state: dict[str, Any]
    window: dict[str, Any]


# Writing -----------------------------------------------------------------------------------


def save_session(
    saved: SavedSession, path: str | os.PathLike[str], most_bytes: int = MOST_BYTES
) -> None:
    """Write a session; the file appears when it is complete. The same one gives the same bytes.

    States of runs that take more than ``most_bytes`` are thinned; replay makes the others anew.
    """
    require_run_suffix(path)
    writer = Writer(SESSION)
    segments = kept_segments(saved.runs, most_bytes)
    of_segments = (segment.data for segment in segments)
    changed = () if saved.changed is None else (saved.changed[1],)
    datasets = SessionData((saved.data, *changed, *of_segments), saved.source, writer)
    numbers = _numbers(saved.runs)
    session = _Session(
        datasets.source,
        datasets.embedded.parts,
        datasets.referenced,
        datasets.number(saved.data),
        _network(saved.network, writer, "network"),
        _network(saved.start, writer, "start"),
        _changed(saved, datasets, writer),
        [
            segment_part(segment, datasets.number(segment.data), writer, f"segments/{n}")
            for n, segment in enumerate(segments)
        ],
        [_run(run, numbers, writer, f"runs/{n}") for n, run in enumerate(saved.runs)],
        saved.current,
        plain(saved.state),
        plain(saved.window),
    )
    writer.text("session", session)
    writer.write(path)


def _numbers(runs: Sequence[SavedRun]) -> dict[int, int]:
    """The place of every segment, in the order of `kept_segments`."""
    known = dict.fromkeys(id(segment) for run in runs for segment in run.segments)
    return {key: n for n, key in enumerate(known)}


def _network(network: Network | None, writer: Writer, at: str) -> NetworkPart | None:
    return None if network is None else network_part(network, writer, at)


def _changed(saved: SavedSession, datasets: SessionData, writer: Writer) -> _Changed | None:
    if saved.changed is None:
        return None
    network, data = saved.changed
    return _Changed(network_part(network, writer, "changed"), datasets.number(data))


def _run(run: SavedRun, numbers: Mapping[int, int], writer: Writer, at: str) -> _Run:
    return _Run(
        run.name,
        run.length,
        [numbers[id(segment)] for segment in run.segments],
        {name: _curve(curve, writer, f"{at}/{name}") for name, curve in run.curves.items()},
        run.parent,
        run.branched_at,
        run.visited,
        {name: writer.array(f"{at}/past/{name}", table) for name, table in run.past.items()},
        plain(run.stand),
    )


def _curve(curve: Curve, writer: Writer, name: str) -> _Curve:
    values = np.concatenate((curve.values, curve.waiting, [curve.last]))
    return _Curve(writer.array(name, values), curve.stride, curve.count)


# Reading -----------------------------------------------------------------------------------


def load_session(
    path: str | os.PathLike[str], data_path: str | os.PathLike[str] | None = None
) -> SavedSession:
    """The session in a file, every hash and size checked; a recorded run is one with that run.

    InputError says what is wrong with the file: one that is damaged, cut off, no session, or of
    another version. DataFileError where its data is in a file that is not there, or is another
    one; ``data_path`` says where that file is now.
    """
    reader = read_archive(path, (SESSION, RUN))
    return _of_run(run_in(reader)) if reader.kind == RUN else _loaded(reader, path, data_path)


def load_recorded(path: str | os.PathLike[str]) -> RecordedRun:
    """The run in a file of a recorded run, or the current one of a session. InputError as above."""
    reader = read_archive(path, (RUN, SESSION))
    if reader.kind == RUN:
        return run_in(reader)
    saved = _loaded(reader, path, None)
    if saved.current is None:
        raise InputError(f"{reader.name} is a session in which nothing was trained yet")
    run, experiment = saved.runs[saved.current], saved.state.get("experiment")
    left = run.stand.get("run")
    return RecordedRun(
        run.name,
        run.length,
        tuple(_own_segments(run)),
        run.curves,
        str(left.get("why") or "") if isinstance(left, dict) else "",
        experiment if isinstance(experiment, dict) else {},
    )


def _own_segments(run: SavedRun) -> Iterator[RunSegment]:
    """Its segments, those that it shares with another only as far as it goes."""
    firsts = [segment.first for segment in run.segments]
    for segment, (_, below) in zip(run.segments, spans(firsts, run.length), strict=True):
        yield replace(segment, states=tuple(each for each in segment.states if each[0] < below))


def _loaded(
    reader: Reader, path: str | os.PathLike[str], data_path: str | os.PathLike[str] | None
) -> SavedSession:
    found = decoded(reader.text("session"), _Session, f"{reader.name}, session.json")
    try:
        source = None if found.source is None else load_source(found.source, path, data_path)
        return _session(found, source, reader)
    except DataFileError:
        raise
    except InputError as error:
        said = str(error)
        raise InputError(said if reader.name in said else f"{reader.name}: {said}") from error


def _of_run(run: RecordedRun) -> SavedSession:
    """A session that stands at the end of a recorded run."""
    first, last = run.segments[0], run.segments[-1]
    numbers, states = zip(*(each for s in run.segments for each in s.states), strict=True)
    if numbers[-1] != run.length:
        raise InputError(f"run {run.name[:40]!r} has no state at its end, update {run.length}")
    stand = {"run": {"state": "finished", "why": run.why}}
    saved = SavedRun(run.name, run.length, run.segments, numbers, states, run.curves, stand=stand)
    state = {"experiment": dict(run.experiment)}
    return SavedSession(last.data, None, first.training.network, (saved,), 0, state=state)


def _session(found: _Session, source: DataFile | None, reader: Reader) -> SavedSession:
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
    part: _Changed | None, datasets: Sequence[Dataset], reader: Reader
) -> tuple[Network, Dataset] | None:
    if part is None:
        return None
    return read_network(part.network, reader), dataset_of(datasets, part.data)


def _segments(found: _Session, datasets: Sequence[Dataset], reader: Reader) -> Iterator[RunSegment]:
    """The segments, each as long as the run that stays in it longest."""
    below = [0] * len(found.segments)
    for run in found.runs:
        for number, end in zip(run.segments, _ends(run, found.segments), strict=True):
            below[number] = max(below[number], end)
    for part, end in zip(found.segments, below, strict=True):
        yield read_segment(part, datasets, reader, end)


def _ends(run: _Run, segments: Sequence[SegmentPart]) -> list[int]:
    """The updates before which its segments end. InputError where they do not follow."""
    if any(number >= len(segments) for number in run.segments):
        raise InputError(f"run {run.name[:40]!r} has a segment that is not in the file")
    firsts = [segments[number].first for number in run.segments]
    pairs = spans(firsts, run.length)
    if firsts[0] != 0 or any(a >= b for a, b in pairs):
        raise InputError(f"the segments of run {run.name[:40]!r} do not ascend")
    return [below for _, below in pairs]


def _read_run(part: _Run, segments: Sequence[RunSegment], reader: Reader, place: str) -> SavedRun:
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


def _read_curve(part: _Curve, reader: Reader) -> Curve:
    place = reader.place(part.values)
    n_points, n_waiting = divmod(part.count, part.stride)
    array = require_shape(reader.array(part.values), "f", (n_points + n_waiting + 1,), place)
    points, waiting = array[:n_points], array[n_points:-1]
    return Curve(points, part.stride, part.count, waiting, float(array[-1]))
