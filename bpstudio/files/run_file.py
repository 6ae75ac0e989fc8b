"""A recorded run as a file, RUN.bps: a zip of stored members, read anywhere, nothing executable.

``manifest.json`` has format, version, and the SHA-256 of every other member; ``run.json`` says
what there is; all numbers are in ``.npy`` members, which it names. Version 1.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import msgspec

from bpstudio.core.errors import InputError
from bpstudio.files.run_archive import Reader, Writer, decoded, read_archive
from bpstudio.files.run_arrays import require_shape
from bpstudio.files.run_data import DataPart
from bpstudio.files.run_segments import (
    MOST,
    DataParts,
    SegmentPart,
    read_datasets,
    read_segment,
    require_states,
    segment_part,
)
from bpstudio.files.run_training import Whole
from bpstudio.files.run_values import Curve, DataSource, RecordedRun, RunSegment

SUFFIX = ".bps"


class _Curve(msgspec.Struct, forbid_unknown_fields=True):
    values: str
    stride: Annotated[int, msgspec.Meta(ge=1, le=2**53)]
    count: Whole


class _Run(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    length: Whole
    why: str
    experiment: dict[str, Any]
    source: DataSource | None
    data: Annotated[list[DataPart], msgspec.Meta(min_length=1, max_length=MOST)]
    segments: Annotated[list[SegmentPart], msgspec.Meta(min_length=1, max_length=MOST)]
    curves: Annotated[dict[str, _Curve], msgspec.Meta(max_length=MOST)]


def require_run_suffix(path: str | os.PathLike[str]) -> None:
    """InputError where a file's name does not end in .bps."""
    if Path(path).suffix.lower() != SUFFIX:
        raise InputError(f"{os.fspath(path)!r} does not end in {SUFFIX}; write RUN{SUFFIX}")


def save_run(run: RecordedRun, path: str | os.PathLike[str]) -> None:
    """Write a run; the file appears when it is complete. The same run gives the same bytes."""
    require_run_suffix(path)
    writer = Writer()
    datasets = DataParts((segment.data for segment in run.segments), writer)
    segments = [
        segment_part(segment, datasets.number(segment.data), writer, f"segments/{n}")
        for n, segment in enumerate(run.segments)
    ]
    curves = {name: _curve(curve, writer, name) for name, curve in run.curves.items()}
    text = (run.name, run.length, run.why, dict(run.experiment), run.source)
    writer.text("run", _Run(*text, datasets.parts, segments, curves))
    writer.write(path)


def _curve(curve: Curve, writer: Writer, name: str) -> _Curve:
    return _Curve(writer.array(f"curves/{name}", curve.values), curve.stride, curve.count)


def load_run(path: str | os.PathLike[str]) -> RecordedRun:
    """The run in a file, every hash and size checked; `run_replay.verify` replays it.

    InputError says what is wrong with the file: one that is damaged, cut off, no recorded run,
    or of another version.
    """
    return run_in(read_archive(path))


def run_in(reader: Reader) -> RecordedRun:
    """The run in a file that was found whole."""
    found = decoded(reader.text("run"), _Run, f"{reader.name}, run.json")
    try:
        return _run(found, reader)
    except InputError as error:
        if reader.name in str(error):
            raise
        raise InputError(f"{reader.name}: {error}") from error


def _run(found: _Run, reader: Reader) -> RecordedRun:
    return RecordedRun(
        found.name,
        found.length,
        tuple(_segments(found, reader)),
        _curves(found.curves, reader),
        found.why,
        found.experiment,
        found.source,
    )


def _segments(found: _Run, reader: Reader) -> Iterator[RunSegment]:
    datasets = read_datasets(found.data, reader)
    require_states(found.segments, reader)
    firsts = [part.first for part in found.segments]
    ends = [*firsts[1:], found.length + 1]
    if firsts[0] != 0 or any(a >= b for a, b in zip(firsts, ends, strict=True)):
        raise InputError(f"its segments begin with updates {firsts[:5]}, which do not ascend")
    for part, below in zip(found.segments, ends, strict=True):
        yield read_segment(part, datasets, reader, below)


def _curves(found: Mapping[str, _Curve], reader: Reader) -> dict[str, Curve]:
    curves = {}
    for name, part in found.items():
        values = require_shape(reader.array(part.values), "f", (-1,), reader.place(part.values))
        if len(values) != part.count // part.stride:
            raise InputError(f"curve {name[:40]!r} has {len(values)} points for {part.count}")
        curves[name] = Curve(values, part.stride, part.count)
    return curves
