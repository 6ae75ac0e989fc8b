"""The segments of recorded runs within a file, and the data sets that they share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import InputError
from bpstudio.core.limits import require_memory
from bpstudio.files.run_archive import Reader, Writer
from bpstudio.files.run_data import DataPart, data_part, read_data
from bpstudio.files.run_training import (
    NetworkPart,
    SettingsPart,
    StatesPart,
    Whole,
    network_part,
    read_network,
    read_states,
    read_training,
    settings_part,
    states_part,
)
from bpstudio.files.run_values import RunSegment

MOST = 1000  # segments, and curves, that a file is read with
MOST_STATES = 1_000_000  # of all its runs, which take about 500 bytes each besides their numbers


class SegmentPart(msgspec.Struct, forbid_unknown_fields=True):
    """A segment: its data set by number, the network it started from, settings and states."""

    first: Whole
    why: str
    data: Whole
    network: NetworkPart
    settings: SettingsPart
    states: StatesPart


class DataParts:
    """The data sets of a file on their way into it, each once."""

    def __init__(self, datasets: Iterable[Dataset], writer: Writer) -> None:
        known = {id(data): data for data in datasets}
        self._numbers = {key: n for n, key in enumerate(known)}
        self.parts = [data_part(data, writer, f"data/{n}") for n, data in enumerate(known.values())]

    def number(self, data: Dataset) -> int:
        """The place of a data set among the parts."""
        return self._numbers[id(data)]


def segment_part(segment: RunSegment, data: int, writer: Writer, at: str) -> SegmentPart:
    """A segment, its arrays kept under ``at``."""
    training = segment.training
    states = tuple((T, training.fitted(state)) for T, state in segment.states)
    network = network_part(training.network, writer, at)
    kept = states_part(states, writer, f"{at}/states")
    return SegmentPart(segment.first, segment.why, data, network, settings_part(training), kept)


def read_segment(
    part: SegmentPart, datasets: Sequence[Dataset], reader: Reader, below: int
) -> RunSegment:
    """The segment, which ends before update ``below``. InputError where it does not fit."""
    data = dataset_of(datasets, part.data)
    training = read_training(part.settings, read_network(part.network, reader), data)
    states = read_states(part.states, reader, training, part.first, below)
    return RunSegment(part.first, training, data, states, part.why)


def read_datasets(parts: Sequence[DataPart], reader: Reader) -> list[Dataset]:
    """The data sets. InputError where they do not fit, or take more memory than there is.

    Arrays may be shared; what each takes of its own is counted, once it is trained on.
    """
    sizes = [reader.array(part.X).nbytes + reader.array(part.Y).nbytes for part in parts]
    require_memory(2 * sum(sizes), f"the data of {reader.name}", "open a session with less data")
    return [read_data(part, reader) for part in parts]


def require_states(parts: Sequence[SegmentPart], reader: Reader) -> None:
    """InputError where there are more states than are ever written: they may share their arrays."""
    count = sum(len(reader.array(part.states.numbers)) for part in parts)
    if count > MOST_STATES:
        raise InputError(f"{reader.name} has {count:,} states; at most {MOST_STATES:,} are written")


def dataset_of(datasets: Sequence[Dataset], number: int) -> Dataset:
    """The data set of that number. InputError where there is none."""
    if number >= len(datasets):
        raise InputError(f"there is no data set {number}; there are {len(datasets)}")
    return datasets[number]
