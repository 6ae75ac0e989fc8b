"""A session as a file, SESSION.bps: a zip of stored members as `run_file`'s, nothing executable.

``manifest.json`` has format, version, and the SHA-256 of every other member; ``session.json``
says what there is; all numbers of size are in ``.npy`` members, which it names. Version 1.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from bpstudio.core.errors import InputError
from bpstudio.core.network import Network
from bpstudio.files.run_archive import RUN, Kind, Reader, Writer, decoded, read_archive
from bpstudio.files.run_file import require_run_suffix, run_in
from bpstudio.files.run_segments import segment_part
from bpstudio.files.run_training import NetworkPart, network_part
from bpstudio.files.run_values import Curve, RecordedRun, RunSegment
from bpstudio.files.session_data import SessionData
from bpstudio.files.session_json import plain
from bpstudio.files.session_parts import ChangedPart, CurvePart, RunPart, SessionPart
from bpstudio.files.session_reading import session_in
from bpstudio.files.session_source import DataFileError, load_source
from bpstudio.files.session_states import kept_segments, spans
from bpstudio.files.session_values import SavedRun, SavedSession

SESSION = Kind("bpstudio-session", 1, "session", "open an older copy of it")
MOST_BYTES = 16 * 2**20  # of states that may be left out, for a file that is written often


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
    session = SessionPart(
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


def _changed(saved: SavedSession, datasets: SessionData, writer: Writer) -> ChangedPart | None:
    if saved.changed is None:
        return None
    network, data = saved.changed
    return ChangedPart(network_part(network, writer, "changed"), datasets.number(data))


def _run(run: SavedRun, numbers: Mapping[int, int], writer: Writer, at: str) -> RunPart:
    return RunPart(
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


def _curve(curve: Curve, writer: Writer, name: str) -> CurvePart:
    values = np.concatenate((curve.values, curve.waiting, [curve.last]))
    return CurvePart(writer.array(name, values), curve.stride, curve.count)


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
    found = decoded(reader.text("session"), SessionPart, f"{reader.name}, session.json")
    try:
        source = None if found.source is None else load_source(found.source, path, data_path)
        return session_in(found, source, reader)
    except DataFileError:
        raise
    except InputError as error:
        if reader.name in str(error):
            raise
        raise InputError(f"{reader.name}: {error}") from error


def _of_run(run: RecordedRun) -> SavedSession:
    """A session that stands at the end of a recorded run."""
    first, last = run.segments[0], run.segments[-1]
    numbers, states = zip(*(each for s in run.segments for each in s.states), strict=True)
    if numbers[-1] != run.length:
        raise InputError(f"run {run.name[:40]!r} has no state at its end, update {run.length}")
    stand = {"run": {"state": "finished", "why": run.why}}
    curves = {name: _with_unknown(curve) for name, curve in run.curves.items()}
    saved = SavedRun(run.name, run.length, run.segments, numbers, states, curves, stand=stand)
    state = {"experiment": dict(run.experiment)}
    start = first.training.network
    return SavedSession(last.data, None, start, (saved,), 0, state=state, only_run=True)


def _with_unknown(curve: Curve) -> Curve:
    """A curve that can be gone on with: the last numbers, which a run does not keep, are NaN."""
    return replace(curve, waiting=np.full(curve.count % curve.stride, np.nan))
